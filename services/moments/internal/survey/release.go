package survey

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// What a survey needs before anything of it is shown.
const (
	// LeastForFigures is the least number of people behind any figure, and behind any change of one.
	LeastForFigures = 5
	// LeastForComments is the same for comments: of people asked, those who wrote nothing included.
	LeastForComments = 10
)

// Complete is the first local day that may still get answers somewhere on Earth; the days before it are complete.
func Complete(now time.Time) clock.Date { return clock.DateOf(now.Add(-12*time.Hour), time.UTC) }

// entry is somebody's part in a figure: where, on which day, and which of the responses.
type entry struct {
	path []string
	on   clock.Date
	at   int
}

// step is what the figures of a group grew by at once.
type step struct {
	on      clock.Date
	members []int
}

// release decides when answers begin to count in the figures of a unit (empty: of everybody). Figures grow in steps of at least
// so many people, at the end of a day, so that looking again after every answer tells nobody's. It goes through the days and
// through the whole tree, whatever unit is asked about, because figures can be subtracted from each other: a unit from the one
// around it, today's from yesterday's, and both. At each step of a group, those of its units step along that have enough new
// answers, and of whose steps the others cannot be found: what is left of the group without its units is of enough people or
// of none, and so is what that changed by. Where it would not be, the smallest unit waits.
//
// The result depends on the dated answers alone: it is the same for everybody, at every replica, and what was shown once is
// shown for ever. Nothing has to be noted down for it, so nothing is kept that would tell in which order people answered.
func release(entries []entry, unitID string, until clock.Date, least int) []step {
	return grown(entries, until, least).stepsOf(unitID)
}

// grown is everybody, with all units, once everything that may was released.
func grown(entries []entry, until clock.Date, least int) *group {
	byDay := map[clock.Date][]entry{}
	for _, e := range entries {
		if e.on.Before(until) {
			byDay[e.on] = append(byDay[e.on], e)
		}
	}
	root := &group{}
	for _, day := range slices.SortedFunc(maps.Keys(byDay), clock.Date.Compare) {
		for _, e := range byDay[day] {
			root.add(e)
		}
		if len(root.waiting) >= least {
			root.step(day, least)
		}
	}
	return root
}

// group is a unit, or everybody.
type group struct {
	id    string
	parts map[string]*group
	// waiting are the answers since its last step, recent how many of them came since the last step of the group around it.
	waiting []int
	recent  int
	// apart counts what was released for it and for none of its parts.
	apart int
	steps []step
}

func (g *group) add(e entry) {
	g.waiting = append(g.waiting, e.at)
	for _, id := range e.path {
		part := g.parts[id]
		if part == nil {
			part = &group{id: id}
			if g.parts == nil {
				g.parts = map[string]*group{}
			}
			g.parts[id] = part
		}
		part.waiting = append(part.waiting, e.at)
		part.recent++
		g = part
	}
}

// step releases what waits in the group, and in those of its parts that may step along.
func (g *group) step(day clock.Date, least int) {
	grown := len(g.waiting)
	g.steps = append(g.steps, step{day, g.waiting})
	g.waiting = nil

	var along []*group
	for _, part := range g.parts {
		if len(part.waiting) >= least {
			along = append(along, part)
		}
	}
	slices.SortFunc(along, func(a, b *group) int {
		return cmp.Or(cmp.Compare(len(b.waiting), len(a.waiting)), cmp.Compare(a.id, b.id))
	})
	enough := func(n int) bool { return n == 0 || n >= least }
	for {
		entering, leaving := grown, 0
		for _, part := range along {
			entering -= part.recent
			leaving += len(part.waiting) - part.recent
		}
		if apart := g.apart + entering - leaving; enough(entering+leaving) && enough(apart) {
			g.apart = apart
			break
		}
		along = along[:len(along)-1] // with none left, everything enters, and that is enough
	}
	for _, part := range g.parts {
		part.recent = 0
	}
	for _, part := range along {
		part.step(day, least)
	}
}

// stepsOf collects the steps of a unit, which may have been moved in the tree.
func (g *group) stepsOf(unitID string) []step {
	if g.id == unitID {
		return g.steps
	}
	var steps []step
	for _, id := range slices.Sorted(maps.Keys(g.parts)) {
		steps = append(steps, g.parts[id].stepsOf(unitID)...)
	}
	return steps
}
