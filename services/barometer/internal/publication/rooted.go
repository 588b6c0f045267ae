package publication

import (
	"fmt"
	"slices"
	"strings"

	"jalon.dev/services/barometer/internal/ballot"
)

// rooted returns the cells in order of their units, their paths being those of one tree from the company down. The company is where most
// paths begin; a unit that hangs in the air or above which a circle lies is right below it, as it is where cells are divided. Otherwise
// such a unit could pass for the company.
func rooted(cells []Cell) ([]Cell, error) {
	cells = slices.SortedFunc(slices.Values(cells), func(x, y Cell) int { return strings.Compare(x.UnitID, y.UnitID) })
	begin, parents := map[string]int{}, map[string]string{}
	for i, c := range cells {
		if i > 0 && cells[i-1].UnitID == c.UnitID {
			return nil, fmt.Errorf("%w: %s", ErrCells, c.UnitID)
		}
		if len(c.Ballots)%ballot.Size != 0 {
			return nil, fmt.Errorf("reading the ballots of %s: %w: %d bytes are no whole ballots", c.UnitID, ballot.ErrInvalid, len(c.Ballots))
		}
		path := c.Path
		if len(path) == 0 || path[len(path)-1] != c.UnitID {
			path = append(slices.Clone(path), c.UnitID)
		}
		begin[path[0]]++
		for i, unit := range path[1:] {
			if _, known := parents[unit]; !known {
				parents[unit] = path[i]
			}
		}
	}
	if len(cells) == 0 {
		return nil, nil
	}
	company := most(begin)
	delete(parents, company)
	for i, c := range cells {
		cells[i].Path = pathOf(c.UnitID, company, parents)
	}
	return cells, nil
}

// most is what was counted most often; of several the first by id.
func most(counts map[string]int) string {
	found := ""
	for unit, n := range counts {
		if n > counts[found] || n == counts[found] && unit < found {
			found = unit
		}
	}
	return found
}

func pathOf(unit, company string, parents map[string]string) []string {
	path := []string{unit}
	for at := unit; at != company; {
		parent, known := parents[at]
		if !known {
			parent = company
		}
		if slices.Contains(path, parent) {
			return []string{company, unit}
		}
		path = append(path, parent)
		at = parent
	}
	slices.Reverse(path)
	return path
}
