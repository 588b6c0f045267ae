package customers_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/customers"
)

// told is a score of 200 customers that is five points sure.
func told(points float64) customers.Score {
	return customers.Score{Points: points, Interval: stats.Interval{Low: points - 5, High: points + 5}, N: 200}
}

func quadrants(t require.TestingT, employees map[string]float64, scores map[string]customers.Score) map[string]customers.Quadrant {
	c, err := customers.Cross(employees, scores)
	require.NoError(t, err)
	found := map[string]customers.Quadrant{}
	for _, p := range c.Stores {
		found[p.StoreID] = p.Quadrant
	}
	return found
}

func TestAStoreStandsWhereItsTwoSidesAre(t *testing.T) {
	require.Equal(t, map[string]customers.Quadrant{
		"a": customers.BothHigh, "b": customers.EmployeesHigh, "c": customers.CustomersHigh, "d": customers.BothLow,
		"middle": customers.NearMiddle,
	}, quadrants(t,
		map[string]float64{"a": 0.8, "b": 0.7, "middle": 0.6, "c": 0.5, "d": 0.4},
		map[string]customers.Score{"a": told(90), "b": told(50), "middle": told(70), "c": told(80), "d": told(60)},
	))
}

func TestAStoreThatMayBeOnEitherSideIsNearTheMiddle(t *testing.T) {
	employees := map[string]float64{"a": 1, "b": 2, "c": 3}
	scores := map[string]customers.Score{"a": told(66), "b": told(70), "c": told(75)}
	require.Equal(t, map[string]customers.Quadrant{
		"a": customers.NearMiddle, "b": customers.NearMiddle, "c": customers.NearMiddle, // 70 is the very end of c's interval
	}, quadrants(t, employees, scores))
}

// The normal interval of three customers who all recommend is a point.
func TestAFewCustomersAreNeverNews(t *testing.T) {
	sure := stats.Interval{Low: 100, High: 100}
	scores := map[string]customers.Score{"a": told(50), "b": {Points: 100, Interval: sure, N: 3}, "c": told(20)}
	require.Equal(t, customers.NearMiddle, quadrants(t, map[string]float64{"a": 1, "b": 2, "c": 3}, scores)["b"])
}

func TestNothingIsCrossedWithNothing(t *testing.T) {
	for _, employees := range []map[string]float64{nil, {"elsewhere": 1}} {
		c, err := customers.Cross(employees, map[string]customers.Score{"a": told(1)})
		require.NoError(t, err)
		require.Equal(t, customers.Crossing{}, c)
	}
}

func TestWhatIsNoNumberIsNotCrossed(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := customers.Cross(map[string]float64{"a": bad}, map[string]customers.Score{"a": told(1)})
		require.ErrorIs(t, err, customers.ErrValue)
		_, err = customers.Cross(map[string]float64{"a": 1}, map[string]customers.Score{"a": told(bad)})
		require.ErrorIs(t, err, customers.ErrValue)
	}
}

func TestTheMedianOfHugeValuesIsANumber(t *testing.T) {
	c, err := customers.Cross(map[string]float64{"a": math.MaxFloat64, "b": math.MaxFloat64}, map[string]customers.Score{"a": told(1), "b": told(2)})
	require.NoError(t, err)
	require.InDelta(t, math.MaxFloat64, c.EmployeeMedian, 0)
	require.InDelta(t, 1.5, c.CustomerMedian, 0)
}

func anyStores(t *rapid.T) (map[string]float64, map[string]customers.Score) {
	employees, scores := map[string]float64{}, map[string]customers.Score{}
	for i := range rapid.IntRange(0, 40).Draw(t, "stores") {
		id := string(rune('A' + i))
		employees[id] = float64(rapid.IntRange(0, 100).Draw(t, "employees")) / 100
		scores[id] = told(float64(rapid.IntRange(0, 100).Draw(t, "customers")))
	}
	return employees, scores
}

func TestAHiddenStoreLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		employees, scores := anyStores(t)
		want, err := customers.Cross(employees, scores)
		require.NoError(t, err)

		scores["hidden"] = told(float64(rapid.IntRange(0, 100).Draw(t, "customers of the hidden store")))
		got, err := customers.Cross(employees, scores)

		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func TestNoMoreThanHalfOfTheStoresAreAboveTheMedianOrBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		employees, scores := anyStores(t)
		c, err := customers.Cross(employees, scores)
		require.NoError(t, err)
		require.Len(t, c.Stores, len(employees))
		above, below := 0, 0
		for _, p := range c.Stores {
			if p.Customers.Points > c.CustomerMedian {
				above++
			}
			if p.Customers.Points < c.CustomerMedian {
				below++
			}
			require.Equal(t, math.Abs(p.Customers.Points-c.CustomerMedian) <= 5, p.Quadrant == customers.NearMiddle)
		}
		require.LessOrEqual(t, 2*max(above, below), len(c.Stores))
	})
}
