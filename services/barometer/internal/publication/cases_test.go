package publication

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/ballot"
)

// The attacks of the catalogue that are about what is shown, one by one. attacker_test.go tries them all at once.

// known tells how many ballots the cells have of which something follows from all that is published.
func known(t *testing.T, cells []Cell, units ...string) (ballots int, follows bool) {
	t.Helper()
	a := attack(t, compute(t, cells...), cells)
	set := make([]int, len(a.cells))
	for i, c := range a.cells {
		for _, unit := range units {
			if c.UnitID == unit {
				set[i], ballots = 1, ballots+c.ballots()
			}
		}
	}
	_, follows = a.derive(set)
	return ballots, follows
}

func TestA15AStoreLessItsTeams(t *testing.T) {
	cells := []Cell{cellOf(3, "co", "brest"), cellOf(12, "co", "brest", "tills"), cellOf(9, "co", "brest", "stock"), cellOf(20, "co", "nantes")}
	_, follows := known(t, cells, "brest")
	require.False(t, follows, "the three who are in no team are counted for the company, with others")
	p := compute(t, cells...)
	require.Equal(t, map[string]string{"brest": "co", "stock": "co"}, p.CountedWith)
	require.Equal(t, 12, find(t, p, "co", true).Ballots)
}

func TestA16ARegionLessTheStoresThatAreShown(t *testing.T) {
	cells := []Cell{cellOf(6, "co"), cellOf(4, "co", "west", "brest"), cellOf(12, "co", "west", "nantes"), cellOf(9, "co", "west", "rennes")}
	_, follows := known(t, cells, "brest")
	require.False(t, follows)
	require.Equal(t, 21, find(t, compute(t, cells...), "west", false).Ballots, "the region's figures are without brest's")
}

func TestA17TheRegionsViewerAndTheStoresManagerTogether(t *testing.T) {
	cells := []Cell{
		cellOf(7, "co", "west"), cellOf(4, "co", "west", "brest"), cellOf(6, "co", "west", "nantes"),
		cellOf(2, "co", "east", "metz"), cellOf(9, "co", "east", "nancy"),
	}
	for _, few := range [][]string{{"brest"}, {"metz"}, {"west"}} {
		ballots, follows := known(t, cells, few...)
		require.False(t, follows, "%v, of whom there are %d", few, ballots)
	}
	_, follows := known(t, cells, "west", "brest")
	require.True(t, follows, "eleven are enough")
}

func TestA23FiveWhoAllRecommend(t *testing.T) {
	lille := Cell{UnitID: "lille", Path: []string{"co", "lille"}, Eligible: 10, Ballots: alike(5, 5, 10)}
	p := compute(t, lille, cellOf(30, "co", "nantes"))
	require.Equal(t, 80, find(t, p, "lille", false).ENPS.Points)
	require.Nil(t, find(t, p, "lille", false).ENPS.Interval)

	// Nor are five who are all passive, whose points would be 0.
	lille.Ballots = alike(5, 3, 7)
	require.Equal(t, 20, find(t, compute(t, lille, cellOf(30, "co", "nantes")), "lille", false).ENPS.Points)
}

func TestA24OfFewThereIsNoDistributionIntervalOrDriver(t *testing.T) {
	p := compute(t, cellOf(9, "co", "lille"), cellOf(8, "co", "brest"), cellOf(30, "co", "nantes"))
	for _, unit := range []string{"lille", "brest"} {
		g := find(t, p, unit, false)
		require.Equal(t, TooFew, g.Withheld)
		require.Empty(t, g.Drivers)
		require.Nil(t, g.ENPS.Interval)
		for _, f := range append(g.Themes, g.Questions...) {
			require.Empty(t, f.Distribution)
			require.Nil(t, f.MeanInterval)
		}
	}
}

func TestADistributionIsWithheldForTheSakeOfOthers(t *testing.T) {
	p := compute(t, cellOf(7, "co", "lille"), cellOf(12, "co", "brest"), cellOf(30, "co", "nantes"))
	require.Equal(t, TooFew, find(t, p, "lille", false).Withheld)
	require.Equal(t, Remainder, find(t, p, "brest", false).Withheld, "the company's less those of the two larger stores would be lille's")
	require.Empty(t, find(t, p, "nantes", false).Withheld)
}

// A25: there is nothing in a publication that a page must hide, so no file and no program can tell it.
func TestA25NothingOfAHiddenUnitIsInThePublication(t *testing.T) {
	lille := cellOf(4, "co", "lille")
	lille.Comments = []ballot.Comment{{Theme: "pay", Text: "from lille"}}
	p := compute(t, lille, cellOf(8, "co", "brest"), cellOf(30, "co", "nantes"))
	require.Equal(t, "co", p.CountedWith["lille"])
	for _, c := range p.Comments {
		require.Equal(t, "co", c.UnitID)
	}
	p.CountedWith = nil
	all, err := json.Marshal(p)
	require.NoError(t, err)
	require.NotContains(t, string(all), `"lille"`)
}

func TestA36AStoreOfFourIsCountedAbove(t *testing.T) {
	cells := []Cell{{UnitID: "brest", Path: []string{"co", "brest"}, Eligible: 4, Ballots: mixed(4, 1)}, cellOf(20, "co", "nantes"), cellOf(5, "co")}
	_, follows := known(t, cells, "brest")
	require.False(t, follows)
	require.Equal(t, 9, find(t, compute(t, cells...), "co", true).Ballots)
}
