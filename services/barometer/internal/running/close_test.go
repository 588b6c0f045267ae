package running

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/mongostore"
)

func anyCells(t *rapid.T) []mongostore.Cell {
	cells := []mongostore.Cell{{UnitID: "u0", Path: []string{"u0"}}}
	for i := range rapid.IntRange(1, 12).Draw(t, "cells") {
		above := rapid.SampledFrom(cells).Draw(t, "above")
		id := fmt.Sprint("u", i+1)
		cells = append(cells, mongostore.Cell{UnitID: id, Path: append(append([]string(nil), above.Path...), id)})
	}
	if rapid.Bool().Draw(t, "the company has no cell of its own") {
		cells = cells[1:]
	}
	return cells
}

func TestFewBallotsHideAmongMoreWithoutLosingAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells, cast, total := anyCells(t), map[string]int{}, 0
		for _, c := range cells {
			cast[c.UnitID] = rapid.IntRange(0, 12).Draw(t, "cast")
			total += cast[c.UnitID]
		}
		moved := tooFew(cells, cast, 5)
		after := map[string]int{}
		for unit, n := range cast {
			if to, ok := moved[unit]; ok {
				unit = to
			}
			after[unit] += n
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
	cells := []mongostore.Cell{
		{UnitID: "company", Path: []string{"company"}},
		{UnitID: "north", Path: []string{"company", "north"}},
		{UnitID: "lille", Path: []string{"company", "north", "lille"}},
		{UnitID: "brest", Path: []string{"company", "west", "brest"}},
	}
	require.Equal(t, map[string]string{"lille": "north"}, tooFew(cells, map[string]int{"lille": 4, "north": 1, "brest": 5, "company": 5}, 5))
	require.Equal(t, map[string]string{"lille": "company", "north": "company"},
		tooFew(cells, map[string]int{"lille": 3, "north": 1, "brest": 5, "company": 5}, 5))
	require.Equal(t, map[string]string{"north": "company", "lille": "company"},
		tooFew(cells[1:], map[string]int{"lille": 3, "north": 1, "brest": 5}, 5), "the company gets a cell for them")
	require.Empty(t, tooFew(cells[:1], map[string]int{"company": 4}, 5))
}
