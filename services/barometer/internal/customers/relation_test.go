package customers_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/customers"
)

var autumn = customers.Period{Year: 2026, Number: 3}

// wave is a panel in which of 100 customers of store i so many are welcome.
func wave(t require.TestingT, w customers.Wave, welcome ...int) []customers.Measures {
	var panel []customers.Measures
	for i, n := range welcome {
		panel = append(panel, measure(t, customers.Counts{
			Wave: w, StoreID: fmt.Sprintf("s%02d", i), Respondents: 100, Rated: [4]stats.Distribution{1: {100 - n, 0, 0, 0, n}},
		}))
	}
	return panel
}

func employees(values ...float64) map[string]float64 {
	by := map[string]float64{}
	for i, v := range values {
		by[fmt.Sprintf("s%02d", i)] = v
	}
	return by
}

func relate(t require.TestingT, by map[string]float64, panel []customers.Measures) []customers.Relation {
	relations, err := customers.Relate(autumn, by, panel, customers.Welcome)
	require.NoError(t, err)
	return relations
}

var (
	rising  = []int{50, 52, 54, 56, 58, 60, 62, 64, 66, 68}
	falling = []int{68, 66, 64, 62, 60, 58, 56, 54, 52, 50}
	jumping = []int{50, 60, 50, 60, 50, 60, 50, 60, 50, 60}
	content = employees(0.50, 0.52, 0.55, 0.54, 0.58, 0.60, 0.62, 0.63, 0.66, 0.70)
)

func TestEmployeesAreComparedWithTheWavesBeforeDuringAndAfter(t *testing.T) {
	panel := wave(t, "2026-1", jumping...)
	panel = append(panel, wave(t, "2027-1", jumping...)...)
	panel = append(panel, wave(t, "2026-3", falling...)...)
	panel = append(panel, wave(t, "2027-2", falling...)...)
	panel = append(panel, wave(t, "2026-2", rising...)...)
	panel = append(panel, wave(t, "pilote", falling...)...)

	relations := relate(t, content, panel)

	require.Len(t, relations, 3)
	for i, want := range []struct {
		lag     customers.Lag
		wave    customers.Wave
		verdict customers.Verdict
	}{
		{customers.Before, "2026-2", customers.Together},
		{customers.Same, "2026-3", customers.Opposite},
		{customers.After, "2027-1", customers.Unclear},
	} {
		require.Equal(t, want.lag, relations[i].Lag)
		require.Equal(t, want.wave, relations[i].Wave)
		require.Equal(t, want.verdict, relations[i].Verdict)
		require.Equal(t, 10, relations[i].Pairs)
	}
	require.Greater(t, relations[0].Interval.Low, 0.0)
	require.InDelta(t, -relations[0].R, relations[1].R, 1e-12)
}

func TestFewerThanTenStoresAreTooFew(t *testing.T) {
	one := relate(t, content, wave(t, "2026-3", rising[:9]...))
	require.Equal(t, []customers.Relation{{
		Lag: customers.Same, Wave: "2026-3", Verdict: customers.TooFewStores,
		Correlation: stats.Correlation{Pairs: 9, TooFew: true, Interval: stats.Interval{Low: -1, High: 1}},
	}}, one)
}

func TestStoresThatAreAllAlikeDoNotTellARelation(t *testing.T) {
	alike := make([]int, 10)
	require.Equal(t, customers.Unclear, relate(t, content, wave(t, "2026-3", alike...))[0].Verdict)
}

func TestOfHiddenStoresNothingIsRelated(t *testing.T) {
	some := employees(0.50, 0.52, 0.55)
	relations := relate(t, some, wave(t, "2026-3", rising...))
	require.Equal(t, 3, relations[0].Pairs)
	require.Equal(t, 0, relate(t, nil, wave(t, "2026-3", rising...))[0].Pairs)
}

func TestNoWaveIsNoRelation(t *testing.T) {
	require.Empty(t, relate(t, content, nil))
	require.Empty(t, relate(t, content, wave(t, "pilote", rising...)))
}

func TestWhatIsNoNumberIsNotRelated(t *testing.T) {
	_, err := customers.Relate(autumn, employees(math.NaN()), wave(t, "2026-3", 1), customers.Welcome)
	require.ErrorIs(t, err, customers.ErrValue)
	_, err = customers.Relate(autumn, employees(math.MaxFloat64, -math.MaxFloat64), wave(t, "2026-3", 1, 2), customers.Welcome)
	require.ErrorIs(t, err, stats.ErrImpossible)
}

func TestAVerdictAgreesWithItsInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "stores")
		welcome := rapid.SliceOfN(rapid.IntRange(0, 100), n, n).Draw(t, "customers")
		theirs := rapid.SliceOfN(rapid.Float64Range(0, 1), n, n).Draw(t, "employees")
		for _, r := range relate(t, employees(theirs...), wave(t, "2026-3", welcome...)) {
			require.LessOrEqual(t, r.Interval.Low, r.R)
			require.GreaterOrEqual(t, r.Interval.High, r.R)
			require.Equal(t, r.Pairs < 10, r.Verdict == customers.TooFewStores)
			require.Equal(t, r.Interval.Low > 0, r.Verdict == customers.Together)
			require.Equal(t, r.Interval.High < 0, r.Verdict == customers.Opposite)
		}
	})
}
