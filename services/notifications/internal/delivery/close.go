package delivery

import (
	"context"
	"slices"

	"jalon.dev/services/notifications/internal/inbox"
)

// Closing is a message that needs no answer any more.
type Closing struct {
	PersonID     string
	InvitationID string
	// TakenBack tells that it was called off, whether the person reacted to it or not.
	TakenBack bool
}

// Close takes messages away from people who are shown them, and from the gate where they wait. cause names the event
// that asks for it.
func (d *Delivery) Close(ctx context.Context, cause string, closings []Closing) error {
	if len(closings) == 0 {
		return nil
	}
	byPerson := make(map[string][]Closing, len(closings))
	var personIDs []string
	for _, c := range closings {
		if byPerson[c.PersonID] == nil {
			personIDs = append(personIDs, c.PersonID)
		}
		byPerson[c.PersonID] = append(byPerson[c.PersonID], c)
	}
	slices.Sort(personIDs)

	now := d.clock.Now()
	boxes, err := d.change(ctx, personIDs, func(box *inbox.Inbox) {
		for _, c := range byPerson[box.PersonID] {
			if c.TakenBack {
				box.TakeBack(c.InvitationID, now, cause)
			} else {
				box.Close(c.InvitationID, now, cause)
			}
		}
	})
	if err != nil {
		return err
	}

	var closed []prompt
	var heard []string
	var planned []string
	for _, box := range boxes {
		if box.Heard() {
			heard = append(heard, box.PersonID)
		}
		for _, c := range byPerson[box.PersonID] {
			id := c.InvitationID
			m, ok := box.Find(id)
			switch {
			case !ok || m.EndedBy != cause:
			case m.WasShown():
				closed = append(closed, promptIn(box, m))
				planned = append(planned, reminderIDs(id)...)
			case !m.RequestedAt.IsZero():
				planned = append(planned, retryID(id))
			}
		}
	}
	if err := d.tellClosed(ctx, now, closed); err != nil {
		return err
	}
	if err := d.agenda.Cancel(ctx, "closed", planned...); err != nil {
		return err
	}
	// Last, and not done again after a crash: what waits would only come as late as it was put off for.
	return d.Reconsider(ctx, heard)
}
