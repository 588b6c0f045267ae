package publication

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/questionnaire"
)

// asked is how many questions the attacker looks at: all of the first theme, so that its total can be used against them.
var asked = len(questionnaire.Standard().Themes[0].Questions)

// attacker knows the tree, and everything that was published: as many equations as there are groups, for each thing that is counted.
// The unknowns are what each cell has of it.
type attacker struct {
	cells []Cell
	// which solves for sets of cells, and what for the numbers of the sets that can be solved.
	which, what *basis
	numbers     int
}

func attack(t require.TestingT, p Publication, cells []Cell) *attacker {
	a := &attacker{which: newBasis(0), what: newBasis(0)}
	for _, c := range cells {
		if len(c.Ballots) > 0 {
			a.cells = append(a.cells, c)
		}
	}
	for _, g := range p.Groups {
		row := make([]int, len(a.cells))
		for i, c := range a.cells {
			if a.counts(g, c, p.CountedWith, cells) {
				row[i] = 1
			}
		}
		numbers := published(t, g)
		a.numbers = len(numbers)
		a.which.add(row)
		a.what.add(slices.Concat(row, numbers))
	}
	return a
}

// counts tells whether the group's figures have the cell's ballots in them, which anybody can tell from the tree and from what is said
// about units that were counted elsewhere.
func (*attacker) counts(g Group, c Cell, with map[string]string, all []Cell) bool {
	unit, path := c.UnitID, c.Path
	if to, elsewhere := with[unit]; elsewhere {
		unit, path = to, c.Path[:slices.Index(c.Path, to)+1]
		for _, other := range all {
			if other.UnitID == to {
				path = other.Path
			}
		}
	}
	if g.Rest {
		return g.UnitID == unit
	}
	return slices.Contains(path, g.UnitID)
}

// published is what is told of a group, as whole numbers: ballots, the classes of each question and of their theme, and promoters less
// detractors, which the points are exact enough to tell of fewer than a hundred.
func published(t require.TestingT, g Group) []int {
	require.Less(t, g.Ballots, 100)
	numbers := []int{g.Ballots, int(math.Round(float64(g.ENPS.Points*g.Ballots) / 100))}
	for _, f := range append([]Figure{g.Themes[0]}, g.Questions[:asked]...) {
		numbers = append(numbers, f.Favourable, f.Neutral, f.Unfavourable)
	}
	return numbers
}

// derive returns the numbers of a set of cells, if they follow from what is published.
func (a *attacker) derive(set []int) (numbers []int, known bool) {
	if !a.which.spans(set) {
		return nil, false
	}
	for _, v := range a.what.reduce(field(slices.Concat(set, make([]int, a.numbers))))[len(set):] {
		n := int(prime-v) % prime
		if n > prime/2 {
			n -= prime
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

// Of every set of cells about which anything follows from all that is published, there are at least five ballots, and no question is
// answered alike in all of them: not by the figure of the question, not by the theme's less the others', not by the points.
func TestNobodysAnswerFollowsFromAllThatIsPublished(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := anyUnsettled(t)
		a := attack(t, compute(t, cells...), cells)
		for number := 1; number < 1<<len(a.cells); number++ {
			set, ballots := make([]int, len(a.cells)), 0
			for i, c := range a.cells {
				if number>>i&1 == 1 {
					set[i], ballots = 1, ballots+c.ballots()
				}
			}
			numbers, known := a.derive(set)
			if !known {
				continue
			}
			require.Equal(t, ballots, numbers[0], "the attacker's arithmetic")
			require.GreaterOrEqual(t, ballots, standard.Scores)
			require.Less(t, max(numbers[1], -numbers[1]), ballots, "all promoters, or all detractors")
			theme := numbers[2:5]
			require.Less(t, slices.Max(theme), ballots*asked)
			for q := range asked {
				classes := numbers[5+3*q : 8+3*q]
				require.Less(t, slices.Max(classes), ballots)
				theme = []int{theme[0] - classes[0], theme[1] - classes[1], theme[2] - classes[2]}
			}
			require.Equal(t, []int{0, 0, 0}, theme, "a theme is the sum of its questions and nothing more")
		}
	})
}

// The same attacker finds what is to be found in a company that is published naively.
func TestTheAttackerFindsFiveOfOneMind(t *testing.T) {
	naive := func(n, favourable int, unit string, rest bool) Group {
		f := Figure{Favourable: favourable, Unfavourable: n - favourable}
		return Group{UnitID: unit, Rest: rest, Ballots: n, Themes: []Figure{f}, Questions: slices.Repeat([]Figure{f}, asked)}
	}
	cells := []Cell{cellOf(12, "co", "nantes"), cellOf(5, "co", "brest")}
	a := attack(t, Publication{Groups: []Group{naive(17, 11, "co", false), naive(12, 6, "nantes", false)}}, cells)
	numbers, known := a.derive([]int{0, 1})
	require.True(t, known)
	require.Equal(t, []int{5, 5}, []int{numbers[0], numbers[5]}, "brest's five are all favourable")
}
