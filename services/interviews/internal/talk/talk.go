// Package talk is the domain of talks between an employee and the manager: when the four-weekly one (EI2D) is due, how either of
// the two moves it, how it comes to count as held, what is prepared for it and what comes out of it.
//
// The package is pure. What it decides from directory's events follows the newest facts that it has seen of a person: events may
// arrive twice and in any order.
package talk

import (
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/outbox"
)

// State says where a talk stands.
type State string

// The states of a talk. Planned is the first; Held waits for the other one's word.
const (
	Planned   State = "planned"
	Held      State = "held"
	Confirmed State = "confirmed"
	// Contested: one said that it was held, the other that it was not. It counts as not held.
	Contested State = "contested"
	Cancelled State = "cancelled"
)

// Counts tells that the talk counts as held.
func (s State) Counts() bool { return s == Held || s == Confirmed }

// Reason says why a talk is planned on its day.
type Reason string

// The reasons.
const (
	// Regular: a rhythm after the last one.
	Regular Reason = "rhythm"
	// First: a rhythm after the first day, or, for who was there before Jalon, spread over the first rhythm.
	First Reason = "first"
	// Spread: some days from the rhythm, because the manager has other talks on the day itself.
	Spread Reason = "spread"
	// DayOff: the day itself is a weekend, a public holiday, or a day on which one of the two does not work.
	DayOff Reason = "day_off"
	// Leave: one of the two is on leave on the day itself.
	Leave Reason = "leave"
	// Waits: one of the two is on leave, and when they are back is not known.
	Waits Reason = "waits"
	// LateNews: the day itself was behind when it became known.
	LateNews Reason = "late_news"
	// NewManager: the date that was planned cannot be kept with the new manager.
	NewManager Reason = "new_manager"
	// Agreed: one of the two proposed it and the other accepted.
	Agreed Reason = "agreed"
	// Set: the manager chose it when starting the talk.
	Set Reason = "set"
)

// Talk is one talk. Of the four-weekly ones each person has one planned at a time, whether or not it can take place.
type Talk struct {
	ID string `bson:"_id"`
	// Version grows by one with each save; 0 is a talk that was never saved.
	Version int64 `bson:"version"`
	Kind    Kind  `bson:"kind"`
	// EmployeeID is empty for a recruitment.
	EmployeeID string `bson:"employee_id"`
	// ManagerID is whom the talk is with; empty for whoever has no manager, and then there is none.
	ManagerID string `bson:"manager_id"`
	// UnitPath are the employee's units from the company down, by the newest facts known when the talk last changed.
	UnitPath []string `bson:"unit_path,omitempty"`
	// Number counts a person's four-weekly talks, from 1.
	Number int   `bson:"number,omitempty"`
	State  State `bson:"state"`

	// PlannedOn is the local date in Zone, the employee's; StartsAt the time.
	PlannedOn clock.Date      `bson:"planned_on"`
	StartsAt  clock.TimeOfDay `bson:"starts_at"`
	Zone      string          `bson:"zone"`
	Reason    Reason          `bson:"reason"`
	// DueOn is the day that the rhythm names, before weekends, leaves and the manager's other talks moved it.
	DueOn clock.Date `bson:"due_on,omitempty"`
	// Sequence grows with each change of when or with whom.
	Sequence int32     `bson:"sequence"`
	Proposal *Proposal `bson:"proposal,omitempty"`

	// LastHeldOn is when the four-weekly talk before this one was held; zero for the first one.
	LastHeldOn clock.Date `bson:"last_held_on,omitempty"`
	HeldOn     clock.Date `bson:"held_on,omitempty"`
	SaidBy     string     `bson:"said_by,omitempty"`
	SaidAt     time.Time  `bson:"said_at,omitempty"`

	// HiredOn, LastDay and the leave are the employee's, by the facts of PersonVersion. LastDay is zero while no end is known.
	HiredOn       clock.Date `bson:"hired_on,omitempty"`
	LastDay       clock.Date `bson:"last_day,omitempty"`
	AwayFrom      clock.Date `bson:"away_from,omitempty"`
	AwayUntil     clock.Date `bson:"away_until,omitempty"`
	PersonVersion int64      `bson:"person_version"`
	// ChangedBy names the cause that last changed the talk for those concerned, so that redoing it tells the same again.
	ChangedBy string `bson:"changed_by"`
	// StartedBy is the manager who started a talk that the rhythm did not.
	StartedBy string `bson:"started_by,omitempty"`

	outbox.Doc `bson:",inline"`
}

// ID is the id of a person's four-weekly talk with the number.
func ID(employeeID string, number int) string {
	if number == 1 {
		return event.ID("talk", employeeID)
	}
	return event.ID("talk", employeeID, numeral(number))
}

// Minutes is how long the talk is planned to last.
func (t Talk) Minutes() int { return t.Kind.minutes() }

// Location is the talk's time zone; UTC where it is not known by this machine.
func (t Talk) Location() *time.Location {
	zone, err := clock.Zone(t.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Begins is the instant at which the talk is planned to begin.
func (t Talk) Begins() time.Time { return clock.LocalInstant(t.PlannedOn, t.StartsAt, t.Location()) }

// Stands tells whether there is to be a talk: it is planned, there is somebody to talk with, and the employee will not have left by
// then.
func (t Talk) Stands() bool {
	if t.State != Planned || t.ManagerID == "" || t.ManagerID == t.EmployeeID {
		return false
	}
	return t.LastDay.IsZero() || !t.LastDay.Before(t.PlannedOn)
}

// Takes tells whether the talk is to take place on its day: it stands, and does not wait for somebody whose return is not known.
func (t Talk) Takes() bool { return t.Stands() && t.Reason != Waits }

// LateDays is how many days ago the talk should have been held; 0 for one that is not behind, or does not take place.
func (t Talk) LateDays(today clock.Date) int {
	if !t.Takes() || t.Away(today) || !t.LastDay.IsZero() && t.LastDay.Before(today) {
		return 0
	}
	return max(0, t.PlannedOn.DaysUntil(today))
}

// Away tells whether the employee is on leave on the day.
func (t Talk) Away(on clock.Date) bool { return within(on, t.AwayFrom, t.AwayUntil) }

// Other is the other one of the two; empty for whoever is none of them.
func (t Talk) Other(personID string) string {
	switch personID {
	case t.EmployeeID:
		return t.ManagerID
	case t.ManagerID:
		return t.EmployeeID
	default:
		return ""
	}
}

// Of tells that the person is one of the two.
func (t Talk) Of(personID string) bool {
	return personID != "" && (personID == t.EmployeeID || personID == t.ManagerID)
}
