package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

// R's data set mtcars (Henderson & Velleman 1981, Biometrics 37:391): miles per gallon and horsepower of 32 cars.
var (
	mpg = []float64{
		21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4,
		14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4,
	}
	hp = []float64{
		110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215,
		230, 66, 52, 65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109,
	}
)

// R's cor.test(mtcars$mpg, mtcars$hp): cor -0.7761684, 95 percent confidence interval -0.8852686 -0.5860994.
func TestACorrelationAndItsIntervalAreThoseOfR(t *testing.T) {
	for _, correlate := range []func(x, y []float64) (stats.Correlation, error){stats.Correlate, stats.Driver} {
		c, err := correlate(mpg, hp)

		require.NoError(t, err)
		require.False(t, c.TooFew)
		require.Equal(t, 32, c.Pairs)
		require.InDelta(t, -0.7761684, c.R, 5e-8)
		require.InDelta(t, -0.8852686, c.Interval.Low, 5e-8)
		require.InDelta(t, -0.5860994, c.Interval.High, 5e-8)
	}
}

// Anscombe 1973, "Graphs in statistical analysis", Amer. Statistician 27:17: the first of four sets, r = 0.816.
func TestTheCorrelationOfAnscombesFirstSet(t *testing.T) {
	c, err := stats.Correlate(
		[]float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5},
		[]float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68},
	)
	require.NoError(t, err)
	require.InDelta(t, 0.816, c.R, 0.0005)
}

// Student's t has 0.396 for 25 pairs and 0.113 for 300 (tables of Fisher & Yates 1938); Fisher's z agrees to 0.001.
func TestTheSmallestCorrelationThatPairsCanShow(t *testing.T) {
	require.InDelta(t, 0.396, stats.DetectableCorrelation(25), 0.0015)
	require.InDelta(t, 0.113, stats.DetectableCorrelation(300), 0.0005)
	for pairs := -1; pairs <= 3; pairs++ {
		require.InDelta(t, 1, stats.DetectableCorrelation(pairs), 0)
	}
}

func TestTooFewPairsTellNothing(t *testing.T) {
	nothing := stats.Correlation{TooFew: true, Interval: stats.Interval{Low: -1, High: 1}}
	for n := range 33 {
		nothing.Pairs = n
		c, err := stats.Correlate(mpg[:min(n, 32)], hp[:min(n, 32)])
		require.NoError(t, err)
		require.Equal(t, n < 10, c == nothing, "%d pairs", n)

		c, err = stats.Driver(mpg[:min(n, 32)], hp[:min(n, 32)])
		require.NoError(t, err)
		require.Equal(t, n <= 25, c == nothing, "%d people", n)
	}
}

func TestWhatNeverChangesGoesWithNothing(t *testing.T) {
	for _, value := range []float64{0, 3, 0.1, -1e300} {
		same := make([]float64, len(mpg))
		for i := range same {
			same[i] = value
		}
		for _, columns := range [][2][]float64{{same, mpg}, {mpg, same}, {same, same}} {
			c, err := stats.Correlate(columns[0], columns[1])
			require.NoError(t, err)
			require.True(t, c.TooFew)
			require.Zero(t, c.R)
		}
	}
}

func TestColumnsThatCannotBePairedAreRefused(t *testing.T) {
	_, err := stats.Correlate(mpg, hp[:31])
	require.ErrorIs(t, err, stats.ErrImpossible)
	for _, odd := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e308} {
		_, err := stats.Correlate(append([]float64{odd, -odd}, mpg...), append([]float64{1, 2}, hp...))
		require.ErrorIs(t, err, stats.ErrImpossible, "%v", odd)
	}
}

func TestWhatLiesOnALineIsPerfect(t *testing.T) {
	line := make([]float64, len(mpg))
	for i, x := range mpg {
		line[i] = 7 - 2*x
	}
	c, err := stats.Correlate(mpg, line)
	require.NoError(t, err)
	require.InDelta(t, -1, c.R, 1e-12)
	requireNumbers(t, c.R, c.Interval.Low, c.Interval.High)
}

func TestLargeValuesCloseTogetherKeepTheirCorrelation(t *testing.T) {
	far := make([]float64, len(mpg))
	for i, x := range mpg {
		far[i] = x + 1e9
	}
	c, err := stats.Correlate(far, hp)
	require.NoError(t, err)
	require.InDelta(t, -0.7761684, c.R, 1e-6)
}

func TestACorrelationTakesNoMemory(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = stats.Driver(mpg, hp) }))
}

// The two-pass definition, by sums of products around the means.
func defined(x, y []float64) float64 {
	n := float64(len(x))
	var meanX, meanY, xx, yy, xy float64
	for i := range x {
		meanX += x[i] / n
		meanY += y[i] / n
	}
	for i := range x {
		xx += (x[i] - meanX) * (x[i] - meanX)
		yy += (y[i] - meanY) * (y[i] - meanY)
		xy += (x[i] - meanX) * (y[i] - meanY)
	}
	return xy / math.Sqrt(xx*yy)
}

func TestACorrelationIsWhatItIsDefinedToBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(10, 80).Draw(t, "pairs")
		answers := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 10), func(i int) float64 { return float64(i) }), n, n)
		x, y := answers.Draw(t, "x"), answers.Draw(t, "y")

		c, err := stats.Correlate(x, y)
		require.NoError(t, err)
		if c.TooFew {
			return // a column of one value
		}
		require.InDelta(t, defined(x, y), c.R, 1e-9)
		require.True(t, -1 <= c.Interval.Low && c.Interval.Low <= c.R && c.R <= c.Interval.High && c.Interval.High <= 1)
		least := stats.DetectableCorrelation(n)
		if math.Abs(math.Abs(c.R)-least) > 1e-9 {
			require.Equal(t, math.Abs(c.R) > least, c.Interval.Low > 0 || c.Interval.High < 0)
		}
	})
}

func TestNoColumnsMakeACorrelationOfNoNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "pairs")
		anything := rapid.SliceOfN(rapid.Float64(), n, n)
		c, _ := stats.Correlate(anything.Draw(t, "x"), anything.Draw(t, "y"))
		requireNumbers(t, c.R, c.Interval.Low, c.Interval.High)
		require.True(t, c.R >= -1 && c.R <= 1)
	})
}

func BenchmarkADriverOverAHundredThousandPeople(b *testing.B) {
	theme, recommend := make([]float64, 100_000), make([]float64, 100_000)
	for i := range theme {
		theme[i], recommend[i] = float64(i%29)/7+1, float64(i%11)
	}
	for b.Loop() {
		_, _ = stats.Driver(theme, recommend)
	}
}
