package customers_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/customers"
)

func measure(t require.TestingT, c customers.Counts) customers.Measures {
	m, err := customers.Measure(c)
	require.NoError(t, err)
	return m
}

// The widths are those of textbooks for an endless population, by hand: Wilson's of 140 of 200 is 0.6333 to 0.7592; Student's
// half width is 1.9720 × s/√200, s² = 198/199; that of the NPS, 196 × √((120 + 40)/200 − 0.4²)/√200.
func TestAStoreOfTwoHundredIsMeasuredAsTextbooksDo(t *testing.T) {
	m := measure(t, customers.Counts{
		Wave: "2026-1", StoreID: "nantes", Respondents: 200,
		Rated:          [4]stats.Distribution{{10, 10, 40, 70, 70}, {}, {}, {0, 0, 200, 0, 0}},
		Recommendation: [11]int{3: 40, 8: 40, 9: 60, 10: 60},
	})

	satisfied := m.Rated[0]
	require.Equal(t, 200, satisfied.N)
	require.InDelta(t, 0.70, satisfied.Favourable, 0)
	require.InDelta(t, 0.6333, satisfied.FavourableInterval.Low, 0.0001)
	require.InDelta(t, 0.7592, satisfied.FavourableInterval.High, 0.0001)
	require.InDelta(t, 3.90, satisfied.Mean.Value, 1e-12)
	s := math.Sqrt((10*2.9*2.9 + 10*1.9*1.9 + 40*0.9*0.9 + 70*0.1*0.1 + 70*1.1*1.1) / 199)
	require.InDelta(t, 1.97196*s/math.Sqrt(200), satisfied.Mean.Interval.High-satisfied.Mean.Value, 1e-5)
	require.InDelta(t, 40, m.NPS.Points, 1e-12)
	require.InDelta(t, 195.9964*math.Sqrt((0.8-0.16)/200), m.NPS.Interval.High-m.NPS.Points, 1e-3)
	require.Equal(t, 200, m.NPS.N)
	require.Zero(t, m.Rated[1], "nobody answered")
}

func TestCountsThatNoPanelGivesAreRefused(t *testing.T) {
	for _, c := range []customers.Counts{
		{Rated: [4]stats.Distribution{2: {-1, 2}}},
		{Recommendation: [11]int{-1, 2}},
		{Recommendation: [11]int{math.MaxInt32}},
	} {
		_, err := customers.Measure(c)
		require.ErrorIs(t, err, stats.ErrImpossible)
	}
}

func anyCounts(t *rapid.T) customers.Counts {
	c := customers.Counts{Wave: "2026-1", StoreID: "nantes", Respondents: rapid.IntRange(1, 300).Draw(t, "respondents")}
	for i := range c.Rated {
		for range rapid.IntRange(0, c.Respondents).Draw(t, "answers") {
			c.Rated[i][rapid.IntRange(0, 4).Draw(t, "answer")]++
		}
	}
	for range rapid.IntRange(0, c.Respondents).Draw(t, "answers") {
		c.Recommendation[rapid.IntRange(0, 10).Draw(t, "answer")]++
	}
	return c
}

func TestAScoreLiesInItsInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := measure(t, anyCounts(t))
		for _, q := range customers.Questions() {
			s, ok := m.Score(q)
			require.Equal(t, s.N > 0, ok)
			if ok {
				require.LessOrEqual(t, s.Interval.Low, s.Points)
				require.GreaterOrEqual(t, s.Interval.High, s.Points)
				require.LessOrEqual(t, s.Points, 100.0)
			}
		}
		_, ok := m.Score("another question")
		require.False(t, ok)
	})
}

func TestScoresAreThoseOfTheWaveAndTheQuestion(t *testing.T) {
	panel := []customers.Measures{
		measure(t, customers.Counts{Wave: "2026-1", StoreID: "a", Rated: [4]stats.Distribution{{}, {1, 0, 0, 3, 0}}}),
		measure(t, customers.Counts{Wave: "2026-2", StoreID: "a", Rated: [4]stats.Distribution{{}, {1, 0, 0, 0, 0}}}),
		measure(t, customers.Counts{Wave: "2026-1", StoreID: "b", Rated: [4]stats.Distribution{{4}, {}}}),
	}
	scores := customers.Scores(panel, "2026-1", customers.Welcome)
	require.Len(t, scores, 1)
	require.InDelta(t, 75, scores["a"].Points, 0)
	require.Equal(t, 4, scores["a"].N)
}
