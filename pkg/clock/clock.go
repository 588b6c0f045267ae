// Package clock is the only source of time in Jalon: one Clock is injected everywhere, so tests, simulations and the
// demo move time without any service knowing. It also holds the two things that dates of work need and the standard
// library lacks: a plain Date, and one stated rule for turning local times into instants (LocalInstant).
//
// Leases and network timeouts are about real machines and use real time instead.
package clock

import (
	"context"
	"time"

	_ "time/tzdata" // containers often carry no time zone database
)

// Resolution is the finest step of every clock here. It is what the database keeps of an instant, so an instant
// compares equal before and after it was stored.
const Resolution = time.Millisecond

// Clock tells the time and waits for it.
type Clock interface {
	// Now is the current instant, in UTC; callers convert it to a person's zone.
	Now() time.Time
	// Wait returns nil once Now is not before until, and the context's error when that ends first.
	// A clock that is moved wakes whoever waits.
	Wait(ctx context.Context, until time.Time) error
}

// System is the machine's clock.
func System() Clock { return system{} }

type system struct{}

// recheck bounds one sleep: timers run on monotonic time, and a machine that slept or whose clock was corrected would
// otherwise be noticed only after the whole wait.
const recheck = 30 * time.Second

func (system) Now() time.Time { return time.Now().UTC().Truncate(Resolution) }

func (s system) Wait(ctx context.Context, until time.Time) error {
	for {
		left := until.Sub(s.Now())
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(min(left, recheck))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// Today is the date in the zone.
func Today(c Clock, zone *time.Location) Date { return DateOf(c.Now(), zone) }
