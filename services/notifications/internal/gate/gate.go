// Package gate decides when a message may reach a person. Every message of every channel passes here, and every
// decision keeps its reason, so that "why was I (not) asked?" always has an answer.
//
// The package is pure: given the same instant, person, history, message and rules it decides the same.
package gate

import (
	"time"

	"jalon.dev/pkg/clock"
)

// Verdict is what the gate does with a message.
type Verdict string

// The three verdicts. A message is never dropped without one of them being kept.
const (
	LetThrough Verdict = "let_through"
	Deferred   Verdict = "deferred"
	Expired    Verdict = "expired"
)

// Reason is a stable word that screens translate.
type Reason string

// The reasons that the gate gives.
const (
	// Open: it is the person's time to be asked, and they were not asked too much lately.
	Open Reason = "open"
	// OutsideWindow: the person has a right to be left alone at this time.
	OutsideWindow Reason = "outside_window"
	// Holiday: it is a public holiday where the person works.
	Holiday Reason = "public_holiday"
	// OwnHours: the company would ask now, but the person has chosen other hours or days.
	OwnHours Reason = "own_hours"
	// Absent: the person is on leave.
	Absent Reason = "absent"
	// OverCap: the person has been asked enough lately.
	OverCap Reason = "over_cap"
	// Spared: the person has reacted to nothing lately, and is written to less.
	Spared Reason = "spared"
	// TooLate: the message can hardly be answered any more, or could not at the first time that the rules allow.
	TooLate Reason = "too_late"
	// Left: the person's last day is behind.
	Left Reason = "left"
	// Unknown: nothing is known of the person yet; directory's event is still on its way.
	Unknown Reason = "unknown_person"
)

// Message is what the gate needs to know of the message.
type Message struct {
	Kind Kind
	// Expires is when the message becomes pointless; zero for never.
	Expires time.Time
	// Asked is since when the message waits; zero where nobody knows.
	Asked time.Time
	// Reminder: it reached the person before. It keeps to weekdays that are no holidays, whatever hours the company has.
	Reminder bool
}

// LeastToAnswer is how much time a question leaves its person at least: one that is shown ten minutes before it goes costs a place
// under the caps and can hardly be answered. What has less than two days to live in all, as on somebody's last day, leaves half of it.
const LeastToAnswer = day

// worthShowing tells whether the message, shown at an instant, leaves enough time. An appointment wants no answer.
func (m Message) worthShowing(at time.Time) bool {
	switch {
	case m.Expires.IsZero():
		return true
	case !m.Kind.asks():
		return at.Before(m.Expires)
	}
	least := LeastToAnswer
	if !m.Asked.IsZero() {
		least = min(least, m.Expires.Sub(m.Asked)/2)
	}
	return at.Before(m.Expires) && !at.Add(least).After(m.Expires)
}

// Decision is what the gate said, when and why.
type Decision struct {
	At      time.Time `bson:"at"`
	Verdict Verdict   `bson:"verdict"`
	Reason  Reason    `bson:"reason"`
	// Until is when to ask the gate again; set for a deferral only, and then later than At.
	Until time.Time `bson:"until,omitempty"`
	// Reminder: the decision is on the message's reminder.
	Reminder bool `bson:"reminder,omitempty"`
}

// Decide says whether the message may reach the person now. history holds the messages that reached the person before,
// in any order.
func Decide(now time.Time, person Person, history []Past, message Message, rules Rules) Decision {
	decision := func(verdict Verdict, reason Reason) Decision {
		return Decision{At: now, Verdict: verdict, Reason: reason}
	}

	if !person.LastDay.IsZero() && clock.DateOf(now, person.Zone).After(person.LastDay) {
		return decision(Expired, Left)
	}
	if !message.worthShowing(now) {
		return decision(Expired, TooLate)
	}

	rules.reminding = message.Reminder
	free, over := rules.free(now, message.Kind, history), OverCap
	if person.Quiet {
		if spared := rules.spared(now, message.Kind, history); spared.After(free) {
			free, over = spared, Spared
		}
	}
	until := rules.NextOpening(free, person)
	if until.Equal(now) {
		return decision(LetThrough, Open)
	}
	// Waiting for an hour at which it is too late would only hide the outcome from whoever asks.
	if !message.worthShowing(until) {
		there := person
		there.Absent = nil
		if message.worthShowing(rules.NextOpening(free, there)) {
			return decision(Expired, Absent)
		}
		return decision(Expired, TooLate)
	}
	reason := over
	if away := person.away(now); away {
		reason = Absent
	} else if free.Equal(now) {
		reason = rules.closedBy(now, person)
	}
	deferred := decision(Deferred, reason)
	deferred.Until = until
	return deferred
}
