// Package forecast tells what the gate would do with an invitation that nobody asked for yet. It decides nothing by itself: it lets time
// pass over a copy of a person's inbox, whose own code asks the gate at the same instants and in the same order as will be done then.
//
// What it cannot know is what happens meanwhile: other invitations, leaves, answers. It takes it that nobody answers, so that reminders
// and caps weigh as heavily as they can.
package forecast

import (
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// rehearsed stands where a message or a cause has its name.
const rehearsed = "rehearsal"

// steps bounds how often the gate is asked about one person: more often than anything in two months is put off.
const steps = 500

// Invitation is what would be asked for, and when.
type Invitation struct {
	KeyMoment string
	At        time.Time
	Expires   time.Time
	Reminders int
}

// Fate is what becomes of the invitation of one person, in days where the person is.
type Fate struct {
	// Reached is when it is shown; zero for never, and then Missed says why.
	Reached time.Time
	Day     clock.Date
	Missed  gate.Reason
	// Waited is why it was not shown on its first day; empty where it was.
	Waited gate.Reason
	// Reminded are the days of its reminders, and Others those on which other messages reach the person, from its first day on.
	Reminded, Others []clock.Date
}

// Of lets time pass from now until the invitation is pointless. person is nil while nothing is known of them. The inbox stays as it is.
func Of(now time.Time, box *inbox.Inbox, person *gate.Person, invitation Invitation, rules gate.Rules) Fate {
	if person == nil {
		return Fate{Missed: gate.Unknown}
	}
	copied := pass(now, box.Copy(), person, invitation, rules)
	first := clock.DateOf(invitation.At, person.Zone)
	var fate Fate
	for _, m := range copied.Messages {
		if m.ID == rehearsed {
			fate.tell(m, person.Zone, first)
			continue
		}
		if m.ShownBy == rehearsed {
			fate.Others = since(first, fate.Others, m.ShownAt, person.Zone)
		}
		for _, r := range m.Reminded() {
			if r.By == rehearsed {
				fate.Others = since(first, fate.Others, r.At, person.Zone)
			}
		}
	}
	return fate
}

// pass lets time pass over the inbox.
func pass(now time.Time, box *inbox.Inbox, person *gate.Person, invitation Invitation, rules gate.Rules) *inbox.Inbox {
	at := invitation.At
	if at.Before(now) {
		at = now
	}
	asked := false
	for range steps {
		next, waits := box.Next()
		switch {
		case !asked && (!waits || !next.Before(at)):
			now, asked = at, true
			box.Request(inbox.Message{
				ID: rehearsed, KeyMoment: invitation.KeyMoment, ExpiresAt: invitation.Expires, Reminders: &invitation.Reminders,
			}, now)
		case !waits, !next.Before(invitation.Expires):
			return box
		case next.After(now):
			now = next
		}
		box.Settle(now, person, rules, inbox.Cause{Name: rehearsed})
	}
	return box
}

func (f *Fate) tell(m inbox.Message, zone *time.Location, first clock.Date) {
	decision := m.Decisions[len(m.Decisions)-1]
	if !m.WasShown() {
		f.Missed = decision.Reason
		return
	}
	f.Reached, f.Day = m.ShownAt, clock.DateOf(m.ShownAt, zone)
	if f.Day.After(first) {
		f.Waited = m.Decisions[0].Reason
	}
	for _, r := range m.Reminded() {
		f.Reminded = append(f.Reminded, clock.DateOf(r.At, zone))
	}
}

func since(first clock.Date, days []clock.Date, at time.Time, zone *time.Location) []clock.Date {
	if day := clock.DateOf(at, zone); !day.Before(first) {
		return append(days, day)
	}
	return days
}
