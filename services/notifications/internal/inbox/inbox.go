// Package inbox holds the messages of one person: those that wait behind the gate, those shown, and the recent past.
//
// Everything that concerns one person is in one Inbox, so that the pressure cap and the change of state that it allows
// are saved in one write. Each change is idempotent: redoing it, in whatever order, changes nothing more.
package inbox

import (
	"slices"
	"time"

	"jalon.dev/services/notifications/internal/gate"
)

// Kept is how long a message that ended is remembered: longer than any event may be sent again. People are told this time.
const Kept = 90 * 24 * time.Hour

// Inbox is the messages of one person.
type Inbox struct {
	PersonID string `bson:"_id"`
	// Version grows by one with each save; 0 is an inbox that was never saved.
	Version int64 `bson:"version"`
	// Messages are in the order in which they became known.
	Messages []Message `bson:"messages"`
	// Preferences are the person's own choices.
	Preferences gate.Preferences `bson:"preferences,omitempty"`
	// NextExpiry is when the first of the shown messages becomes pointless; zero when none does.
	NextExpiry time.Time `bson:"next_expiry,omitempty"`
	// QuietSince is since when the person reacts to nothing; zero for most people. See Notice.
	QuietSince time.Time `bson:"quiet_since,omitempty"`
	// WasQuietSince and QuietUntil are of the last time that ended: what somebody does today is told to others tomorrow. See WasQuiet.
	WasQuietSince time.Time `bson:"was_quiet_since,omitempty"`
	QuietUntil    time.Time `bson:"quiet_until,omitempty"`

	changed bool
	// heard tells that the person, who was quiet, has just reacted.
	heard bool
}

// New returns the empty inbox of a person.
func New(personID string) *Inbox { return &Inbox{PersonID: personID} }

// Changed tells whether the inbox differs from what was read.
func (b *Inbox) Changed() bool { return b.changed }

// Request adds a message that is to pass the gate; one that is known already stays as it is.
func (b *Inbox) Request(message Message, now time.Time) {
	if b.find(message.ID) != nil {
		return
	}
	message.State = Waiting
	message.RequestedAt = now
	message.NextTryAt = now
	b.Messages = append(b.Messages, message)
	b.changed = true
}

// Close ends the message: whatever it asked needs no answer any more. A message that is not known yet is remembered
// as closed, because its request may arrive later. One that was taken back stays ended as it is, but was reacted to before.
func (b *Inbox) Close(id string, now time.Time, cause string) {
	if m := b.find(id); m != nil && m.TakenBack {
		m.TakenBack = false
		b.changed = true
		b.hear(*m)
		return
	}
	b.close(Message{ID: id}, now, cause)
}

// TakeBack ends the message as Close does, and is no reaction of the person's.
func (b *Inbox) TakeBack(id string, now time.Time, cause string) {
	b.close(Message{ID: id, TakenBack: true}, now, cause)
}

func (b *Inbox) close(as Message, now time.Time, cause string) {
	m := b.find(as.ID)
	switch {
	case m == nil:
		b.Messages = append(b.Messages, as)
		m = &b.Messages[len(b.Messages)-1]
	case m.ended():
		return
	}
	m.TakenBack = as.TakenBack
	m.end(Closed, now, cause)
	b.changed = true
	b.hear(*m)
	b.tidy(now)
}

// Expire ends the shown messages that have become pointless and returns them.
func (b *Inbox) Expire(now time.Time, cause string) []Message {
	var expired []Message
	for i := range b.Messages {
		m := &b.Messages[i]
		if m.State != Shown || !m.pointless(now) {
			continue
		}
		m.Decisions = append(m.Decisions, gate.Decision{At: now, Verdict: gate.Expired, Reason: gate.TooLate})
		m.end(Expired, now, cause)
		expired = append(expired, *m)
		b.changed = true
	}
	b.tidy(now)
	return expired
}

// Open returns the messages that the person should see now, in the order in which they were shown.
func (b *Inbox) Open(now time.Time) []Message {
	open := slices.DeleteFunc(slices.Clone(b.Messages), func(m Message) bool { return !m.Open(now) })
	slices.SortStableFunc(open, func(x, y Message) int { return x.ShownAt.Compare(y.ShownAt) })
	return open
}

// Find returns a message; ok is false when it is not known.
func (b *Inbox) Find(id string) (message Message, ok bool) {
	if m := b.find(id); m != nil {
		return *m, true
	}
	return Message{}, false
}

// ShownBy returns the messages that the cause showed, whatever became of them since.
func (b *Inbox) ShownBy(cause string) []Message {
	return slices.DeleteFunc(slices.Clone(b.Messages), func(m Message) bool { return m.ShownBy != cause })
}

func (b *Inbox) find(id string) *Message {
	i := slices.IndexFunc(b.Messages, func(m Message) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return &b.Messages[i]
}

// tidy forgets the distant past and keeps NextExpiry true.
func (b *Inbox) tidy(now time.Time) {
	if !b.changed {
		return
	}
	b.Messages = slices.DeleteFunc(b.Messages, func(m Message) bool {
		return m.ended() && now.Sub(m.EndedAt) > Kept
	})
	b.NextExpiry = time.Time{}
	for _, m := range b.Messages {
		if m.State == Shown && !m.ExpiresAt.IsZero() && (b.NextExpiry.IsZero() || m.ExpiresAt.Before(b.NextExpiry)) {
			b.NextExpiry = m.ExpiresAt
		}
	}
}
