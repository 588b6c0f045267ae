// Package reminding tells people what to do about their talks, grouped by matter: one message for all the talks that a manager is to
// prepare in a week. Whether and when a reminder reaches somebody, notifications decides.
//
// Each person has at most one item in the agenda per day and time zone, and of the days ahead only the next one on which there is
// something to tell: when it fires, it is decided from the talks as they are then, and the next day is planned. A talk that moved, was
// held or called off meanwhile is therefore told of as it is, or not at all.
package reminding

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// Kind is the kind of agenda items that remind a person.
const Kind = "reminder"

// at is when people are reminded, in their own time.
const at = clock.TimeOfDay(10 * 60)

// Reminding reminds.
type Reminding struct {
	talks  *mongostore.Store
	texts  *mongostore.Texts
	told   *mongostore.Reminders
	people *people.Register
	agenda *agenda.Agenda
	relay  *outbox.Relay
	clock  clock.Clock
}

// New wires it; it owns none of what it is given.
func New(db *mongo.Database, texts *mongostore.Texts, planned *agenda.Agenda, relay *outbox.Relay, clk clock.Clock) *Reminding {
	return &Reminding{
		talks: mongostore.New(db), texts: texts, told: mongostore.NewReminders(db), people: people.NewRegister(db), agenda: planned, relay: relay,
		clock: clk,
	}
}

// Expect plans the first day on which each of the two of the talks is to be told something. Planning it again changes nothing.
func (r *Reminding) Expect(ctx context.Context, talks []talk.Talk) error {
	if len(talks) == 0 {
		return nil
	}
	var concerned []string
	for _, t := range talks {
		concerned = append(concerned, t.EmployeeID, t.ManagerID)
	}
	zones, err := r.zones(ctx, concerned)
	if err != nil {
		return err
	}
	now := r.clock.Now()
	days := days{}
	for _, t := range talks {
		for _, personID := range [...]string{t.EmployeeID, t.ManagerID} {
			zone := zones.of(personID, t)
			yesterday := clock.DateOf(now, zone).AddDays(-1)
			if clock.TimeOfDayOf(now, zone) >= at {
				yesterday = yesterday.AddDays(1)
			}
			days.add(t, personID, yesterday, zone)
		}
	}
	return r.plan(ctx, days)
}

// zones are where people are: a manager may have talks in other time zones than their own.
type zones map[string]*time.Location

func (r *Reminding) zones(ctx context.Context, personIDs []string) (zones, error) {
	slices.Sort(personIDs)
	known, err := r.people.GetMany(ctx, slices.Compact(personIDs))
	if err != nil {
		return nil, err
	}
	where := make(zones, len(known))
	for id, person := range known {
		where[id] = person.Location()
	}
	return where, nil
}

// of is the person's zone; the talk's for somebody of whom nothing is known yet.
func (z zones) of(personID string, t talk.Talk) *time.Location {
	if zone, known := z[personID]; known {
		return zone
	}
	return t.Location()
}

// Forget removes what is kept of people.
func (r *Reminding) Forget(ctx context.Context, personIDs []string) error {
	if err := r.told.Forget(ctx, personIDs); err != nil {
		return err
	}
	return r.agenda.Forget(ctx, personIDs...)
}

// days are the first day on which each person is to be told something, and the zone in which it is that day.
type days map[string]struct {
	on   clock.Date
	zone *time.Location
}

func (d days) add(t talk.Talk, personID string, after clock.Date, zone *time.Location) {
	on, ok := t.NextMatter(personID, after)
	if !ok {
		return
	}
	if known, planned := d[personID]; planned && !on.Before(known.on) {
		return
	}
	d[personID] = struct {
		on   clock.Date
		zone *time.Location
	}{on, zone}
}

func (r *Reminding) plan(ctx context.Context, days days) error {
	items := make([]agenda.Item, 0, len(days))
	for personID, day := range days {
		zone := day.zone.String() // whoever moves to another has items in both; they tell the same under the same ids
		items = append(items, agenda.Item{
			ID: agenda.OccurrenceID(Kind+" in "+zone, personID, day.on), Kind: Kind, Subject: personID,
			Local: &agenda.LocalTime{Date: day.on, Time: at, Zone: zone},
		})
	}
	if len(items) == 0 {
		return nil
	}
	slices.SortFunc(items, func(x, y agenda.Item) int { return x.Due.Compare(y.Due) })
	if err := r.agenda.Schedule(ctx, items...); err != nil {
		return fmt.Errorf("planning %d reminders: %w", len(items), err)
	}
	return nil
}

// Handle reminds the people of the items and plans their next days. An item that comes late, because the service was away, tells what
// there is to tell on the day on which it comes.
func (r *Reminding) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	if err := r.remind(ctx, now, items); err != nil {
		return nil, err
	}
	return agenda.DoneAll(items), nil
}

