// Package retention removes what people were promised is not kept for longer: messages that ended, and what became of mails.
package retention

import (
	"context"
	"errors"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/channel"
	"jalon.dev/services/notifications/internal/inbox"
	"jalon.dev/services/notifications/internal/mail"
	"jalon.dev/services/notifications/internal/mongostore"
	"jalon.dev/services/notifications/internal/webhook"
)

// Kind is the kind of agenda items that remove.
const Kind = "retention"

// Retention removes once a day, by night.
type Retention struct {
	Inboxes *mongostore.Store
	Mails   *mail.Mailer
	// Webhooks and Channels are what other systems were told.
	Webhooks *webhook.Webhooks
	Channels *channel.Channels
	Agenda   *agenda.Agenda
	Clock    clock.Clock
}

// Start plans the next removal. It may be called again.
func (r Retention) Start(ctx context.Context) error { return r.plan(ctx, r.Clock.Now()) }

func (r Retention) plan(ctx context.Context, now time.Time) error {
	tomorrow := clock.DateOf(now, time.UTC).AddDays(1)
	return r.Agenda.Schedule(ctx, agenda.Item{
		ID: agenda.OccurrenceID(Kind, "", tomorrow), Kind: Kind, Local: &agenda.LocalTime{Date: tomorrow, Time: 2 * 60, Zone: "UTC"},
	})
}

// Handle removes what ended long enough ago, and plans the next time.
func (r Retention) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	before := now.Add(-inbox.Kept)
	err := errors.Join(r.Inboxes.ForgetEnded(ctx, before), r.Mails.ForgetSettled(ctx, before),
		r.Webhooks.Expire(ctx, now), r.Channels.Expire(ctx, before))
	if err != nil {
		return nil, err
	}
	return agenda.DoneAll(items), r.plan(ctx, now)
}
