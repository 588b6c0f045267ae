package due

import (
	"context"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/opening"
)

// KindAnniversaries is the agenda's word for the daily look for anniversaries.
const KindAnniversaries = "anniversaries"

// longestGap is how far back a look goes after the service was away: older anniversaries are past every grace.
const longestGap = 31

// Anniversaries opens the anniversaries of people's first days. One item a day looks for those of the day after, so that they
// are known before the day begins anywhere; a person needs no item, and a first day that is corrected is right by itself.
type Anniversaries struct {
	KeyMoments *mongostore.KeyMoments
	People     *people.Register
	Opener     opening.Opener
	Agenda     *agenda.Agenda
	Clock      clock.Clock
}

// Start makes sure that somebody looks. Starting again changes nothing.
func (a Anniversaries) Start(ctx context.Context) error {
	return a.Agenda.Schedule(ctx, look(clock.DateOf(a.Clock.Now(), time.UTC).AddDays(-1)))
}

// look is the item of a UTC day.
func look(day clock.Date) agenda.Item {
	return agenda.Item{
		ID: agenda.OccurrenceID(KindAnniversaries, "", day), Kind: KindAnniversaries, Subject: day.String(), Due: day.In(time.UTC),
	}
}

// Handle opens the anniversaries from the day after the item's until tomorrow, and plans the next look.
func (a Anniversaries) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	today := clock.DateOf(now, time.UTC)
	from := today
	outcomes := make([]agenda.Outcome, 0, len(items))
	for _, item := range items {
		day := clock.DateOf(item.Due, time.UTC)
		if day.Before(from) {
			from = day
		}
		outcomes = append(outcomes, agenda.Done(item.ID))
	}
	if earliest := today.AddDays(-longestGap); from.Before(earliest) {
		from = earliest
	}
	if err := a.open(ctx, now, from.AddDays(1), today.AddDays(1)); err != nil {
		return nil, err
	}
	return outcomes, a.Agenda.Schedule(ctx, look(today.AddDays(1)))
}

// open opens the anniversaries of the days from first to last.
func (a Anniversaries) open(ctx context.Context, now time.Time, first, last clock.Date) error {
	catalogue, err := a.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	km, ok := catalogue.Find(moment.Anniversary)
	if !ok {
		return nil
	}
	var moments []moment.Moment
	for p, err := range a.People.All(ctx) {
		if err != nil {
			return err
		}
		for year := first.Year; year <= last.Year; year++ {
			day := moment.AnniversaryIn(year, p.HiredOn)
			if p.HiredOn.IsZero() || year <= p.HiredOn.Year || day.Before(first) || day.After(last) || !p.Employed(day) {
				continue
			}
			who := moment.Person{ID: p.ID, UnitPath: p.UnitPath, Zone: p.Location()}
			if m := moment.Open(km, who, day, moment.Dated, now); len(m.FollowUps) > 0 {
				moments = append(moments, m)
			}
		}
	}
	if len(moments) == 0 {
		return nil
	}
	_, err = a.Opener.Open(ctx, "anniversaries/"+first.String()+"/"+last.String(), now, moments)
	return err
}
