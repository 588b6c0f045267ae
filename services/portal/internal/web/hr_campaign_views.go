package web

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

func campaignName(words *i18n.Words, c *momentsv1.Campaign) string {
	return cmp.Or(c.GetDraft().GetName(), words.T("campaign.unnamed"))
}

// campaignEditable tells that nobody was invited yet, or that it is a series, which invites nobody itself.
func campaignEditable(c *momentsv1.Campaign) bool {
	switch c.GetState() {
	case momentsv1.Campaign_STATE_RUNNING, momentsv1.Campaign_STATE_PAUSED:
		return c.GetDraft().GetRecurrence() != nil
	case momentsv1.Campaign_STATE_DRAFT, momentsv1.Campaign_STATE_CHECKED, momentsv1.Campaign_STATE_SCHEDULED:
		return true
	}
	return false
}

// beingWritten tells that a campaign waits for HR, and for no time.
func beingWritten(c *momentsv1.Campaign) bool {
	return c.GetState() == momentsv1.Campaign_STATE_DRAFT || c.GetState() == momentsv1.Campaign_STATE_CHECKED
}

func campaignRow(words *i18n.Words, c *momentsv1.Campaign) page.CampaignRow {
	row := page.CampaignRow{ID: c.GetId(), Name: campaignName(words, c), About: campaignAbout(words, c)}
	if c.GetSeriesId() != "" {
		row.About = words.T("campaign_repeat.occurrence", "Number", strconv.Itoa(int(c.GetNumber()))) + " · " + row.About
	}
	row.State, row.Tone = campaignState(words, c.GetState())
	return row
}

func campaignState(words *i18n.Words, state momentsv1.Campaign_State) (text, tone string) {
	name := strings.ToLower(strings.TrimPrefix(state.String(), "STATE_"))
	tone = map[momentsv1.Campaign_State]string{
		momentsv1.Campaign_STATE_SCHEDULED: "accent", momentsv1.Campaign_STATE_RUNNING: "accent", momentsv1.Campaign_STATE_PAUSED: "warn",
		momentsv1.Campaign_STATE_DRAFT: "warn", momentsv1.Campaign_STATE_CHECKED: "warn", momentsv1.Campaign_STATE_DONE: "good",
	}[state]
	return words.T("campaign_state." + name), tone
}

func campaignKindCode(draft *momentsv1.CampaignDraft) string {
	if draft.GetKind() == momentsv1.CampaignDraft_KIND_MESSAGE {
		return "message"
	}
	return "survey"
}

// campaignAbout is what a campaign sends, and when.
func campaignAbout(words *i18n.Words, c *momentsv1.Campaign) string {
	kind := words.T("campaign_sends." + campaignKindCode(c.GetDraft()))
	if c.GetDraft().GetOn() == "" {
		return kind
	}
	if c.GetDraft().GetRecurrence() != nil {
		return kind + " · " + recurrenceWords(words, c.GetDraft())
	}
	return kind + " · " + words.T("campaign.when_short", "Weekday", words.Weekday(c.GetDraft().GetOn()), "Time", c.GetDraft().GetAt())
}

func campaignWhen(words *i18n.Words, c *momentsv1.Campaign) string {
	if c.GetDraft().GetOn() == "" {
		return words.T("campaign.no_day")
	}
	if c.GetDraft().GetRecurrence() != nil {
		return words.T("campaign_repeat.from_day", "Rhythm", capital(recurrenceWords(words, c.GetDraft())), "Date", words.Date(c.GetDraft().GetOn()), "Zone", c.GetTimeZone())
	}
	return words.T("campaign.when_at", "Weekday", words.Weekday(c.GetDraft().GetOn()), "Date", words.Date(c.GetDraft().GetOn()),
		"Time", c.GetDraft().GetAt(), "Zone", c.GetTimeZone())
}

// campaignBehind tells that the time at which a campaign that does not repeat was to start has passed: launched now, it starts at once.
func campaignBehind(c *momentsv1.Campaign, now time.Time) bool {
	on, err := clock.ParseDate(c.GetDraft().GetOn())
	at, atErr := clock.ParseTimeOfDay(c.GetDraft().GetAt())
	zone, zoneErr := clock.Zone(c.GetTimeZone())
	return errors.Join(err, atErr, zoneErr) == nil && c.GetDraft().GetRecurrence() == nil && !clock.LocalInstant(on, at, zone).After(now)
}

