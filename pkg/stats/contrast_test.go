package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

func oppose(t require.TestingT, first, second stats.Arm) stats.Contrast {
	c, err := stats.Oppose(first, second)
	require.NoError(t, err)
	return c
}

// The tea tasting of Fisher 1935 and the convictions of twins in R's documentation of fisher.test.
func TestWhereFewAreExpectedTheTestIsFishers(t *testing.T) {
	tea := oppose(t, stats.Arm{People: 4, Did: 3}, stats.Arm{People: 4, Did: 1})
	require.True(t, tea.Exact)
	require.InDelta(t, 0.4857, tea.P, 0.00005)

	twins := oppose(t, stats.Arm{People: 17, Did: 2}, stats.Arm{People: 13, Did: 10})
	require.False(t, twins.Exact, "5.2 are expected in the smallest cell")

	few := oppose(t, stats.Arm{People: 12, Did: 2}, stats.Arm{People: 8, Did: 7})
	require.True(t, few.Exact)
	require.InDelta(t, 0.0045249, few.P, 1e-7)
}

// R's prop.test(c(94, 39), c(214, 128), correct = FALSE): X-squared = 6.1026, p-value = 0.0135.
func TestOfManyTheTestIsTheTextbooks(t *testing.T) {
	c := oppose(t, stats.Arm{People: 128, Did: 39}, stats.Arm{People: 214, Did: 94})
	require.False(t, c.Exact)
	require.InDelta(t, 0.01350, c.P, 0.000005)
	require.InDelta(t, 13.45648, c.Points, 0.00001)
}

// Newcombe 1998, Stat. Med. 17:873, table II, method 10.
func TestTheIntervalIsNewcombes(t *testing.T) {
	c := oppose(t, stats.Arm{People: 80, Did: 48}, stats.Arm{People: 70, Did: 56})
	require.InDelta(t, 5.24, c.Interval.Low, 0.005)
	require.InDelta(t, 33.39, c.Interval.High, 0.005)
}

func TestArmsThatCannotBeAreRefused(t *testing.T) {
	for _, arm := range []stats.Arm{{People: 5, Did: 6}, {People: 5, Did: -1}, {People: -1}} {
		_, err := stats.Oppose(arm, stats.Arm{People: 5})
		require.ErrorIs(t, err, stats.ErrImpossible)
	}
	_, err := stats.Oppose(stats.Arm{}, stats.Arm{People: 5})
	require.ErrorIs(t, err, stats.ErrNobody)
}

func TestWhichArmComesFirstDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arm := func(name string) stats.Arm {
			n := rapid.IntRange(1, 400).Draw(t, name)
			return stats.Arm{People: n, Did: rapid.IntRange(0, n).Draw(t, name+" did")}
		}
		a, b := arm("a"), arm("b")
		there, back := oppose(t, a, b), oppose(t, b, a)
		requireNumbers(t, there.P, there.Points, there.Interval.Low, there.Interval.High)
		require.Equal(t, there.Exact, back.Exact)
		require.InDelta(t, there.P, back.P, 1e-9)
		require.InDelta(t, there.Points, -back.Points, 1e-9)
		require.InDelta(t, there.Interval.Low, -back.Interval.High, 1e-9)
		require.True(t, there.P >= 0 && there.P <= 1)
		same := oppose(t, a, a)
		require.InDelta(t, 1, same.P, 1e-6, "what is equal does not differ")
	})
}

// Two arms without any difference are called different at most five times in a hundred.
func TestChanceAloneSeldomMakesADifference(t *testing.T) {
	for _, of := range []struct{ people, share int }{{10, 50}, {50, 30}, {60, 4}} {
		wrong := 0.0
		for i := 0; i <= of.people; i++ {
			for j := 0; j <= of.people; j++ {
				if oppose(t, stats.Arm{People: of.people, Did: i}, stats.Arm{People: of.people, Did: j}).P < 0.05 {
					wrong += binomial(of.people, i, of.share) * binomial(of.people, j, of.share)
				}
			}
		}
		require.Less(t, wrong, 0.06, "%v", of)
	}
}

// binomial is the probability that so many of n do it, where each does with a chance in percent.
func binomial(n, k, percent int) float64 {
	p, share := 1.0, float64(percent)/100
	for i := range k {
		p *= share * float64(n-i) / float64(k-i)
	}
	for range n - k {
		p *= 1 - share
	}
	return p
}
