package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

// ResultsToRead points those who lead a unit to its results.
func ResultsToRead(d *delivery.Delivery) func(context.Context, event.Event, *barometerv1.ResultsToRead) error {
	return func(ctx context.Context, ev event.Event, msg *barometerv1.ResultsToRead) error {
		requests := make([]delivery.Request, len(msg.GetReaders()))
		for i, reader := range msg.GetReaders() {
			expires, err := instant(reader.GetExpiresAt())
			if err != nil {
				return fmt.Errorf("expiry of message %s: %w", reader.GetId(), err)
			}
			about := "results"
			if reader.GetFell() {
				about = "fell"
			}
			requests[i] = delivery.Request{PersonID: reader.GetPersonId(), Message: inbox.Message{
				ID: reader.GetId(), KeyMoment: gate.BarometerResults, FollowUp: about, ExpiresAt: expires,
			}}
		}
		return d.Request(ctx, ev.ID, requests)
	}
}
