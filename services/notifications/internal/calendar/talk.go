// Package calendar keeps people's own calendars right by mail: it remembers whom of a talk's people were told what, says who is to
// be told next, and writes what calendars read (RFC 5545, 5546).
package calendar

import (
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// Talk is what an event tells of a talk.
type Talk struct {
	ID string
	// EmployeeID is empty for a talk with somebody who is no employee, a candidate.
	EmployeeID, ManagerID string
	// Begins is zero for a talk that has no time of the day, which no calendar can hold.
	Begins  time.Time
	Minutes int
	// Sequence grows with each change of when or with whom.
	Sequence  int
	Cancelled bool
}

// defaultMinutes is how long a talk lasts that does not say.
const defaultMinutes = 60

// Planned is what an event tells of a talk that is to take place, or to take place at another time or with somebody else.
func Planned(t *interviewsv1.Talk) (Talk, error) {
	talk := talkOf(t)
	if t.GetStartsAt() == "" || t.GetTimeZone() == "" {
		return talk, nil
	}
	on, err := clock.ParseDate(t.GetPlannedOn())
	if err != nil {
		return Talk{}, fmt.Errorf("%w: talk %s: %w", event.ErrInvalid, t.GetId(), err)
	}
	at, err := clock.ParseTimeOfDay(t.GetStartsAt())
	if err != nil {
		return Talk{}, fmt.Errorf("%w: talk %s: %w", event.ErrInvalid, t.GetId(), err)
	}
	zone, err := clock.Zone(t.GetTimeZone())
	if err != nil {
		return talk, nil //nolint:nilerr // the talk of one person must not keep a thousand others' from their calendars
	}
	talk.Begins = clock.LocalInstant(on, at, zone)
	return talk, nil
}

// Cancelled is what an event tells of a talk that does not take place.
func Cancelled(t *interviewsv1.Talk) (Talk, error) {
	talk := talkOf(t)
	talk.Cancelled = true
	return talk, nil
}

func talkOf(t *interviewsv1.Talk) Talk {
	talk := Talk{
		ID: t.GetId(), EmployeeID: t.GetEmployeeId(), ManagerID: t.GetManagerId(), Minutes: int(t.GetMinutes()),
		Sequence: int(t.GetSequence()),
	}
	if talk.Minutes <= 0 {
		talk.Minutes = defaultMinutes
	}
	return talk
}

// attendees are the people in whose calendars the talk belongs: both, as long as there are two who can meet.
func (t Talk) attendees(now time.Time) []string {
	switch {
	case t.Cancelled, t.Begins.IsZero(), !t.Begins.After(now), t.ManagerID == "", t.ManagerID == t.EmployeeID:
		return nil
	case t.EmployeeID == "":
		return []string{t.ManagerID}
	default:
		return []string{t.EmployeeID, t.ManagerID}
	}
}
