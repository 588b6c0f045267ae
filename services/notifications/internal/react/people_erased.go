package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/mail"
	"jalon.dev/services/notifications/internal/webhook"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleErased calls off the talks that others had with people, and removes their inboxes, what is planned for them, the record of mails to them, and their choices.
// Other systems are told of them no more, but for this.
func PeopleErased(d *delivery.Delivery, m *mail.Mailer, w *webhook.Webhooks) func(context.Context, event.Event, *directoryv1.PeopleErased) error {
	return func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleErased) error {
		if err := d.Erase(ctx, msg.GetPersonIds()); err != nil {
			return err
		}
		if err := w.Forget(ctx, msg.GetPersonIds()); err != nil {
			return err
		}
		return m.Forget(ctx, ev.ID, msg.GetPersonIds())
	}
}
