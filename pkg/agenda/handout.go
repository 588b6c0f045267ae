package agenda

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/zap"

	"jalon.dev/pkg/mongodb"
)

const (
	// handlerTimeout bounds one call of a handler.
	handlerTimeout = 2 * time.Minute
	// grace is how long a batch may go on after the service was told to stop.
	grace = 5 * time.Second
)

// batchOf hands out what is due of a kind, as much of it as it may be given at once, and says whether there may be more.
func (a *Agenda) batchOf(ctx context.Context, k *kind) (bool, error) {
	size := a.size(k)
	items, err := a.due(ctx, k, a.clock.Now(), size)
	if err != nil || len(items) == 0 {
		return false, err
	}
	err = a.handOut(ctx, k, items)
	return err != nil || len(items) == size, err
}

// handOut deals with items of a kind. An error says that nothing came of some of them, and that the kind should rest.
func (a *Agenda) handOut(ctx context.Context, k *kind, items []Item) error {
	now := a.clock.Now() // of the handling: reading may have taken a while, in which an item found here was added
	ctx, cancel := finishing(ctx)
	defer cancel()

	b := a.sort(now, items)
	if err := a.settle(ctx, now, b.early); err != nil {
		return err
	}
	if err := a.try(ctx, now, b.expired, k.expire); err != nil {
		return err
	}
	if err := a.try(ctx, now, b.fresh, k.call); err != nil {
		return err
	}
	if len(b.suspect) < len(items) {
		k.succeeded(a.batch)
	}
	for _, item := range b.suspect {
		call := k.call
		if item.expired(now) {
			call = k.expire
		}
		if err := a.try(ctx, now, []Item{item}, call); err != nil {
			return err
		}
		k.succeeded(a.batch)
	}
	if a.pace > 0 {
		k.rest(time.Second * time.Duration(len(items)) / time.Duration(a.pace))
	}
	return nil
}

// size is how many items of a kind to hand out at once.
func (a *Agenda) size(k *kind) int {
	if a.pace > 0 {
		return min(k.limit, a.pace)
	}
	return k.limit
}

// finishing is a context that outlives the end of ctx by the grace.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), handlerTimeout)
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-work.Done():
		}
	})
	return work, func() {
		stop()
		cancel()
	}
}

// batch is what came up, by how to deal with it.
type batch struct {
	early   map[string]result // a zone's rules changed since they were scheduled
	expired []Item
	fresh   []Item
	suspect []Item // failed by themselves before: each is tried alone, so that it spoils no batch
}

func (a *Agenda) sort(now time.Time, items []Item) batch {
	b := batch{early: map[string]result{}}
	for _, item := range items {
		switch local, ok := a.localDue(item); {
		case ok && local.After(now):
			b.early[item.ID] = result{state: StateWaiting, due: local, wake: local, reason: item.Reason}
		case item.Attempts > 0:
			b.suspect = append(b.suspect, item)
		case item.expired(now):
			b.expired = append(b.expired, item)
		default:
			b.fresh = append(b.fresh, item)
		}
	}
	return b
}

// localDue is when an item that has a local time is due by the rules of zones known today.
func (a *Agenda) localDue(item Item) (time.Time, bool) {
	if item.Local == nil {
		return time.Time{}, false
	}
	due, err := item.Local.Instant()
	if err != nil {
		a.log.Warn("item keeps the due instant it has", zap.String("item", item.ID), zap.Error(err))
		return time.Time{}, false
	}
	return due, true
}

// try calls the handler with the items and writes what came of them. When the only item it was given fails, that is
// written too.
func (a *Agenda) try(ctx context.Context, now time.Time, items []Item,
	handle func(context.Context, time.Time, []Item) (map[string]result, error),
) error {
	if len(items) == 0 {
		return nil
	}
	results, err := handle(ctx, now, items)
	if err != nil && len(items) == 1 && len(results) == 0 && ctx.Err() == nil {
		results = map[string]result{items[0].ID: a.failure(items[0], err)}
	}
	if wrote := a.settle(ctx, now, results); wrote != nil {
		return wrote
	}
	return err
}

// failure is what to write about an item that failed by itself.
func (a *Agenda) failure(item Item, err error) result {
	attempts := item.Attempts + 1
	if attempts >= a.attempts {
		a.log.Error("item failed for good", zap.String("item", item.ID), zap.String("kind", item.Kind),
			zap.Int("attempts", attempts), zap.Error(err))
		return result{state: StateFailed, reason: err.Error(), attempts: attempts}
	}
	return result{state: StateWaiting, reason: err.Error(), attempts: attempts, wake: a.clock.Now().Add(patience(attempts))}
}

// patience is how long, by the injected clock, an item rests after it failed for the nth time: from a second to an hour.
func patience(attempts int) time.Duration {
	return min(time.Second<<min(2*(attempts-1), 12), time.Hour)
}

// settle writes results of items that were read as due at the instant. It does not wait for the journal: an item whose
// outcome a crash undoes is handed out again, as it is when the crash comes a moment earlier.
func (a *Agenda) settle(ctx context.Context, claimed time.Time, results map[string]result) error {
	if len(results) == 0 {
		return nil
	}
	models := writes(claimed, a.clock.Now(), results)
	for some := range slices.Chunk(models, 1000) {
		if _, err := mongodb.Unjournaled(a.coll).BulkWrite(ctx, some, options.BulkWrite().SetOrdered(false)); err != nil {
			return fmt.Errorf("writing %d outcomes: %w", len(results), err)
		}
	}
	return nil
}
