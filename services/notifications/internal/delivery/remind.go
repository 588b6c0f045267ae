package delivery

import (
	"context"
	"fmt"
	"strconv"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// KindReminder is the kind of agenda items that ask the gate about a reminder of a message that is shown: one per message and
// reminder. Handled by Retry.
const KindReminder = "reminder"

// dataReminder is where an item keeps which of the reminders it is about, from the second on.
const dataReminder = "reminder"

// reminderID is the first one's by the invitation alone: items that are older than a second one keep theirs.
func reminderID(invitationID string, n int) string {
	if n <= 1 {
		return event.ID(KindReminder, invitationID)
	}
	return event.ID(KindReminder, invitationID, strconv.Itoa(n))
}

// reminderIDs are those of all reminders that there may be.
func reminderIDs(invitationID string) []string {
	ids := make([]string, gate.MostReminders)
	for i := range ids {
		ids[i] = reminderID(invitationID, i+1)
	}
	return ids
}

// reminderOf is which reminder an item is about; 0 for one that is about none.
func reminderOf(item agenda.Item) int {
	if item.Kind != KindReminder {
		return 0
	}
	n, err := strconv.Atoi(item.Data[dataReminder])
	if err != nil {
		return 1
	}
	return n
}

// remindLater schedules the next reminders of prompts that were just shown, or reminded of.
func (d *Delivery) remindLater(ctx context.Context, shown []prompt) error {
	var items []agenda.Item
	for _, p := range shown {
		if p.RemindAt.IsZero() {
			continue
		}
		next := len(p.Reminded()) + 1
		item := agenda.Item{
			ID: reminderID(p.ID, next), Kind: KindReminder, Subject: p.PersonID, Due: p.RemindAt,
			Data: map[string]string{dataInvitation: p.ID},
		}
		if next > 1 {
			item.Data[dataReminder] = strconv.Itoa(next)
		}
		items = append(items, item)
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
	case len(m.Reminded()) >= reminderOf(item):
		return agenda.Done(item.ID)
	case !m.RemindAt.IsZero():
		return agenda.Postpone(item.ID, m.RemindAt, lastReason(m))
	default:
		reason := "unwanted"
		if n := len(m.Decisions); n > 0 && m.Decisions[n-1].Reminder {
			reason = lastReason(m)
		}
		return agenda.Expire(item.ID, reason)
	}
}
