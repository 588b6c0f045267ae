package delivery

import (
	"context"
	"fmt"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/inbox"
)

// KindRetry is the kind of agenda items that ask the gate again about a waiting message: one item per message, put off
// for as long as the gate defers.
const KindRetry = "retry"

// dataInvitation is where a retry keeps which message it is about; its subject is the person.
const dataInvitation = "invitation"

func retryID(invitationID string) string { return event.ID(KindRetry, invitationID) }

// askAgain schedules the first retry of waiting messages. One that has its retry already keeps it.
func (d *Delivery) askAgain(ctx context.Context, waiting []prompt) error {
	if len(waiting) == 0 {
		return nil
	}
	items := make([]agenda.Item, len(waiting))
	for i, w := range waiting {
		items[i] = agenda.Item{
			ID: retryID(w.ID), Kind: KindRetry, Subject: w.PersonID, Due: w.NextTryAt,
			Data: map[string]string{dataInvitation: w.ID},
		}
	}
	if err := d.agenda.Schedule(ctx, items...); err != nil {
		return fmt.Errorf("putting %d messages off: %w", len(items), err)
	}
	return nil
}

// Retry asks the gate again about the messages of the items, or about their reminders.
func (d *Delivery) Retry(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	causes := make(map[string][]cause, len(items))
	for _, item := range items {
		// Since it is due: it was put off only once what it did before was told.
		causes[item.Subject] = append(causes[item.Subject], cause{item.ID, item.Due, item.Data[dataInvitation], reminderOf(item)})
	}
	boxes, err := d.attempt(ctx, now, attempt{kind: ofRetry, causes: causes, prepare: func(*inbox.Inbox) {}})
	if err != nil {
		return nil, err
	}
	byPerson := make(map[string]*inbox.Inbox, len(boxes))
	for _, box := range boxes {
		byPerson[box.PersonID] = box
	}
	outcomes := make([]agenda.Outcome, len(items))
	for i, item := range items {
		outcomes[i] = outcome(item, byPerson[item.Subject])
	}
	return outcomes, nil
}

func outcome(item agenda.Item, box *inbox.Inbox) agenda.Outcome {
	m, known := box.Find(item.Data[dataInvitation])
	if item.Kind == KindReminder {
		return reminded(item, m)
	}
	switch {
	case known && m.State == inbox.Waiting:
		return agenda.Postpone(item.ID, m.NextTryAt, lastReason(m))
	case known && m.State == inbox.Expired && !m.WasShown():
		return agenda.Expire(item.ID, lastReason(m))
	default:
		return agenda.Done(item.ID)
	}
}

func lastReason(m inbox.Message) string {
	if len(m.Decisions) == 0 {
		return ""
	}
	return string(m.Decisions[len(m.Decisions)-1].Reason)
}
