package publication

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// A21: nobody gets lower thresholds than people were promised, higher ones are welcome.
func TestThresholdsAreNeverLowerThanPromised(t *testing.T) {
	cells := []Cell{{UnitID: "co", Path: []string{"co"}, Eligible: 20, Ballots: mixed(12, 1)}}
	for _, low := range []Thresholds{{}, {Scores: 4, Details: 10}, {Scores: 5, Details: 9}, {Scores: 12, Details: 10}} {
		_, err := Compute(questionnaire.Standard(), cells, low)
		require.ErrorIs(t, err, ErrThreshold)
	}
	p, err := Compute(questionnaire.Standard(), cells, Thresholds{Scores: 12, Details: 13})
	require.NoError(t, err)
	require.False(t, find(t, p, "co", false).Detailed)
	p, err = Compute(questionnaire.Standard(), cells, Thresholds{Scores: 13, Details: 13})
	require.NoError(t, err)
	require.Equal(t, Publication{}, p)
}

func TestOtherQuestionsThanTheBallotsAreRefused(t *testing.T) {
	q := questionnaire.Standard()
	q.Themes = q.Themes[1:]
	_, err := Compute(q, nil, standard)
	require.ErrorIs(t, err, ErrQuestionnaire)

	q.Themes = append([]questionnaire.Theme{{Code: "empty"}}, questionnaire.Standard().Themes...)
	_, err = Compute(q, nil, standard)
	require.ErrorIs(t, err, ErrQuestionnaire)
}

func TestWhatCannotBeIsRefused(t *testing.T) {
	co := Cell{UnitID: "co", Path: []string{"co"}, Eligible: 40, Ballots: mixed(10, 1)}
	_, err := Compute(questionnaire.Standard(), []Cell{co, co}, standard)
	require.ErrorIs(t, err, ErrCells)
	co.Ballots = co.Ballots[1:]
	_, err = Compute(questionnaire.Standard(), []Cell{co}, standard)
	require.ErrorIs(t, err, ballot.ErrInvalid, "no whole ballots")
	co.Ballots = make([]byte, 10*ballot.Size)
	_, err = Compute(questionnaire.Standard(), []Cell{co}, standard)
	require.ErrorIs(t, err, ballot.ErrInvalid, "nobody can answer 0")
	for _, wrong := range []struct {
		at     int
		answer byte
	}{{0, 6}, {44, 10}, {44, 200}, {45, 11}, {45, 255}} {
		co.Ballots = mixed(10, 1)
		co.Ballots[3*ballot.Size+wrong.at] = wrong.answer
		_, err = Compute(questionnaire.Standard(), []Cell{co}, standard)
		require.ErrorIs(t, err, ballot.ErrInvalid)
	}
}

// A unit whose parent is not known is the company's own; its manager must not be shown the company as if it were that unit.
func TestAUnitThatHangsInTheAirIsBelowTheCompany(t *testing.T) {
	p := compute(t,
		Cell{UnitID: "adrift", Path: []string{"adrift"}, Eligible: 20, Ballots: mixed(11, 1)},
		Cell{UnitID: "brest", Path: []string{"co", "west", "brest"}, Eligible: 30, Ballots: mixed(20, 2)},
		Cell{UnitID: "nantes", Path: []string{"co", "west", "nantes"}, Eligible: 30, Ballots: mixed(20, 3)},
	)
	require.Equal(t, "co", p.Groups[0].UnitID)
	require.Equal(t, 51, p.Groups[0].Ballots)
	adrift := find(t, p, "adrift", false)
	require.Equal(t, 11, adrift.Ballots)
	require.Equal(t, []string{"co", "adrift"}, adrift.Path)
}

// Whatever comes in, it is counted or refused.
func TestNothingPanics(t *testing.T) {
	unit := rapid.SampledFrom([]string{"", "co", "a", "b", "c"})
	anything := rapid.Custom(func(t *rapid.T) Cell {
		ballots := mixed(rapid.IntRange(0, 12).Draw(t, "ballots"), rapid.Uint64().Draw(t, "seed"))
		return Cell{
			UnitID: unit.Draw(t, "unit"), Path: rapid.SliceOfN(unit, 0, 4).Draw(t, "path"), Eligible: rapid.IntRange(-1, 20).Draw(t, "eligible"),
			Ballots: ballots[:len(ballots)-min(len(ballots), rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "cut"))],
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		at := Thresholds{Scores: rapid.IntRange(4, 30).Draw(t, "scores"), Details: rapid.IntRange(9, 40).Draw(t, "details")}
		cells := rapid.SliceOfNDistinct(anything, 0, 5, func(c Cell) string { return c.UnitID }).Draw(t, "cells")
		p, err := Compute(questionnaire.Standard(), cells, at)
		if err != nil {
			require.Equal(t, Publication{}, p)
			return
		}
		for _, g := range p.Groups {
			require.GreaterOrEqual(t, g.Ballots, at.Scores)
			require.Equal(t, g.Detailed, g.Withheld == "")
		}
	})
}
