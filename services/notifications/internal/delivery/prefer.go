package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// Prefer keeps a person's own choices and has the gate asked again about everything that waits for the person: what was
// put off under the choices before may pass earlier now, or later. Choices that leave no time are refused with the errors
// of gate.Preferences.Check.
func (d *Delivery) Prefer(ctx context.Context, personID string, preferences gate.Preferences) error {
	if err := preferences.Check(d.rules.Window); err != nil {
		return err
	}
	return d.reconsider(ctx, []string{personID}, func(box *inbox.Inbox) { box.Prefer(preferences) })
}

// Reconsider has the gate asked again about everything that waits for the people.
func (d *Delivery) Reconsider(ctx context.Context, personIDs []string) error {
	if len(personIDs) == 0 {
		return nil
	}
	slices.Sort(personIDs)
	return d.reconsider(ctx, slices.Compact(personIDs), func(*inbox.Inbox) {})
}

// ReconsiderSooner has the gate asked again about those of the people of whom something could pass earlier than was planned. Everybody
// of whom anything changed may be named: another language wakes nobody.
func (d *Delivery) ReconsiderSooner(ctx context.Context, personIDs []string) error {
	known, err := d.register.GetMany(ctx, personIDs)
	if err != nil {
		return fmt.Errorf("looking up %d people who wait: %w", len(personIDs), err)
	}
	byUnit, err := d.calendars.ByUnit(ctx, d.clock, d.register)
	if err != nil {
		return err
	}
	boxes, err := d.inboxes.Load(ctx, personIDs...)
	if err != nil {
		return err
	}
	now := d.clock.Now()
	var sooner []string
	for _, box := range boxes {
		if box.Sooner(now, personOf(known, byUnit, box.PersonID), d.rules) {
			sooner = append(sooner, box.PersonID)
		}
	}
	return d.Reconsider(ctx, sooner)
}

// Company is the company's window, which people's choices narrow.
func (d *Delivery) Company() gate.Window { return d.rules.Window }

// Limits are the company's caps.
func (d *Delivery) Limits() []gate.Cap { return d.rules.Caps }

// reconsider changes inboxes in a way that may let waiting messages pass at another time than was planned, and plans to
// ask the gate about them now.
func (d *Delivery) reconsider(ctx context.Context, personIDs []string, change func(*inbox.Inbox)) error {
	now := d.clock.Now()
	boxes, err := d.change(ctx, personIDs, func(box *inbox.Inbox) {
		change(box)
		box.Reconsider(now)
	})
	if err != nil {
		return err
	}
	var items []agenda.Item
	for _, box := range boxes {
		for _, m := range box.Messages {
			if m.State != inbox.Waiting || m.NextTryAt.After(now) {
				continue
			}
			items = append(items, agenda.Item{
				ID: event.ID(KindRetry, m.ID, now.UTC().Format(time.RFC3339Nano)), Kind: KindRetry, Subject: box.PersonID,
				Due: now, Data: map[string]string{dataInvitation: m.ID},
			})
		}
	}
	if len(items) == 0 {
		return nil
	}
	if err := d.agenda.Schedule(ctx, items...); err != nil {
		return fmt.Errorf("planning to reconsider %d messages: %w", len(items), err)
	}
	return nil
}
