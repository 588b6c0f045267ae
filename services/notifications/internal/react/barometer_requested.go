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

// BarometerRequested puts invitations to the barometer before the gate.
func BarometerRequested(d *delivery.Delivery) func(context.Context, event.Event, *barometerv1.VotingInvitationsRequested) error {
	return func(ctx context.Context, ev event.Event, msg *barometerv1.VotingInvitationsRequested) error {
		requests := make([]delivery.Request, len(msg.GetInvitations()))
		for i, invitation := range msg.GetInvitations() {
			expires, err := instant(invitation.GetExpiresAt())
			if err != nil {
				return fmt.Errorf("expiry of invitation %s: %w", invitation.GetId(), err)
			}
			requests[i] = delivery.Request{PersonID: invitation.GetPersonId(), Message: inbox.Message{
				ID: invitation.GetId(), KeyMoment: gate.Barometer, FollowUp: invitation.GetOccasion(), ExpiresAt: expires,
			}}
		}
		return d.Request(ctx, ev.ID, requests)
	}
}
