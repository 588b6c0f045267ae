package inbox

import (
	"time"

	"jalon.dev/services/notifications/internal/gate"
)

// State is where a message stands.
type State string

// A message waits behind the gate, is shown, and ends closed or expired.
const (
	Waiting State = "waiting"
	Shown   State = "shown"
	Closed  State = "closed"
	Expired State = "expired"
)

// Message is one thing that Jalon wants to tell the person: an invitation to answer, or a reminder of their own talks.
type Message struct {
	// ID is the invitation's, or the reminder's.
	ID string `bson:"id"`
	// KeyMoment is gate.Talk for a reminder of talks, and FollowUp what there is to do then.
	KeyMoment string `bson:"key_moment,omitempty"`
	FollowUp  string `bson:"follow_up,omitempty"`
	// Count is how many talks a reminder is about.
	Count int `bson:"count,omitempty"`
	// Discreet is what tells, by being asked, how the person reacted to something else: others are not told of it.
	Discreet bool `bson:"discreet,omitempty"`
	// Piece is the campaign, and the variant of it, that everybody gets alike; empty for what is no campaign's.
	Piece string `bson:"piece,omitempty"`
	// Subject is HR's own line for it; nil where it is announced by what it is about.
	Subject *Subject `bson:"subject,omitempty"`
	State   State    `bson:"state"`

	// RequestedAt is zero for an invitation that was closed before its request arrived.
	RequestedAt time.Time `bson:"requested_at,omitempty"`
	ExpiresAt   time.Time `bson:"expires_at,omitempty"`
	// NextTryAt is when the gate is asked again about a waiting message.
	NextTryAt time.Time `bson:"next_try_at,omitempty"`
	ShownAt   time.Time `bson:"shown_at,omitempty"`
	// SeenAt is when the person's own page first had it.
	SeenAt time.Time `bson:"seen_at,omitempty"`
	// RemindAt is when the gate is asked about the reminder of a message that is shown; zero when there will be none.
	RemindAt time.Time `bson:"remind_at,omitempty"`
	// RemindedAt is when the first reminder reached the person.
	RemindedAt time.Time `bson:"reminded_at,omitempty"`
	// RemindedAgain are the later ones.
	RemindedAgain []Reminder `bson:"reminded_again,omitempty"`
	// Reminders is how many are wanted where the message goes unanswered; nil is as many as is usual.
	Reminders *int      `bson:"reminders,omitempty"`
	EndedAt   time.Time `bson:"ended_at,omitempty"`
	// TakenBack tells that it was called off, and not closed by the person.
	TakenBack bool `bson:"taken_back,omitempty"`

	// ShownBy, RemindedBy and EndedBy name the cause (an event, a due item) that showed, reminded of or ended the
	// message, so that redoing the cause tells the same again and nothing else.
	ShownBy    string `bson:"shown_by,omitempty"`
	RemindedBy string `bson:"reminded_by,omitempty"`
	EndedBy    string `bson:"ended_by,omitempty"`

	// ShownIn and RemindedIn name the attempt at that cause which did it.
	ShownIn    string `bson:"shown_in,omitempty"`
	RemindedIn string `bson:"reminded_in,omitempty"`

	// Decisions holds what the gate said, oldest first.
	Decisions []gate.Decision `bson:"decisions,omitempty"`
}

// Reminder is one that reached the person: when, and which attempt at which cause let it through.
type Reminder struct {
	At time.Time `bson:"at"`
	By string    `bson:"by"`
	In string    `bson:"in,omitempty"`
}

// Reminded are the reminders that reached the person, in their order.
func (m Message) Reminded() []Reminder {
	if m.RemindedAt.IsZero() {
		return nil
	}
	return append([]Reminder{{At: m.RemindedAt, By: m.RemindedBy, In: m.RemindedIn}}, m.RemindedAgain...)
}

// wanted is how many reminders the message has at most.
func (m Message) wanted() int {
	if m.Reminders == nil {
		return gate.UsualReminders
	}
	return min(*m.Reminders, gate.MostReminders)
}

// Open tells whether the person should see the message now.
func (m Message) Open(now time.Time) bool {
	return m.State == Shown && !m.pointless(now)
}

// WasShown tells whether the message ever reached the person.
func (m Message) WasShown() bool { return !m.ShownAt.IsZero() }

// Kind is the kind of the message.
func (m Message) Kind() gate.Kind { return gate.KindOf(m.KeyMoment) }

func (m Message) ended() bool { return m.State == Closed || m.State == Expired }

func (m Message) pointless(now time.Time) bool {
	return !m.ExpiresAt.IsZero() && !now.Before(m.ExpiresAt)
}

func (m *Message) end(state State, now time.Time, cause string) {
	m.State = state
	m.EndedAt = now
	m.EndedBy = cause
	m.NextTryAt, m.RemindAt = time.Time{}, time.Time{}
}

// Cause is why the gate is asked.
type Cause struct {
	// Name is that of the event or the due item, the same each time it is redone.
	Name string
	// Attempt names this time.
	Attempt string
}

// decide does what the gate says to showing the message; remindAt is when to remind of it if it is shown.
func (m *Message) decide(now time.Time, decision gate.Decision, remindAt time.Time, cause Cause) {
	m.Decisions = append(m.Decisions, decision)
	switch decision.Verdict {
	case gate.LetThrough:
		m.State = Shown
		m.ShownAt = now
		m.ShownBy, m.ShownIn = cause.Name, cause.Attempt
		m.NextTryAt = time.Time{}
		m.RemindAt = remindAt
	case gate.Deferred:
		m.NextTryAt = decision.Until
	case gate.Expired:
		m.end(Expired, now, cause.Name)
	}
}

// remind does what the gate says to reminding of the message.
func (m *Message) remind(now time.Time, decision gate.Decision, cause Cause) {
	decision.Reminder = true
	m.Decisions = append(m.Decisions, decision)
	m.RemindAt = decision.Until
	switch {
	case decision.Verdict != gate.LetThrough:
	case m.RemindedAt.IsZero():
		m.RemindedAt = now
		m.RemindedBy, m.RemindedIn = cause.Name, cause.Attempt
	default:
		m.RemindedAgain = append(m.RemindedAgain, Reminder{At: now, By: cause.Name, In: cause.Attempt})
	}
}
