package inbox

import (
	"slices"
	"strings"
	"time"

	"jalon.dev/services/notifications/internal/gate"
)

// Settle asks the gate about everything whose time has come, waiting messages and reminders, in the order of gate.Rank,
// so that what waited longest or is rarest is not overtaken by what came last. person is nil while nothing is known of the
// person.
func (b *Inbox) Settle(now time.Time, person *gate.Person, rules gate.Rules, cause Cause) {
	for _, q := range b.due(now) {
		decision := b.ask(q, now, person, rules)
		if q.reminder {
			q.remind(now, decision, cause)
			if decision.Verdict == gate.LetThrough {
				q.RemindAt = b.remindAt(q.Message, now, rules)
			}
		} else {
			q.decide(now, decision, b.remindAt(q.Message, now, rules), cause)
		}
		b.changed = true
	}
	b.tidy(now)
}

// Reconsider makes everything that waits due now: what it was put off for does not hold any more.
func (b *Inbox) Reconsider(now time.Time) {
	for i := range b.Messages {
		if m := &b.Messages[i]; m.State == Waiting && m.NextTryAt.After(now) {
			m.NextTryAt = now
			b.changed = true
		}
	}
}

// Sooner tells whether the gate would say something better now of a message that waits than the date it waits for: what it was put off
// for may have changed, such as a leave that was called off.
func (b *Inbox) Sooner(now time.Time, person *gate.Person, rules gate.Rules) bool {
	return slices.ContainsFunc(b.Messages, func(m Message) bool {
		if m.State != Waiting || !m.NextTryAt.After(now) {
			return false
		}
		decision := b.ask(question{Message: &m}, now, person, rules)
		return decision.Verdict != gate.Deferred || decision.Until.Before(m.NextTryAt)
	})
}

// Prefer keeps the person's choices.
func (b *Inbox) Prefer(preferences gate.Preferences) {
	b.Preferences = preferences
	if preferences.NoReminders {
		for i := range b.Messages {
			b.Messages[i].RemindAt = time.Time{}
		}
	}
	b.changed = true
}

// question is what the gate is to be asked: whether to show the message, or to remind of it.
type question struct {
	*Message
	reminder bool
}

func (q question) rank() time.Time {
	if q.reminder {
		last := q.ShownAt
		if before := q.Reminded(); len(before) > 0 {
			last = before[len(before)-1].At
		}
		return gate.Rank(q.Kind(), last, true)
	}
	return gate.Rank(q.Kind(), q.RequestedAt, false)
}

// due returns what the gate is to be asked about now, in order.
func (b *Inbox) due(now time.Time) []question {
	var due []question
	for i := range b.Messages {
		switch m := &b.Messages[i]; {
		case m.State == Waiting && !m.NextTryAt.After(now):
			due = append(due, question{Message: m})
		case m.State == Shown && !m.RemindAt.IsZero() && !m.RemindAt.After(now):
			due = append(due, question{Message: m, reminder: true})
		}
	}
	slices.SortStableFunc(due, func(x, y question) int {
		if c := x.rank().Compare(y.rank()); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return due
}

// unknownPause is how long a message waits for directory to tell who the person is.
const unknownPause = time.Minute

func (b *Inbox) ask(q question, now time.Time, person *gate.Person, rules gate.Rules) gate.Decision {
	if person != nil {
		choosing := *person
		choosing.Preferences, choosing.Quiet = b.Preferences, b.spares(q.Message)
		return gate.Decide(now, choosing, b.history(), gate.Message{
			Kind: q.Kind(), Expires: q.ExpiresAt, Asked: q.RequestedAt, Reminder: q.reminder,
		}, rules)
	}
	if q.pointless(now) {
		return gate.Decision{At: now, Verdict: gate.Expired, Reason: gate.TooLate}
	}
	return gate.Decision{At: now, Verdict: gate.Deferred, Reason: gate.Unknown, Until: now.Add(unknownPause)}
}

// remindAt is when to remind of a message that reaches the person now; zero for never.
func (b *Inbox) remindAt(m *Message, now time.Time, rules gate.Rules) time.Time {
	sent := len(m.Reminded())
	if b.Preferences.NoReminders || b.spares(m) || sent >= m.wanted() {
		return time.Time{}
	}
	return rules.NextReminder(m.Kind(), now, m.ExpiresAt, sent)
}

// history returns what reached the person.
func (b *Inbox) history() []gate.Past {
	reached := make([]gate.Past, 0, len(b.Messages))
	for _, m := range b.Messages {
		if m.WasShown() {
			reached = append(reached, gate.Past{At: m.ShownAt, Kind: m.Kind()})
		}
		for _, r := range m.Reminded() {
			reached = append(reached, gate.Past{At: r.At, Kind: m.Kind()})
		}
	}
	return reached
}
