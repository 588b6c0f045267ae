package agenda

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap"
)

// sweep is how long an item that another process scheduled can go unnoticed.
const sweep = time.Second

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

// work hands out items while this process holds the lease. One question tells whether anything of any kind has come up: agendas are
// woken far more often than they have something to hand out.
func (a *Agenda) work(ctx context.Context) error {
	for ctx.Err() == nil {
		awake, rested := a.awake()
		next, some, err := a.next(ctx, awake)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("due items wait", zap.Error(err), zap.Duration("retry_in", rested))
		}
		if err != nil || !some || next.Wake.After(a.clock.Now()) {
			a.idle(ctx, rested, next.Wake)
			continue
		}
		for more := true; more && ctx.Err() == nil; {
			more = a.round(ctx, startingWith(awake, next.Kind))
		}
	}
	return nil
}

// round hands out one batch of each kind, so that none waits for all of another, and says whether there may be more.
func (a *Agenda) round(ctx context.Context, kinds []*kind) (more bool) {
	for _, k := range kinds {
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
	return more
}

// awake are the kinds that can be handed out now, and how long the first of the others rests, at most the sweep.
func (a *Agenda) awake() (awake []*kind, rested time.Duration) {
	rested = sweep
	for _, k := range a.kinds {
		switch {
		case k.handle == nil: // only expiry is handled: nothing to wait for
		case k.resting():
			rested = min(rested, time.Until(k.restUntil))
		default:
			awake = append(awake, k)
		}
	}
	return awake, max(rested, time.Millisecond)
}

func startingWith(kinds []*kind, name string) []*kind {
	i := slices.IndexFunc(kinds, func(k *kind) bool { return k.name == name })
	return slices.Concat(kinds[max(i, 0):], kinds[:max(i, 0)])
}

// idle waits until there may be something to do: the next item comes up (zero: none waits), one was added, or the pause is over.
func (a *Agenda) idle(ctx context.Context, pause time.Duration, next time.Time) {
	ctx, cancel := context.WithTimeout(ctx, pause)
	reached := make(chan struct{})
	go func() {
		defer close(reached)
		if !next.IsZero() {
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
