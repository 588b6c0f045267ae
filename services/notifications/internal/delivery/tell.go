package delivery

import (
	"context"
	"fmt"
	"slices"
	"strconv"
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
	Quiet    bool
	// reminder is which reminder of the message is meant; 0 where the message itself is.
	reminder int
	inbox.Message
}

// step is what happens to a person once: the message, or one reminder of it. That of the first reminder is told of as the message is,
// by another kind of event.
func (p prompt) step() string {
	if p.reminder <= 1 {
		return p.ID
	}
	return event.ID(p.ID, strconv.Itoa(p.reminder))
}

func promptIn(box *inbox.Inbox, m inbox.Message) prompt {
	quiet := box.Quiet() && m.Questions() // what reminds of talks, and the barometer, is told to everybody alike
	return prompt{PersonID: box.PersonID, NoEmail: box.Preferences.NoEmail || quiet && box.InAppOnly(), Quiet: quiet, Message: m}
}

// told is what was let through: shown to people, or reminded of.
type told struct{ shown, reminded []prompt }

// What events tell of prompts.
const (
	tellingShown    = "shown"
	tellingReminded = "reminded"
	tellingClosed   = "closed"
)

// telling is what one event tells of.
type telling struct {
	key     string
	prompts []prompt
}

// tellings divides prompts among events, in an order of their own: that in which the work was handed out may be another when it is redone.
func tellings(what string, prompts []prompt) []telling {
	prompts = slices.SortedFunc(slices.Values(prompts), func(x, y prompt) int { return strings.Compare(x.ID, y.ID) })
	var all []telling
	for part := range slices.Chunk(prompts, maxPrompts) {
		parts := make([]string, 0, len(part)+1)
		parts = append(parts, what)
		for _, p := range part {
			parts = append(parts, p.step())
		}
		all = append(all, telling{event.ID(parts...), part})
	}
	return all
}

// tellShown tells of prompts that passed the gate. Those that have ended since are left out.
func (d *Delivery) tellShown(ctx context.Context, now time.Time, shown, reminded []telling) error {
	events := func(reminder bool) func([]prompt) proto.Message {
		return func(part []prompt) proto.Message {
			event := &notificationsv1.PromptsShown{}
			for _, p := range part {
				if p.Open(now) {
					told := PromptOf(p.PersonID, p.Message)
					told.Reminder, told.ReminderNumber = reminder, int32(p.reminder)
					told.NoEmail, told.Quiet = p.NoEmail, p.Quiet
					event.Prompts = append(event.Prompts, told)
				}
			}
			if len(event.GetPrompts()) == 0 {
				return nil
			}
			return event
		}
	}
	if err := d.tell(ctx, now, tellingShown, shown, events(false)); err != nil {
		return err
	}
	return d.tell(ctx, now, tellingReminded, reminded, events(true))
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
	return d.tell(ctx, now, tellingClosed, tellings(tellingClosed, prompts), func(part []prompt) proto.Message {
		event := &notificationsv1.PromptsClosed{}
		for _, p := range part {
			event.Prompts = append(event.Prompts, &notificationsv1.PromptsClosed_Closed{InvitationId: p.ID, PersonId: p.PersonID})
		}
		return event
	})
}

// tell records events.
func (d *Delivery) tell(ctx context.Context, now time.Time, what string, tellings []telling, message func([]prompt) proto.Message) error {
	var events []event.Event
	for _, t := range tellings {
		msg := message(t.prompts)
		if msg == nil {
			continue
		}
		subject := ""
		if len(t.prompts) == 1 {
			subject = t.prompts[0].ID
		}
		ev, err := event.NewKeyed(ctx, source, subject, t.key, now, msg)
		if err != nil {
			return fmt.Errorf("telling that %d prompts are %s: %w", len(t.prompts), what, err)
		}
		events = append(events, ev)
	}
	if len(events) == 0 {
		return nil
	}
	if err := d.relay.Append(ctx, events...); err != nil {
		return fmt.Errorf("telling in %d events that prompts are %s: %w", len(events), what, err)
	}
	return nil
}

// PromptOf is a shown message as others are told of it.
func PromptOf(personID string, m inbox.Message) *notificationsv1.Prompt {
	return &notificationsv1.Prompt{
		InvitationId: m.ID, PersonId: personID, KeyMoment: m.KeyMoment, FollowUp: m.FollowUp,
		ShownAt: m.ShownAt.UTC().Format(time.RFC3339Nano), Reminder: !m.RemindedAt.IsZero(), Count: int32(m.Count), ReminderNumber: int32(len(m.Reminded())),
		Subject: SubjectOf(m),
		Piece:   m.Piece,
	}
}

// SubjectOf is HR's own line for a message as others are told of it; nil where there is none.
func SubjectOf(m inbox.Message) *notificationsv1.Subject {
	if m.Subject == nil {
		return nil
	}
	return &notificationsv1.Subject{Fr: m.Subject.FR, En: m.Subject.EN}
}
