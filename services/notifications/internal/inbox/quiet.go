package inbox

import (
	"slices"
	"time"

	"jalon.dev/services/notifications/internal/gate"
)

// People who react to nothing are quiet: so many questions were shown to them and ended without a reaction, and none had one, within the
// time that messages are kept. They stay so until they react to one. A reaction is what closes a message that was shown: an answer, a
// message that was read. One that was taken back is neither a reaction nor a question that was let go by.
//
// The barometer is no part of it, neither as a question nor as a reaction: nothing may depend on who took part, and everybody is asked to
// alike.

// Quiet tells that the person reacts to nothing.
func (b *Inbox) Quiet() bool { return !b.QuietSince.IsZero() }

// WasQuiet tells that the person reacted to nothing right before an instant.
func (b *Inbox) WasQuiet(before time.Time) bool {
	return b.Quiet() && b.QuietSince.Before(before) || b.WasQuietSince.Before(before) && !b.QuietUntil.Before(before)
}

// spares tells that a message is one of which quiet people get fewer.
func (b *Inbox) spares(m *Message) bool { return b.Quiet() && m.asks() }

// Notice makes a person quiet who let enough questions end, and reacted to none.
func (b *Inbox) Notice(now time.Time, rule gate.Quiet) {
	if b.Quiet() || rule.After == 0 {
		return
	}
	ignored := 0
	for _, m := range b.Messages {
		switch {
		case m.Reacted():
			return
		case m.Ignored():
			ignored++
		}
	}
	if ignored >= rule.After {
		b.QuietSince = now
		b.changed = true
	}
}

// hear takes the person for one who reacts again, where the message that just closed is a sign of it.
func (b *Inbox) hear(m Message) {
	if m.Reacted() && b.Quiet() {
		b.WasQuietSince, b.QuietUntil, b.QuietSince = b.QuietSince, m.EndedAt, time.Time{}
		b.heard = true
	}
}

// Heard tells that the person, who was quiet, has reacted since the inbox was read: what waits for them may come earlier.
func (b *Inbox) Heard() bool { return b.heard }

// Questions tells that the message asked something that a reaction is expected to.
func (m Message) Questions() bool { return m.asks() && m.WasShown() }

func (m Message) asks() bool { return m.Kind() != gate.Appointment && m.KeyMoment != gate.Barometer }

// Reacted tells that the person reacted to the message.
func (m Message) Reacted() bool { return m.Questions() && m.State == Closed && !m.TakenBack }

// Ignored tells that the message was shown to the person, and its time is over.
func (m Message) Ignored() bool { return m.Questions() && m.State == Expired }

// See notes that the person's own page has what is open now.
func (b *Inbox) See(now time.Time) {
	for i := range b.Messages {
		if m := &b.Messages[i]; m.Open(now) && m.SeenAt.IsZero() {
			m.SeenAt = now
			b.changed = true
		}
	}
}

// Unseen tells that something is open that the person's page never had.
func (b *Inbox) Unseen(now time.Time) bool {
	return slices.ContainsFunc(b.Messages, func(m Message) bool { return m.Open(now) && m.SeenAt.IsZero() })
}

// InAppOnly tells that a quiet person looks at their page: what they do not answer there, a mail does not make them answer. Those who
// never look are written to by mail.
func (b *Inbox) InAppOnly() bool {
	return b.Quiet() && slices.ContainsFunc(b.Messages, func(m Message) bool { return !m.SeenAt.IsZero() })
}
