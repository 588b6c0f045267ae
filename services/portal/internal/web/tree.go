package web

import (
	"cmp"
	"slices"
	"strings"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/page"
)

// inTreeOrder puts each cell under the one above it, siblings by name.
func inTreeOrder(cells []*barometerv1.Cell) []*barometerv1.Cell {
	names := map[string]string{}
	for _, cell := range cells {
		names[cell.GetUnitId()] = cell.GetUnitName()
	}
	keys := map[string][]string{}
	for _, cell := range cells {
		for _, unit := range cell.GetUnitPath() {
			// A unit above that has no cell itself still holds its branch together, by its id.
			keys[cell.GetUnitId()] = append(keys[cell.GetUnitId()], strings.ToLower(cmp.Or(names[unit], unit))+"\x00"+unit)
		}
	}
	sorted := slices.Clone(cells)
	slices.SortStableFunc(sorted, func(a, b *barometerv1.Cell) int {
		return slices.Compare(keys[a.GetUnitId()], keys[b.GetUnitId()])
	})
	return sorted
}

// unitChoices lists the units that a filter offers, each under the one above it. Teams are left out: a list of hundreds
// helps nobody, and most teams are under the threshold.
func unitChoices(units []*directoryv1.Unit, chosen string) []page.Choice {
	children := map[string][]*directoryv1.Unit{}
	known := map[string]bool{}
	for _, unit := range units {
		known[unit.GetId()] = true
	}
	for _, unit := range units {
		parent := unit.GetParentId()
		if !known[parent] {
			parent = ""
		}
		children[parent] = append(children[parent], unit)
	}
	var choices []page.Choice
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		below := children[parent]
		slices.SortFunc(below, func(a, b *directoryv1.Unit) int { return cmp.Compare(a.GetName(), b.GetName()) })
		for _, unit := range below {
			if unit.GetKind() == "team" || unit.GetId() == parent {
				continue
			}
			if depth > 0 { // the company itself is the filter's "all"
				choices = append(choices, page.Choice{
					Value: unit.GetId(), Label: strings.Repeat("\u2003", depth-1) + unit.GetName(), Chosen: unit.GetId() == chosen,
				})
			}
			if depth < maxDepth {
				walk(unit.GetId(), depth+1)
			}
		}
	}
	walk("", 0)
	return choices
}

// maxDepth ends the walk in a tree that is none.
const maxDepth = 12
