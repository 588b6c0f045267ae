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

// Disclosed lists the follow-ups whose results may be shown about a unit (empty: everybody), among the one asked for (empty:
// all that were answered). cells are all responses of the key moment; least is what a group needs.
//
// Each follow-up is judged by itself, for two reasons. Nobody answers one twice, so its answers count people, where four
// follow-ups may be four answers of a single newcomer. And what is read together, all follow-ups of a unit, is the sum of what
// may be read one by one: rows and columns leave nothing to subtract from each other. A follow-up that is held back is not in
// any sum.
//
// Within a follow-up the group must have enough people, and so must whatever is left when it is subtracted, together with its
// neighbours that are shown, from the group around it. Where too little would be left, the smallest neighbour is hidden too,
// and everything inside a hidden unit with it. The rule depends on the counts alone, so everybody is shown, and refused, the
// same.
func Disclosed(cells []Cell, unitID, followUp string, least int) []string {
	byFollowUp := map[string][]Cell{}
	for _, c := range cells {
		byFollowUp[c.FollowUp] = append(byFollowUp[c.FollowUp], c)
	}
	var disclosed []string
	for code, answered := range byFollowUp {
		if (followUp == "" || followUp == code) && mayShow(answered, unitID, least) {
			disclosed = append(disclosed, code)
		}
	}
	slices.Sort(disclosed)
	return disclosed
}

// mayShow judges the responses to a single follow-up.
func mayShow(cells []Cell, unitID string, least int) bool {
	return total(cells) >= least && (unitID == "" || unitShown(cells, unitID, least))
}

// unitShown goes down the tree towards the unit and stops where a unit on the way is hidden.
func unitShown(cells []Cell, unitID string, least int) bool {
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
		if !shown(total(within), counts, least)[step] {
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
func shown(whole int, parts map[string]int, least int) map[string]bool {
	var names []string
	left := whole
	for name, n := range parts {
		if n >= least {
			names = append(names, name)
			left -= n
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(parts[b], parts[a]), cmp.Compare(a, b))
	})
	for left > 0 && left < least && len(names) > 0 {
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

// Count sums the cells of a unit (empty: everybody) and of follow-ups.
func Count(cells []Cell, unitID string, followUps []string) int {
	if unitID != "" {
		cells = ofUnit(cells, unitID)
	}
	return total(slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return !slices.Contains(followUps, c.FollowUp) }))
}

func total(cells []Cell) int {
	n := 0
	for _, c := range cells {
		n += c.N
	}
	return n
}

func ofUnit(cells []Cell, unitID string) []Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return !slices.Contains(c.UnitPath, unitID) })
}
