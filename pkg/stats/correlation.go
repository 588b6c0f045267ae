package stats

import (
	"fmt"
	"math"
)

const (
	// MinimumPairs is the fewest pairs of which a correlation is told. With nine, one pair decides it: only an |r| above
	// two thirds could be told from none.
	MinimumPairs = 10

	// MinimumForDriver is the fewest people of whom a driver is told, more than 25 (Culture Amp's rule): with fewer, a
	// driver of usual strength, an r of 0.4, cannot be told from none.
	MinimumForDriver = 26
)

// Correlation is how closely two columns of values go together, which never says that one causes the other.
type Correlation struct {
	// Pairs is how many pairs of values there were.
	Pairs int
	// TooFew says that there is nothing to tell: too few pairs, or a column in which all values are the same. R is then
	// 0, and its interval everything.
	TooFew bool
	// R is Pearson's correlation, from −1 to 1.
	R float64
	// Interval of R, by the transformation z = artanh r with a standard error of 1/√(n−3) (Fisher 1921, Metron 1:3).
	// It has no finite-population correction: the question is whether the two go together beyond those who were asked.
	Interval Interval
}

// Correlate is the correlation of values in pairs, one pair for each place in both columns.
func Correlate(x, y []float64) (Correlation, error) {
	return correlate(x, y, MinimumPairs)
}

// Driver is the correlation, over people, of a theme's personal mean with the answer about recommending.
func Driver(theme, recommend []float64) (Correlation, error) {
	return correlate(theme, recommend, MinimumForDriver)
}

// DetectableCorrelation is the smallest |r| that so many pairs tell from none at 95 %: the one whose interval ends at 0.
func DetectableCorrelation(pairs int) float64 {
	if pairs <= 3 {
		return 1
	}
	return math.Tanh(z95 / math.Sqrt(float64(pairs-3)))
}

func correlate(x, y []float64, minimum int) (Correlation, error) {
	if len(x) != len(y) {
		return Correlation{}, fmt.Errorf("%w: %d values are paired with %d", ErrImpossible, len(x), len(y))
	}
	nothing := Correlation{Pairs: len(x), TooFew: true, Interval: Interval{Low: -1, High: 1}}
	r, constant := pearson(x, y)
	switch {
	case math.IsNaN(r):
		return Correlation{}, fmt.Errorf("%w: a value is no number, or beyond measure", ErrImpossible)
	case constant || len(x) < minimum:
		return nothing, nil
	}
	z, half := math.Atanh(r), z95/math.Sqrt(float64(len(x)-3))
	return Correlation{
		Pairs:    len(x),
		R:        r,
		Interval: Interval{Low: math.Tanh(z - half), High: math.Tanh(z + half)},
	}, nil
}

// pearson is the product-moment correlation in one pass, by updating means (Welford 1962, Technometrics 4:419): sums of
// squares would cancel out where values are large and close together. It is NaN where a value is, or is out of reach.
func pearson(x, y []float64) (r float64, constant bool) {
	var meanX, meanY, squaresX, squaresY, products float64
	for i := range x {
		n := float64(i + 1)
		fromX, fromY := x[i]-meanX, y[i]-meanY
		meanX += fromX / n
		meanY += fromY / n
		squaresX += fromX * (x[i] - meanX)
		squaresY += fromY * (y[i] - meanY)
		products += fromX * (y[i] - meanY)
	}
	switch reach := squaresX + squaresY; {
	case math.IsNaN(reach), math.IsInf(reach, 0), math.IsNaN(products), math.IsInf(products, 0):
		return math.NaN(), false
	case squaresX <= 0 || squaresY <= 0:
		return 0, true
	}
	return min(max(products/(math.Sqrt(squaresX)*math.Sqrt(squaresY)), -1), 1), false
}
