package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

// crowd is a population so large that a group of some hundred is a sample of an endless one, as in textbooks.
const crowd = 1_000_000_000

func group(t require.TestingT, respondents, eligible int) stats.Group {
	g, err := stats.NewGroup(respondents, eligible)
	require.NoError(t, err)
	return g
}

// share is the answers to one question.
func share(t require.TestingT, favourable, respondents, eligible int) stats.Share {
	s, err := stats.NewShare(favourable, respondents, group(t, respondents, eligible))
	require.NoError(t, err)
	return s
}

func anyGroup(t *rapid.T) (g stats.Group, respondents int) {
	eligible := rapid.IntRange(1, 300).Draw(t, "eligible")
	respondents = rapid.IntRange(1, eligible).Draw(t, "respondents")
	return group(t, respondents, eligible), respondents
}

func anyQuestion(t *rapid.T) stats.Share { return anyTheme(t, 1) }

// anyShare is of a question or of a theme.
func anyShare(t *rapid.T) stats.Share { return anyTheme(t, rapid.IntRange(1, 8).Draw(t, "questions")) }

func anyTheme(t *rapid.T, questions int) stats.Share {
	g, respondents := anyGroup(t)
	answers := respondents * questions
	s, err := stats.NewShare(rapid.IntRange(0, answers).Draw(t, "favourable"), answers, g)
	require.NoError(t, err)
	return s
}

func requireNumbers(t require.TestingT, numbers ...float64) {
	for _, x := range numbers {
		require.False(t, math.IsNaN(x) || math.IsInf(x, 0), "%v", numbers)
	}
}

// chance is the probability that of n people drawn without putting back from a population, in which so many are
// favourable, exactly k are: the hypergeometric distribution, by logarithms of factorials.
func chance(k, n, favourable, population int) float64 {
	if k > favourable || n-k > population-favourable {
		return 0
	}
	choose := func(n, k int) float64 {
		all, _ := math.Lgamma(float64(n + 1))
		some, _ := math.Lgamma(float64(k + 1))
		others, _ := math.Lgamma(float64(n - k + 1))
		return all - some - others
	}
	return math.Exp(choose(favourable, k) + choose(population-favourable, n-k) - choose(population, n))
}

// ask draws n people of a population without putting back, and returns how many of them are favourable.
func ask(random *rand.Rand, n, favourable, population int) int {
	yes := 0
	for range n {
		if random.IntN(population) < favourable {
			yes++
			favourable--
		}
		population--
	}
	return yes
}

func TestAGroupThatCannotBeIsRefused(t *testing.T) {
	for _, people := range [][2]int{{-1, 10}, {11, 10}, {1, 0}, {0, -1}, {-2, -1}} {
		_, err := stats.NewGroup(people[0], people[1])
		require.ErrorIs(t, err, stats.ErrImpossible, "%v", people)
	}
}

func TestAGroupInWhichNobodyAnsweredHasNoFigures(t *testing.T) {
	for _, eligible := range []int{0, 1, 52} {
		_, err := stats.NewGroup(0, eligible)
		require.ErrorIs(t, err, stats.ErrNobody)
	}
}
