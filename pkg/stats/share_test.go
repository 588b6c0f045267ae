package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

// Newcombe 1998, "Two-sided confidence intervals for the single proportion", Stat. Med. 17:857, table I, method 3.
func TestWithoutCorrectionTheIntervalIsWilsons(t *testing.T) {
	for _, published := range []struct {
		favourable, of int
		low, high      float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		interval := share(t, published.favourable, published.of, crowd).Interval()
		require.InDelta(t, published.low, interval.Low, 0.00005)
		require.InDelta(t, published.high, interval.High, 0.00005)
	}
}

// 42 of 52 give an effective size of 42·51/10 = 214.2; Wilson's closed form at p = 2/3, by Python's statistics module.
func TestOfAFiniteGroupTheIntervalIsThatOfTheEffectiveSize(t *testing.T) {
	interval := share(t, 28, 42, 52).Interval()

	require.InDelta(t, 0.601091, interval.Low, 1e-6)
	require.InDelta(t, 0.726370, interval.High, 1e-6)
}

func TestWhereEverybodyAnsweredTheIntervalIsThePoint(t *testing.T) {
	for _, people := range []int{1, 2, 52} {
		require.Equal(t, stats.Interval{Low: 1, High: 1}, share(t, people, people, people).Interval())
		require.Equal(t, stats.Interval{}, share(t, 0, people, people).Interval())
	}
}

func TestASingleAnswerSaysLittle(t *testing.T) {
	interval := share(t, 1, 1, 50).Interval()

	require.InDelta(t, 0.2065, interval.Low, 0.00005) // 1/(1+z²): one answer of many has no correction
	require.InDelta(t, 1.0, interval.High, 0)
}

func TestAThemeIsAsUncertainAsItsRespondentsAreFew(t *testing.T) {
	theme, err := stats.NewShare(7*28, 7*42, group(t, 42, 52))
	require.NoError(t, err)

	require.Equal(t, share(t, 28, 42, 52).Interval(), theme.Interval(), "seven questions are not seven times the people")
}

func TestAShareThatCannotBeIsRefused(t *testing.T) {
	for _, answers := range [][2]int{{-1, 5}, {6, 5}, {4, 4}} {
		_, err := stats.NewShare(answers[0], answers[1], group(t, 5, 9))
		require.ErrorIs(t, err, stats.ErrImpossible, "%v", answers)
	}
	_, err := stats.NewShare(0, 0, stats.Group{})
	require.ErrorIs(t, err, stats.ErrNobody)
}

func TestOfNobodyEverythingIsPossible(t *testing.T) {
	require.Equal(t, stats.Interval{Low: 0, High: 1}, stats.Share{}.Interval())
	require.Zero(t, stats.Share{}.Value())
}

// Wilson's bounds are, by definition, the true shares at which the observed one lies z standard errors away.
func TestTheBoundsAreZStandardErrorsFromTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		eligible := rapid.IntRange(2, 300).Draw(t, "eligible")
		n := rapid.IntRange(1, eligible-1).Draw(t, "respondents")
		s := share(t, rapid.IntRange(0, n).Draw(t, "favourable"), n, eligible)

		for _, bound := range []float64{s.Interval().Low, s.Interval().High} {
			if bound < 1e-12 || bound > 1-1e-12 {
				continue // the share itself is 0 or 1, and so is its bound
			}
			variance := bound * (1 - bound) / float64(n) * float64(eligible-n) / float64(eligible-1)
			require.InDelta(t, 1.959964, math.Abs(s.Value()-bound)/math.Sqrt(variance), 1e-5)
		}
	})
}

func TestAShareLiesInItsIntervalAndBothOnTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyShare(t)
		interval := s.Interval()

		requireNumbers(t, s.Value(), interval.Low, interval.High)
		require.LessOrEqual(t, 0.0, interval.Low)
		require.LessOrEqual(t, interval.Low, s.Value())
		require.LessOrEqual(t, s.Value(), interval.High)
		require.LessOrEqual(t, interval.High, 1.0)
	})
}

// Summed over everything that can happen when 42 of 52 answer, whatever number of the 52 is favourable.
func TestTheIntervalHoldsTheTruthAsOftenAsItSays(t *testing.T) {
	const n, eligible = 42, 52
	sum, worst := 0.0, 1.0
	for favourable := range eligible + 1 {
		held := 0.0
		for k := range n + 1 {
			if interval := share(t, k, n, eligible).Interval(); interval.Low <= float64(favourable)/eligible &&
				float64(favourable)/eligible <= interval.High {
				held += chance(k, n, favourable, eligible)
			}
		}
		sum += held
		worst = min(worst, held)
	}
	t.Logf("holds the truth in %.1f %% on average, %.1f %% at worst", 100*sum/(eligible+1), 100*worst)
	require.InDelta(t, 0.95, sum/(eligible+1), 0.02)
	require.Greater(t, worst, 0.80)
}
