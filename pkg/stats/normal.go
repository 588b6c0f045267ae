package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/mathext"
)

const (
	// z95 is the 97.5 % quantile of the normal distribution: 95 % of it lies within ± this.
	z95 = 1.959963984540054

	// certain stands for an infinite z, which a difference between two censuses has: what is this far out has a
	// probability of 0 in a float64.
	certain = 40.0
)

// twoSided is the probability that chance alone gives a z at least this far from 0, either way.
func twoSided(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// t95 is the 97.5 % quantile of Student's t, by way of the incomplete beta function (Abramowitz & Stegun 1964, 26.7.1):
// the probability of |T| ≤ t is I(½, df/2) at t²/(df+t²). Solving that takes a hundred times as long as all the rest of a mean, and
// the questions of a group share its degrees: what was solved is remembered.
func t95(degrees int) float64 {
	if known, ok := quantiles.Load(degrees); ok {
		return known.(float64)
	}
	df := float64(degrees)
	x := mathext.InvRegIncBeta(0.5, df/2, 0.95)
	t := math.Sqrt(df * x / (1 - x))
	quantiles.Store(degrees, t)
	return t
}

// quantiles are t95's by degrees; there are as many as groups of different sizes.
var quantiles sync.Map
