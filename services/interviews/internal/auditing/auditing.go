// Package auditing has everybody asked, every four months and in confidence, how many talks they had, and compares what they say
// with what was recorded. moments asks and keeps the answers; here only sums over units arrive.
package auditing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

const (
	// Kind is the kind of agenda items that start an audit.
	Kind = "audit"
	// months lie between two audits, and are what they ask about.
	months = 4
	// settled is for how many days an employee must have been there to be asked: two rhythms.
	settled = 2 * talk.Rhythm
	// most is how many people an event may name, and about how many units moments is asked at once.
	most = 1000
)

// Audits starts them.
type Audits struct {
	Talks  *mongostore.Store
	Audits *mongostore.Audits
	People *people.Register
	Agenda *agenda.Agenda
	Relay  *outbox.Relay
	Clock  clock.Clock
}

// Start plans the next audit. It may be called again.
func (a Audits) Start(ctx context.Context) error {
	return a.plan(ctx, clock.DateOf(a.Clock.Now(), time.UTC))
}

// After is the day of the first audit after the day: the second Tuesday of February, June and October, away from holidays and from
// the days on which people are best left alone.
func After(day clock.Date) clock.Date {
	for month := (clock.Date{Year: day.Year, Month: day.Month, Day: 1}); ; month = month.AddMonths(1) {
		if month.Month%months != 2 {
			continue
		}
		tuesday := month.AddDays((int(time.Tuesday-month.Weekday())+7)%7 + 7)
		if tuesday.After(day) {
			return tuesday
		}
	}
}

func (a Audits) plan(ctx context.Context, today clock.Date) error {
	on := After(today)
	return a.Agenda.Schedule(ctx, agenda.Item{
		ID: agenda.OccurrenceID(Kind, "", on), Kind: Kind, Local: &agenda.LocalTime{Date: on, Time: 3 * 60, Zone: "UTC"},
		Data: map[string]string{"on": on.String()},
	})
}

// Handle has those who are to be asked asked, keeps what was recorded of them, and plans the next audit. Doing it again asks nobody
// twice.
func (a Audits) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	for _, item := range items {
		on, err := clock.ParseDate(item.Data["on"])
		if err != nil {
			return nil, fmt.Errorf("starting an audit: %w", err)
		}
		if err := a.start(ctx, on, now); err != nil {
			return nil, err
		}
	}
	return agenda.DoneAll(items), a.plan(ctx, clock.DateOf(now, time.UTC))
}

func (a Audits) start(ctx context.Context, on clock.Date, now time.Time) error {
	since := on.AddMonths(-months)
	held := map[string]int{}
	for t, err := range a.Talks.HeldSince(ctx, since, talk.EI2D) {
		if err != nil {
			return err
		}
		if t.HeldOn.Before(on) {
			held[t.EmployeeID]++
		}
	}
	var asked []string
	units := map[string]mongostore.Recorded{}
	for p, err := range a.People.All(ctx) {
		if err != nil {
			return err
		}
		if !asks(p, on) {
			continue
		}
		asked = append(asked, p.ID)
		for _, unit := range p.UnitPath {
			sum := units[unit]
			sum.People++
			sum.Held += held[p.ID]
			units[unit] = sum
		}
	}
	if err := a.Audits.Keep(ctx, mongostore.Audit{On: on, Since: since}, units); err != nil {
		return err
	}
	if err := a.tell(ctx, on, now, asked); err != nil {
		return err
	}
	return planResults(ctx, a.Agenda, on, on)
}

// asks tells whether somebody is to be asked.
func asks(p people.Person, on clock.Date) bool {
	return p.ManagerID != "" && p.ManagerID != p.ID && p.Employed(on) && !p.Away(on) && !p.HiredOn.AddDays(settled).After(on)
}

// tell says whom to ask, in an order of its own: done again, it tells the same events.
func (a Audits) tell(ctx context.Context, on clock.Date, now time.Time, asked []string) error {
	slices.Sort(asked)
	var events []event.Event
	for part := range slices.Chunk(asked, most) {
		ev, err := event.NewKeyed(ctx, "interviews", "", event.ID(append(part[:len(part):len(part)], on.String())...), now,
			&interviewsv1.AuditDue{AuditOn: on.String(), PersonIds: part})
		if err != nil {
			return fmt.Errorf("starting the audit of %s: %w", on, err)
		}
		events = append(events, ev)
	}
	if len(events) == 0 {
		return nil
	}
	if err := a.Relay.Append(ctx, events...); err != nil {
		return fmt.Errorf("starting the audit of %s: %w", on, err)
	}
	return nil
}
