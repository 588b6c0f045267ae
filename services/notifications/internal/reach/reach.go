// Package reach says how people are reached: how many react, how many never do, how evenly they are written to, and by which channel. It
// knows people only while they are counted, and tells nothing of fewer than ten of them.
package reach

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
)

const (
	// Least is the least number of people, or of messages, behind a figure.
	Least = 10
	// Weeks is how many are looked back to: messages are forgotten soon after.
	Weeks = 12
	// spreadDays is of how many days the messages of a person are counted.
	spreadDays = 30
	// MostQuestions stands for as many and more.
	MostQuestions = 6
)

// Person is what is counted of one.
type Person struct {
	// UnitPath leads from the company down to the person's unit.
	UnitPath []string
	// Quiet tells that the person reacts to nothing.
	Quiet     bool
	Questions []Question
}

// Question is one that was shown to a person.
type Question struct {
	ShownAt               time.Time
	Seen, Reacted, Mailed bool
}

// Share is a part, as far as it may be told: in tens of percent, where 0 is under 10 % and 100 over 90 %.
type Share struct {
	Percent int
	Of      int
}

// Week is one of them.
type Week struct {
	From    clock.Date
	Reacted *Share
}

// Channel is how messages went out.
type Channel struct{ Reacted, Seen *Share }

// Unit is one right below the unit that is looked at.
type Unit struct {
	ID      string
	People  int
	Reacted *Share
}

// Figures are all that is told of a unit, on a day.
type Figures struct {
	People int
	// TooFew tells that nothing else is told.
	TooFew bool
	// Quiet is how many react to nothing, rounded down to tens; nil where there are too few on either side.
	Quiet *int
	Weeks []Week
	// Spread is to how many people so many questions were shown in the last thirty days.
	Spread       [MostQuestions + 1]int
	InApp, Email Channel
	Units        []Unit
}

// Count counts people of all units at once, up to a day: what may be told of one depends on those around it.
type Count struct {
	before time.Time
	monday clock.Date // of the first week
	// units are what was counted of each with all below it, everybody under the empty name.
	units map[string]*tally
}

// tally is what was counted of a unit.
type tally struct {
	// around are the units in which it is, everybody first, and the unit right above is the last.
	around []string

	people, quiet int
	weeks         [Weeks]part
	spread        [MostQuestions + 1]int
	inApp, email  struct{ reacted, seen part }
	// ever is of those to whom anything was shown.
	ever part
}

// part is some of all.
type part struct{ some, of int }

func (p *part) add(some bool) {
	p.of++
	if some {
		p.some++
	}
}

// New counts what happened before a day: the weeks before the one that it is in.
func New(before clock.Date) *Count {
	monday := before.AddDays(-(int(before.Weekday()+6) % 7))
	return &Count{before: before.In(time.UTC), monday: monday.AddDays(-7 * Weeks), units: map[string]*tally{"": {}}}
}

// Add counts a person.
func (c *Count) Add(p Person) {
	path := append([]string{""}, p.UnitPath...)
	for i, id := range path {
		t := c.units[id]
		if t == nil {
			t = &tally{around: path[:i]}
			c.units[id] = t
		}
		c.add(t, p)
	}
}

func (c *Count) add(t *tally, p Person) {
	t.people++
	if p.Quiet {
		t.quiet++
	}
	var asked, reacted [Weeks]bool
	var ever part
	recent := 0
	for _, q := range p.Questions {
		if !q.ShownAt.Before(c.before) {
			continue
		}
		if c.before.Sub(q.ShownAt) < spreadDays*24*time.Hour {
			recent++
		}
		if c.before.Sub(q.ShownAt) >= Weeks*7*24*time.Hour {
			continue
		}
		ever.add(q.Reacted)
		channel := &t.inApp
		if q.Mailed {
			channel = &t.email
		}
		channel.reacted.add(q.Reacted)
		channel.seen.add(q.Seen || q.Reacted) // whoever reacts has seen it, wherever that was
		if week := c.monday.DaysUntil(clock.DateOf(q.ShownAt, time.UTC)) / 7; week >= 0 && week < Weeks {
			asked[week] = true
			reacted[week] = reacted[week] || q.Reacted
		}
	}
	for week := range asked {
		if asked[week] {
			t.weeks[week].add(reacted[week])
		}
	}
	t.spread[min(recent, MostQuestions)]++
	if ever.of > 0 {
		t.ever.add(ever.some > 0)
	}
}

// Units are all of whom there are figures; the empty name is everybody.
func (c *Count) Units() []string { return slices.Sorted(maps.Keys(c.units)) }

// Figures are what may be told of a unit; everybody under the empty name.
func (c *Count) Figures(unitID string) Figures {
	t := c.units[unitID]
	if t == nil {
		return Figures{TooFew: true}
	}
	f := Figures{People: t.people, TooFew: t.people < Least}
	if f.TooFew {
		return f
	}
	if t.quiet >= Least && t.people-t.quiet >= Least && c.apart(t, func(t *tally) int { return t.people }) {
		tens := t.quiet / 10 * 10
		f.Quiet = &tens
	}
	for i := range t.weeks {
		f.Weeks = append(f.Weeks, Week{From: c.monday.AddDays(7 * i), Reacted: c.share(t, func(t *tally) part { return t.weeks[i] })})
	}
	f.Spread = t.spread
	f.InApp = Channel{
		c.share(t, func(t *tally) part { return t.inApp.reacted }), c.share(t, func(t *tally) part { return t.inApp.seen }),
	}
	f.Email = Channel{
		c.share(t, func(t *tally) part { return t.email.reacted }), c.share(t, func(t *tally) part { return t.email.seen }),
	}
	for id, u := range c.units {
		if u.below(unitID) {
			f.Units = append(f.Units, Unit{ID: id, People: u.people, Reacted: c.share(u, func(t *tally) part { return t.ever })})
		}
	}
	slices.SortFunc(f.Units, func(a, b Unit) int {
		if a.People != b.People {
			return b.People - a.People
		}
		return strings.Compare(a.ID, b.ID)
	})
	return f
}

// below tells that the unit is right below another. The company is the first of every path, and what is right below it is shown of everybody.
func (t *tally) below(unitID string) bool {
	n := len(t.around)
	return n > 1 && t.around[n-1] == unitID || n == 2 && unitID == ""
}

// share is what may be told of a part of a unit.
func (c *Count) share(t *tally, of func(*tally) part) *Share {
	if !c.apart(t, func(t *tally) int { return of(t).of }) {
		return nil
	}
	return of(t).share()
}

// apart tells that in none of the units around one are one to nine more than in it: the difference of two figures would tell of them.
func (c *Count) apart(t *tally, of func(*tally) int) bool {
	return !slices.ContainsFunc(t.around, func(id string) bool {
		rest := of(c.units[id]) - of(t)
		return rest > 0 && rest < Least
	})
}

// share is the part in tens of percent; nil where it is of too few. Neither nobody nor everybody is ever told: of a small group, both
// would tell of each of its people.
func (p part) share() *Share {
	if p.of < Least {
		return nil
	}
	percent := 100 * float64(p.some) / float64(p.of)
	switch {
	case percent < 10:
		return &Share{Percent: 0, Of: p.of}
	case percent > 90:
		return &Share{Percent: 100, Of: p.of}
	default:
		return &Share{Percent: int(math.Round(percent/10)) * 10, Of: p.of}
	}
}
