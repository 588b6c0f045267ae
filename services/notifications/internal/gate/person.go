package gate

import (
	"time"

	"jalon.dev/pkg/clock"
)

// Person is what the gate needs to know of the person to be asked.
type Person struct {
	Zone *time.Location
	// LastDay is the last day of the contract in the person's zone; zero while no end is known.
	LastDay clock.Date
	// Calendar names the public holidays of where the person works; empty for France's.
	Calendar string
	// Absent are the leaves that are known, in any order.
	Absent []Period
	// Preferences narrow the company's hours.
	Preferences Preferences
	// Quiet tells that the person reacts to nothing lately.
	Quiet bool
}

// Period is local days from From to To, both included. A zero To means that the return is not known.
type Period struct {
	From clock.Date `bson:"from"`
	To   clock.Date `bson:"to,omitempty"`
}

// askAgainDays is after how many days the gate is asked again about somebody whose return is not known.
const askAgainDays = 7

// back returns the day after an absence that covers the date; ok is false when the person is there. today bounds the
// absences whose end is not known.
func (p Person) back(date, today clock.Date) (day clock.Date, ok bool) {
	for _, away := range p.Absent {
		last := away.To
		if last.IsZero() {
			last = today.AddDays(askAgainDays - 1)
		}
		if !date.Before(away.From) && !date.After(last) {
			return last.AddDays(1), true
		}
	}
	return clock.Date{}, false
}

// away tells whether the person is on leave at the instant.
func (p Person) away(now time.Time) bool {
	today := clock.DateOf(now, p.Zone)
	_, away := p.back(today, today)
	return away
}
