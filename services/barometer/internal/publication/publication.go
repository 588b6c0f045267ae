// Package publication computes, once and for everybody, what is ever shown of an edition.
//
// Why nobody can learn more from it than it says:
//
// Ballots are counted by cell, and a cell has none or as many as scores need: fewer are counted with the cell above (see settle). Every
// figure is a sum over whole cells. What any set of viewers derives by adding and subtracting sums is again a sum over whole cells, so it
// speaks of nobody or of at least so many. No figure has to be hidden for the sake of another: what is called the threshold, the next
// smallest sibling and the remainder is settled before anything is counted.
//
// What needs more ballots, a distribution or comments, is shown of a group only if nothing that can be derived from all that is shown
// speaks of fewer. The groups form a tree; what can be derived of them are unions of the parts that are left of each when those
// below it are taken away. Each part is nobody's or large enough: see details. What would tell a distribution by another way, an
// interval or an exact mean, is there when the distribution is: see meanOf.
//
// Where a whole cell answers alike, a sum would tell each one's answer. In one ballot of such a cell that answer is moved to the next class
// before anything is summed: see blur. Nothing is computed from the ballots as they were. The blurred ones, in which no cell agrees, could
// be the true ones: they would make the same publication to the last digit. So it follows from nothing in it that all of a cell agree.
package publication

import (
	"errors"
	"fmt"

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

func (c Cell) ballots() int { return len(c.Ballots) / ballot.Size }

// Thresholds are the numbers of ballots from which things are shown.
type Thresholds struct{ Scores, Details int }

// What people were promised: an edition may have higher thresholds, and none lower.
const lowestScores, lowestDetails = 5, 10

var (
	// ErrThreshold says that less would be needed to show something than people were promised.
	ErrThreshold = errors.New("a threshold that is too low")
	// ErrQuestionnaire says that the questions are not those that a ballot answers.
	ErrQuestionnaire = errors.New("not the questionnaire of these ballots")
	// ErrCells says that two cells have the same unit.
	ErrCells = errors.New("two cells of one unit")
)

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
	if at.Scores < lowestScores || at.Details < max(lowestDetails, at.Scores) {
		return Publication{}, fmt.Errorf("%w: %d for scores and %d for details", ErrThreshold, at.Scores, at.Details)
	}
	if err := fits(q); err != nil {
		return Publication{}, err
	}
	cells, err := rooted(cells)
	if err != nil {
		return Publication{}, err
	}
	all := 0
	for _, c := range cells {
		all += c.ballots()
	}
	if all < at.Scores {
		return Publication{}, nil
	}
	settled, with := settle(cells, at.Scores)
	counted, err := countEach(settled, with)
	if err != nil {
		return Publication{}, err
	}
	root := grow(counted)
	root.details(at.Details)
	return Publication{Groups: root.groups(q, nil, nil), CountedWith: with, Comments: comments(root)}, nil
}

// countEach counts the cells that have ballots, blurred. People whose ballots went elsewhere are counted there too.
func countEach(cells []Cell, with map[string]string) ([]*tally, error) {
	var counted []*tally
	eligible := map[string]int{}
	for _, c := range cells {
		if to, elsewhere := with[c.UnitID]; elsewhere {
			eligible[to] += c.Eligible
			continue
		}
		t, err := count(c.Ballots)
		if err != nil {
			return nil, fmt.Errorf("counting the ballots of %s: %w", c.UnitID, err)
		}
		t.cell, t.eligible = c, c.Eligible
		t.blur()
		counted = append(counted, t)
	}
	for _, t := range counted {
		t.eligible += eligible[t.cell.UnitID]
	}
	return counted, nil
}

// fits makes sure that each question has its place in a ballot, and each theme a question.
func fits(q questionnaire.Questionnaire) error {
	if n := len(q.Questions()); n != ballot.Answers {
		return fmt.Errorf("%w: it has %d questions, a ballot %d answers", ErrQuestionnaire, n, ballot.Answers)
	}
	for _, t := range q.Themes {
		if len(t.Questions) == 0 {
			return fmt.Errorf("%w: theme %s is empty", ErrQuestionnaire, t.Code)
		}
	}
	return nil
}
