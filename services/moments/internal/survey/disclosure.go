package survey

import (
	"cmp"
	"slices"
)

// What a confidential survey needs before anything is shown.
const (
	// LeastForFigures is the least number of people behind any figure.
	LeastForFigures = 5
	// LeastForComments is the least number of people asked behind any comment.
	LeastForComments = 10
)

// Cell counts the responses, or the invitations, of one follow-up in one unit, by the unit's path from the company down.
type Cell struct {
	UnitPath []string
	FollowUp string
	N        int
}

// MayShow tells whether the results of a unit (empty: everybody) and a follow-up (empty: all) may be shown. cells are all
// responses of the key moment.
//
// The group must have enough people, and so must whatever is left when it is subtracted, together with its neighbours that
// are shown, from the group around it. Where too little would be left, the smallest neighbour is hidden too, and everything
// inside a hidden unit with it. The rule depends on the counts alone, so everybody is shown, and refused, the same.
func MayShow(cells []Cell, unitID, followUp string) bool {
	if total(cells) < LeastForFigures {
		return false
	}
	switch {
	case unitID == "" && followUp == "":
		return true
	case followUp == "":
		return unitShown(cells, unitID)
	case unitID == "":
		return followUpShown(cells, followUp)
	default:
		// A cell of the cross table could be found along its row as well as along its column.
		return unitShown(cells, unitID) && followUpShown(cells, followUp) &&
			unitShown(ofFollowUp(cells, followUp), unitID) && followUpShown(ofUnit(cells, unitID), followUp)
	}
}

func followUpShown(cells []Cell, followUp string) bool {
	counts := map[string]int{}
	for _, c := range cells {
		counts[c.FollowUp] += c.N
	}
	return shown(total(cells), counts)[followUp]
}

// unitShown goes down the tree towards the unit and stops where a unit on the way is hidden.
func unitShown(cells []Cell, unitID string) bool {
	path := pathTo(cells, unitID)
	if path == nil {
		return false
	}
	within := cells
	for depth, step := range path {
		counts := map[string]int{}
		for _, c := range within {
			if len(c.UnitPath) > depth {
				counts[c.UnitPath[depth]] += c.N
			}
		}
		if !shown(total(within), counts)[step] {
			return false
		}
		within = ofUnit(within, step)
	}
	return true
}

func pathTo(cells []Cell, unitID string) []string {
	for _, c := range cells {
		if i := slices.Index(c.UnitPath, unitID); i >= 0 {
			return c.UnitPath[:i+1]
		}
	}
	return nil
}

// shown picks the parts of a whole that may be shown side by side with it.
func shown(whole int, parts map[string]int) map[string]bool {
	var names []string
	left := whole
	for name, n := range parts {
		if n >= LeastForFigures {
			names = append(names, name)
			left -= n
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(parts[b], parts[a]), cmp.Compare(a, b))
	})
	for left > 0 && left < LeastForFigures && len(names) > 0 {
		smallest := names[len(names)-1]
		names = names[:len(names)-1]
		left += parts[smallest]
	}
	picked := make(map[string]bool, len(names))
	for _, name := range names {
		picked[name] = true
	}
	return picked
}

// Count sums the cells of a unit (empty: everybody) and a follow-up (empty: all).
func Count(cells []Cell, unitID, followUp string) int {
	if unitID != "" {
		cells = ofUnit(cells, unitID)
	}
	if followUp != "" {
		cells = ofFollowUp(cells, followUp)
	}
	return total(cells)
}

func total(cells []Cell) int {
	n := 0
	for _, c := range cells {
		n += c.N
	}
	return n
}

func ofFollowUp(cells []Cell, followUp string) []Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return c.FollowUp != followUp })
}

func ofUnit(cells []Cell, unitID string) []Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return !slices.Contains(c.UnitPath, unitID) })
}
