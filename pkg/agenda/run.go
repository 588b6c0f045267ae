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

// few is how many items one question reads of all kinds: no more come up between two looks of an agenda that keeps up.
const few = 16

// work hands out items while this process holds the lease. One question tells whether anything of any kind has come up, and reads
// it where it is little: agendas are woken far more often than they have something to hand out, and seldom have much.
func (a *Agenda) work(ctx context.Context) error {
	for ctx.Err() == nil {
		awake, rested := a.awake()
		now := a.clock.Now() // before reading: what is added meanwhile may have come up earlier than what is read
		first, err := a.first(ctx, awake, few)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("due items wait", zap.Error(err), zap.Duration("retry_in", rested))
		}
		due := cameUp(first, now)
		switch {
		case err != nil || len(first) == 0:
			a.idle(ctx, rested, time.Time{})
		case len(due) == 0:
			a.idle(ctx, rested, first[0].Wake)
		case len(due) < few && a.deal(ctx, awake, due):
		default:
			a.rounds(ctx, startingWith(awake, due[0].Kind))
		}
	}
	return nil
}

// cameUp are those of the items, in the order in which they come up, that have.
func cameUp(items []Item, now time.Time) []Item {
	n, _ := slices.BinarySearchFunc(items, now, func(item Item, now time.Time) int {
		if item.Wake.After(now) {
			return 1
		}
		return -1
	})
	return items[:n]
}

// deal hands out the items, which are all that is due, and says whether it did: not those that are more than a kind may be given.
func (a *Agenda) deal(ctx context.Context, kinds []*kind, due []Item) bool {
	byKind := map[string][]Item{}
	for _, item := range due {
		byKind[item.Kind] = append(byKind[item.Kind], item)
	}
	for _, k := range kinds {
		if len(byKind[k.name]) > a.size(k) {
			return false
		}
	}
	for _, k := range startingWith(kinds, due[0].Kind) {
		if len(byKind[k.name]) > 0 && ctx.Err() == nil {
			a.note(ctx, k, a.handOut(ctx, k, byKind[k.name]))
		}
	}
	return true
}

// rounds hands out one batch of each kind in turn, so that none waits for all of another, until no kind has more.
func (a *Agenda) rounds(ctx context.Context, kinds []*kind) {
	for more := true; more && ctx.Err() == nil; {
		more = false
		for _, k := range kinds {
			if k.resting() || ctx.Err() != nil {
				continue
			}
			rest, err := a.batchOf(ctx, k)
			a.note(ctx, k, err)
			more = more || rest
		}
	}
}

// note lets a kind rest whose items could not be handed out.
func (a *Agenda) note(ctx context.Context, k *kind, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	k.failed()
	a.log.Warn("due items wait", zap.String("kind", k.name), zap.Error(err),
		zap.Int("failures", k.failures), zap.Time("retry_at", k.restUntil))
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
