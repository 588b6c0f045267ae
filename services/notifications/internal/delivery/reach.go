package delivery

import (
	"context"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/inbox"
)

// Reach is when and where a person may be reached about what needs no permission of the caps, and what the person is shown.
type Reach struct {
	From time.Time
	Zone *time.Location
	Open []inbox.Message
}

// unknownPause is after how long directory is likely to have told who a person is.
const unknownPause = time.Minute

// Reach returns it for each of the people but those who left. It takes no account of caps: what is shown has passed them.
func (d *Delivery) Reach(ctx context.Context, now time.Time, personIDs []string) (map[string]Reach, error) {
	known, err := d.register.GetMany(ctx, personIDs)
	if err != nil {
		return nil, fmt.Errorf("looking up %d people to be reached: %w", len(personIDs), err)
	}
	byUnit, err := d.calendars.ByUnit(ctx, d.clock, d.register)
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
		if person == nil {
			reaches[box.PersonID] = Reach{From: now.Add(unknownPause)}
			continue
		}
		if !person.LastDay.IsZero() && clock.DateOf(now, person.Zone).After(person.LastDay) {
			continue
		}
		person.Preferences = box.Preferences
		reaches[box.PersonID] = Reach{From: d.rules.NextOpening(now, *person), Zone: person.Zone, Open: box.Open(now)}
	}
	return reaches, nil
}
