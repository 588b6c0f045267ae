package delivery

import (
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/gate"
)

// personOf is what the gate needs to know of somebody; nil while nothing is known. calendars are by unit.
func personOf(known map[string]people.Person, calendars map[string]string, id string) *gate.Person {
	p, ok := known[id]
	if !ok {
		return nil
	}
	person := &gate.Person{Zone: p.Location(), LastDay: p.LeftOn, Calendar: p.HolidayCalendar(calendars)}
	if !p.AwayFrom.IsZero() {
		person.Absent = []gate.Period{{From: p.AwayFrom, To: p.AwayUntil}}
	}
	return person
}
