package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
)

// Broadcast calls fn for every event of the types from now on, in each process that asks: nothing is shared or remembered,
// unlike with handlers. fn is called by one goroutine at a time, in the order of the stream. Reconnects are bridged without a
// gap; when the server lost its data, whatever comes after is delivered with places of another life. Broadcast blocks until ctx
// ends and then returns nil; it fails at once for types it cannot find.
func (b *Bus) Broadcast(ctx context.Context, types []string, fn func(ev event.Event, at Place)) error {
	filters := map[string][]string{}
	for _, typ := range types {
		service := event.Service(typ)
		if service == "" {
			return fmt.Errorf("broadcasting: %w: %q tells no service", event.ErrInvalid, typ)
		}
		filters[service] = append(filters[service], event.Topic(typ))
	}
	var (
		one     sync.Mutex
		running sync.WaitGroup
	)
	for service, subjects := range filters {
		f := &follower{bus: b, service: service, filters: subjects}
		// From now on means from this call on, not from when the server was first reached.
		if err := f.start(ctx); err != nil && !errors.Is(err, context.Canceled) {
			b.log.Warn("broadcast begins when the bus is back", zap.Error(err))
		}
		running.Go(func() {
			_ = f.run(ctx, func(msg jetstream.Msg) error {
				meta, err := msg.Metadata()
				if err != nil {
					return nil
				}
				ev, err := eventOf(msg)
				if err != nil {
					b.log.Warn("broadcast skips a message that is no event", zap.Uint64("sequence", meta.Sequence.Stream), zap.Error(err))
					return nil
				}
				one.Lock()
				defer one.Unlock()
				fn(ev, Place{Life: lifeOf(f.created), Sequence: meta.Sequence.Stream})
				return nil
			})
		})
	}
	running.Wait()
	return nil
}
