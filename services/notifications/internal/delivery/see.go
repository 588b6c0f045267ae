package delivery

import (
	"context"

	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// See notes that a person's own page has what is open for them now. It writes once for each message, and nothing for most visits.
func (d *Delivery) See(ctx context.Context, box *inbox.Inbox) error {
	now := d.clock.Now()
	if !box.Unseen(now) {
		return nil
	}
	_, err := d.change(ctx, []string{box.PersonID}, func(b *inbox.Inbox) { b.See(now) })
	return err
}

// Spared are the caps of those who react to nothing.
func (d *Delivery) Spared() []gate.Cap { return d.rules.Quiet.Caps }
