package delivery

import (
	"context"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/inbox"
)

// Reach is when a person may be reached about what is shown already, and what that is.
type Reach struct {
	From time.Time
	Open []inbox.Message
}

// Reach returns it for each of the people but those who left or are not known. It takes no account of caps: what is shown has
// passed them.
func (d *Delivery) Reach(ctx context.Context, now time.Time, personIDs []string) (map[string]Reach, error) {
	known, err := d.register.GetMany(ctx, personIDs)
	if err != nil {
		return nil, fmt.Errorf("looking up %d people to be reached: %w", len(personIDs), err)
	}
	byUnit, err := d.calendars.of(ctx, d.clock, d.register)
	if err != nil {
		return nil, err
	}
	boxes, err := d.inboxes.Load(ctx, personIDs...)
	if err != nil {
		return nil, err
	}
	reaches := make(map[string]Reach, len(boxes))
	for _, box := range boxes {
		person := personOf(known, byUnit, box.PersonID)
		if person == nil || !person.LastDay.IsZero() && clock.DateOf(now, person.Zone).After(person.LastDay) {
			continue
		}
		person.Preferences = box.Preferences
		reaches[box.PersonID] = Reach{From: d.rules.NextOpening(now, *person), Open: box.Open(now)}
	}
	return reaches, nil
}
