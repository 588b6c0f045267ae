package delivery

import (
	"context"

	"jalon.dev/services/notifications/internal/inbox"
)

// Request is a message that a person is to be shown.
type Request struct {
	PersonID string
	Message  inbox.Message
}

// Request puts messages into people's inboxes and shows those that the gate lets through; for the others the agenda
// asks again. event is the id of the one that asks for it.
func (d *Delivery) Request(ctx context.Context, event string, requests []Request) error {
	if len(requests) == 0 {
		return nil
	}
	byPerson := make(map[string][]inbox.Message, len(requests))
	causes := make(map[string][]cause, len(requests))
	for _, r := range requests {
		byPerson[r.PersonID] = append(byPerson[r.PersonID], r.Message)
		causes[r.PersonID] = []cause{{name: event}}
	}
	now := d.clock.Now()
	boxes, err := d.attempt(ctx, now, attempt{kind: ofRequest, causes: causes, prepare: func(box *inbox.Inbox) {
		for _, m := range byPerson[box.PersonID] {
			box.Request(m, now)
		}
	}})
	if err != nil {
		return err
	}
	var waiting []prompt
	for _, box := range boxes {
		for _, asked := range byPerson[box.PersonID] {
			if m, ok := box.Find(asked.ID); ok && m.State == inbox.Waiting {
				waiting = append(waiting, promptIn(box, m))
			}
		}
	}
	return d.askAgain(ctx, waiting)
}
