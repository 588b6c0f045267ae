package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/delivery"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleOnLeave keeps who is away, and until when. What waits for them meets the gate at the time that was planned, and is
// put off until their return then; what waited for a later return need not wait for it any more.
func PeopleOnLeave(d *delivery.Delivery, register *people.Register) func(context.Context, event.Event, *directoryv1.PeopleOnLeave) error {
	return func(ctx context.Context, _ event.Event, msg *directoryv1.PeopleOnLeave) error {
		return changed(ctx, d, register, msg.GetPeople())
	}
}
