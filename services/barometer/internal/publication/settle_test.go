package publication

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

func cellOf(ballots int, path ...string) Cell {
	return Cell{UnitID: path[len(path)-1], Path: path, Eligible: ballots + 10, Ballots: mixed(ballots, uint64(ballots))}
}

func TestFewBallotsAreCountedWithTheNextCellAbove(t *testing.T) {
	p := compute(t, cellOf(5, "co"), cellOf(1, "co", "north"), cellOf(4, "co", "north", "lille"), cellOf(5, "co", "west", "brest"))
	require.Equal(t, map[string]string{"lille": "north"}, p.CountedWith)
	require.Equal(t, 5, find(t, p, "north", false).Ballots)

	p = compute(t, cellOf(5, "co"), cellOf(1, "co", "north"), cellOf(3, "co", "north", "lille"), cellOf(5, "co", "west", "brest"))
	require.Equal(t, map[string]string{"lille": "co", "north": "co"}, p.CountedWith)
	require.Equal(t, 9, find(t, p, "co", true).Ballots)
	require.Equal(t, 39, find(t, p, "co", true).Eligible, "their people are counted where their ballots are")
}

func TestStoresThatAreTooFewEachAreCountedForTheCompany(t *testing.T) {
	p := compute(t, cellOf(3, "co", "lille"), cellOf(4, "co", "brest"))
	require.Equal(t, map[string]string{"brest": "co", "lille": "co"}, p.CountedWith)
	require.Len(t, p.Groups, 1)
	require.Equal(t, [2]int{7, 27}, [2]int{p.Groups[0].Ballots, p.Groups[0].Eligible})
}

func TestACompanysCellThatIsTooSmallTakesTheSmallestOthersIn(t *testing.T) {
	p := compute(t, cellOf(4, "co"), cellOf(8, "co", "north", "lille"), cellOf(20, "co", "north"), cellOf(9, "co", "brest"))
	require.Equal(t, map[string]string{"lille": "co"}, p.CountedWith)
	require.Equal(t, 12, find(t, p, "co", true).Ballots)
	require.Equal(t, 32, find(t, p, "co", true).Eligible, "its own 14 people, and lille's 18")
	require.Equal(t, 20, find(t, p, "north", false).Ballots)
}

func TestSettledBallotsOnlyMoveUpAndNoneIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := anyUnsettled(t)
		least := rapid.IntRange(5, 12).Draw(t, "least")
		before, people := 0, 0
		for _, c := range cells {
			before, people = before+c.ballots(), people+c.Eligible
		}
		p, err := Compute(questionnaire.Standard(), cells, Thresholds{Scores: least, Details: 12})
		require.NoError(t, err)
		if before < least {
			require.Empty(t, p.Groups)
			return
		}
		require.Equal(t, [2]int{before, people}, [2]int{p.Groups[0].Ballots, p.Groups[0].Eligible})
		for _, g := range p.Groups {
			require.GreaterOrEqual(t, g.Ballots, least)
			require.GreaterOrEqual(t, g.Eligible, g.Ballots)
		}
		for _, c := range cells {
			to, elsewhere := p.CountedWith[c.UnitID]
			if !elsewhere {
				continue
			}
			if c.ballots() > 0 {
				require.Contains(t, c.Path[:len(c.Path)-1], to, "counted where they are not below")
			}
			require.NotContains(t, p.CountedWith, to, "counted with a unit that is counted elsewhere")
		}
	})
}

func TestWhatWasGivenStaysAsItWas(t *testing.T) {
	packed := slices.Concat(alike(4, 2, 3), mixed(8, 1), alike(6, 5, 9))
	given := slices.Clone(packed)
	cut := func(from, to int) []byte { return packed[from*ballot.Size : to*ballot.Size] } // with room behind, in which other cells lie
	compute(t,
		Cell{UnitID: "co", Path: []string{"co"}, Eligible: 20, Ballots: cut(0, 4)},
		Cell{UnitID: "a", Path: []string{"co", "a"}, Eligible: 20, Ballots: cut(12, 18)},
		Cell{UnitID: "b", Path: []string{"co", "b"}, Eligible: 20, Ballots: cut(4, 12)},
	)
	require.Equal(t, given, packed)
}

// anyUnsettled is a tree of up to a dozen cells with few ballots or none, fewer than a hundred in all; often all of a cell alike.
func anyUnsettled(t *rapid.T) []Cell {
	paths := [][]string{{"co"}}
	for i := range rapid.IntRange(1, 14).Draw(t, "units") {
		above := rapid.SampledFrom(paths).Draw(t, "above")
		paths = append(paths, append(slices.Clone(above), fmt.Sprint("u", i)))
	}
	var cells []Cell
	for i, path := range paths {
		if len(cells) == 12 || !rapid.Bool().Draw(t, "cell") {
			continue
		}
		n := rapid.IntRange(0, 8).Draw(t, "ballots")
		c := Cell{UnitID: path[len(path)-1], Path: path, Eligible: max(10, n+3), Ballots: mixed(n, uint64(i))}
		if rapid.Bool().Draw(t, "alike") {
			c.Ballots = alike(n, rapid.ByteRange(1, 5).Draw(t, "answer"), rapid.ByteRange(0, 10).Draw(t, "recommend"))
		}
		if n > 0 && rapid.Bool().Draw(t, "one question alike") {
			for at := rapid.IntRange(0, ballot.Answers-1).Draw(t, "question"); at < len(c.Ballots); at += ballot.Size {
				c.Ballots[at] = 4
			}
		}
		cells = append(cells, c)
	}
	return cells
}
