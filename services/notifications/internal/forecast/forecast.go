// Package forecast tells what the gate would do with an invitation that nobody asked for yet. It decides nothing by itself: it lets time
// pass over a copy of a person's inbox, whose own code asks the gate at the same instants and in the same order as will be done then.
//
// What it cannot know is what happens meanwhile: other invitations, leaves, answers. It takes it that nobody answers what is still to be
// shown, so that its reminders and caps weigh as heavily as they can; of what was shown before, that everybody did: a reminder that is
// still to come would tell whoever asks about a few people who has not.
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
	// Briefly leaves out what happens once it is shown: its reminders, and what else reaches the person.
	Briefly bool
}

// Fate is what becomes of the invitation of one person, in days where the person is.
type Fate struct {
	// Reached is when it is shown; zero for never, and then Missed says why.
	Reached time.Time
	Day     clock.Date
	Missed  gate.Reason
	// Waited is why it was not shown on its first day; empty where it was.
	Waited gate.Reason
	// Reminded are the days of its reminders, at most, and Others those on which other messages reach the person, from its first day on.
	Reminded, Others []clock.Date
}

// Of lets time pass from now until an invitation is pointless, for each of some invitations of which one at most will be asked for.
// person is nil while nothing is known of them. The inbox stays as it is.
func Of(now time.Time, box *inbox.Inbox, person *gate.Person, invitations []Invitation, rules gate.Rules) []Fate {
	fates := make([]Fate, len(invitations))
	if person == nil {
		for i := range fates {
			fates[i].Missed = gate.Unknown
		}
		return fates
	}
	// What comes before a later invitation came before the earlier ones, too: it is gone through once.
	box = unreminded(box)
	before, at := passage{box.Copy(), person, rules}, now
	for i, invitation := range invitations {
		if i > 0 && invitation.At.Before(invitations[i-1].At) {
			before.Inbox, at = box.Copy(), now
		}
		before.pass(at, invitation.At, nil)
		if invitation.At.After(at) {
			at = invitation.At
		}
		after := passage{before.Copy(), person, rules}
		after.ask(at, invitation)
		fates[i] = after.fate(invitation)
	}
	return fates
}

// unreminded is an inbox in which nothing that was shown comes back.
func unreminded(box *inbox.Inbox) *inbox.Inbox {
	box = box.Copy()
	for i := range box.Messages {
		box.Messages[i].RemindAt = time.Time{}
	}
	return box
}

// passage is an inbox over which time passes.
type passage struct {
	*inbox.Inbox
	person *gate.Person
	rules  gate.Rules
}

// ask asks for an invitation, and lets time pass until it is pointless, or was shown where no more is to be told.
func (p passage) ask(at time.Time, invitation Invitation) {
	p.Request(inbox.Message{
		ID: rehearsed, KeyMoment: invitation.KeyMoment, ExpiresAt: invitation.Expires, Reminders: &invitation.Reminders,
	}, at)
	p.settle(at)
	var enough func() bool
	if invitation.Briefly {
		enough = func() bool {
			m, _ := p.Find(rehearsed)
			return m.State != inbox.Waiting
		}
	}
	p.pass(at, invitation.Expires, enough)
}

// pass lets time pass from an instant until right before another one, or until it is enough.
func (p passage) pass(now, until time.Time, enough func() bool) {
	for range steps {
		next, waits := p.Next()
		if !waits || !next.Before(until) || enough != nil && enough() {
			return
		}
		if next.After(now) {
			now = next
		}
		p.settle(now)
	}
}

func (p passage) settle(now time.Time) {
	p.Settle(now, p.person, p.rules, inbox.Cause{Name: rehearsed})
}

// fate is what became of the invitation.
func (p passage) fate(invitation Invitation) Fate {
	first := clock.DateOf(invitation.At, p.person.Zone)
	var fate Fate
	for _, m := range p.Messages {
		switch {
		case m.ID == rehearsed:
			fate.tell(m, p.person.Zone, first)
			if m.WasShown() && !invitation.Briefly && (p.Quiet() || p.Preferences.NoReminders) {
				fate.Reminded = p.plan(m)
			}
			continue
		case invitation.Briefly:
			continue
		}
		if m.ShownBy == rehearsed {
			fate.Others = since(first, fate.Others, m.ShownAt, p.person.Zone)
		}
		for _, r := range m.Reminded() {
			if r.By == rehearsed {
				fate.Others = since(first, fate.Others, r.At, p.person.Zone)
			}
		}
	}
	return fate
}

// plan is when others would be reminded who are shown the message then. Whoever is not, because they react to nothing or want none, is
// counted with them: of one person, none would tell.
func (p passage) plan(m inbox.Message) (days []clock.Date) {
	_, reminders := p.rules.Reminders(m.ShownAt, m.ExpiresAt, *p.person, *m.Reminders)
	for _, at := range reminders {
		days = append(days, clock.DateOf(at, p.person.Zone))
	}
	return days
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