func (r *Reminding) remind(ctx context.Context, now time.Time, items []agenda.Item) error {
	subjects := make([]string, len(items))
	for i, item := range items {
		subjects[i] = item.Subject
	}
	own, err := r.talks.PlannedOf(ctx, subjects...)
	if err != nil {
		return err
	}
	with, err := r.talks.PlannedWith(ctx, subjects...)
	if err != nil {
		return err
	}
	byPerson := make(map[string][]talk.Talk, len(subjects))
	for _, t := range own {
		byPerson[t.EmployeeID] = append(byPerson[t.EmployeeID], t)
	}
	for _, t := range with {
		byPerson[t.ManagerID] = append(byPerson[t.ManagerID], t)
	}
	prepared, err := r.prepared(ctx, own, with)
	if err != nil {
		return err
	}
	zones, err := r.zones(ctx, subjects)
	if err != nil {
		return err
	}
	var due []mongostore.Reminder
	next := days{}
	for _, item := range items {
		today := dayOf(item, now)
		due = append(due, digest(item.Subject, byPerson[item.Subject], today, prepared)...)
		for _, t := range byPerson[item.Subject] {
			next.add(t, item.Subject, today, zones.of(item.Subject, t))
		}
	}
	if err := r.request(ctx, now, due); err != nil {
		return err
	}
	return r.plan(ctx, next)
}

// dayOf is the local day on which an item is handled: its own, or a later one where it comes late.
func dayOf(item agenda.Item, now time.Time) clock.Date {
	if item.Local == nil {
		return clock.DateOf(now, time.UTC)
	}
	zone, err := clock.Zone(item.Local.Zone)
	if err != nil {
		zone = time.UTC
	}
	return clock.DateOf(now, zone)
}

// prepared tells who has shared what they prepared, by talk and person: nobody is reminded of what is done.
func (r *Reminding) prepared(ctx context.Context, lists ...[]talk.Talk) (map[string]bool, error) {
	var ids []string
	for _, t := range slices.Concat(lists...) {
		ids = append(ids, t.ID)
	}
	written, err := r.texts.Written(ctx, ids)
	if err != nil {
		return nil, err
	}
	prepared := map[string]bool{}
	for _, text := range written {
		if !text.SharedAt.IsZero() {
			prepared[text.TalkID+text.AuthorID] = true
		}
	}
	return prepared, nil
}

// digest is what a person is told on a day: how many talks, by matter.
func digest(personID string, talks []talk.Talk, today clock.Date, prepared map[string]bool) []mongostore.Reminder {
	counts := map[talk.Matter]int{}
	until := map[talk.Matter]time.Time{}
	for _, t := range talks {
		matter := t.Matter(personID, today)
		if matter == "" || matter == talk.Prepare && prepared[t.ID+personID] {
			continue
		}
		counts[matter]++
		end := t.Begins()
		if matter == talk.Happened || matter == talk.Late {
			end = today.AddDays(7).In(t.Location())
		}
		if end.After(until[matter]) {
			until[matter] = end
		}
	}
	var due []mongostore.Reminder
	for _, matter := range talk.Daily() {
		if counts[matter] > 0 {
			due = append(due, mongostore.Reminder{
				ID: event.ID(Kind, personID, string(matter), today.String()), PersonID: personID, Matter: matter, Count: counts[matter],
				Until: until[matter],
			})
		}
	}
	return due
}

// most is how many reminders an event may ask for.
const most = 1000

// request asks for the reminders. They are noted first, so that they can be closed; asking again under the same ids is harmless.
func (r *Reminding) request(ctx context.Context, now time.Time, due []mongostore.Reminder) error {
	if len(due) == 0 {
		return nil
	}
	if err := r.told.Note(ctx, due); err != nil {
		return err
	}
	for part := range slices.Chunk(due, most) {
		msg := &interviewsv1.RemindersRequested{}
		ids := []string{"requested"}
		for _, d := range part {
			ids = append(ids, d.ID)
			msg.Reminders = append(msg.Reminders, &interviewsv1.Reminder{
				Id: d.ID, PersonId: d.PersonID, About: string(d.Matter), Count: int32(d.Count), ExpiresAt: d.Until.UTC().Format(time.RFC3339),
			})
		}
		ev, err := event.NewKeyed(ctx, "interviews", "", event.ID(ids...), now, msg)
		if err != nil {
			return fmt.Errorf("asking for %d reminders: %w", len(part), err)
		}
		if err := r.relay.Append(ctx, ev); err != nil {
			return fmt.Errorf("asking for %d reminders: %w", len(part), err)
		}
	}
	return nil
}
