package delivery

import (
	"context"
	"slices"

	"jalon.dev/services/notifications/internal/inbox"
)

// Erase removes people's inboxes and what is planned for them. What was told of them before, and arrives later, leaves nothing.
func (d *Delivery) Erase(ctx context.Context, personIDs []string) error {
	if err := d.register.Erase(ctx, personIDs); err != nil {
		return err
	}
	return d.forget(ctx, personIDs)
}

func (d *Delivery) forget(ctx context.Context, personIDs []string) error {
	if err := d.inboxes.Forget(ctx, personIDs); err != nil {
		return err
	}
	return d.agenda.Forget(ctx, personIDs...)
}

// forgetErased removes inboxes again that old news began for people who were erased, and empties them among the boxes. Only an
// inbox that was just begun can be one: see people.Register.Erased.
func (d *Delivery) forgetErased(ctx context.Context, begun []string, boxes []*inbox.Inbox) error {
	erased, err := d.register.Erased(ctx, begun)
	if err != nil || len(erased) == 0 {
		return err
	}
	for i, box := range boxes {
		if slices.Contains(erased, box.PersonID) {
			boxes[i] = inbox.New(box.PersonID)
		}
	}
	return d.forget(ctx, erased)
}
