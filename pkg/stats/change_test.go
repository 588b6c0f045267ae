package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

// The figures that the product promises, at 70 % favourable: without and with the correction for a finite group.
func TestTheCorrectionIsWhatLetsASmallUnitSeeAChange(t *testing.T) {
	for _, promised := range []struct {
		respondents, eligible int
		ordinary, corrected   float64
	}{
		{42, 52, 19.6, 8.7},
		{36, 52, 21.2, 11.9},
		{26, 52, 24.9, 17.8},
		{10, 12, 40.2, 17.1},
	} {
		sample := group(t, promised.respondents, crowd)
		unit := group(t, promised.respondents, promised.eligible)
		require.InDelta(t, promised.ordinary, stats.DetectableChange(0.7, sample, sample), 0.05)
		require.InDelta(t, promised.corrected, stats.DetectableChange(0.7, unit, unit), 0.05)
	}
}

// R's prop.test(c(94, 39), c(214, 128), correct = FALSE): X-squared = 6.1026, p-value = 0.0135 (influentialpoints.com,
// "Two-sample test for independent proportions"). X-squared is z².
func TestWithoutCorrectionTheTestIsTheTextbooks(t *testing.T) {
	change := stats.Compare(share(t, 39, 128, crowd), share(t, 94, 214, crowd))

	require.InDelta(t, 6.1026, change.Z*change.Z, 0.00005)
	require.InDelta(t, 0.01350, change.P, 0.000005)
	require.InDelta(t, 13.45648, change.Points, 0.00001)
}

// By hand: pooled (29+30)/78 = 0.7564, variance 0.18425 × (10/51/42 + 12/47/36) = 0.002167.
func TestEachSideHasItsOwnCorrection(t *testing.T) {
	change := stats.Compare(share(t, 29, 42, 52), share(t, 30, 36, 48))

	require.InDelta(t, 3.068856, change.Z, 1e-6)
	require.InDelta(t, 0.00214880, change.P, 1e-8) // NormalDist().cdf of Python's statistics module
}

// Newcombe 1998, Stat. Med. 17:873, table II, method 10.
func TestWithoutCorrectionTheIntervalIsNewcombes(t *testing.T) {
	for _, published := range []struct {
		first, of, second, among int
		low, high                float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		second := share(t, published.second, published.among, crowd)
		change := stats.Compare(second, share(t, published.first, published.of, crowd))
		require.InDelta(t, 100*published.low, change.Interval.Low, 0.005, "%v", published)
		require.InDelta(t, 100*published.high, change.Interval.High, 0.005, "%v", published)
	}
}

func TestWhereEverybodyAnsweredAnyChangeIsReal(t *testing.T) {
	change := stats.Compare(share(t, 30, 50, 50), share(t, 31, 52, 52))
	require.Zero(t, change.P)
	require.InDelta(t, -40, change.Z, 0)
	require.InDelta(t, change.Points, change.Interval.Low, 1e-9)
	require.InDelta(t, change.Points, change.Interval.High, 1e-9)
	require.Zero(t, change.Detectable)

	same := stats.Compare(share(t, 30, 50, 50), share(t, 36, 60, 60))
	require.Equal(t, stats.Change{P: 1}, same)
}

func TestAChangeOfExactlyFivePointsIsFive(t *testing.T) {
	for favourable := range 20 {
		change := stats.Compare(share(t, favourable, 20, 20), share(t, favourable+1, 20, 20))
		require.InDelta(t, 5, change.Points, 0)
	}
}

func TestOfNobodyNoChangeIsKnown(t *testing.T) {
	unknown := stats.Change{Interval: stats.Interval{Low: -100, High: 100}, P: 1, Detectable: 100}

	require.Equal(t, unknown, stats.Compare(stats.Share{}, share(t, 4, 5, 5)))
	require.Equal(t, unknown, stats.Compare(share(t, 4, 5, 5), stats.Share{}))
	require.InDelta(t, 100, stats.DetectableChange(0.5, stats.Group{}, group(t, 5, 5)), 0)
}

func TestFewWhoAllAgreeDoNotSeeEverything(t *testing.T) {
	few := group(t, 5, 50)

	require.InDelta(t, 35.6, stats.DetectableChange(1, few, few), 0.05, "as if one of the ten had not agreed")
	require.InDelta(t, 35.6, stats.DetectableChange(0, few, few), 0.05)
	for _, odd := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 2} {
		requireNumbers(t, stats.DetectableChange(odd, few, few))
	}
}

func TestAChangeIsOfOneMind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := anyShare(t), anyShare(t)
		change, back := stats.Compare(before, after), stats.Compare(after, before)

		requireNumbers(t, change.Points, change.Interval.Low, change.Interval.High, change.Z, change.P, change.Detectable)
		require.InDelta(t, 100*(after.Value()-before.Value()), change.Points, 1e-9)
		require.LessOrEqual(t, change.Interval.Low, change.Points+1e-9)
		require.GreaterOrEqual(t, change.Interval.High, change.Points-1e-9)
		require.True(t, change.P >= 0 && change.P <= 1)
		require.GreaterOrEqual(t, change.Points*change.Z, 0.0, "z goes the way of the change")

		require.InDelta(t, -change.Z, back.Z, 0, "there and back")
		require.InDelta(t, change.P, back.P, 0)
		require.InDelta(t, -change.Interval.Low, back.Interval.High, 1e-9)
	})
}

func TestTheTestSeesAChangeExactlyFromTheDetectableOneOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		change := stats.Compare(anyQuestion(t), anyQuestion(t))
		if change.Points == 0 || math.Abs(math.Abs(change.Points)-change.Detectable) < 1e-6 {
			return
		}
		require.Equal(t, change.P < 0.05, math.Abs(change.Points) > change.Detectable)
	})
}

// Summed over everything that can happen when 42 of 52 answer in both editions and nobody has changed their mind. The two
// groups of 42 are drawn independently, as the test assumes. Shares move in steps of 1/42, half of the standard error:
// where a step falls just beyond the threshold, alarms are more frequent than 5 %, elsewhere less.
func TestTheTestIsWrongAsRarelyAsItSays(t *testing.T) {
	const n, eligible, from, to = 42, 52, 8, 44
	var alarm [n + 1][n + 1]bool
	for k := range alarm {
		for l := range alarm {
			alarm[k][l] = stats.Compare(share(t, k, n, eligible), share(t, l, n, eligible)).P <= 0.05
		}
	}
	sum, worst := 0.0, 0.0
	for favourable := from; favourable <= to; favourable++ {
		wrong := 0.0
		for k := range alarm {
			for l := range alarm {
				if alarm[k][l] {
					wrong += chance(k, n, favourable, eligible) * chance(l, n, favourable, eligible)
				}
			}
		}
		sum += wrong
		worst = max(worst, wrong)
	}
	average := sum / (to - from + 1)
	t.Logf("a false alarm in %.1f %% on average, %.1f %% at worst", 100*average, 100*worst)
	require.InDelta(t, 0.05, average, 0.015)
	require.Less(t, worst, 0.09)
}
