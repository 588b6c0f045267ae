package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// RemindersClosed takes reminders off every page and out of the gate: what they were about is done.
func RemindersClosed(d *delivery.Delivery) func(context.Context, event.Event, *interviewsv1.RemindersClosed) error {
	return func(ctx context.Context, ev event.Event, msg *interviewsv1.RemindersClosed) error {
		closings := make([]delivery.Closing, len(msg.GetReminders()))
		for i, c := range msg.GetReminders() {
			closings[i] = delivery.Closing{PersonID: c.GetPersonId(), InvitationID: c.GetReminderId()}
		}
		return d.Close(ctx, ev.ID, closings)
	}
}
