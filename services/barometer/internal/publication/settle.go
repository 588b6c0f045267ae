package publication

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jalon.dev/services/barometer/internal/cell"
)

// settling is cells while ballots move between them.
type settling struct {
	cells map[string]*Cell
	least int
	moved map[string]string
}

// settle counts the ballots of cells in which fewer than least were cast with those of a cell above, as package cell says. A company's
// cell that is still too small takes the smallest others in.
//
// It returns the cells as they are then, and for each that has no ballots the unit with which its people are counted. There must be
// enough ballots for one cell. At the close of an edition most was moved before this, where ballots wait (see package running); what is
// left is the case in which no cell at all has enough.
func settle(cells []Cell, least int) ([]Cell, map[string]string) {
	s := settling{cells: make(map[string]*Cell, len(cells)), least: least, moved: map[string]string{}}
	cast := make([]cell.Cast, 0, len(cells))
	for _, c := range cells {
		s.cells[c.UnitID] = &c
		cast = append(cast, cell.Cast{UnitID: c.UnitID, Path: c.Path, Ballots: c.ballots()})
	}
	company := cells[0].Path[0]
	few := cell.TooFew(cast, least)
	for _, from := range slices.Sorted(maps.Keys(few)) {
		if to := few[from]; s.cells[to] == nil { // the company's
			s.cells[to] = &Cell{UnitID: to, Path: []string{to}}
		}
		s.move(from, few[from])
	}
	for s.few(company) {
		smallest, found := s.smallest(company)
		if !found {
			break
		}
		s.move(smallest, company)
	}
	settled := make([]Cell, 0, len(s.cells))
	for _, c := range s.cells {
		settled = append(settled, *c)
	}
	slices.SortFunc(settled, func(x, y Cell) int { return strings.Compare(x.UnitID, y.UnitID) })
	return settled, s.countedWith(settled)
}

func (s settling) has(unit string) bool {
	return s.cells[unit] != nil && len(s.cells[unit].Ballots) > 0
}

func (s settling) few(unit string) bool { return s.has(unit) && s.cells[unit].ballots() < s.least }

func (s settling) move(from, to string) {
	source, target := s.cells[from], s.cells[to]
	target.Ballots = slices.Concat(target.Ballots, source.Ballots) // what was given stays as it was
	target.Comments = slices.Concat(target.Comments, source.Comments)
	source.Ballots, source.Comments = nil, nil
	s.moved[from] = to
}

// smallest is the cell with fewest ballots, but for the company's; of several the first by id.
func (s settling) smallest(company string) (smallest string, found bool) {
	for unit := range s.cells {
		if unit == company || !s.has(unit) {
			continue
		}
		if !found || cmp.Or(cmp.Compare(len(s.cells[unit].Ballots), len(s.cells[smallest].Ballots)), cmp.Compare(unit, smallest)) < 0 {
			smallest, found = unit, true
		}
	}
	return smallest, found
}

// countedWith says with which cell the people of cells without ballots are counted: the one to which their ballots went, else the
// nearest one above that has some, or where none has, the one that has most.
func (s settling) countedWith(cells []Cell) map[string]string {
	most := slices.MaxFunc(cells, func(x, y Cell) int { return len(x.Ballots) - len(y.Ballots) }).UnitID
	with := map[string]string{}
	for _, c := range cells {
		if s.has(c.UnitID) {
			continue
		}
		with[c.UnitID] = most
		if to, ok := s.moved[c.UnitID]; ok {
			for !s.has(to) {
				to = s.moved[to]
			}
			with[c.UnitID] = to
			continue
		}
		for _, unit := range slices.Backward(c.Path) {
			if s.has(unit) {
				with[c.UnitID] = unit
				break
			}
		}
	}
	return with
}
