package outbox

import (
	"context"

	"jalon.dev/pkg/event"
)

const (
	// chunkEvents and chunkBytes bound what is published in one call: enough to fill the bus's window, little enough to
	// hold in memory.
	chunkEvents = 500
	chunkBytes  = 8 << 20
	// passDocs bounds how old the answer of one query can become while its events are published.
	passDocs = 5000
)

// settle records that events were published.
type settle func(ctx context.Context, events []event.Event) error

// chunk gathers events and publishes them in calls of a good size, in the order in which they were added.
type chunk struct {
	relay  *Relay
	done   settle // may be nil
	events []event.Event
	bytes  int
	sent   int
}

func (c *chunk) add(ctx context.Context, events ...event.Event) error {
	for _, e := range events {
		if len(c.events) == chunkEvents || c.bytes+len(e.Data) > chunkBytes {
			if err := c.flush(ctx); err != nil {
				return err
			}
		}
		c.events = append(c.events, e)
		c.bytes += len(e.Data)
	}
	return nil
}

func (c *chunk) flush(ctx context.Context) error {
	if len(c.events) == 0 {
		return nil
	}
	if err := c.relay.pub.PublishEvents(ctx, c.events); err != nil {
		return err
	}
	if c.done != nil {
		if err := c.done(ctx, c.events); err != nil {
			return err
		}
	}
	c.sent += len(c.events)
	c.events, c.bytes = nil, 0
	return nil
}
