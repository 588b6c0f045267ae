package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/gate"
)

// personOf is what the gate needs to know of somebody; nil while nothing is known. calendars are by unit.
func personOf(known map[string]people.Person, calendars map[string]string, id string) *gate.Person {
	p, ok := known[id]
	if !ok {
		return nil
	}
	person := &gate.Person{Zone: p.Location(), LastDay: p.LeftOn, Calendar: calendarOf(p, calendars)}
	if !p.AwayFrom.IsZero() {
		person.Absent = []gate.Period{{From: p.AwayFrom, To: p.AwayUntil}}
	}
	return person
}

// calendarOf is the holiday calendar of the nearest unit that has one.
func calendarOf(p people.Person, calendars map[string]string) string {
	for i := len(p.UnitPath) - 1; i >= 0; i-- {
		if name := calendars[p.UnitPath[i]]; name != "" {
			return name
		}
	}
	return calendars[p.UnitID]
}

// calendars remembers the units' holiday calendars for a while: there are few units, they change rarely, and nearly every
// message needs them.
type calendars struct {
	mu     sync.Mutex
	byUnit map[string]string
	readAt time.Time
}

// calendarsFresh is how long a change of a unit's calendar may go unnoticed.
const calendarsFresh = time.Minute

func (c *calendars) of(ctx context.Context, clk clock.Clock, register *people.Register) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := clk.Now()
	if c.byUnit != nil && now.Sub(c.readAt) < calendarsFresh {
		return c.byUnit, nil
	}
	units, err := register.Units(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking up holiday calendars: %w", err)
	}
	byUnit := map[string]string{}
	for _, unit := range units {
		if unit.HolidayCalendar != "" {
			byUnit[unit.ID] = unit.HolidayCalendar
		}
	}
	c.byUnit, c.readAt = byUnit, now
	return byUnit, nil
}
