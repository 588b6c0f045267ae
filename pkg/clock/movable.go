package clock

import (
	"context"
	"sync"
	"time"
)

// Movable is a clock that can be moved forward, never back. It is for tests, simulations and the demo.
type Movable struct {
	mu     sync.Mutex
	base   time.Time     // what the clock showed at since
	since  time.Time     // real time of the last move; zero when the clock stands still
	moved  chan struct{} // closed and replaced at each move
	frozen bool
}

// NewMovable is a clock that shows start now and runs on in real time.
func NewMovable(start time.Time) *Movable {
	return &Movable{base: start.UTC().Truncate(Resolution), since: time.Now(), moved: make(chan struct{})}
}

// NewFrozen is a clock that shows at until it is moved.
func NewFrozen(at time.Time) *Movable {
	return &Movable{base: at.UTC().Truncate(Resolution), frozen: true, moved: make(chan struct{})}
}

// Now is what the clock shows.
func (m *Movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now()
}

func (m *Movable) now() time.Time {
	if m.frozen {
		return m.base
	}
	return m.base.Add(time.Since(m.since)).Truncate(Resolution)
}

// Set moves the clock to t and wakes whoever waits. An instant that is not ahead changes nothing.
func (m *Movable) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(t)
}

// Advance moves the clock forward by d and wakes whoever waits. A negative d changes nothing.
func (m *Movable) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(m.now().Add(d))
}

func (m *Movable) set(t time.Time) {
	t = t.UTC().Truncate(Resolution)
	if !t.After(m.now()) {
		return
	}
	m.base, m.since = t, time.Now()
	close(m.moved)
	m.moved = make(chan struct{})
}

// Wait returns when the clock has reached until, by running or by being moved.
func (m *Movable) Wait(ctx context.Context, until time.Time) error {
	for {
		m.mu.Lock()
		left, moved := until.Sub(m.now()), m.moved
		m.mu.Unlock()
		if left <= 0 {
			return nil
		}
		if err := m.sleep(ctx, left, moved); err != nil {
			return err
		}
	}
}

func (m *Movable) sleep(ctx context.Context, left time.Duration, moved <-chan struct{}) error {
	var reached <-chan time.Time
	if !m.frozen {
		timer := time.NewTimer(left)
		defer timer.Stop()
		reached = timer.C
	}
	select {
	case <-reached:
	case <-moved:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
