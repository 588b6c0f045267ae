package agenda

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap"
)

const (
	// sweep is how long an item that another process scheduled can go unnoticed.
	sweep = time.Second
	// lull is how long nothing must have been added before the agenda asks what comes next: in a rush the answer would be
	// old before it came.
	lull = 10 * time.Millisecond
)

// Wake tells the agenda that items were added. Schedule calls it. It never blocks.
func (a *Agenda) Wake() {
	select {
	case a.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Run hands out what comes due until the context ends; a batch that is being handled then is finished. Any number of
// replicas may run; one at a time hands out. It returns nil when the context ends, and an error only when the index it
// needs cannot be made.
func (a *Agenda) Run(ctx context.Context) error {
	err := a.prepare(ctx)
	if err == nil {
		err = a.lease.Hold(ctx, a.work)
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // it was told to end, which is no failure
	}
	return err
}

func (a *Agenda) prepare(ctx context.Context) error {
	if err := a.index(ctx); err != nil {
		return err
	}
	return a.warnOfOrphans(ctx)
}

// warnOfOrphans names kinds that wait and that nobody handles: they would wait for ever.
func (a *Agenda) warnOfOrphans(ctx context.Context) error {
	var names []string
	waiting := bson.D{{Key: "wake", Value: bson.D{{Key: "$exists", Value: true}}}}
	if err := a.coll.Distinct(ctx, "kind", waiting).Decode(&names); err != nil {
		return fmt.Errorf("reading the kinds of the agenda: %w", err)
	}
	for _, name := range names {
		if !slices.ContainsFunc(a.kinds, func(k *kind) bool { return k.name == name }) {
			a.log.Error("items wait that nobody handles", zap.String("kind", name))
		}
	}
	return nil
}

// work hands out items while this process holds the lease.
func (a *Agenda) work(ctx context.Context) error {
	for ctx.Err() == nil {
		more := false
		for _, k := range a.kinds {
			if k.resting() || ctx.Err() != nil {
				continue
			}
			rest, err := a.handOut(ctx, k)
			if err != nil && ctx.Err() == nil {
				k.failed()
				a.log.Warn("due items wait", zap.String("kind", k.name), zap.Error(err),
					zap.Int("failures", k.failures), zap.Time("retry_at", k.restUntil))
			}
			more = more || rest
		}
		if !more {
			a.idle(ctx)
		}
	}
	return nil
}

// idle waits until there may be something to do: the next item comes up, one was added, or a kind has rested.
func (a *Agenda) idle(ctx context.Context) {
	quiet := time.NewTimer(lull)
	defer quiet.Stop()
	select {
	case <-a.wake:
		return
	case <-quiet.C:
	}
	pause := sweep
	var awake []*kind
	for _, k := range a.kinds {
		switch {
		case k.handle == nil: // only expiry is handled: nothing to wait for
		case k.resting():
			pause = min(pause, time.Until(k.restUntil))
		default:
			awake = append(awake, k)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, max(pause, time.Millisecond))
	next, some, err := a.next(ctx, awake)
	reached := make(chan struct{})
	go func() {
		defer close(reached)
		if err == nil && some {
			_ = a.clock.Wait(ctx, next) // it fails only when this pause ends
			return
		}
		<-ctx.Done()
	}()
	select {
	case <-a.wake:
	case <-reached:
	}
	cancel()
	<-reached
}
