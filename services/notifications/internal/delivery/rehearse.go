package delivery

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/forecast"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// Rehearse tells what the gate would do with each of the invitations, if every one of the people were asked; nothing changes by it.
func (d *Delivery) Rehearse(ctx context.Context, personIDs []string, invitations []forecast.Invitation) ([]forecast.Outlook, error) {
	var known map[string]people.Person
	var byUnit map[string]string
	var boxes []*inbox.Inbox
	reads, reading := errgroup.WithContext(ctx)
	reads.Go(func() (err error) {
		if known, err = d.register.GetMany(reading, personIDs); err != nil {
			return fmt.Errorf("looking up %d people to forecast for: %w", len(personIDs), err)
		}
		return nil
	})
	reads.Go(func() (err error) {
		boxes, err = d.inboxes.Glance(reading, personIDs...)
		return err
	})
	reads.Go(func() (err error) {
		byUnit, err = d.calendars.ByUnit(reading, d.clock, d.register)
		return err
	})
	if err := reads.Wait(); err != nil {
		return nil, err
	}
	now, rules := d.clock.Now(), d.rules
	rules.Calendars = forecast.Remembering(rules.Calendars)
	outlooks := make([]forecast.Outlook, len(invitations))
	for _, box := range boxes {
		person := personOf(known, byUnit, box.PersonID)
		for i, fate := range forecast.Of(now, box, person, invitations, rules) {
			outlooks[i].Add(fate)
		}
	}
	return outlooks, ctx.Err()
}

// Reminders tell when somebody in a zone whom nothing keeps from it is shown an invitation, and reminded of it.
func (d *Delivery) Reminders(asked, expires time.Time, zone *time.Location, wanted int) (shown time.Time, reminders []time.Time) {
	return d.rules.Reminders(asked, expires, gate.Person{Zone: zone}, wanted)
}
