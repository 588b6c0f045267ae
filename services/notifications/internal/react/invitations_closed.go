package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// InvitationsClosed takes the invitations off every page and out of the gate.
func InvitationsClosed(d *delivery.Delivery) func(context.Context, event.Event, *momentsv1.InvitationsClosed) error {
	return func(ctx context.Context, ev event.Event, msg *momentsv1.InvitationsClosed) error {
		closings := make([]delivery.Closing, len(msg.GetInvitations()))
		for i, c := range msg.GetInvitations() {
			closings[i] = delivery.Closing{PersonID: c.GetPersonId(), InvitationID: c.GetInvitationId(), TakenBack: msg.GetTakenBack()}
		}
		return d.Close(ctx, ev.ID, closings)
	}
}
