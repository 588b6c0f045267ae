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

// togetherTold is how many people share an attempt's name, and are told of in one event: fewer than prompts may be in one.
const togetherTold = 500

// attempt asks the gate about everything that is due for some people, saves, and tells of what passed.
//
// Work is redone: an event is delivered again, an item is handed out anew after a crash, and each time in other company and at another
// time, so that what passes with it is not the same. Each message therefore names its cause, which alone tells of it, and the attempt at
// it that let the message through. What an attempt let through is told in one event, which carries its name. Whoever redoes the cause
// looks whether that event is recorded: then nothing is left to tell; else each message is told of by itself.
type attempt struct {
	kind attemptKind
	// causes of asking, by person. The first is named; the others may have been in an earlier attempt.
	causes map[string][]cause
	// prepare changes an inbox before the gate is asked.
	prepare func(*inbox.Inbox)
}

// attemptKind is where an attempt comes from.
type attemptKind string

const (
	ofRequest attemptKind = "request"
	ofRetry   attemptKind = "retry"
)

// cause is an event or a due item.
type cause struct {
	name string
	// since is when it last became one: what it did before that was told.
	since time.Time
	// message is the one that a due item is about, and reminder which reminder of it, where it is about one. Another item may have let
	// it through, and be cancelled before it could be redone.
	message  string
	reminder int
}

// attempt makes one, and returns the inboxes as they are then.
func (d *Delivery) attempt(ctx context.Context, now time.Time, a attempt) ([]*inbox.Inbox, error) {
	people := slices.Sorted(maps.Keys(a.causes)) // replicas that write the same inboxes then meet on the first and not on all
	name, names := fmt.Sprint(a.kind, "/", uuid.NewString()), make(map[string]string, len(people))
	for i, person := range people {
		names[person] = fmt.Sprint(name, "/", i/togetherTold)
	}
	boxes, err := d.settle(ctx, now, people, a.prepare, func(person string) inbox.Cause {
		return inbox.Cause{Name: a.causes[person][0].name, Attempt: names[person]}
	})
	if err != nil {
		return nil, err
	}
	passed := passed{}
	for _, box := range boxes {
		for _, c := range a.causes[box.PersonID] {
			passed.gather(box, c)
		}
	}
	return boxes, d.tellAttempts(ctx, now, name, passed)
}

// passed is what was let through, by attempt.
type passed map[string]told

// gather adds what the cause let through, and its own message where another due item did.
func (p passed) gather(box *inbox.Inbox, c cause) {
	for _, m := range box.Messages {
		own := m.ID == c.message
		if c.did(m.ShownBy, m.ShownIn, m.ShownAt, own && c.reminder == 0) {
			t := p[m.ShownIn]
			t.shown = add(t.shown, promptIn(box, m))
			p[m.ShownIn] = t
		}
		for i, r := range m.Reminded() {
			if c.did(r.By, r.In, r.At, own && c.reminder == i+1) {
				t, reminder := p[r.In], promptIn(box, m)
				reminder.reminder = i + 1
				t.reminded = add(t.reminded, reminder)
				p[r.In] = t
			}
		}
	}
}

// did tells whether what was done by a cause in an attempt is this one's to tell.
func (c cause) did(by, in string, at time.Time, own bool) bool {
	return in != "" && (by == c.name && !at.Before(c.since) || own && isOf(string(ofRetry), in))
}

// add adds a prompt that may be there already: those of one person follow each other.
func add(prompts []prompt, p prompt) []prompt {
	for i := len(prompts) - 1; i >= 0 && prompts[i].PersonID == p.PersonID; i-- {
		if prompts[i].ID == p.ID {
			return prompts
		}
	}
	return append(prompts, p)
}

// tellAttempts tells of what passed in the named attempt, and in earlier ones that ended before they told of it.
func (d *Delivery) tellAttempts(ctx context.Context, now time.Time, name string, passed passed) error {
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
		all = append(all, t.reminded...)
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
