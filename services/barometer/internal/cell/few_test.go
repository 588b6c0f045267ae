package cell_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/cell"
)

func anyCast(t *rapid.T) []cell.Cast {
	cells := []cell.Cast{{UnitID: "u0", Path: []string{"u0"}}}
	for i := range rapid.IntRange(1, 12).Draw(t, "cells") {
		above := rapid.SampledFrom(cells).Draw(t, "above")
		id := fmt.Sprint("u", i+1)
		cells = append(cells, cell.Cast{UnitID: id, Path: append(append([]string(nil), above.Path...), id)})
	}
	if rapid.Bool().Draw(t, "the company has no cell of its own") {
		cells = cells[1:]
	}
	return cells
}

func TestFewBallotsHideAmongMoreWithoutLosingAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells, total := anyCast(t), 0
		for i := range cells {
			cells[i].Ballots = rapid.IntRange(0, 12).Draw(t, "cast")
			total += cells[i].Ballots
		}
		moved := cell.TooFew(cells, 5)
		after := map[string]int{}
		for _, c := range cells {
			unit := c.UnitID
			if to, ok := moved[unit]; ok {
				unit = to
			}
			after[unit] += c.Ballots
		}
		sum := 0
		for _, n := range after {
			sum += n
		}
		require.Equal(t, total, sum)
		for unit, n := range after {
			require.True(t, n == 0 || n >= 5 || unit == "u0", "%s is left with %d", unit, n)
		}
		for from, to := range moved {
			require.NotEqual(t, from, to)
			require.Empty(t, moved[to], "moved on to where nothing stays")
		}
	})
}

func TestFewBallotsGoUpTheTree(t *testing.T) {
	lille := func(n int) cell.Cast {
		return cell.Cast{UnitID: "lille", Path: []string{"company", "north", "lille"}, Ballots: n}
	}
	north := cell.Cast{UnitID: "north", Path: []string{"company", "north"}, Ballots: 1}
	brest := cell.Cast{UnitID: "brest", Path: []string{"company", "west", "brest"}, Ballots: 5}
	company := cell.Cast{UnitID: "company", Path: []string{"company"}, Ballots: 4}

	require.Equal(t, map[string]string{"lille": "north"}, cell.TooFew([]cell.Cast{company, north, lille(4), brest}, 5))
	require.Equal(t, map[string]string{"lille": "company", "north": "company"}, cell.TooFew([]cell.Cast{company, north, lille(3), brest}, 5))
	require.Equal(t, map[string]string{"lille": "company", "north": "company"},
		cell.TooFew([]cell.Cast{north, lille(3), brest}, 5), "the company gets a cell for them")
	require.Empty(t, cell.TooFew([]cell.Cast{company}, 5))
}