// campaignView is where a campaign stands. It says nothing of who its people are.
func campaignView(words *i18n.Words, found *momentsv1.GetCampaignResponse) page.CampaignView {
	c, p := found.GetCampaign(), found.GetProgress()
	view := page.CampaignView{
		ID: c.GetId(), Name: campaignName(words, c), When: campaignWhen(words, c), Until: cmp.Or(words.Date(c.GetDraft().GetUntil()), words.T("campaign.no_day")),
		Note:    words.Or("campaign_note."+strings.ToLower(strings.TrimPrefix(c.GetState().String(), "STATE_")), "", "When", campaignWhen(words, c)),
		CanEdit: c.GetState() == momentsv1.Campaign_STATE_SCHEDULED, Started: p != nil, CanRename: !campaignEditable(c),
	}
	view.Results = p != nil
	view.State, view.Tone = campaignState(words, c.GetState())
	if c.GetDraft().GetRecurrence() != nil {
		return seriesView(words, c, view)
	}
	switch c.GetState() {
	case momentsv1.Campaign_STATE_SCHEDULED:
		view.Moving, view.CanCancel = true, true
	case momentsv1.Campaign_STATE_RUNNING:
		view.Moving, view.CanCancel, view.CanPause = true, true, !p.GetAllInvited()
		if c.GetCollecting() {
			view.Note = words.T("campaign_repeat.collecting")
		}
		if p.GetAllInvited() {
			view.Note = words.T("campaign_note.all_invited", "Until", view.Until)
		}
	case momentsv1.Campaign_STATE_PAUSED:
		view.Moving, view.CanCancel, view.CanResume = true, true, true
	}
	if p == nil {
		if c.GetState() == momentsv1.Campaign_STATE_CANCELLED {
			view.Note = words.T("campaign_note.dropped")
		}
		return view
	}
	view.Rounded = p.GetAbout()
	view.Test = testState(words, c, p.GetGroups(), p.GetAllInvited())
	view.Invited, view.All, view.AsOf = int(p.GetInvited()), int(p.GetAudience()), words.Instant(p.GetAsOf())
	figure := func(name string, n int64) {
		view.Figures = append(view.Figures, page.CampaignFigure{
			Label: words.T("campaign." + name), Text: words.Number(int(n)), Hint: words.T("campaign." + name + "_hint"),
		})
	}
	kind := campaignKindCode(c.GetDraft())
	figure("delivered", p.GetDelivered())
	if p.Answered != nil {
		figure("answered_"+kind, p.GetAnswered())
	} else {
		view.Figures = append(view.Figures, page.CampaignFigure{
			Label: words.T("campaign.answered_" + kind), Hint: words.T("campaign.answered_too_few"),
		})
	}
	if view.Moving {
		figure("waiting", p.GetWaiting())
	} else {
		figure("missed", p.GetMissed())
	}
	if p.GetGone() > 0 {
		figure("gone", p.GetGone())
	}
	return view
}

// audienceWords says who is in an audience.
func (s *Site) audienceWords(ctx context.Context, words *i18n.Words, a *momentsv1.Audience) (string, error) {
	var parts []string
	add := func(id string, pairs ...any) { parts = append(parts, words.T("audience."+id, pairs...)) }
	if a.GetUnitId() != "" {
		add("unit", "Name", s.unitName(ctx, a.GetUnitId()))
	}
	if len(a.GetJobTitles()) > 0 {
		add("jobs", "List", strings.Join(a.GetJobTitles(), ", "))
	}
	if len(a.GetContracts()) > 0 {
		add("contracts", "List", strings.Join(a.GetContracts(), ", "))
	}
	if n := int(a.GetMonthsFrom()); n > 0 {
		parts = append(parts, words.N("audience.months_from", n))
	}
	if n := int(a.GetMonthsBelow()); n > 0 {
		parts = append(parts, words.N("audience.months_below", n))
	}
	if a.GetHiredFrom() != "" {
		add("hired_from", "Date", words.Date(a.GetHiredFrom()))
	}
	if a.GetHiredTo() != "" {
		add("hired_to", "Date", words.Date(a.GetHiredTo()))
	}
	if a.GetLanguage() != "" {
		add("language", "Name", words.Or("language."+a.GetLanguage(), a.GetLanguage()))
	}
	if id := a.GetManagerId(); id != "" {
		cards, err := s.cards(ctx, id)
		if err != nil {
			return "", err
		}
		add("manager", "Name", cmp.Or(fullName(cards[id]), words.T("access.erased")))
	}
	reaction, err := s.reactionWords(ctx, words, a)
	if err != nil {
		return "", err
	}
	parts = append(parts, reaction...)
	if len(parts) == 0 {
		return words.T("audience.everybody"), nil
	}
	return strings.Join(parts, " · "), nil
}

// someOf are values of which several may be chosen; those that were chosen and that nobody has any more stay among them.
func someOf(words *i18n.Words, values, chosen []string) []page.Choice {
	all := slices.Concat(values, chosen)
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(words.Compare(a, b), cmp.Compare(a, b)) })
	var choices []page.Choice
	for _, value := range slices.Compact(all) {
		choices = append(choices, page.Choice{Value: value, Label: value, Chosen: slices.Contains(chosen, value)})
	}
	return choices
}

// byLabel sorts what there is to choose from.
func byLabel(words *i18n.Words) func(a, b page.Choice) int {
	return func(a, b page.Choice) int { return words.Compare(a.Label, b.Label) }
}

// namedChoices are people to choose one from, by name.
func namedChoices(words *i18n.Words, cards map[string]*directoryv1.PersonCard, chosen string) []page.Choice {
	choices := make([]page.Choice, 0, len(cards))
	for id, card := range cards {
		choices = append(choices, page.Choice{Value: id, Label: fullName(card), Chosen: id == chosen})
	}
	slices.SortFunc(choices, func(a, b page.Choice) int {
		return cmp.Or(words.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return choices
}

// questionnaireVersionOf reads the id of a version: its code and its number.
func questionnaireVersionOf(id string) (code, number string, ok bool) {
	at := strings.LastIndex(id, ".v")
	if at <= 0 {
		return "", "", false
	}
	return id[:at], id[at+2:], true
}

// wordingIn is a text in one language, and in no other.
func wordingIn(words *i18n.Words, text *momentsv1.Wording) string { return in(words, text) }
