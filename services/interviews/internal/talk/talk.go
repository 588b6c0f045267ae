// Package talk plans the four-weekly talk of each employee with their manager (EI2D). So far it knows of the first one:
// when it is due, and what happens to it when people change manager or leave.
//
// The package is pure. It decides from the facts of directory's events, which may arrive twice and in any order: what it
// decides follows the newest facts that it has seen of a person.
package talk

import (
	"time"

	"jalon.dev/pkg/clock"
)

// Rhythm is how many days lie between one talk and the next.
const Rhythm = 28

// Talk is a person's next talk. Each person has one on record, whether or not it can take place.
type Talk struct {
	EmployeeID string `bson:"_id"`
	// Version grows by one with each save; 0 is a talk that was never saved.
	Version int64 `bson:"version"`
	// ManagerID is whom the talk is with; empty for whoever has no manager, and then there is none.
	ManagerID string `bson:"manager_id"`
	// PlannedOn is a working day.
	PlannedOn clock.Date `bson:"planned_on"`
	// LastDay is the employee's last day; zero while no end is known.
	LastDay clock.Date `bson:"last_day,omitempty"`
	// PersonVersion is the version of the facts that all this follows from.
	PersonVersion int64 `bson:"person_version"`
	// ChangedBy names the cause that last changed the talk for those concerned, so that redoing it tells the same again.
	ChangedBy string `bson:"changed_by"`
}

// Next returns the day of the talk as of today; ok is false when there is none, because the person has no manager or
// will be gone by then. While nobody can record yet that a talk was held, a date that went by rolls on by the rhythm.
func (t Talk) Next(today clock.Date) (day clock.Date, ok bool) {
	day = t.PlannedOn
	for due := t.PlannedOn; day.Before(today); {
		due = due.AddDays(Rhythm)
		day = WorkingDay(due)
	}
	return day, t.ManagerID != "" && (t.LastDay.IsZero() || !t.LastDay.Before(day))
}

// Person is what planning needs to know of an employee.
type Person struct {
	ID string
	// Version grows with each change of the facts below.
	Version   int64
	ManagerID string
	HiredOn   clock.Date
	LastDay   clock.Date
	Zone      *time.Location
}

// follow returns the talk by the newer facts. told says whether those concerned are told: they are of another manager,
// and of a talk that takes place after all.
func (t Talk) follow(p Person, today clock.Date) (next Talk, told bool) {
	next = t
	next.ManagerID = p.ManagerID
	next.LastDay = p.LastDay
	next.PersonVersion = p.Version

	_, was := t.Next(today)
	_, is := next.Next(today)
	return next, is && (!was || next.ManagerID != t.ManagerID)
}
