package main

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// digest is what makes a reminder of talks one: for whom, about what, and the local day.
type digest struct {
	person, about string
	on            clock.Date
}

// daily are the matters of which people are told once a day for all their talks; of the others they are told as soon as the other one
// says something.
var daily = []string{"prepare", "tomorrow", "held", "late"}

// digesting checks what interviews asked people to be told since the last step, and what it took back.
func (b *books) digesting(ctx context.Context, client *mongo.Client, since time.Time) error {
	requested, err := b.newEvents(ctx, client, "interviews", &interviewsv1.RemindersRequested{}, since)
	if err != nil {
		return err
	}
	for _, ev := range requested {
		if err := b.remindersAsked(ev); err != nil {
			return err
		}
	}
	closed, err := b.newEvents(ctx, client, "interviews", &interviewsv1.RemindersClosed{}, since)
	if err != nil {
		return err
	}
	for _, ev := range closed {
		if err := b.remindersTakenBack(ev); err != nil {
			return err
		}
	}
	return nil
}

func (b *books) remindersAsked(ev event.Event) error {
	var msg interviewsv1.RemindersRequested
	if err := ev.Decode(&msg); err != nil {
		return err
	}
	for _, r := range msg.GetReminders() {
		b.kept(reminded)
		person, about := r.GetPersonId(), r.GetAbout()
		if a := b.asked[r.GetId()]; a == nil || a.person != person {
			return b.broken(accounted, "reminder %s (%s) was asked for %s at %s, and is in no inbox", r.GetId(), about, person, ev.Time)
		}
		b.wanted[r.GetId()] = person
		if !slices.Contains(daily, about) {
			continue
		}
		d := digest{person, about, clock.DateOf(ev.Time, b.people[person].Zone)}
		if twin, known := b.digests[d]; known && twin != r.GetId() {
			return b.broken(reminded, "%s is told %q twice on %s: %s and %s", person, about, d.on, twin, r.GetId())
		}
		b.digests[d] = r.GetId()
		f := b.people[person]
		if f.before == nil || ev.Time.Sub(f.changed) > 2*24*time.Hour {
			continue
		}
		// Whoever has just moved is still told by the clock that they left, on whose day it is.
		if left := (digest{person, about, clock.DateOf(ev.Time, f.before.Zone)}); b.digests[left] == "" {
			b.digests[left] = r.GetId()
		}
	}
	return nil
}

func (b *books) remindersTakenBack(ev event.Event) error {
	var msg interviewsv1.RemindersClosed
	if err := ev.Decode(&msg); err != nil {
		return err
	}
	for _, r := range msg.GetReminders() {
		b.kept(reminded)
		if a := b.asked[r.GetReminderId()]; a == nil || !a.ended() {
			return b.broken(reminded, "reminder %s of %s was taken back at %s, and its inbox has %+v", r.GetReminderId(), r.GetPersonId(), ev.Time, a)
		}
	}
	return nil
}

// remindedAt is when people are told what to do about their talks.
const remindedAt = clock.TimeOfDay(10 * 60)

// foretold checks that whoever has a talk tomorrow was told so today, where nothing was known at ten that stood against it. A manager is
// told on Mondays of those of the week together. Whoever moves to where it is past ten already is told at ten by the clock that they left,
// which is some hours later.
func (b *books) foretold() error {
	for _, c := range b.talks {
		if !b.takes(c.talkDoc) {
			continue
		}
		for _, person := range c.two() {
			f := b.people[person]
			zone := f.Zone
			today := clock.DateOf(b.read, zone)
			due := clock.LocalInstant(today, remindedAt, zone)
			together := person == c.ManagerID && today.Weekday() == time.Monday
			if today.DaysUntil(c.PlannedOn) != 1 || together || b.read.Before(due) || !c.since.Before(due) || b.awayOn(c.EmployeeID, today, due) {
				continue
			}
			if f.before != nil && !f.changed.Before(due) && b.read.Before(clock.LocalInstant(today, remindedAt, f.before.Zone)) {
				continue
			}
			b.kept(told)
			if b.digests[digest{person, "tomorrow", today}] == "" {
				return b.broken(told, "%s has a talk of %s with %s tomorrow, %s (%s), and is not told", person, c.EmployeeID, c.ManagerID, c.PlannedOn, c.Kind)
			}
		}
	}
	return nil
}

// awayOn tells that somebody is on leave on a day, or was by what was known at an instant of it.
func (b *books) awayOn(person string, day clock.Date, at time.Time) bool {
	f := b.people[person]
	return f.away(day) || f.before != nil && !f.changed.Before(at) && f.before.away(day)
}

// newEvents are the events of a kind that a service told since the instant and that were not read yet.
func (b *books) newEvents(ctx context.Context, client *mongo.Client, service string, kind proto.Message, since time.Time) ([]event.Event, error) {
	stored, err := all[keptDoc](ctx, in(client, service, "events"), bson.E{Key: "event.type", Value: string(kind.ProtoReflect().Descriptor().FullName())},
		bson.E{Key: "event.time", Value: bson.D{{Key: "$gte", Value: since}}})
	if err != nil {
		return nil, err
	}
	var events []event.Event
	for _, k := range stored {
		if !b.events[k.ID] {
			b.events[k.ID] = true
			events = append(events, k.Event)
		}
	}
	return events, nil
}
