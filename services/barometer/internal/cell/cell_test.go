package cell_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/cell"
)

// company > north (store a, store b), south (store c with two teams)
var company = []cell.Unit{
	{ID: "company"},
	{ID: "north", ParentID: "company"},
	{ID: "south", ParentID: "company"},
	{ID: "a", ParentID: "north"},
	{ID: "b", ParentID: "north"},
	{ID: "c", ParentID: "south"},
	{ID: "c1", ParentID: "c"},
	{ID: "c2", ParentID: "c"},
}

func divide(eligible map[string]int) []cell.Cell {
	return cell.Divide("company", company, eligible, cell.Minimum)
}

func TestUnitsLargeEnoughAreCells(t *testing.T) {
	require.Equal(t, []cell.Cell{
		{UnitID: "a", Eligible: 12}, {UnitID: "b", Eligible: 10},
	}, divide(map[string]int{"a": 12, "b": 10}))
}

func TestASmallUnitVotesWithItsParent(t *testing.T) {
	require.Equal(t, []cell.Cell{
		{UnitID: "a", Eligible: 12},
		{UnitID: "c", Merged: []string{"c1", "c2"}, Eligible: 17},
	}, divide(map[string]int{"a": 12, "c": 3, "c1": 9, "c2": 5}))
}

func TestAParentThatIsStillTooSmallPassesEverybodyOn(t *testing.T) {
	require.Equal(t, []cell.Cell{
		{UnitID: "a", Eligible: 12},
		{UnitID: "company", Merged: []string{"b", "c", "c1", "north", "south"}, Eligible: 11},
	}, divide(map[string]int{"a": 12, "company": 2, "b": 5, "c1": 4}))
}

func TestACompanysRestThatIsTooSmallTakesTheSmallestCellIn(t *testing.T) {
	require.Equal(t, []cell.Cell{
		{UnitID: "a", Eligible: 12},
		{UnitID: "company", Merged: []string{"b"}, Eligible: 14},
	}, divide(map[string]int{"company": 3, "a": 12, "b": 11}))
}

func TestACompanyOfFewHasNoCells(t *testing.T) {
	require.Empty(t, divide(map[string]int{"a": 9}))
	require.Empty(t, divide(nil))
	require.Equal(t, []cell.Cell{{UnitID: "company", Merged: []string{"a", "north"}, Eligible: 10}},
		divide(map[string]int{"a": 9, "company": 1}))
}

func TestPeopleOfAUnitNobodyKnowsAreTheCompanys(t *testing.T) {
	require.Equal(t, []cell.Cell{{UnitID: "company", Eligible: 10}}, divide(map[string]int{"nowhere": 10}))
}

func TestUnitsInACircleAreTheCompanys(t *testing.T) {
	units := []cell.Unit{{ID: "company"}, {ID: "x", ParentID: "y"}, {ID: "y", ParentID: "x"}, {ID: "z", ParentID: "lost"}}
	require.Equal(t, []cell.Cell{{UnitID: "company", Merged: []string{"x", "y", "z"}, Eligible: 15}},
		cell.Divide("company", units, map[string]int{"x": 5, "y": 5, "z": 5}, cell.Minimum))
}

func anyCompany(t *rapid.T) ([]cell.Unit, map[string]int) {
	units := []cell.Unit{{ID: "company"}}
	eligible := map[string]int{"company": rapid.IntRange(0, 12).Draw(t, "company's own")}
	for i := range rapid.IntRange(0, 30).Draw(t, "units") {
		id := fmt.Sprintf("unit-%02d", i)
		parent := rapid.SampledFrom(units).Draw(t, "parent").ID
		if rapid.IntRange(0, 20).Draw(t, "loose") == 0 {
			parent = fmt.Sprintf("unit-%02d", rapid.IntRange(0, 40).Draw(t, "any parent"))
		}
		units = append(units, cell.Unit{ID: id, ParentID: parent})
		eligible[id] = rapid.IntRange(0, 25).Draw(t, "eligible")
	}
	return units, eligible
}

func TestEverybodyVotesInExactlyOneCellOfEnoughPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units, eligible := anyCompany(t)
		total := 0
		for _, n := range eligible {
			total += n
		}

		cells := cell.Divide("company", units, eligible, cell.Minimum)

		if total < cell.Minimum {
			require.Empty(t, cells)
			return
		}
		voted := map[string]int{}
		sum := 0
		for _, c := range cells {
			require.GreaterOrEqual(t, c.Eligible, cell.Minimum)
			people := 0
			for _, unit := range append(slices.Clone(c.Merged), c.UnitID) {
				require.Zero(t, voted[unit], "%s votes twice", unit)
				voted[unit]++
				people += eligible[unit]
			}
			require.Equal(t, c.Eligible, people, "the cell's people are its units' people")
			sum += c.Eligible
		}
		require.Equal(t, total, sum)
		for unit, n := range eligible {
			require.True(t, n == 0 || voted[unit] == 1, "%s has no cell", unit)
		}
	})
}

func TestBelowTheCompanyOnlyUnitsThatAreTooSmallAreMerged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units, eligible := anyCompany(t)
		for _, c := range cell.Divide("company", units, eligible, cell.Minimum) {
			if c.UnitID == "company" {
				continue // it may have taken whole cells in
			}
			for _, unit := range c.Merged {
				require.Less(t, eligible[unit], cell.Minimum)
			}
		}
	})
}

func TestTheOrderInWhichUnitsAreKnownDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units, eligible := anyCompany(t)
		want := cell.Divide("company", units, eligible, cell.Minimum)
		seed := rapid.Uint64().Draw(t, "seed")
		shuffled := slices.Clone(units)
		rand.New(rand.NewPCG(seed, seed)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		require.Equal(t, want, cell.Divide("company", shuffled, eligible, cell.Minimum))
	})
}
