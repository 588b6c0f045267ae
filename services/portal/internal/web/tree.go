package web

import (
	"cmp"
	"slices"
	"strings"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// inTreeOrder puts each cell under the one above it, siblings by name.
func inTreeOrder(words *i18n.Words, cells []*barometerv1.Cell) []*barometerv1.Cell {
	names := map[string]string{}
	for _, cell := range cells {
		names[cell.GetUnitId()] = cell.GetUnitName()
	}
	type name struct{ key, id string }
	paths, keys := map[string][]name{}, map[string]string{}
	for _, cell := range cells {
		for _, unit := range cell.GetUnitPath() {
			if keys[unit] == "" { // a unit above that has no cell itself still holds its branch together, by its id
				keys[unit] = words.Key(cmp.Or(names[unit], unit))
			}
			paths[cell.GetUnitId()] = append(paths[cell.GetUnitId()], name{keys[unit], unit})
		}
	}
	sorted := slices.Clone(cells)
	slices.SortStableFunc(sorted, func(a, b *barometerv1.Cell) int {
		return slices.CompareFunc(paths[a.GetUnitId()], paths[b.GetUnitId()], func(one, other name) int {
			return cmp.Or(cmp.Compare(one.key, other.key), cmp.Compare(one.id, other.id))
		})
	})
	return sorted
}

// unitChoices lists the units that a filter offers, each under the one above it. Teams are left out: a list of hundreds
// helps nobody, and most teams are under the threshold. So is the company: it is the filter's "all".
func unitChoices(words *i18n.Words, units []*directoryv1.Unit, chosen string) []page.Choice {
	var choices []page.Choice
	walkUnits(words, units, func(unit *directoryv1.Unit, depth int) {
		if unit.GetKind() != "team" && depth > 0 {
			choices = append(choices, unitChoice(unit, depth-1, chosen))
		}
	})
	return choices
}

// teamChoices are all units to choose from, the company first and each above what is below it.
func teamChoices(words *i18n.Words, units []*directoryv1.Unit, chosen string) []page.Choice {
	var choices []page.Choice
	walkUnits(words, units, func(unit *directoryv1.Unit, depth int) { choices = append(choices, unitChoice(unit, depth, chosen)) })
	return choices
}

func unitChoice(unit *directoryv1.Unit, depth int, chosen string) page.Choice {
	return page.Choice{
		Value: unit.GetId(), Label: strings.Repeat("\u2003", depth) + unit.GetName(), Chosen: unit.GetId() == chosen,
	}
}

// walkUnits visits each unit above what is below it: siblings by name, teams before units that hold more, so that they stay
// with what they belong to. A unit whose parent is not listed is at the top.
func walkUnits(words *i18n.Words, units []*directoryv1.Unit, visit func(unit *directoryv1.Unit, depth int)) {
	known, keys, children := map[string]bool{}, make(map[*directoryv1.Unit]string, len(units)), map[string][]*directoryv1.Unit{}
	for _, unit := range units {
		known[unit.GetId()], keys[unit] = true, words.Key(unit.GetName())
	}
	for _, unit := range units {
		parent := unit.GetParentId()
		if !known[parent] || parent == unit.GetId() {
			parent = ""
		}
		children[parent] = append(children[parent], unit)
	}
	rank := func(unit *directoryv1.Unit) int {
		if unit.GetKind() == "team" {
			return 0
		}
		return 1
	}
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		below := children[parent]
		slices.SortFunc(below, func(a, b *directoryv1.Unit) int {
			return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(keys[a], keys[b]))
		})
		for _, unit := range below {
			visit(unit, depth)
			if depth < len(units) { // a tree that is none ends too
				walk(unit.GetId(), depth+1)
			}
		}
	}
	walk("", 0)
}
