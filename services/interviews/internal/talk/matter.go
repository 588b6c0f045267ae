package talk

import (
	"time"

	"jalon.dev/pkg/clock"
)

// Matter is what somebody is reminded of about their talks. Its values are the words of the contracts.
type Matter string

// The matters.
const (
	Prepare  Matter = "prepare"
	Tomorrow Matter = "tomorrow"
	// Happened: the day has passed, and nobody has said whether the talk was held.
	Happened Matter = "held"
	Late     Matter = "late"
	// Confirm: the other one says that it was held. It is told at once.
	Confirm Matter = "confirm"
	// Proposed: the other one proposes another date. It is told at once.
	Proposed Matter = "proposal"
)

// Daily are the matters that come with the days.
func Daily() []Matter { return []Matter{Prepare, Tomorrow, Happened, Late} }

const (
	// prepareDays is how long before the talk the employee is reminded to prepare it.
	prepareDays = 5
	// lateDays is after how many days a talk that was not held is late, and every how many days one is told so.
	lateDays = 7
)

// Asks is what the talk asks of the person at this moment, because of what the other one said; empty for nothing.
func (t Talk) Asks(personID string) Matter {
	switch {
	case t.ToConfirm(personID):
		return Confirm
	case t.State == Planned && t.Of(personID) && t.Proposal != nil && t.Proposal.By != personID:
		return Proposed
	default:
		return ""
	}
}

// Matter is what the person is to be told of the talk on the day; empty for nothing. Managers, who have many, are told to prepare
// those of a week together, on its Monday, and of late ones on Mondays.
func (t Talk) Matter(personID string, today clock.Date) Matter {
	if !t.Takes() || !t.Of(personID) || t.Away(today) {
		return ""
	}
	ahead := today.DaysUntil(t.PlannedOn)
	onMonday := personID == t.ManagerID && today.Weekday() == time.Monday
	switch {
	case onMonday && ahead >= 0 && ahead < 7:
		return Prepare
	case ahead == 1:
		return Tomorrow
	case ahead == -1:
		return Happened
	case onMonday && ahead <= -lateDays:
		return Late
	case personID == t.ManagerID:
		return ""
	case ahead == prepareDays:
		return Prepare
	case ahead < 0 && -ahead%lateDays == 0:
		return Late
	default:
		return ""
	}
}

// NextMatter is the first day after the day on which the person is to be told something of the talk; ok is false where there is
// none.
func (t Talk) NextMatter(personID string, after clock.Date) (day clock.Date, ok bool) {
	if !t.Takes() || !t.Of(personID) {
		return clock.Date{}, false
	}
	day = after.AddDays(1)
	// Before the first of its days nothing is told, and after its day something is told every week.
	if first := t.PlannedOn.AddDays(-7); day.Before(first) {
		day = first
	}
	for range 2 * lateDays {
		if t.Matter(personID, day) != "" {
			return day, true
		}
		day = day.AddDays(1)
	}
	return clock.Date{}, false
}
