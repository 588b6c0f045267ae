// Package board counts how the talks of units go: how many people met their manager lately, how many talks are late, how often
// managers congratulate and reframe. It knows dates, never what was said.
package board

import (
	"context"
	"sync"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"
)

// fresh is how old figures on the screen may be.
const fresh = time.Minute

// lateDays is by how many days a talk is late before it counts as such.
const lateDays = 7

// Counts are those of a unit and all units below it.
type Counts struct {
	// People should have talks: they are employed for a rhythm at least, have a manager, and are not on leave.
	People int `bson:"people"`
	// Met are those of them who met their manager within the rhythm of their unit.
	Met int `bson:"met"`
	// Late are those of them whose talk is late by more than a week.
	Late int `bson:"late"`

	managers        map[string]bool
	congratulations int
	reframings      int
}

// Managers is how many managers of people in the unit there are.
func (c Counts) Managers() int { return len(c.managers) }

// Figures are the counts of every unit at one time.
type Figures struct {
	AsOf  time.Time
	Units map[string]Counts
}

// Board counts. What it counted is kept for a while: many look at it, and it changes slowly.
type Board struct {
	talks    *mongostore.Store
	settings *mongostore.Settings
	clock    clock.Clock

	mu      sync.Mutex
	figures Figures
}

// New returns a board that counts what is in the stores.
func New(talks *mongostore.Store, settings *mongostore.Settings, clk clock.Clock) *Board {
	return &Board{talks: talks, settings: settings, clock: clk}
}

// Figures returns the counts of every unit, at most a minute old.
func (b *Board) Figures(ctx context.Context) (Figures, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if age := now.Sub(b.figures.AsOf); b.figures.Units != nil && age >= 0 && age < fresh {
		return b.figures, nil
	}
	figures, err := b.count(ctx, now)
	if err == nil {
		b.figures = figures
	}
	return figures, err
}

func (b *Board) count(ctx context.Context, now time.Time) (Figures, error) {
	rhythms, err := b.settings.Rhythms(ctx)
	if err != nil {
		return Figures{}, err
	}
	tally := tally{}
	for t, err := range b.talks.Rhythm(ctx) {
		if err != nil {
			return Figures{}, err
		}
		tally.planned(t, now, mongostore.RhythmOf(rhythms, t.UnitPath))
	}
	year := clock.DateOf(now, time.UTC).AddYears(-1)
	for t, err := range b.talks.HeldSince(ctx, year, talk.Congratulation, talk.Reframing) {
		if err != nil {
			return Figures{}, err
		}
		tally.held(t)
	}
	return Figures{AsOf: now, Units: tally.units()}, nil
}

// tally adds talks up by unit.
type tally map[string]*Counts

func (y tally) unit(id string) *Counts {
	if y[id] == nil {
		y[id] = &Counts{managers: map[string]bool{}}
	}
	return y[id]
}

func (y tally) planned(t talk.Talk, now time.Time, rhythm int) {
	if rhythm == 0 {
		rhythm = talk.Rhythm
	}
	today := clock.DateOf(now, t.Location())
	gone := !t.LastDay.IsZero() && t.LastDay.Before(today)
	if t.ManagerID == "" || gone || t.Away(today) {
		return
	}
	counts := !t.HiredOn.AddDays(rhythm).After(today)
	met := !t.LastHeldOn.IsZero() && !t.LastHeldOn.AddDays(rhythm).Before(today)
	late := t.LateDays(today) > lateDays
	for _, id := range t.UnitPath {
		unit := y.unit(id)
		unit.managers[t.ManagerID] = true
		if !counts {
			continue
		}
		unit.People++
		if met {
			unit.Met++
		}
		if late {
			unit.Late++
		}
	}
}

func (y tally) held(t talk.Talk) {
	for _, id := range t.UnitPath {
		unit := y.unit(id)
		if t.Kind == talk.Congratulation {
			unit.congratulations++
		} else {
			unit.reframings++
		}
	}
}

func (y tally) units() map[string]Counts {
	units := make(map[string]Counts, len(y))
	for id, counts := range y {
		units[id] = *counts
	}
	return units
}
