package publication

import (
	"cmp"
	"slices"
	"strings"
)

// settling is cells while ballots move between them.
type settling struct {
	cells map[string]*Cell
	least int
	moved map[string]string
}

// settle counts the ballots of cells in which fewer than least were cast with those of the nearest cell above, and on from there where
// these are too few as well, up to the company, which gets a cell for them if it has none. A company's cell that is still too small takes
// the smallest others in. So ballots only ever move up: no unit's figures speak of people who are not below it.
//
// It returns the cells as they are then, and for each that has no ballots the unit with which its people are counted. There must be
// enough ballots for one cell. At the close of an edition most was moved before this, where ballots wait (see package running); what is
// left is the case in which no cell at all has enough.
func settle(cells []Cell, least int) ([]Cell, map[string]string) {
	s := settling{cells: make(map[string]*Cell, len(cells)), least: least, moved: map[string]string{}}
	for _, c := range cells {
		s.cells[c.UnitID] = &c
	}
	company := cells[0].Path[0]
	deepestFirst := slices.SortedStableFunc(slices.Values(cells), func(x, y Cell) int { return len(y.Path) - len(x.Path) })
	for _, c := range deepestFirst {
		if c.UnitID != company && s.few(c.UnitID) {
			s.move(c.UnitID, s.above(c.Path))
		}
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

// above is the nearest unit above the end of the path that has a cell; the company, which then gets one, where none has.
func (s settling) above(path []string) string {
	for _, unit := range slices.Backward(path[:len(path)-1]) {
		if s.cells[unit] != nil {
			return unit
		}
	}
	s.cells[path[0]] = &Cell{UnitID: path[0], Path: path[:1:1]}
	return path[0]
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
