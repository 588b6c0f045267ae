package survey

import (
	"maps"
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/suppression"
)

// AnsweredByUnit is how many answers to one follow-up count by now, by unit, and of everybody under the empty id. They are those of Summarise, for
// all units from one pass: a unit of which nothing may be told is missing, and cannot be found as what the others leave.
func AnsweredByUnit(responses []Response, until clock.Date) map[string]int {
	parts := map[bool][]entry{}
	for i, r := range responses {
		parts[r.PersonID != ""] = append(parts[r.PersonID != ""], r.entry(i))
	}
	answered := map[string]int{}
	for _, entries := range parts {
		grown(entries, until, LeastForFigures).tell(answered)
	}
	return answered
}

// tell adds what was released of a group and of its parts.
func (g *group) tell(answered map[string]int) {
	for _, s := range g.steps {
		answered[g.id] += len(s.members)
	}
	for _, part := range g.parts {
		part.tell(answered)
	}
}

// People is how many people of a unit there are among cells, and of everybody where it is empty.
func People(cells []Cell, unitID string) (n int) {
	for _, c := range cells {
		if unitID == "" || slices.Contains(c.UnitPath, unitID) {
			n += c.N
		}
	}
	return n
}

// Told tells of which units something may be told of one survey, where it is told at once and exactly how many of all have answered: the
// rate of those who were asked in a unit, and what they said. Where everybody of the told units has answered, the rest of that number is how
// many of the others did. It depends on who was asked and not on who answered, so what was told once stays told.
func Told(asked []Cell) map[string]bool { return unitOf("", asked, 0).Told(LeastForFigures) }

// unitOf is the unit at a depth of the paths of cells, which lead into it.
func unitOf(id string, cells []Cell, depth int) suppression.Unit {
	u := suppression.Unit{ID: id, People: People(cells, "")}
	below := map[string][]Cell{}
	for _, c := range cells {
		if depth < len(c.UnitPath) {
			below[c.UnitPath[depth]] = append(below[c.UnitPath[depth]], c)
		}
	}
	for _, part := range slices.Sorted(maps.Keys(below)) {
		u.Below = append(u.Below, unitOf(part, below[part], depth+1))
	}
	return u
}
