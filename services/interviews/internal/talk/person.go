package talk

import (
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// Rhythm is how many days lie between one four-weekly talk and the next, where HR set nothing else for the unit.
const Rhythm = 28

// Person is what planning needs to know of somebody, employee or manager.
type Person struct {
	ID string
	// Version grows with each change of the facts that directory tells.
	Version   int64
	ManagerID string
	UnitPath  []string
	HiredOn   clock.Date
	LastDay   clock.Date
	// AwayFrom and AwayUntil are the leave that is known; zero where there is none, or where its end is not known.
	AwayFrom  clock.Date
	AwayUntil clock.Date
	// Zone is an IANA name.
	Zone string
	// Holiday tells the public holidays of where the person works; nil for none.
	Holiday func(clock.Date) bool
	// DaysOff are weekdays on which the person does not work, besides Saturday and Sunday.
	DaysOff []time.Weekday
	// Rhythm is how many days lie between two talks; 0 is the usual.
	Rhythm int
}

func (p Person) rhythm() int {
	if p.Rhythm > 0 {
		return p.Rhythm
	}
	return Rhythm
}

func (p Person) location() *time.Location {
	zone, err := clock.Zone(p.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// works tells whether the day is a working day of the person's.
func (p Person) works(on clock.Date) bool {
	weekday := on.Weekday()
	if weekday == time.Saturday || weekday == time.Sunday || slices.Contains(p.DaysOff, weekday) {
		return false
	}
	return p.Holiday == nil || !p.Holiday(on)
}

func (p Person) away(on clock.Date) bool { return within(on, p.AwayFrom, p.AwayUntil) }

// there tells whether the person can be met on the day.
func (p Person) there(on clock.Date) bool { return p.works(on) && !p.away(on) }

// left tells whether the person has left by the day.
func (p Person) left(on clock.Date) bool { return !p.LastDay.IsZero() && on.After(p.LastDay) }

// meets tells whether others can have their talks with the person on the day. Who follows a manager who leaves, directory will tell.
func (p Person) meets(on clock.Date) bool { return p.there(on) && !p.left(on) }

// within tells whether the day lies in a leave; one whose end is not known has none.
func within(on, from, until clock.Date) bool {
	return !from.IsZero() && !on.Before(from) && (until.IsZero() || !on.After(until))
}

// take notes the employee's facts.
func (t *Talk) take(p Person) {
	t.EmployeeID, t.ManagerID, t.UnitPath, t.Zone = p.ID, p.ManagerID, p.UnitPath, p.Zone
	t.HiredOn, t.LastDay, t.AwayFrom, t.AwayUntil = p.HiredOn, p.LastDay, p.AwayFrom, p.AwayUntil
	t.PersonVersion = p.Version
}
