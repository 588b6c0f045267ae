package outbox

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/event"
)

const (
	// expressEvents and expressBytes bound what waits in memory; the sweep finds what is beyond.
	expressEvents = 4096
	expressBytes  = 16 << 20
	// markEvery gathers marks: an event that was published and not marked yet costs nothing but a repetition after a crash.
	markEvery = 20 * time.Millisecond
)

// express carries events from Append to the bus without reading them back from the database.
type express struct {
	mu        sync.Mutex
	waiting   []event.Event
	bytes     int
	wake      chan struct{}
	marking   sync.Mutex    // held while marks are written
	published []event.Event // and not marked yet
}

func newExpress() express { return express{wake: make(chan struct{}, 1)} }

// hand gives recorded events to whoever runs the express.
func (x *express) hand(events []event.Event) {
	size := 0
	for _, e := range events {
		size += len(e.Data)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.waiting)+len(events) > expressEvents || x.bytes+size > expressBytes {
		return
	}
	x.waiting, x.bytes = append(x.waiting, events...), x.bytes+size
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

func (x *express) take() []event.Event {
	x.mu.Lock()
	defer x.mu.Unlock()
	events := x.waiting
	x.waiting, x.bytes = nil, 0
	return events
}

// sent notes that events are published and to be marked.
func (x *express) sent(_ context.Context, events []event.Event) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.published = append(x.published, events...)
	return nil
}

// runExpress publishes what is handed over until the context ends, and then what is left.
func (r *Relay) runExpress(ctx context.Context) {
	var mark <-chan time.Time
	for {
		select {
		case <-r.express.wake:
			r.publishHanded(ctx)
			if mark == nil {
				mark = time.After(markEvery)
			}
		case <-mark:
			mark = nil
			r.markSent(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
			defer cancel()
			r.publishHanded(last)
			r.markSent(last)
			return
		}
	}
}

// publishHanded publishes what waits in memory. What fails to be is left to the sweep, which knows how to wait for a bus
// that is away: everything handed over meanwhile is left to it too, so that nothing overtakes.
func (r *Relay) publishHanded(ctx context.Context) {
	out := chunk{relay: r, done: r.express.sent}
	err := out.add(ctx, r.express.take()...)
	if err == nil {
		err = out.flush(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	r.log.Info("publishing failed; the events wait in the database", zap.Error(err))
	select {
	case <-time.After(sweep):
	case <-ctx.Done():
	}
	r.express.take()
}

func (r *Relay) markSent(ctx context.Context) {
	if err := r.settleExpress(ctx); err != nil && ctx.Err() == nil {
		r.log.Info("published events could not be marked and will be published again", zap.Error(err))
	}
}

// settleExpress marks what the express has published.
func (r *Relay) settleExpress(ctx context.Context) error {
	r.express.marking.Lock()
	defer r.express.marking.Unlock()
	r.express.mu.Lock()
	published := r.express.published
	r.express.published = nil
	r.express.mu.Unlock()
	if len(published) == 0 {
		return nil
	}
	return r.markPublished(ctx, published)
}
