package main

import (
	"context"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// repeats is how a series comes again: on the days of a calendar, or so long after a day of each person's own.
type repeats struct {
	monthly bool
	// every is so many weeks or months, and times how often; 0 is without an end.
	every, times int
	// skip leaves out what falls on a day off, which is moved to the next working day otherwise.
	skip bool

	// own is the day of each person's own; unspecified for the calendar. after counts days, or months.
	own        momentsv1.Recurrence_PerPerson_Anchor
	after      int
	months     bool
	answerDays int
}

func (r repeats) perPerson() bool { return r.own != momentsv1.Recurrence_PerPerson_ANCHOR_UNSPECIFIED }

// due is the day on which somebody is asked whose day this is.
func (r repeats) due(own clock.Date) clock.Date {
	if r.months {
		return own.AddMonths(r.after)
	}
	return own.AddDays(r.after)
}

// days are those of the calendar from the first one to the last, as they are kept.
func (r repeats) days(first, last clock.Date) (kept []clock.Date) {
	for n := 0; r.times == 0 || n < r.times; n++ {
		day := first.AddDays(7 * r.every * n)
		if r.monthly {
			day = first.AddMonths(r.every * n)
		}
		if day.After(last) {
			break
		}
		if r.skip && companyOff(day) {
			continue
		}
		for companyOff(day) {
			day = day.AddDays(1)
		}
		if len(kept) == 0 || day.After(kept[len(kept)-1]) { // two that are moved to the same day are one
			kept = append(kept, day)
		}
	}
	return kept
}

// companyOff tells that the company does not work on a day.
func companyOff(day clock.Date) bool { return (facts{}).missing(day) != "" }

// told is the recurrence as Jalon is told it.
func (r repeats) told() *momentsv1.Recurrence {
	out := &momentsv1.Recurrence{AnswerDays: int32(r.answerDays)}
	if r.perPerson() {
		out.How = &momentsv1.Recurrence_PerPerson_{PerPerson: &momentsv1.Recurrence_PerPerson{Anchor: r.own, After: int32(r.after), Months: r.months}}
		return out
	}
	frequency := momentsv1.Recurrence_Calendar_FREQUENCY_WEEKLY
	if r.monthly {
		frequency = momentsv1.Recurrence_Calendar_FREQUENCY_MONTHLY
	}
	out.How = &momentsv1.Recurrence_Calendar_{Calendar: &momentsv1.Recurrence_Calendar{
		Frequency: frequency, Every: int32(r.every), By: momentsv1.Recurrence_Calendar_BY_DAY, SkipDaysOff: r.skip, Count: int32(r.times),
	}}
	return out
}

// mostSeries is how many series HR keeps going at once: each time they come is a campaign that weighs on everybody.
const mostSeries = 4

// serials lets HR begin a series now and then, and pause, resume, write anew or end one.
func (c *crowd) serials(ctx context.Context, b *books, t *tally) error {
	going := b.seriesGoing()
	if len(going) < mostSeries && c.oneIn(8) {
		return c.repeat(ctx, b, t)
	}
	if len(going) == 0 || !c.oneIn(10) {
		return nil
	}
	s := going[c.random.IntN(len(going))]
	if c.oneIn(4) {
		t.rewritten++
		s.draft.Reminders = proto.Int32(1 - s.draft.GetReminders()%2)
		_, err := c.launch(ctx, s.id, s.draft)
		return err
	}
	return c.lead(ctx, s.id, c.secondThought())
}

// repeat writes a series and launches it.
func (c *crowd) repeat(ctx context.Context, b *books, t *tally) error {
	a, draft := c.write()
	r := repeats{every: 1 + c.random.IntN(2), skip: c.oneIn(2), answerDays: 1 + c.random.IntN(6), monthly: c.oneIn(3)}
	if c.oneIn(4) {
		r.times = 2 + c.random.IntN(5)
	}
	if companyOff(a.on) && !r.monthly { // Sundays are all left out
		r.skip = false
	}
	if c.oneIn(2) {
		r = repeats{own: momentsv1.Recurrence_PerPerson_Anchor(1 + c.random.IntN(3)), after: 3 + c.random.IntN(12), answerDays: 2 + c.random.IntN(18)}
		switch r.own {
		case momentsv1.Recurrence_PerPerson_ANCHOR_ANSWER: // of few people who answered nothing is made
			a.unit, a.months = "", 0
		case momentsv1.Recurrence_PerPerson_ANCHOR_HIRE:
			r.months = c.oneIn(2)
			r.after += 25 // HR tells of most first days when they are behind
		}
	}
	a.repeats = &r
	draft.Audience, draft.On, draft.Recurrence = &momentsv1.Audience{UnitId: a.unit, MonthsFrom: int32(a.months)}, a.on.String(), r.told()
	launched, err := c.launch(ctx, a.id, draft)
	switch {
	case err != nil:
		return err
	case !launched:
		return b.broken(recurring, "HR may not launch series %s, which is complete (%+v, %+v)", a.id, *a, r)
	}
	b.series = append(b.series, newSeries(a, draft))
	t.series++
	return nil
}
