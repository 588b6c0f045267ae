package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

// BarometerClosed takes invitations to the barometer off every page and out of the gate.
func BarometerClosed(d *delivery.Delivery) func(context.Context, event.Event, *barometerv1.VotingInvitationsClosed) error {
	return func(ctx context.Context, ev event.Event, msg *barometerv1.VotingInvitationsClosed) error {
		closings := make([]delivery.Closing, len(msg.GetInvitations()))
		for i, c := range msg.GetInvitations() {
			closings[i] = delivery.Closing{PersonID: c.GetPersonId(), InvitationID: c.GetInvitationId()}
		}
		return d.Close(ctx, ev.ID, closings)
	}
}
