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
	"jalon.dev/pkg/suppression"
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
	// told are the units of which each figure may be told; nil until somebody asks.
	told []map[string]bool
}

// The figures are shares: one of each week, and these.
const (
	inAppReacted = Weeks + iota
	inAppSeen
	emailReacted
	emailSeen
	// ever is of those to whom anything was shown.
	ever
	// quiet is of everybody.
	quiet
	figures
)

// tally is what was counted of a unit.
type tally struct {
	// around are the units in which it is, everybody first, and the unit right above is the last.
	around []string

	figures [figures]part
	spread  [MostQuestions + 1]int
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
	c.told = nil
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
	t.figures[quiet].add(p.Quiet)
	var asked, reacted [Weeks]bool
	var shown part
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
		shown.add(q.Reacted)
		byReacted, bySeen := inAppReacted, inAppSeen
		if q.Mailed {
			byReacted, bySeen = emailReacted, emailSeen
		}
		t.figures[byReacted].add(q.Reacted)
		t.figures[bySeen].add(q.Seen || q.Reacted) // whoever reacts has seen it, wherever that was
		if week := c.monday.DaysUntil(clock.DateOf(q.ShownAt, time.UTC)) / 7; week >= 0 && week < Weeks {
			asked[week] = true
			reacted[week] = reacted[week] || q.Reacted
		}
	}
	for week := range asked {
		if asked[week] {
			t.figures[week].add(reacted[week])
		}
	}
	t.spread[min(recent, MostQuestions)]++
	if shown.of > 0 {
		t.figures[ever].add(shown.some > 0)
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
	everybody := t.figures[quiet]
	f := Figures{People: everybody.of, TooFew: everybody.of < Least}
	if f.TooFew {
		return f
	}
	if everybody.some >= Least && everybody.of-everybody.some >= Least && c.tells(unitID, quiet) {
		tens := everybody.some / 10 * 10
		f.Quiet = &tens
	}
	for i := range Weeks {
		f.Weeks = append(f.Weeks, Week{From: c.monday.AddDays(7 * i), Reacted: c.share(unitID, i)})
	}
	f.Spread = t.spread
	f.InApp = Channel{c.share(unitID, inAppReacted), c.share(unitID, inAppSeen)}
	f.Email = Channel{c.share(unitID, emailReacted), c.share(unitID, emailSeen)}
	for id, u := range c.units {
		if u.below(unitID) {
			f.Units = append(f.Units, Unit{ID: id, People: u.figures[quiet].of, Reacted: c.share(id, ever)})
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

// share is what may be told of a figure of a unit.
func (c *Count) share(unitID string, figure int) *Share {
	if !c.tells(unitID, figure) {
		return nil
	}
	return c.units[unitID].figures[figure].share()
}

// tells tells whether a figure of a unit may be told: those of the units around it, less it and others that are told, must not be of one
// to nine.
func (c *Count) tells(unitID string, figure int) bool {
	if c.told == nil {
		below := map[string][]string{}
		for id, t := range c.units {
			if n := len(t.around); n > 0 {
				below[t.around[n-1]] = append(below[t.around[n-1]], id)
			}
		}
		for figure := range figures {
			c.told = append(c.told, c.unit("", figure, below).Told(Least))
		}
	}
	return unitID == "" || c.told[figure][unitID]
}

// unit is one, with all below it, as a figure counts them.
func (c *Count) unit(id string, figure int, below map[string][]string) suppression.Unit {
	u := suppression.Unit{ID: id, People: c.units[id].figures[figure].of}
	for _, part := range below[id] {
		u.Below = append(u.Below, c.unit(part, figure, below))
	}
	return u
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
