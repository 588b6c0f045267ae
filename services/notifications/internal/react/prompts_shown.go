package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/mail"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// PromptsShown notes the mails to be sent; none stays of people who were erased.
func PromptsShown(m *mail.Mailer, register *people.Register) func(context.Context, event.Event, *notificationsv1.PromptsShown) error {
	return func(ctx context.Context, ev event.Event, msg *notificationsv1.PromptsShown) error {
		if err := m.Shown(ctx, ev, msg); err != nil {
			return err
		}
		ids := make([]string, len(msg.GetPrompts()))
		for i, p := range msg.GetPrompts() {
			ids[i] = p.GetPersonId()
		}
		erased, err := register.Erased(ctx, ids)
		if err != nil || len(erased) == 0 {
			return err
		}
		return m.Forget(ctx, ev.ID, erased)
	}
}
