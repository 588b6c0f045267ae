package publication

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/ballot"
)

// blurred are the cells with the ballots from which everything is computed.
func blurred(t require.TestingT, cells []Cell) []Cell {
	cells = slices.Clone(cells)
	for i, c := range cells {
		counted, err := count(c.Ballots)
		require.NoError(t, err)
		counted.cell = c
		counted.blur()
		cells[i].Ballots = counted.cell.Ballots
	}
	return cells
}

// That is the whole of the argument: to the last digit, everything that is published would be the same if people had answered so that
// in no cell all agree. So from nothing that is published does it follow that they do.
func TestWhatIsShownCouldBeTheTruthAndInItNobodyAgreesWithAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := anyCells(t)
		another := blurred(t, cells)
		require.Equal(t, compute(t, cells...), compute(t, another...))
		for i, c := range another {
			require.Len(t, c.Ballots, len(cells[i].Ballots))
			counted, err := count(c.Ballots)
			require.NoError(t, err)
			for q, a := range counted.questions {
				_, _, alike := a.alike(scaleOf(q))
				require.False(t, alike, "all of %s answer question %d alike", c.UnitID, q)
			}
		}
	})
}

func TestNoMoreThanOneAnswerToAQuestionIsMoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := anyCells(t)
		for i, c := range blurred(t, cells) {
			for q := range ballot.Size {
				moved, alike := 0, true
				class := scaleOf(q).class
				for at := q; at < len(c.Ballots); at += ballot.Size {
					if c.Ballots[at] != cells[i].Ballots[at] {
						moved++
					}
					alike = alike && class(int(cells[i].Ballots[at])) == class(int(cells[i].Ballots[q]))
				}
				if alike && len(c.Ballots) > 0 {
					require.Equal(t, 1, moved)
				} else {
					require.Zero(t, moved, "what needs no blurring is exact")
				}
			}
		}
	})
}

// A correlation with what does not vary does not exist, which once told that all had recommended alike.
func TestDriversDoNotTellThatAllAgree(t *testing.T) {
	store := Cell{UnitID: "nantes", Path: []string{"co", "nantes"}, Eligible: 60, Ballots: mixed(40, 3)}
	for at := ballot.Answers; at < len(store.Ballots); at += ballot.Size {
		store.Ballots[at] = 10
	}
	nantes := find(t, compute(t, store), "nantes", false)
	require.Len(t, nantes.Drivers, 7)
	for _, d := range nantes.Drivers {
		require.False(t, d.TooFew)
		require.InDelta(t, math.Round(100*d.R), 100*d.R, 1e-9, "sixteen digits would confirm a guess")
	}
	another := blurred(t, []Cell{store})
	require.Equal(t, 8, int(slices.Min(column(another[0].Ballots, ballot.Answers))))
	require.Equal(t, nantes, find(t, compute(t, another...), "nantes", false))
}

// Where all of many agree in everything, nothing goes with anything; the answers that were moved must not look as if it did.
func TestBlurringMakesNoDriver(t *testing.T) {
	p := compute(t, Cell{UnitID: "co", Path: []string{"co"}, Eligible: 60, Ballots: alike(60, 5, 10)})
	for _, d := range p.Groups[0].Drivers {
		require.InDelta(t, 0, d.R, 0.1)
	}
}

// A24: two small stores could have exchanged who said 4 and who 5. Nothing that is shown of them, or of all together, would differ.
func TestNothingTellsADistributionThatIsNotShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lille, brest := cellOf(5, "co", "lille"), cellOf(5, "co", "brest")
		lille.Ballots = mixed(rapid.IntRange(5, 9).Draw(t, "lille"), rapid.Uint64().Draw(t, "seed"))
		brest.Ballots = mixed(rapid.IntRange(5, 9).Draw(t, "brest"), rapid.Uint64().Draw(t, "seed"))
		nantes := Cell{UnitID: "nantes", Path: []string{"co", "nantes"}, Eligible: 60, Ballots: mixed(40, 7)}
		before := compute(t, lille, brest, nantes)

		cells := blurred(t, []Cell{lille, brest, nantes})
		cells[0].Ballots, cells[1].Ballots = slices.Clone(cells[0].Ballots), slices.Clone(cells[1].Ballots)
		for q := range ballot.Answers {
			four, five := slices.Index(column(cells[0].Ballots, q), 4), slices.Index(column(cells[1].Ballots, q), 5)
			if four >= 0 && five >= 0 {
				cells[0].Ballots[q+four*ballot.Size], cells[1].Ballots[q+five*ballot.Size] = 5, 4
			}
		}
		after := compute(t, cells...)
		for i := range before.Groups {
			before.Groups[i].Drivers, after.Groups[i].Drivers = nil, nil // they are of whole ballots, and rounded
		}
		require.Equal(t, before, after)
	})
}

func column(packed []byte, question int) []byte {
	var all []byte
	for at := question; at < len(packed); at += ballot.Size {
		all = append(all, packed[at])
	}
	return all
}

// The estimate is good enough to be read: nearer to the truth than if one of the seven had answered one point higher or lower.
func TestAnEstimatedMeanIsNearTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	cells := []Cell{{UnitID: "nantes", Path: []string{"co", "nantes"}, Eligible: 90, Ballots: answered(80, random)}}
	for _, small := range []string{"a", "b", "c", "d"} {
		cells = append(cells, Cell{UnitID: small, Path: []string{"co", small}, Eligible: 12, Ballots: answered(7, random)})
	}
	p := compute(t, cells...)
	off, figures := 0.0, 0
	for _, c := range cells[1:] {
		counted, err := count(c.Ballots)
		require.NoError(t, err)
		for q, f := range find(t, p, c.UnitID, false).Questions {
			require.Nil(t, f.MeanInterval)
			off += max(f.Mean-counted.questions[q].mean(7), counted.questions[q].mean(7)-f.Mean)
			figures++
		}
	}
	t.Logf("the means of 7 ballots are off by %.2f points on average", off/float64(figures))
	require.Less(t, off/float64(figures), 1.0/7)
}
