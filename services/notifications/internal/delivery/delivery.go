// Package delivery carries messages to people: it brings requests, closings and due items to the inboxes concerned, asks
// the gate, saves, and tells the others what people see now.
//
// Each of its methods may be redone at any time, by the same process or another: what it tells follows from what is
// saved, not from what this attempt changed, and carries the same event ids.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
	"jalon.dev/services/notifications/internal/mongostore"
)

// Delivery is the one way by which inboxes change.
type Delivery struct {
	db        *mongo.Database
	inboxes   *mongostore.Store
	register  *people.Register
	agenda    *agenda.Agenda
	relay     *outbox.Relay
	clock     clock.Clock
	rules     gate.Rules
	sweeps    sweeps
	calendars people.Calendars
}

// New wires a delivery; it owns none of what it is given.
func New(
	db *mongo.Database, register *people.Register, agenda *agenda.Agenda, relay *outbox.Relay, clk clock.Clock, rules gate.Rules,
) *Delivery {
	return &Delivery{
		db: db, inboxes: mongostore.New(db), register: register, agenda: agenda, relay: relay, clock: clk, rules: rules,
	}
}

// attempts is how often a change is redone because somebody else changed one of its inboxes meanwhile. Few people are
// asked two things at the very same moment, so a second attempt nearly always is the last.
const attempts = 8

// change reads the inboxes of the people, changes them and saves them, anew until nobody interferes. It returns them as
// they are saved.
func (d *Delivery) change(ctx context.Context, personIDs []string, change func(*inbox.Inbox)) ([]*inbox.Inbox, error) {
	boxes, err := d.inboxes.Load(ctx, personIDs...)
	if err != nil {
		return nil, err
	}
	return d.save(ctx, personIDs, boxes, change)
}

// save does what change does with inboxes that were just read.
func (d *Delivery) save(ctx context.Context, personIDs []string, boxes []*inbox.Inbox, change func(*inbox.Inbox)) ([]*inbox.Inbox, error) {
	var begun []string
	for range attempts {
		for _, box := range boxes {
			change(box)
			if box.Version == 0 && box.Changed() {
				begun = append(begun, box.PersonID)
			}
		}
		err := d.inboxes.Save(ctx, boxes)
		if err == nil {
			return boxes, d.forgetErased(ctx, begun, boxes)
		}
		if !errors.Is(err, mongodb.ErrConflict) {
			return nil, err
		}
		if boxes, err = d.inboxes.Load(ctx, personIDs...); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("changing %d inboxes, %d times in vain: %w", len(personIDs), attempts, mongodb.ErrConflict)
}

// settle asks the gate about everything that is due in the inboxes of the people, after prepare has changed them.
// cause says for each person what to name as the reason.
func (d *Delivery) settle(
	ctx context.Context, now time.Time, personIDs []string, prepare func(*inbox.Inbox), cause func(personID string) inbox.Cause,
) ([]*inbox.Inbox, error) {
	var known map[string]people.Person
	var byUnit map[string]string
	var boxes []*inbox.Inbox
	reads, reading := errgroup.WithContext(ctx) // a prompt waits for the slowest one only
	reads.Go(func() (err error) {
		if known, err = d.register.GetMany(reading, personIDs); err != nil {
			return fmt.Errorf("looking up %d people to be asked: %w", len(personIDs), err)
		}
		return nil
	})
	reads.Go(func() (err error) {
		boxes, err = d.inboxes.Load(reading, personIDs...)
		return err
	})
	reads.Go(func() (err error) {
		byUnit, err = d.calendars.ByUnit(reading, d.clock, d.register)
		return err
	})
	if err := reads.Wait(); err != nil {
		return nil, err
	}
	return d.save(ctx, personIDs, boxes, func(box *inbox.Inbox) {
		prepare(box)
		box.Settle(now, personOf(known, byUnit, box.PersonID), d.rules, cause(box.PersonID))
	})
}
