package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

func TestPassivesStayInTheDenominator(t *testing.T) {
	e, err := stats.NewENPS([11]int{0: 1, 6: 1, 7: 2, 8: 1, 9: 3, 10: 2}, 10)

	require.NoError(t, err)
	require.Equal(t, stats.ENPS{
		Promoters: 5, Passives: 3, Detractors: 2,
		Points: 30, Interval: stats.Interval{Low: 30, High: 30},
	}, e)
}

// A third promoters and a third detractors: Engelhardt 2016, "Net Promoter Score confidence intervals 2", gives a width of
// about 320/√n, which is 2 × 1.96 × 100 × √(2/3) = 320.07.
func TestTheIntervalIsThatOfAVariableOfThreeValues(t *testing.T) {
	e, err := stats.NewENPS([11]int{3: 100, 7: 100, 10: 100}, crowd)
	require.NoError(t, err)
	require.InDelta(t, 320.07/17.320508, e.Interval.High-e.Interval.Low, 0.001)
	require.InDelta(t, 0, e.Points, 0)

	// 42 of 52: P = 18/42, D = 9/42; 196 × √((27/42 − (9/42)²)/42 × 10/51), by hand.
	e, err = stats.NewENPS([11]int{0: 9, 8: 15, 9: 18}, 52)
	require.NoError(t, err)
	require.InDelta(t, 21.428571, e.Points, 1e-6)
	require.InDelta(t, 10.346, e.Points-e.Interval.Low, 0.001)
}

func TestWhoOnlyPromotesOrOnlyDetractsIsAtTheEnd(t *testing.T) {
	for answer, points := range map[int]float64{0: -100, 6: -100, 7: 0, 8: 0, 9: 100, 10: 100} {
		var answers [11]int
		answers[answer] = 1
		e, err := stats.NewENPS(answers, 1)
		require.NoError(t, err)
		require.InDelta(t, points, e.Points, 0)
	}
}

func TestAnENPSThatCannotBeIsRefused(t *testing.T) {
	_, err := stats.NewENPS([11]int{4: -1, 9: 3}, 9)
	require.ErrorIs(t, err, stats.ErrImpossible)
	_, err = stats.NewENPS([11]int{9: 3}, 2)
	require.ErrorIs(t, err, stats.ErrImpossible)
	_, err = stats.NewENPS([11]int{}, 9)
	require.ErrorIs(t, err, stats.ErrNobody)
}

func TestAnENPSLiesInItsIntervalAndBothOnTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var answers [11]int
		people := rapid.IntRange(1, 100).Draw(t, "people")
		for range people {
			answers[rapid.IntRange(0, 10).Draw(t, "answer")]++
		}
		e, err := stats.NewENPS(answers, people+rapid.IntRange(0, 100).Draw(t, "silent"))

		require.NoError(t, err)
		require.Equal(t, people, e.Promoters+e.Passives+e.Detractors)
		requireNumbers(t, e.Points, e.Interval.Low, e.Interval.High)
		require.LessOrEqual(t, -100.0, e.Interval.Low)
		require.LessOrEqual(t, e.Interval.Low, e.Points)
		require.LessOrEqual(t, e.Points, e.Interval.High)
		require.LessOrEqual(t, e.Interval.High, 100.0)
	})
}
