// Package publication computes, once and for everybody, what is ever shown of an edition.
//
// Why nobody can learn more from it than it says:
//
// Ballots are counted by cell. A cell has none or as many as scores need, since fewer were counted with the cell above (see package
// running), and every figure is a sum over whole cells. What any set of viewers derives by adding and subtracting sums is again a sum
// over whole cells, so it speaks of nobody or of at least so many. No figure has to be hidden for the sake of another: what is called
// the threshold, the next smallest sibling and the remainder is settled before anything is counted.
//
// What needs more ballots, a distribution or comments, is shown of a group only if nothing that can be derived from all that is shown
// speaks of fewer. The groups form a tree; what can be derived of them are unions of the parts that are left of each when those
// below it are taken away. Each part is nobody's or large enough: see details.
//
// Where a whole cell answers alike, a sum would tell each one's answer. One answer of such a cell is counted in the next class before
// anything is summed: see blur. Nothing that is computed afterwards knows the truth, so nothing can tell it.
package publication

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// Cell is what was released of a cell.
type Cell struct {
	UnitID string
	// Path leads from the company down to UnitID.
	Path     []string
	Eligible int
	// Ballots are packed one after the other.
	Ballots  []byte
	Comments []ballot.Comment
}

// Thresholds are the numbers of ballots from which things are shown.
type Thresholds struct{ Scores, Details int }

// ErrThreshold says that a cell has ballots, and fewer than could ever be shown: they should have been counted with the cell above.
var ErrThreshold = errors.New("a cell with too few ballots")

// Publication is what is shown of an edition.
type Publication struct {
	// Groups are the units of which something is shown, those above before those below.
	Groups []Group
	// CountedWith names, for units that had too few ballots, the unit with which they were counted.
	CountedWith map[string]string
	Comments    []Comment
}

// Comment is shown on the page of its unit and of those above.
type Comment struct {
	UnitID string
	// Path leads from the company down to UnitID.
	Path  []string
	Theme string
	Text  string
}

// Compute counts an edition. Too few ballots for the whole company make a publication of nothing.
func Compute(q questionnaire.Questionnaire, cells []Cell, at Thresholds) (Publication, error) {
	cells = slices.SortedFunc(slices.Values(cells), func(x, y Cell) int { return strings.Compare(x.UnitID, y.UnitID) })
	all := 0
	for _, c := range cells {
		all += len(c.Ballots) / ballot.Size
	}
	if all < at.Scores {
		return Publication{}, nil
	}
	p := Publication{CountedWith: countedWith(cells)}
	var counted []*tally
	for _, c := range cells {
		n := len(c.Ballots) / ballot.Size
		switch {
		case n == 0:
			continue
		case n < at.Scores:
			return Publication{}, fmt.Errorf("%w: %s has %d, where %d are needed", ErrThreshold, c.UnitID, n, at.Scores)
		}
		t, err := count(c.Ballots)
		if err != nil {
			return Publication{}, fmt.Errorf("counting the ballots of %s: %w", c.UnitID, err)
		}
		t.cell, t.eligible = c, c.Eligible
		counted = append(counted, t)
	}
	for _, c := range cells { // people whose ballots went elsewhere are counted there too
		if to, ok := p.CountedWith[c.UnitID]; ok {
			i := slices.IndexFunc(counted, func(t *tally) bool { return t.cell.UnitID == to })
			counted[i].eligible += c.Eligible
		}
	}
	for _, t := range counted {
		t.blur()
	}
	root := grow(counted)
	root.details(at.Details)
	p.Groups = root.groups(q, nil)
	p.Comments = comments(root)
	return p, nil
}

// countedWith says with which cell the people of cells without ballots are counted: the nearest one above that has some, or where none
// has, the one that has most.
func countedWith(cells []Cell) map[string]string {
	has := map[string]bool{}
	most := ""
	ballots := map[string]int{}
	for _, c := range cells {
		if len(c.Ballots) > 0 {
			has[c.UnitID], ballots[c.UnitID] = true, len(c.Ballots)
			if most == "" || ballots[c.UnitID] > ballots[most] {
				most = c.UnitID
			}
		}
	}
	with := map[string]string{}
	for _, c := range cells {
		if has[c.UnitID] || most == "" {
			continue
		}
		with[c.UnitID] = most
		for _, unit := range slices.Backward(c.Path) {
			if has[unit] {
				with[c.UnitID] = unit
				break
			}
		}
	}
	return with
}
