// Package cell decides whose barometer ballots are counted together. A cell has at least a minimum of eligible people,
// so that a published figure never speaks of few; units that are too small vote with their parent.
//
// The package is pure, and what it returns depends on the set of units and people alone, never on their order.
package cell

import (
	"cmp"
	"slices"
)

// Minimum is the smallest number of people that a cell may have.
const Minimum = 10

// Unit is a node of the organisation.
type Unit struct {
	ID string
	// ParentID is empty for the company. A unit whose parent is not known counts as the company's own.
	ParentID string
}

// Cell is the people of some units, counted together.
type Cell struct {
	// UnitID is the unit that gives the cell its name: all others in it lie below, save where the company itself had
	// too few people left and took a whole cell in.
	UnitID string
	// Merged are the other units whose people vote here, in order of id.
	Merged []string
	// Eligible is how many people the cell has.
	Eligible int
}

// Divide divides the company into cells, in order of their unit's id. eligible counts each unit's own people, without
// those of the units below. It returns none when the whole company has fewer people than minimum.
//
// root is the company's unit; people of units that are not in units are counted as its own.
func Divide(root string, units []Unit, eligible map[string]int, minimum int) []Cell {
	division := division{
		children: tree(root, units),
		own:      own(root, units, eligible),
		minimum:  minimum,
	}
	rest := division.settle(root)
	cells := division.cells
	slices.SortFunc(cells, func(x, y Cell) int {
		return cmp.Or(cmp.Compare(x.Eligible, y.Eligible), cmp.Compare(x.UnitID, y.UnitID))
	})
	for rest.Eligible > 0 && rest.Eligible < minimum && len(cells) > 0 {
		rest = rest.with(cells[0], root)
		cells = cells[1:]
	}
	if rest.Eligible >= minimum {
		cells = append(cells, rest)
	}
	for i := range cells {
		slices.Sort(cells[i].Merged)
	}
	slices.SortFunc(cells, func(x, y Cell) int { return cmp.Compare(x.UnitID, y.UnitID) })
	return slices.Clip(cells)
}

type division struct {
	children map[string][]string
	own      map[string]int
	minimum  int
	cells    []Cell
}

// settle makes cells of everything below unit that is large enough, and returns the rest: the unit's own people and
// those below who are too few for a cell of their own. The company's rest is never made a cell here.
func (d *division) settle(unit string) Cell {
	rest := Cell{UnitID: unit, Eligible: d.own[unit]}
	for _, child := range d.children[unit] {
		below := d.settle(child)
		switch {
		case below.Eligible >= d.minimum:
			d.cells = append(d.cells, below)
		case below.Eligible > 0:
			rest = rest.with(below, unit)
		}
	}
	return rest
}

// with returns the cell of unit with the other cell's people added.
func (c Cell) with(other Cell, unit string) Cell {
	merged := slices.Concat(c.Merged, other.Merged)
	if other.UnitID != unit {
		merged = append(merged, other.UnitID)
	}
	return Cell{UnitID: unit, Merged: merged, Eligible: c.Eligible + other.Eligible}
}

// tree returns the children of each unit under one root, whatever loose ends and circles the units have.
func tree(root string, units []Unit) map[string][]string {
	parents := make(map[string]string, len(units))
	for _, u := range units {
		parents[u.ID] = u.ParentID
	}
	children := make(map[string][]string)
	for unit := range parents {
		if unit == root {
			continue
		}
		parent := parents[unit]
		if !reaches(root, unit, parents) {
			parent = root
		}
		children[parent] = append(children[parent], unit)
	}
	for _, below := range children {
		slices.Sort(below)
	}
	return children
}

// reaches tells whether going up from unit ends at the root. A unit above which a loose end or a circle lies does not.
func reaches(root, unit string, parents map[string]string) bool {
	for range len(parents) {
		if unit == root {
			return true
		}
		parent, known := parents[unit]
		if !known {
			return false
		}
		unit = parent
	}
	return unit == root
}

func own(root string, units []Unit, eligible map[string]int) map[string]int {
	known := make(map[string]bool, len(units))
	for _, u := range units {
		known[u.ID] = true
	}
	own := make(map[string]int, len(eligible))
	for unit, n := range eligible {
		if !known[unit] {
			unit = root
		}
		own[unit] += n
	}
	return own
}
