// Package reach says how people are reached: how many react, how many never do, how evenly they are written to, and by which channel. It
// knows people only while they are counted, and tells nothing of fewer than ten of them.
package reach

import (
	"math"
	"slices"
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

// Count counts the people of a unit, the company where it is empty, up to a day.
type Count struct {
	unit   string
	before time.Time
	monday clock.Date // of the first week

	people, quiet int
	weeks         [Weeks]part
	spread        [MostQuestions + 1]int
	inApp, email  struct{ reacted, seen part }
	units         map[string]*unit
}

type unit struct {
	people int
	part   part
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
func New(unitID string, before clock.Date) *Count {
	monday := before.AddDays(-(int(before.Weekday()+6) % 7))
	return &Count{unit: unitID, before: before.In(time.UTC), monday: monday.AddDays(-7 * Weeks), units: map[string]*unit{}}
}

// Add counts a person.
func (c *Count) Add(p Person) {
	c.people++
	if p.Quiet {
		c.quiet++
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
		channel := &c.inApp
		if q.Mailed {
			channel = &c.email
		}
		channel.reacted.add(q.Reacted)
		channel.seen.add(q.Seen)
		if week := c.monday.DaysUntil(clock.DateOf(q.ShownAt, time.UTC)) / 7; week >= 0 && week < Weeks {
			asked[week] = true
			reacted[week] = reacted[week] || q.Reacted
		}
	}
	for week := range asked {
		if asked[week] {
			c.weeks[week].add(reacted[week])
		}
	}
	c.spread[min(recent, MostQuestions)]++
	c.addTo(c.below(p.UnitPath), ever)
}

// below is the unit right below the one that is looked at, in which the person is; empty for who is in none.
func (c *Count) below(path []string) string {
	at := 1 // the company is the first of every path, and what is right below it the second
	if c.unit != "" {
		at = slices.Index(path, c.unit) + 1
	}
	if at < len(path) {
		return path[at]
	}
	return ""
}

func (c *Count) addTo(id string, ever part) {
	if id == "" {
		return
	}
	u := c.units[id]
	if u == nil {
		u = &unit{}
		c.units[id] = u
	}
	u.people++
	if ever.of > 0 {
		u.part.add(ever.some > 0)
	}
}

// Figures are what may be told.
func (c *Count) Figures() Figures {
	f := Figures{People: c.people, TooFew: c.people < Least}
	if f.TooFew {
		return f
	}
	if c.quiet >= Least && c.people-c.quiet >= Least {
		tens := c.quiet / 10 * 10
		f.Quiet = &tens
	}
	for i, week := range c.weeks {
		f.Weeks = append(f.Weeks, Week{From: c.monday.AddDays(7 * i), Reacted: week.share()})
	}
	f.Spread = c.spread
	f.InApp = Channel{c.inApp.reacted.share(), c.inApp.seen.share()}
	f.Email = Channel{c.email.reacted.share(), c.email.seen.share()}
	for id, u := range c.units {
		f.Units = append(f.Units, Unit{ID: id, People: u.people, Reacted: u.part.share()})
	}
	slices.SortFunc(f.Units, func(a, b Unit) int {
		if a.People != b.People {
			return b.People - a.People
		}
		return slices.Compare([]byte(a.ID), []byte(b.ID))
	})
	return f
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
