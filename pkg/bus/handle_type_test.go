package bus_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/natstest"
)

func TestEventsThatAreOnlyHandedOnAreTakenByTheNameOfTheirType(t *testing.T) {
	b := natstest.Start(t)
	var seen log
	events := hires(t, 20)
	events[7].Data = []byte{0xff} // nobody looks inside
	running(t, b, "webhooks", func(r *bus.Router) {
		bus.HandleType(r, "hired", events[0].Type, func(_ context.Context, ev event.Event) error {
			seen.note(ev.Subject)
			return nil
		})
		require.Equal(t, []bus.Subscription{{Durable: "webhooks-hired", Type: events[0].Type}}, r.Subscriptions())
	})
	publish(t, b, events)
	seen.becomes(t, subjects(events))
	settles(t, b)
}
