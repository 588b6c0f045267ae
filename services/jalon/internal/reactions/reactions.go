// Package reactions says who reacts to which event. The catalogue publishes it, and a test holds it against the durable
// consumers that the running services really have.
package reactions

import (
	"slices"
	"strings"
	"unicode"
)

// register takes over what directory says of people and units; four services keep it.
var register = map[string]string{
	"jalon.directory.v1.PeopleRegistered": "register-people-registered",
	"jalon.directory.v1.PeopleHired":      "register-people-hired",
	"jalon.directory.v1.PeopleMoved":      "register-people-moved",
	"jalon.directory.v1.PeopleLeft":       "register-people-left",
	"jalon.directory.v1.PeopleUpdated":    "register-people-updated",
	"jalon.directory.v1.PeopleErased":     "register-people-erased",
	"jalon.directory.v1.UnitsChanged":     "register-units-changed",
}

// registrars are the services that keep the register beside whatever else they do.
var registrars = []string{"barometer", "interviews", "notifications", "portal"}

// reactions maps an event type to the durables that do more about it, each named <service>-<what it does>.
var reactions = map[string][]string{
	"jalon.directory.v1.PeopleRegistered":   {"interviews-people-registered", "moments-people-registered"},
	"jalon.directory.v1.PeopleHired":        {"interviews-people-hired", "moments-people-hired"},
	"jalon.directory.v1.PeopleMoved":        {"interviews-people-moved", "moments-people-moved"},
	"jalon.directory.v1.PeopleLeft":         {"interviews-people-left", "moments-people-left"},
	"jalon.directory.v1.PeopleUpdated":      {"interviews-people-updated", "moments-people-updated", "notifications-people-updated"},
	"jalon.directory.v1.PeopleErased":       {"barometer-people-erased", "interviews-people-erased", "moments-people-erased", "notifications-people-erased", "portal-people-erased"},
	"jalon.directory.v1.UnitsChanged":       {"moments-units-changed"},
	"jalon.directory.v1.PeopleOnLeave":      {"interviews-people-on-leave", "notifications-people-on-leave"},
	"jalon.directory.v1.PeopleReturned":     {"interviews-people-returned", "moments-people-returned", "notifications-people-returned"},
	"jalon.directory.v1.PeoplePromoted":     {"moments-people-promoted"},
	"jalon.moments.v1.InvitationsRequested": {"notifications-invitations-requested"},
	"jalon.moments.v1.InvitationsClosed":    {"notifications-invitations-closed"},
	"jalon.moments.v1.CampaignStarted":      {"notifications-campaign-started"},
	"jalon.moments.v1.CampaignTestsDecided": {"portal-campaign-tests-decided"},
	"jalon.notifications.v1.PromptsShown":   {"moments-prompts-shown", "notifications-mail"},

	"jalon.interviews.v1.TalksPlanned":           {"notifications-calendar-talks-planned"},
	"jalon.interviews.v1.DelicateTalksPlanned":   {"notifications-calendar-delicate-talks-planned"},
	"jalon.interviews.v1.TalksCancelled":         {"notifications-calendar-talks-cancelled"},
	"jalon.interviews.v1.DelicateTalksCancelled": {"notifications-calendar-delicate-talks-cancelled"},
	"jalon.interviews.v1.TalksHeld":              {"interviews-talks-held", "moments-talks-held"},
	"jalon.interviews.v1.DelicateTalksHeld":      {"moments-delicate-talks-held"},
	"jalon.interviews.v1.TalksContested":         {"interviews-talks-contested", "moments-talks-contested"},
	"jalon.interviews.v1.AuditDue":               {"moments-audit-due"},
	"jalon.interviews.v1.RemindersRequested":     {"notifications-reminders-requested"},
	"jalon.interviews.v1.RemindersClosed":        {"notifications-reminders-closed"},

	"jalon.barometer.v1.VotingInvitationsRequested": {"notifications-barometer-requested"},
	"jalon.barometer.v1.VotingInvitationsClosed":    {"notifications-barometer-closed"},
	"jalon.barometer.v1.ResultsToRead":              {"notifications-results-to-read"},
}

// leaving are the events that other systems may be told of: notifications keeps each for the receivers that HR chose for it.
var leaving = []string{
	"jalon.barometer.v1.EditionOpened", "jalon.barometer.v1.EditionPublished", "jalon.barometer.v1.ThemesFell",
	"jalon.directory.v1.PeopleErased", "jalon.directory.v1.PeopleHired", "jalon.directory.v1.PeopleLeft", "jalon.directory.v1.PeopleMoved",
	"jalon.directory.v1.PeoplePromoted", "jalon.directory.v1.PeopleRegistered", "jalon.directory.v1.PeopleUpdated",
	"jalon.directory.v1.UnitsChanged", "jalon.interviews.v1.TalksCancelled", "jalon.interviews.v1.TalksHeld", "jalon.interviews.v1.TalksPlanned",
	"jalon.moments.v1.CampaignStarted", "jalon.moments.v1.CampaignTestsDecided", "jalon.moments.v1.MomentsCancelled", "jalon.moments.v1.MomentsOpened",
}

// webhooks is the durable that keeps events of a type for receivers.
func webhooks(eventType string) string {
	parts := strings.Split(eventType, ".")
	name := "notifications-webhooks-" + parts[1]
	for _, letter := range parts[3] {
		if unicode.IsUpper(letter) {
			name += "-"
		}
		name += string(unicode.ToLower(letter))
	}
	return name
}

// To returns the durables that consume the event type, sorted.
func To(eventType string) []string {
	durables := slices.Clone(reactions[eventType])
	if name, kept := register[eventType]; kept {
		for _, service := range registrars {
			durables = append(durables, service+"-"+name)
		}
	}
	if slices.Contains(leaving, eventType) {
		durables = append(durables, webhooks(eventType))
	}
	slices.Sort(durables)
	return durables
}

// All returns the durables of every event type that has one.
func All() map[string][]string {
	all := map[string][]string{}
	for typ := range register {
		all[typ] = To(typ)
	}
	for typ := range reactions {
		all[typ] = To(typ)
	}
	for _, typ := range leaving {
		all[typ] = To(typ)
	}
	return all
}
