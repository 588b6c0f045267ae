// Package run starts the parts of a process in order and stops them in the reverse order.
package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const moment = time.Second

// Part is one long-lived thing. A part with Run works until its context ends; Stop, when set, is called instead of ending that
// context first, for what has a way of its own to end well (and a part may have a Stop alone: a connection to close).
type Part struct {
	Name string
	Run  func(ctx context.Context) error
	Stop func(ctx context.Context) error
}

// Group runs parts. The zero Group is of no use; see New.
type Group struct {
	grace time.Duration
	parts []Part

	stopping chan struct{}
	stopOnce sync.Once
}

// New returns a group that gives all its parts together the time of grace to stop.
func New(grace time.Duration) *Group {
	return &Group{grace: grace, stopping: make(chan struct{})}
}

// Add appends parts, before Run. What a part relies on is added before it.
func (g *Group) Add(parts ...Part) { g.parts = append(g.parts, parts...) }

// Stop asks the group to end; it may be called any number of times, before or during Run, and does not wait.
func (g *Group) Stop() { g.stopOnce.Do(func() { close(g.stopping) }) }

// running is a part that was started. done is closed when its Run came back with err.
type running struct {
	Part
	cancel context.CancelFunc
	done   chan struct{}
	err    error
	told   bool
}

// Run starts every part and returns when all have ended. The end begins when ctx ends, Stop is called or any part comes back;
// then parts end one after another, the last added first. The error names its part: the first part that failed by itself,
// joined by what went wrong while stopping. An end that was asked for is no error.
func (g *Group) Run(ctx context.Context) error {
	ended := make(chan *running, len(g.parts))
	// Parts outlive ctx: each ends at its turn, not all at once.
	base := context.WithoutCancel(ctx)
	started := make([]*running, 0, len(g.parts))
	for _, part := range g.parts {
		started = append(started, start(base, part, ended))
	}

	var errs []error
	select {
	case <-ctx.Done():
	case <-g.stopping:
	case r := <-ended:
		errs = append(errs, r.failure())
		r.told = true
	}

	deadline := time.Now().Add(g.grace)
	for _, r := range slices.Backward(started) {
		errs = append(errs, r.stopBy(base, deadline))
	}
	return errors.Join(errs...)
}

func start(ctx context.Context, part Part, ended chan<- *running) *running {
	ctx, cancel := context.WithCancel(ctx)
	r := &running{Part: part, cancel: cancel, done: make(chan struct{})}
	if part.Run == nil {
		close(r.done)
		return r
	}
	go func() {
		r.err = part.Run(ctx)
		close(r.done)
		ended <- r
	}()
	return r
}

// stopBy gives the part until the deadline, and a moment at least: what is stopped last must be closed well too where
// another part used up all the time.
func (r *running) stopBy(ctx context.Context, deadline time.Time) error {
	if atLeast := time.Now().Add(moment); deadline.Before(atLeast) {
		deadline = atLeast
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	return r.stop(ctx)
}

// stop ends one part and returns what went wrong and was not told yet. A part that does not end in time is left behind: the
// parts that it relies on are stopped all the same, since the process is about to end.
func (r *running) stop(ctx context.Context) error {
	defer r.cancel()
	var stopErr error
	if r.Stop == nil {
		r.cancel()
	} else {
		stopped := make(chan error, 1)
		go func() { stopped <- r.Stop(ctx) }()
		select {
		case err := <-stopped:
			if err != nil {
				r.cancel()
				stopErr = fmt.Errorf("stopping %s: %w", r.Name, err)
			}
		case <-ctx.Done():
			return fmt.Errorf("%s did not stop in time", r.Name)
		}
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		return errors.Join(stopErr, fmt.Errorf("%s did not stop in time", r.Name))
	}
	if r.told {
		return stopErr
	}
	return errors.Join(stopErr, r.failure())
}

// failure is why the part's Run came back, nil when it was asked to.
func (r *running) failure() error {
	if r.err == nil || errors.Is(r.err, context.Canceled) {
		return nil
	}
	return fmt.Errorf("%s: %w", r.Name, r.err)
}
