package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

// 4 5 3 4 2 5 4 3 4 5: mean 3.9, s = 0.994429 (Python's statistics.stdev), t of 9 degrees 2.262157 (Student's table).
var tenAnswers = stats.Distribution{0, 1, 2, 4, 3}

func TestTheIntervalOfAMeanIsStudents(t *testing.T) {
	for _, reference := range []struct {
		eligible  int
		low, high float64
	}{
		{crowd, 3.188628, 4.611372}, // 3.9 ± 2.262157 × 0.994429/√10
		{12, 3.596670, 4.203330},    // the same × √(2/11)
		{10, 3.9, 3.9},
	} {
		mean, err := tenAnswers.Mean(reference.eligible)
		require.NoError(t, err)
		require.InDelta(t, 3.9, mean.Value, 1e-12)
		require.InDelta(t, reference.low, mean.Interval.Low, 2e-6)
		require.InDelta(t, reference.high, mean.Interval.High, 2e-6)
	}
}

// Student's table, 97.5 %. With half of the answers 2 and half 4, or one 3 more, the half-width tells t.
func TestStudentsQuantileIsThatOfTheTables(t *testing.T) {
	for n, quantile := range map[int]float64{
		4: 3.182446, 10: 2.262157, 24: 2.068658, 42: 2.019541, 1001: 1.962339, 100_000: 1.959988, 10_000_000: 1.959964,
	} {
		mean, err := stats.Distribution{0, n / 2, n % 2, n / 2, 0}.Mean(crowd)
		require.NoError(t, err)
		s := math.Sqrt(float64(n-n%2) / float64(n-1))
		correction := math.Sqrt(float64(crowd-n) / (crowd - 1))
		require.InDelta(t, quantile, (mean.Interval.High-3)/s*math.Sqrt(float64(n))/correction, 1e-6, "n = %d", n)
	}
}

func TestTheScoreTakesTheScaleToHundred(t *testing.T) {
	for answer, score := range []int{0, 25, 50, 75, 100} {
		var all stats.Distribution
		all[answer] = 7
		mean, err := all.Mean(7)
		require.NoError(t, err)
		require.Equal(t, score, mean.Score())
	}
}

// In whole numbers: the score is the floor of (50·(sum−n) + n)/(2n).
func TestAHalfOfTheScoreIsRoundedUpWhateverTheFractions(t *testing.T) {
	for n := 1; n <= 120; n++ {
		for sum := n; sum <= 5*n; sum++ {
			fours := (sum - n) / 4
			answers := stats.Distribution{n - fours, 0, 0, 0, fours}
			if rest := (sum - n) % 4; rest > 0 {
				answers[0]--
				answers[rest]++
			}
			mean, err := answers.Mean(n)
			require.NoError(t, err)
			require.Equal(t, (50*(sum-n)+n)/(2*n), mean.Score(), "%d/%d", sum, n)
		}
	}
}

func TestAnIntervalEndsWhereTheScaleDoes(t *testing.T) {
	mean, err := stats.Distribution{1, 0, 0, 0, 4}.Mean(50)
	require.NoError(t, err)
	require.InDelta(t, 5.0, mean.Interval.High, 0)
	require.Greater(t, mean.Interval.Low, 1.0)
}

func TestOneAnswerOfSeveralLeavesTheWholeScaleOpen(t *testing.T) {
	mean, err := stats.MeanOf([]float64{3.5}, 2)
	require.NoError(t, err)
	require.Equal(t, stats.Mean{Value: 3.5, Interval: stats.Interval{Low: 1, High: 5}}, mean)

	mean, err = stats.MeanOf([]float64{3.5}, 1)
	require.NoError(t, err)
	require.Equal(t, stats.Interval{Low: 3.5, High: 3.5}, mean.Interval)
}

func TestAMeanThatCannotBeIsRefused(t *testing.T) {
	for _, off := range []float64{0.99, 5.01, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := stats.MeanOf([]float64{3, off}, 9)
		require.ErrorIs(t, err, stats.ErrImpossible)
	}
	_, err := stats.MeanOf([]float64{3, 3}, 1)
	require.ErrorIs(t, err, stats.ErrImpossible)
	_, err = stats.Distribution{0, -1, 0, 4, 0}.Mean(9)
	require.ErrorIs(t, err, stats.ErrImpossible)
	_, err = stats.Distribution{}.Mean(9)
	require.ErrorIs(t, err, stats.ErrNobody)
	_, err = stats.MeanOf(nil, 0)
	require.ErrorIs(t, err, stats.ErrNobody)
}

func TestTheMeanOfPersonalValuesIsThatOfTheirDistribution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d stats.Distribution
		var personal []float64
		for range rapid.IntRange(1, 120).Draw(t, "people") {
			answer := rapid.IntRange(1, 5).Draw(t, "answer")
			d[answer-1]++
			personal = append(personal, float64(answer))
		}
		eligible := len(personal) + rapid.IntRange(0, 100).Draw(t, "silent")

		counted, err := d.Mean(eligible)
		require.NoError(t, err)
		listed, err := stats.MeanOf(personal, eligible)
		require.NoError(t, err)

		require.InDelta(t, counted.Value, listed.Value, 1e-12)
		require.InDelta(t, counted.Interval.Low, listed.Interval.Low, 1e-9)
		require.InDelta(t, counted.Interval.High, listed.Interval.High, 1e-9)
		requireNumbers(t, counted.Value, counted.Interval.Low, counted.Interval.High)
		require.LessOrEqual(t, 1.0, counted.Interval.Low)
		require.LessOrEqual(t, counted.Interval.Low, counted.Value)
		require.LessOrEqual(t, counted.Value, counted.Interval.High)
		require.LessOrEqual(t, counted.Interval.High, 5.0)
	})
}
