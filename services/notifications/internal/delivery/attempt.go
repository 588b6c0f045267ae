package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/inbox"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// An attempt asks the gate about everything that is due for some people, saves, and tells of what passed.
//
// Work is redone: an event is delivered again, an item is handed out anew after a crash, and each time in other company and at another
// time, so that what passes with it is not the same. Each message therefore names its cause, which alone tells of it, and the attempt at
// it that let the message through. What an attempt let through is told in one event, which carries its name. Whoever redoes the cause
// looks whether that event is recorded: then nothing is left to tell; else each message is told of by itself.
// togetherTold is how many people share an attempt's name, and are told of in one event: fewer than prompts may be in one.
const togetherTold = 500

// attempt is what is done for some people.
type attempt struct {
	// causes of asking, by person. The first is named; the others may have been in an earlier attempt.
	causes map[string][]cause
	// prepare changes an inbox before the gate is asked.
	prepare func(*inbox.Inbox)
}

// cause is an event or a due item.
type cause struct {
	name string
	// since is when it last became one: what it did before that was told.
	since time.Time
}

// attempt makes one, and returns the inboxes as they are then.
func (d *Delivery) attempt(ctx context.Context, now time.Time, a attempt) ([]*inbox.Inbox, error) {
	people := slices.Sorted(maps.Keys(a.causes)) // replicas that write the same inboxes then meet on the first and not on all
	name, names := uuid.NewString(), make(map[string]string, len(people))
	for i, person := range people {
		names[person] = fmt.Sprint(name, "/", i/togetherTold)
	}
	boxes, err := d.settle(ctx, now, people, a.prepare, func(person string) inbox.Cause {
		return inbox.Cause{Name: a.causes[person][0].name, Attempt: names[person]}
	})
	if err != nil {
		return nil, err
	}
	passed := map[string]told{} // by attempt
	for _, box := range boxes {
		for _, c := range a.causes[box.PersonID] {
			c.gather(box, passed)
		}
	}
	return boxes, d.tellAttempts(ctx, now, name, passed)
}

// gather adds what the cause let through.
func (c cause) gather(box *inbox.Inbox, passed map[string]told) {
	for _, m := range box.ShownBy(c.name) {
		if t := passed[m.ShownIn]; m.ShownIn != "" && !m.ShownAt.Before(c.since) {
			t.shown = append(t.shown, promptIn(box, m))
			passed[m.ShownIn] = t
		}
	}
	for _, m := range box.RemindedBy(c.name) {
		if t := passed[m.RemindedIn]; m.RemindedIn != "" && !m.RemindedAt.Before(c.since) {
			t.reminded = append(t.reminded, promptIn(box, m))
			passed[m.RemindedIn] = t
		}
	}
}

// tellAttempts tells of what passed in the named attempt, and in earlier ones that ended before they told of it.
func (d *Delivery) tellAttempts(ctx context.Context, now time.Time, name string, passed map[string]told) error {
	recorded, err := d.recorded(ctx, slices.DeleteFunc(slices.Collect(maps.Keys(passed)), func(in string) bool { return isOf(name, in) }))
	if err != nil {
		return err
	}
	var shown, reminded []telling
	var all []prompt
	for in, t := range passed {
		divide := together
		if !isOf(name, in) {
			divide = singly
		}
		if !recorded[eventID(tellingShown, in)] {
			shown = append(shown, divide(tellingShown, in, t.shown)...)
		}
		if !recorded[eventID(tellingReminded, in)] {
			reminded = append(reminded, divide(tellingReminded, in, t.reminded)...)
		}
		all = append(all, t.shown...)
	}
	if err := d.tellShown(ctx, now, shown, reminded); err != nil {
		return err
	}
	return d.lookAfter(ctx, all)
}

func isOf(name, attempt string) bool { return strings.HasPrefix(attempt, name+"/") }

func eventKey(what, attempt string) string { return event.ID(what, attempt) }

func eventID(what, attempt string) string {
	return event.KeyedID(&notificationsv1.PromptsShown{}, eventKey(what, attempt))
}

// recorded returns which of the attempts' events are recorded, by id.
func (d *Delivery) recorded(ctx context.Context, attempts []string) (map[string]bool, error) {
	if len(attempts) == 0 {
		return nil, nil
	}
	var ids []string
	for _, in := range attempts {
		ids = append(ids, eventID(tellingShown, in), eventID(tellingReminded, in))
	}
	return d.relay.Recorded(ctx, ids...)
}

// together are the events of an attempt: one, named by it, as long as it holds everything. One prompt by itself is told as it would be
// told later.
func together(what, attempt string, prompts []prompt) []telling {
	all := tellings(what, prompts)
	if len(prompts) > 1 {
		all[0].key = eventKey(what, attempt)
	}
	return all
}

func singly(what, _ string, prompts []prompt) []telling {
	var all []telling
	for _, p := range prompts {
		all = append(all, tellings(what, []prompt{p})...)
	}
	return all
}
