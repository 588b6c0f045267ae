package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/inbox"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
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

// attemptPrefix marks causes that are attempts of Retry.
const attemptPrefix = "attempt/"

func isAttempt(cause string) bool { return strings.HasPrefix(cause, attemptPrefix) }

func attemptKey(what, attempt string) string { return event.ID(what, attempt) }

// togetherTold is how many people are told of in one event at most: far fewer prompts than one may hold.
const togetherTold = 250

// Retry asks the gate again about the messages of the items, or about their reminders.
//
// An attempt that ends before its items are settled is redone in batches of whatever else is due then. Each message therefore names the
// attempt that let it through, whose event tells of all of them: where that is recorded, nothing is left to tell; where it is not, each
// is told by itself.
func (d *Delivery) Retry(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	people := peopleOf(items)
	attempts := make(map[string]string, len(people))
	this := attemptPrefix + uuid.NewString()
	for i, person := range people {
		attempts[person] = fmt.Sprintf("%s/%d", this, i/togetherTold)
	}
	boxes, err := d.settle(ctx, now, people, func(personID string) string { return attempts[personID] }, func(*inbox.Inbox) {})
	if err != nil {
		return nil, err
	}
	byPerson := make(map[string]*inbox.Inbox, len(boxes))
	passed := map[string]*told{}
	for _, box := range boxes {
		byPerson[box.PersonID] = box
		attempt := attempts[box.PersonID]
		if passed[attempt] == nil {
			passed[attempt] = &told{}
		}
		passed[attempt].add(box, attempt)
	}
	for _, attempt := range slices.Sorted(maps.Keys(passed)) {
		if err := d.tellShown(ctx, now, *passed[attempt]); err != nil {
			return nil, err
		}
	}
	outcomes := make([]agenda.Outcome, len(items))
	var earlier told
	for i, item := range items {
		box := byPerson[item.Subject]
		outcomes[i] = outcome(item, box)
		earlier.addOf(item, box, this)
	}
	return outcomes, d.tellEarlier(ctx, now, earlier)
}

func peopleOf(items []agenda.Item) []string {
	people := make([]string, len(items))
	for i, item := range items {
		people[i] = item.Subject
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// addOf adds what another attempt did about the item.
func (t *told) addOf(item agenda.Item, box *inbox.Inbox, this string) {
	m, known := box.Find(item.Data[dataInvitation])
	if !known {
		return
	}
	another := func(cause string) bool { return isAttempt(cause) && !strings.HasPrefix(cause, this) }
	switch p := promptIn(box, m); {
	case item.Kind == KindReminder && another(m.RemindedBy):
		t.reminded = append(t.reminded, p)
	case item.Kind != KindReminder && another(m.ShownBy):
		t.shown = append(t.shown, p)
	}
}

// tellEarlier tells of prompts that passed in attempts which ended too soon, unless these told of them.
func (d *Delivery) tellEarlier(ctx context.Context, now time.Time, earlier told) error {
	untold, err := d.untold(ctx, earlier)
	if err != nil {
		return err
	}
	for _, p := range untold.shown {
		if err := d.tellShown(ctx, now, told{shown: []prompt{p}}); err != nil {
			return err
		}
	}
	for _, p := range untold.reminded {
		if err := d.tellShown(ctx, now, told{reminded: []prompt{p}}); err != nil {
			return err
		}
	}
	return d.lookAfter(ctx, earlier.shown)
}

// untold leaves out the prompts of which an event of their attempt is recorded.
func (d *Delivery) untold(ctx context.Context, earlier told) (told, error) {
	if len(earlier.shown)+len(earlier.reminded) == 0 {
		return told{}, nil
	}
	eventOf := func(what string, p prompt) string {
		return event.KeyedID(&notificationsv1.PromptsShown{}, attemptKey(what, p.cause(what)))
	}
	var ids []string
	for _, p := range earlier.shown {
		ids = append(ids, eventOf(tellingShown, p))
	}
	for _, p := range earlier.reminded {
		ids = append(ids, eventOf(tellingReminded, p))
	}
	recorded, err := d.relay.Recorded(ctx, ids...)
	if err != nil {
		return told{}, err
	}
	return told{
		shown:    slices.DeleteFunc(slices.Clone(earlier.shown), func(p prompt) bool { return recorded[eventOf(tellingShown, p)] }),
		reminded: slices.DeleteFunc(slices.Clone(earlier.reminded), func(p prompt) bool { return recorded[eventOf(tellingReminded, p)] }),
	}, nil
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
