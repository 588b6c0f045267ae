// Package outbox publishes what was decided, exactly when it was decided for good: an event is saved together with the
// state that it tells of, and a relay sends it afterwards. No crash between the two can lose or invent an event.
//
// There are two ways in. A document that embeds a Doc is saved with its events in one write. Mass work writes many
// documents first and then calls Append, before the message or due item that caused it is acknowledged: redoing the
// work yields the same events under the same ids. What a process appends it also publishes, straight from memory; the
// relay that holds the lease finds what a process that died left behind.
//
// Delivery is at least once, and the events of one document arrive in their order. Published events are kept for
// Retention, so that a lost bus loses nothing.
package outbox

import (
	"errors"
	"fmt"
	"time"

	"jalon.dev/pkg/event"
)

const (
	// Retention is how long published events can be published again. The bus keeps its streams as long.
	Retention = 30 * 24 * time.Hour
	// MaxEvents is how many events one document may hold that were not published yet.
	MaxEvents = 100
	// MaxBytes is how much data these may hold together: half of what a document can.
	MaxBytes = 8 << 20
	// MaxEventBytes is how much data one event may hold: the bus takes messages of 1 MiB with their headers.
	MaxEventBytes = 960 << 10
)

var (
	// ErrFull says that a document holds too many events already: the bus has been away for long.
	ErrFull = errors.New("outbox is full")
	// ErrTooBig says that an event is larger than the bus takes. Split what it tells.
	ErrTooBig = errors.New("event is too big")
)

// Doc is embedded inline in a document that records events:
//
//	type Moment struct {
//		ID         string `bson:"_id"`
//		outbox.Doc `bson:",inline"`
//	}
//
// Whoever replaces such a document must have read it whole, or events that wait in it are lost. Never delete one that
// holds events, and put none into a document with answers given in confidence.
type Doc struct {
	// Events are saved and not published yet, oldest first.
	Events []event.Event `bson:"outbox,omitempty"`
}

// Record adds events to be saved with the document. It adds all or, with ErrFull or ErrTooBig, none.
func (d *Doc) Record(events ...event.Event) error {
	size := 0
	for _, e := range d.Events {
		size += len(e.Data)
	}
	for _, e := range events {
		if err := check(e); err != nil {
			return err
		}
		size += len(e.Data)
	}
	if n := len(d.Events) + len(events); n > MaxEvents || size > MaxBytes {
		return fmt.Errorf("recording %d events: %w: %d events of %d bytes would wait", len(events), ErrFull, n, size)
	}
	d.Events = append(d.Events, events...)
	return nil
}

func check(e event.Event) error {
	if len(e.Data) > MaxEventBytes {
		return fmt.Errorf("recording event %s of type %s: %w: %d bytes", e.ID, e.Type, ErrTooBig, len(e.Data))
	}
	return nil
}
