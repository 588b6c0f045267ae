package survey

import (
	"slices"

	"jalon.dev/pkg/clock"
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
