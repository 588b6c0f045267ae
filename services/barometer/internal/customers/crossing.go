package customers

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Quadrant says where a store stands among the others, by what its employees and what its customers say.
type Quadrant string

// The quadrants.
const (
	BothHigh      Quadrant = "both_high"
	EmployeesHigh Quadrant = "employees_high"
	CustomersHigh Quadrant = "customers_high"
	BothLow       Quadrant = "both_low"
	// NearMiddle stores are in no quadrant: the interval of their customers contains the median, so that which side they are on
	// may be chance, and chance is not told as news.
	NearMiddle Quadrant = "near_middle"
)

// FewestCustomers is how many must have answered before an interval is trusted to tell a store from the middle. That of the NPS
// is normal, which holds from some thirty answers on: three customers who all recommend would make a point of it.
const FewestCustomers = 30

// ErrValue says that a value to be crossed is no number.
var ErrValue = errors.New("a value that is no number")

// Crossing is what employees say beside what customers say, store by store. It speaks of stores: nothing follows from it about
// any person, nor about what causes what.
type Crossing struct {
	// The medians are those of the stores that are crossed.
	EmployeeMedian, CustomerMedian float64
	// Stores are in the order of their identifiers.
	Stores []Position
}

// Position is one store.
type Position struct {
	StoreID   string
	Employees float64
	Customers Score
	Quadrant  Quadrant
}

// Cross puts what employees and what customers of each store say side by side. What employees say is a number by store, such as
// a theme's favourable share, in whatever unit. A value at the median counts as high.
//
// A store that is missing on either side takes no part, in the medians neither. So a value of employees that is hidden, and which
// the caller must leave out, leaves no trace: the crossing is the same whatever it is.
func Cross(employees map[string]float64, customers map[string]Score) (Crossing, error) {
	stores, theirs, scores, err := pair(employees, customers)
	if err != nil {
		return Crossing{}, err
	}
	c := Crossing{EmployeeMedian: median(theirs), CustomerMedian: median(scores)}
	for i, id := range stores {
		p := Position{StoreID: id, Employees: theirs[i], Customers: customers[id]}
		p.Quadrant = c.quadrant(p)
		c.Stores = append(c.Stores, p)
	}
	return c, nil
}

func (c Crossing) quadrant(p Position) Quadrant {
	in := p.Customers.Interval
	employees, customers := p.Employees >= c.EmployeeMedian, p.Customers.Points >= c.CustomerMedian
	switch {
	case p.Customers.N < FewestCustomers, in.Low <= c.CustomerMedian && c.CustomerMedian <= in.High:
		return NearMiddle
	case employees && customers:
		return BothHigh
	case employees:
		return EmployeesHigh
	case customers:
		return CustomersHigh
	default:
		return BothLow
	}
}

// pair lists the stores that are known on both sides, and their values in the same order.
func pair(employees map[string]float64, customers map[string]Score) (stores []string, theirs, scores []float64, err error) {
	for _, id := range slices.Sorted(maps.Keys(employees)) {
		score, known := customers[id]
		if !known {
			continue
		}
		for _, value := range []float64{employees[id], score.Points, score.Interval.Low, score.Interval.High} {
			if math.IsNaN(value) || math.IsInf(value, 0) {
				return nil, nil, nil, fmt.Errorf("%w: %v, of store %s", ErrValue, value, id)
			}
		}
		stores, theirs, scores = append(stores, id), append(theirs, employees[id]), append(scores, score.Points)
	}
	return stores, theirs, scores, nil
}

// median is the value in the middle, or between the two that are; 0 of nothing.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	}
	return sorted[n/2-1]/2 + sorted[n/2]/2 // so halved, the sum of two huge values is not infinite
}
