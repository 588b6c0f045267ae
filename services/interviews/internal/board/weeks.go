package board

import (
	"context"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/services/interviews/internal/mongostore"
)

// KindWeek is the kind of agenda items that keep a week's figures, on the Monday after it.
const KindWeek = "rhythm-week"

// Weeks keeps how many people had met their manager at the end of each week.
type Weeks struct {
	Board  *Board
	Trends *mongostore.Trends
	Agenda *agenda.Agenda
	Clock  clock.Clock
}

// Start plans the next week's figures. It may be called again.
func (w Weeks) Start(ctx context.Context) error {
	return w.plan(ctx, clock.DateOf(w.Clock.Now(), time.UTC))
}

// Handle keeps the figures of the week that ended, and plans the next.
func (w Weeks) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	figures, err := w.Board.count(ctx, now)
	if err != nil {
		return nil, err
	}
	monday := mondayOf(clock.DateOf(now, time.UTC))
	weeks := make(map[string]mongostore.Week, len(figures.Units))
	for id, counts := range figures.Units {
		weeks[id] = mongostore.Week{Monday: monday, People: counts.People, Met: counts.Met}
	}
	if err := w.Trends.Keep(ctx, weeks); err != nil {
		return nil, err
	}
	if err := w.plan(ctx, clock.DateOf(now, time.UTC)); err != nil {
		return nil, err
	}
	return agenda.DoneAll(items), nil
}

func (w Weeks) plan(ctx context.Context, today clock.Date) error {
	next := mondayOf(today).AddDays(7)
	return w.Agenda.Schedule(ctx, agenda.Item{
		ID: agenda.OccurrenceID(KindWeek, "", next), Kind: KindWeek, Local: &agenda.LocalTime{Date: next, Time: 4 * 60, Zone: "UTC"},
	})
}

// mondayOf is the Monday of the day's week.
func mondayOf(day clock.Date) clock.Date {
	return day.AddDays(-((int(day.Weekday()) + 6) % 7))
}
