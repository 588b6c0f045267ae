package board

import (
	"cmp"
	"slices"
)

// fewest is how many managers a unit has at least whose ratio of congratulations and reframings HR sees.
const fewest = 5

// Ratio is how many congratulations and reframings there were in twelve months.
type Ratio struct{ Congratulations, Reframings int }

// Ratios are those that may be shown of a unit and of those right below it. A unit of fewer than five managers has none, and neither
// has one that would let such a ratio be computed: what is left of the unit above, when those that are shown are taken away, is
// nobody's or that of five managers at least.
func (f Figures) Ratios(unit string, below []string) map[string]Ratio {
	whole := f.Units[unit]
	ratios := map[string]Ratio{}
	if unit != "" && whole.Managers() < fewest {
		return ratios
	}
	var shown []string
	for _, id := range below {
		if f.Units[id].Managers() >= fewest {
			shown = append(shown, id)
		}
	}
	slices.SortFunc(shown, func(x, y string) int {
		return cmp.Or(cmp.Compare(f.Units[y].Managers(), f.Units[x].Managers()), cmp.Compare(x, y))
	})
	for unit != "" && len(shown) > 0 && f.exposes(whole, shown) {
		shown = shown[:len(shown)-1]
	}
	for _, id := range shown {
		ratios[id] = ratioOf(f.Units[id])
	}
	if unit != "" {
		ratios[unit] = ratioOf(whole)
	}
	return ratios
}

// exposes tells whether the ratios of the units let that of few others be computed from the whole.
func (f Figures) exposes(whole Counts, shown []string) bool {
	rest := 0
	for manager := range whole.managers {
		if !slices.ContainsFunc(shown, func(id string) bool { return f.Units[id].managers[manager] }) {
			rest++
		}
	}
	return rest > 0 && rest < fewest
}

func ratioOf(c Counts) Ratio { return Ratio{c.congratulations, c.reframings} }
