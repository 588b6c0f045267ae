package delivery

import (
	"context"
	"fmt"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/inbox"
)

// KindReminder is the kind of agenda items that ask the gate about the reminder of a message that is shown: one per
// message. Handled by Retry.
const KindReminder = "reminder"

func reminderID(invitationID string) string { return event.ID(KindReminder, invitationID) }

// remindLater schedules the reminders of prompts that were just shown.
func (d *Delivery) remindLater(ctx context.Context, shown []prompt) error {
	var items []agenda.Item
	for _, p := range shown {
		if p.RemindAt.IsZero() {
			continue
		}
		items = append(items, agenda.Item{
			ID: reminderID(p.ID), Kind: KindReminder, Subject: p.PersonID, Due: p.RemindAt,
			Data: map[string]string{dataInvitation: p.ID},
		})
	}
	if len(items) == 0 {
		return nil
	}
	if err := d.agenda.Schedule(ctx, items...); err != nil {
		return fmt.Errorf("planning %d reminders: %w", len(items), err)
	}
	return nil
}

// reminded is what became of a reminder.
func reminded(item agenda.Item, m inbox.Message) agenda.Outcome {
	switch {
	case !m.RemindAt.IsZero():
		return agenda.Postpone(item.ID, m.RemindAt, lastReason(m))
	case m.RemindedAt.IsZero():
		reason := "unwanted"
		if n := len(m.Decisions); n > 0 && m.Decisions[n-1].Reminder {
			reason = lastReason(m)
		}
		return agenda.Expire(item.ID, reason)
	default:
		return agenda.Done(item.ID)
	}
}
