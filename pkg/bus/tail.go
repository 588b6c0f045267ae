package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"jalon.dev/pkg/event"
)

// Tail calls fn for the last events of a type, or of all types where typ is empty, in the order in which they happened, and
// then for each new one until ctx ends; with once it returns after the last events. An error of fn ends it and is
// returned.
func (b *Bus) Tail(ctx context.Context, last int, typ string, once bool, fn func(event.Event) error) error {
	tails, err := b.tails(ctx, typ)
	if err != nil {
		return err
	}
	var recent []event.Event
	for _, t := range tails {
		events, err := t.last(ctx, last)
		if err != nil {
			return err
		}
		recent = append(recent, events...)
	}
	slices.SortStableFunc(recent, func(a, b event.Event) int { return a.Time.Compare(b.Time) })
	for _, ev := range recent[max(0, len(recent)-last):] {
		if err := fn(ev); err != nil {
			return err
		}
	}
	if once {
		return nil
	}
	return follow(ctx, tails, fn)
}

// follow reads all tails on, until fn fails or ctx ends.
func follow(ctx context.Context, tails []*tail, fn func(event.Event) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		one     sync.Mutex
		running sync.WaitGroup
	)
	for _, t := range tails {
		running.Go(func() {
			err := t.run(ctx, func(msg jetstream.Msg) error {
				ev, err := eventOf(msg)
				if err != nil {
					return nil // not an event: the handlers made a dead letter of it
				}
				one.Lock()
				defer one.Unlock()
				return fn(ev)
			})
			if err != nil && !errors.Is(err, context.Canceled) {
				cancel(err)
			}
		})
	}
	running.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// tail is the end of one service's stream.
type tail struct{ follower }

func (b *Bus) tails(ctx context.Context, typ string) ([]*tail, error) {
	services := map[string][]string{}
	if typ != "" {
		if event.Service(typ) == "" {
			return nil, fmt.Errorf("%w: %q is not the name of an event type", event.ErrInvalid, typ)
		}
		services[event.Service(typ)] = []string{event.Topic(typ)}
	} else {
		for _, known := range event.Types() {
			service := event.Service(known)
			services[service] = []string{"jalon." + service + ".>"}
		}
	}
	var tails []*tail
	for service, filters := range services {
		t := &tail{follower{bus: b, service: service, filters: filters}}
		if err := t.start(ctx); err != nil {
			return nil, err
		}
		tails = append(tails, t)
	}
	return tails, nil
}

// last reads the n newest events of the tail; following goes on behind them. The server cannot count back, so the start is
// looked for in steps that double.
func (t *tail) last(ctx context.Context, n int) ([]event.Event, error) {
	end := t.next
	for back := uint64(n); n > 0; back *= 2 {
		t.next = 1
		if end > back {
			t.next = end - back
		}
		begin := t.next
		events, err := t.until(ctx, end, n)
		if err != nil {
			return nil, err
		}
		if len(events) >= n || begin <= 1 {
			return events[max(0, len(events)-n):], nil
		}
	}
	return nil, nil
}

// until reads the events from next to end, unless they are fewer than wanted and more lie before.
func (t *tail) until(ctx context.Context, end uint64, wanted int) ([]event.Event, error) {
	begin := t.next
	defer func() { t.next = end }()
	consumer, err := t.consumer(ctx)
	if err != nil {
		return nil, err
	}
	waiting := int(consumer.CachedInfo().NumPending)
	if waiting < wanted && begin > 1 {
		return nil, nil
	}
	events := make([]event.Event, 0, waiting)
	for len(events) < waiting {
		batch, err := consumer.FetchNoWait(min(waiting, 1000))
		if err != nil {
			return nil, fmt.Errorf("reading the last events of %s: %w", t.service, err)
		}
		read := 0
		for msg := range batch.Messages() {
			read++
			if meta, err := msg.Metadata(); err != nil || meta.Sequence.Stream >= end {
				continue
			}
			if ev, err := eventOf(msg); err == nil {
				events = append(events, ev)
			}
		}
		if err := batch.Error(); err != nil {
			return nil, fmt.Errorf("reading the last events of %s: %w", t.service, err)
		}
		if read == 0 {
			break
		}
	}
	return events, nil
}
