package delivery

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/inbox"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

const (
	source = "notifications"
	// maxPrompts is how many prompts an event may tell of.
	maxPrompts = 1000
)

// prompt is a message with the person whom it is for.
type prompt struct {
	PersonID string
	NoEmail  bool
	inbox.Message
}

func promptIn(box *inbox.Inbox, m inbox.Message) prompt {
	return prompt{PersonID: box.PersonID, NoEmail: box.Preferences.NoEmail, Message: m}
}

// cause is what let the prompt through.
func (p prompt) cause(what string) string {
	switch what {
	case tellingShown:
		return p.ShownBy
	case tellingReminded:
		return p.RemindedBy
	default:
		return ""
	}
}

// told gathers what a cause showed people and reminded them of.
type told struct{ shown, reminded []prompt }

func (t *told) add(box *inbox.Inbox, cause string) {
	for _, m := range box.ShownBy(cause) {
		t.shown = append(t.shown, promptIn(box, m))
	}
	for _, m := range box.RemindedBy(cause) {
		t.reminded = append(t.reminded, promptIn(box, m))
	}
}

// What events tell of prompts.
const (
	tellingShown    = "shown"
	tellingReminded = "reminded"
	tellingClosed   = "closed"
)

// tellShown tells of prompts that passed the gate, and plans their expiry and their reminders. Those that have ended
// since are left out, but count for the event's identity, so that redoing the same work never tells anything twice.
func (d *Delivery) tellShown(ctx context.Context, now time.Time, passed told) error {
	events := func(reminder bool) func([]prompt) proto.Message {
		return func(part []prompt) proto.Message {
			event := &notificationsv1.PromptsShown{}
			for _, p := range part {
				if p.Open(now) {
					told := PromptOf(p.PersonID, p.Message)
					told.Reminder, told.NoEmail = reminder, p.NoEmail
					event.Prompts = append(event.Prompts, told)
				}
			}
			if len(event.GetPrompts()) == 0 {
				return nil
			}
			return event
		}
	}
	if err := d.tell(ctx, now, tellingShown, passed.shown, events(false)); err != nil {
		return err
	}
	if err := d.tell(ctx, now, tellingReminded, passed.reminded, events(true)); err != nil {
		return err
	}
	return d.lookAfter(ctx, passed.shown)
}

// lookAfter plans the reminders and the expiry of prompts that are shown.
func (d *Delivery) lookAfter(ctx context.Context, shown []prompt) error {
	if err := d.remindLater(ctx, shown); err != nil {
		return err
	}
	return d.sweepLater(ctx, shown)
}

// tellClosed tells of prompts that are to disappear.
func (d *Delivery) tellClosed(ctx context.Context, now time.Time, prompts []prompt) error {
	return d.tell(ctx, now, tellingClosed, prompts, func(part []prompt) proto.Message {
		event := &notificationsv1.PromptsClosed{}
		for _, p := range part {
			event.Prompts = append(event.Prompts, &notificationsv1.PromptsClosed_Closed{InvitationId: p.ID, PersonId: p.PersonID})
		}
		return event
	})
}

// tell records events about the prompts, whose ids follow from which prompts they are.
func (d *Delivery) tell(ctx context.Context, now time.Time, what string, prompts []prompt, message func([]prompt) proto.Message) error {
	// In an order of their own: that in which the work was handed out may be another when it is redone.
	prompts = slices.SortedFunc(slices.Values(prompts), func(x, y prompt) int { return strings.Compare(x.ID, y.ID) })
	var events []event.Event
	for first := 0; first < len(prompts); first += maxPrompts {
		part := prompts[first:min(first+maxPrompts, len(prompts))]
		msg := message(part)
		if msg == nil {
			continue
		}
		subject := ""
		if len(part) == 1 {
			subject = part[0].ID
		}
		ev, err := event.NewKeyed(ctx, source, subject, key(what, part, first == 0), now, msg)
		if err != nil {
			return fmt.Errorf("telling that %d prompts are %s: %w", len(part), what, err)
		}
		events = append(events, ev)
	}
	if len(events) == 0 {
		return nil
	}
	if err := d.relay.Append(ctx, events...); err != nil {
		return fmt.Errorf("telling that %d prompts are %s: %w", len(prompts), what, err)
	}
	return nil
}

// key names an event by the prompts that it tells of, or by the attempt that let several through together: those that it redoes may be
// handed out in other company.
func key(what string, prompts []prompt, whole bool) string {
	if by := prompts[0].cause(what); isAttempt(by) && whole && len(prompts) > 1 {
		return attemptKey(what, by)
	}
	parts := make([]string, 0, len(prompts)+1)
	parts = append(parts, what)
	for _, p := range prompts {
		parts = append(parts, p.ID)
	}
	return event.ID(parts...)
}

// PromptOf is a shown message as others are told of it.
func PromptOf(personID string, m inbox.Message) *notificationsv1.Prompt {
	return &notificationsv1.Prompt{
		InvitationId: m.ID, PersonId: personID, KeyMoment: m.KeyMoment, FollowUp: m.FollowUp,
		ShownAt: m.ShownAt.UTC().Format(time.RFC3339Nano), Reminder: !m.RemindedAt.IsZero(), Count: int32(m.Count),
	}
}
