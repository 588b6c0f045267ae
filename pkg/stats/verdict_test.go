package stats_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
)

// Benjamini & Hochberg 1995, JRSS B 57:289: fifteen hypotheses about two treatments of heart attacks, of which four are
// rejected at 0.05.
func TestTheExampleOfBenjaminiAndHochberg(t *testing.T) {
	published := []float64{
		0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
		0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
	}
	slices.Reverse(published)

	discoveries := stats.Discoveries(published, 0.05)

	want := make([]bool, 15)
	copy(want[11:], []bool{true, true, true, true})
	require.Equal(t, want, discoveries)
}

func TestOneDiscoveryCarriesThoseBelowIt(t *testing.T) {
	require.Equal(t, []bool{true, true}, stats.Discoveries([]float64{0.04, 0.05}, 0.05), "0.04 alone is above 0.025")
	require.Equal(t, []bool{false, false}, stats.Discoveries([]float64{0.04, 0.06}, 0.05))
	require.Empty(t, stats.Discoveries(nil, 0.05))
}

// The definition by adjusted p-values, as R's p.adjust(method = "BH") has it: the least of p·m/rank from each rank up.
func TestDiscoveriesAreThoseWhoseAdjustedChanceIsLowEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		upToATenth := rapid.Map(rapid.IntRange(0, 400), func(i int) float64 { return float64(i) / 4000 })
		chances := rapid.SliceOfN(upToATenth, 0, 40).Draw(t, "p")
		discoveries := stats.Discoveries(chances, 0.05)

		for i, p := range chances {
			adjusted := math.Inf(1)
			for _, other := range chances {
				if other < p {
					continue
				}
				rank := 0
				for _, third := range chances {
					if third <= other {
						rank++
					}
				}
				adjusted = min(adjusted, other*float64(len(chances))/float64(rank))
			}
			if math.Abs(adjusted-0.05) > 1e-9 { // on the edge the two round differently
				require.Equal(t, adjusted < 0.05, discoveries[i])
			}
		}
	})
}

func TestTheVerdicts(t *testing.T) {
	few, most, all := 5, 42, 52
	for name, given := range map[string]struct {
		before, after stats.Share
		want          stats.Verdict
	}{
		"a clear gain":                         {share(t, 21, most, 52), share(t, 33, most, 52), stats.Rising},
		"a clear loss":                         {share(t, 33, most, 52), share(t, 21, most, 52), stats.Falling},
		"a change that chance explains":        {share(t, 30, most, 52), share(t, 32, most, 52), stats.Stable},
		"too few, whatever they say":           {share(t, 1, few, 52), share(t, 3, few, 52), stats.TooFewToSay},
		"too few, who all agree":               {share(t, 5, few, 52), share(t, 5, few, 52), stats.TooFewToSay},
		"few, but the change is out of all":    {share(t, 0, few, 6), share(t, 5, few, 6), stats.Rising},
		"real, but not worth a word":           {share(t, 30, all, 52), share(t, 32, all, 52), stats.Stable},
		"everybody answered, by the floor":     {share(t, 9, 20, 20), share(t, 10, 20, 20), stats.Rising},
		"everybody answered, the same":         {share(t, 9, 20, 20), share(t, 9, 20, 20), stats.Stable},
		"nobody answered last time":            {stats.Share{}, share(t, 9, 20, 20), stats.TooFewToSay},
		"one of two, who can say":              {share(t, 1, 1, 2), share(t, 0, 1, 2), stats.TooFewToSay},
		"a person alone, who changed her mind": {share(t, 1, 1, 1), share(t, 0, 1, 1), stats.Falling},
	} {
		family := []stats.Change{stats.Compare(given.before, given.after)}
		require.Equal(t, []stats.Verdict{given.want}, stats.Verdicts(family), name)
	}
}

func TestInALargerFamilyAChangeMustBeClearer(t *testing.T) {
	edge := stats.Compare(share(t, 29, 42, 52), share(t, 25, 42, 52))
	require.Less(t, edge.P, 0.05)
	require.Equal(t, []stats.Verdict{stats.Falling}, stats.Verdicts([]stats.Change{edge}))

	still := stats.Compare(share(t, 29, 42, 52), share(t, 29, 42, 52))
	require.Equal(t, slices.Repeat([]stats.Verdict{stats.Stable}, 7),
		stats.Verdicts([]stats.Change{edge, still, still, still, still, still, still}))
}

func TestWhatRisesOrFallsIsADiscoveryOfFivePoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var family []stats.Change
		for range rapid.IntRange(0, 20).Draw(t, "changes") {
			family = append(family, stats.Compare(anyShare(t), anyShare(t)))
		}
		verdicts := stats.Verdicts(family)

		require.Len(t, verdicts, len(family))
		for i, change := range family {
			switch verdicts[i] {
			case stats.Rising:
				require.True(t, change.Points >= 5 && change.P <= 0.05)
			case stats.Falling:
				require.True(t, change.Points <= -5 && change.P <= 0.05)
			case stats.TooFewToSay:
				require.Greater(t, change.Detectable, 20.0)
			case stats.Stable:
				require.True(t, change.Detectable <= 20 || math.Abs(change.Points) < 5, "%+v", change)
			}
		}
	})
}
