package cell

import "slices"

// Cast is how many ballots were cast in a cell.
type Cast struct {
	UnitID string
	// Path are the units from the company down to the cell's own.
	Path    []string
	Ballots int
}

// TooFew says where the ballots go of those cells in which some were cast, and fewer than least: to the nearest cell above, and on from
// there where these are too few as well, up to the company's, which has one for them if it had none. So ballots only ever move up: no
// unit's figures speak of people who are not below it. What is too few for the company stays there.
func TooFew(cells []Cast, least int) map[string]string {
	left := make(map[string]int, len(cells))
	for _, c := range cells {
		left[c.UnitID] = c.Ballots
	}
	next := map[string]string{}
	deepestFirst := slices.SortedStableFunc(slices.Values(cells), func(x, y Cast) int { return len(y.Path) - len(x.Path) })
	for _, c := range deepestFirst {
		n := left[c.UnitID]
		if n == 0 || n >= least || len(c.Path) < 2 {
			continue
		}
		to := c.Path[0]
		for _, unit := range slices.Backward(c.Path[:len(c.Path)-1]) {
			if _, has := left[unit]; has {
				to = unit
				break
			}
		}
		next[c.UnitID] = to
		left[to] += n
		left[c.UnitID] = 0
	}
	last := make(map[string]string, len(next))
	for from, to := range next {
		for next[to] != "" {
			to = next[to]
		}
		last[from] = to
	}
	return last
}
