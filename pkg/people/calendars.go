package people

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jalon.dev/pkg/clock"
)

// HolidayCalendar names the public holidays of where the person works: those of the nearest unit that has some. byUnit is what
// Calendars read; empty where no unit names any.
func (p Person) HolidayCalendar(byUnit map[string]string) string {
	for i := len(p.UnitPath) - 1; i >= 0; i-- {
		if name := byUnit[p.UnitPath[i]]; name != "" {
			return name
		}
	}
	return byUnit[p.UnitID]
}

// Calendars remembers the units' holiday calendars for a while: there are few units, they change rarely, and whatever is planned
// needs them. The zero value is ready.
type Calendars struct {
	mu     sync.Mutex
	byUnit map[string]string
	readAt time.Time
}

// calendarsFresh is how long a change of a unit's calendar may go unnoticed.
const calendarsFresh = time.Minute

// ByUnit returns the names of the units' own holiday calendars; units without one are left out.
func (c *Calendars) ByUnit(ctx context.Context, clk clock.Clock, register *Register) (map[string]string, error) {
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
