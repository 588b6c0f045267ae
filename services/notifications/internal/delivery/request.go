package delivery

import (
	"context"
	"slices"

	"jalon.dev/services/notifications/internal/inbox"
)

// Request is a message that a person is to be shown.
type Request struct {
	PersonID string
	Message  inbox.Message
}

// Request puts messages into people's inboxes and shows those that the gate lets through; for the others the agenda
// asks again. cause names the event that asks for it.
func (d *Delivery) Request(ctx context.Context, cause string, requests []Request) error {
	if len(requests) == 0 {
		return nil
	}
	byPerson := make(map[string][]inbox.Message, len(requests))
	for _, r := range requests {
		byPerson[r.PersonID] = append(byPerson[r.PersonID], r.Message)
	}
	now := d.clock.Now()
	boxes, err := d.settle(ctx, now, ids(requests), func(string) string { return cause }, func(box *inbox.Inbox) {
		for _, m := range byPerson[box.PersonID] {
			box.Request(m, now)
		}
	})
	if err != nil {
		return err
	}

	var passed told
	var waiting []prompt
	for _, box := range boxes {
		passed.add(box, cause)
		for _, asked := range byPerson[box.PersonID] {
			if m, ok := box.Find(asked.ID); ok && m.State == inbox.Waiting {
				waiting = append(waiting, promptIn(box, m))
			}
		}
	}
	if err := d.tellShown(ctx, now, passed); err != nil {
		return err
	}
	return d.askAgain(ctx, waiting)
}

// ids returns the people of the requests, each once, in order: replicas that write the same inboxes then meet on the
// first and not on all.
func ids(requests []Request) []string {
	people := make([]string, len(requests))
	for i, r := range requests {
		people[i] = r.PersonID
	}
	slices.Sort(people)
	return slices.Compact(people)
}
