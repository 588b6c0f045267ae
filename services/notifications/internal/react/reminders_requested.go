package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// RemindersRequested puts reminders of people's own talks before the gate.
func RemindersRequested(d *delivery.Delivery) func(context.Context, event.Event, *interviewsv1.RemindersRequested) error {
	return func(ctx context.Context, ev event.Event, msg *interviewsv1.RemindersRequested) error {
		requests := make([]delivery.Request, len(msg.GetReminders()))
		for i, r := range msg.GetReminders() {
			expires, err := instant(r.GetExpiresAt())
			if err != nil {
				return fmt.Errorf("expiry of reminder %s: %w", r.GetId(), err)
			}
			requests[i] = delivery.Request{PersonID: r.GetPersonId(), Message: inbox.Message{
				ID: r.GetId(), KeyMoment: gate.Talk, FollowUp: r.GetAbout(), Count: int(r.GetCount()), ExpiresAt: expires,
			}}
		}
		return d.Request(ctx, ev.ID, requests)
	}
}
