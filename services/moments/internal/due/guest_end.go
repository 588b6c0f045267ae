package due

import (
	"context"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/moments/internal/guest"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
)

// KindGuestEnd is the agenda's word for forgetting a guest, and the links to a moment.
const KindGuestEnd = "guest_end"

const dataGuestMoment = "moment"

// GuestEnd is when a guest, and the links to a moment, are to be forgotten: a while after the last invitation ended.
func GuestEnd(m moment.Moment, kept time.Duration) agenda.Item {
	return agenda.Item{
		ID: event.ID("guest_end", m.ID), Kind: KindGuestEnd, Subject: m.PersonID, Due: guest.End(m).Add(kept),
		Data: map[string]string{dataGuestMoment: m.ID},
	}
}

// GuestEnds forgets guests.
type GuestEnds struct{ Guests *mongostore.Guests }

// Handle forgets whose time has come. The ids of people who left are among them; they are no guests' and nothing is kept of them
// but links.
func (d GuestEnds) Handle(ctx context.Context, _ time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	moments, guests, outcomes := make([]string, len(items)), make([]string, len(items)), make([]agenda.Outcome, len(items))
	for i, item := range items {
		moments[i], guests[i], outcomes[i] = item.Data[dataGuestMoment], item.Subject, agenda.Done(item.ID)
	}
	if err := d.Guests.Forget(ctx, moments, guests); err != nil {
		return nil, err
	}
	return outcomes, nil
}
