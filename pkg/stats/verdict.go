package stats

import (
	"math"
	"slices"
)

// Verdict is the one word that is said about a change.
type Verdict string

// The verdicts.
const (
	Rising      Verdict = "rising"
	Stable      Verdict = "stable"
	Falling     Verdict = "falling"
	TooFewToSay Verdict = "too_few_to_say"
)

const (
	// FalseDiscoveryRate is how many of the changes that are called rising or falling may be chance, on average.
	FalseDiscoveryRate = 0.05

	// leastPoints is the smallest change that is worth a word. It alone speaks where everybody answered.
	leastPoints = 5
	// mostDetectable is how blind the test may be, in points, before "stable" would promise what nobody can see.
	mostDetectable = 20
)

// Verdicts judges a family of changes, all that one reader sees tested together, and returns their verdicts in the same
// order. A change counts when it is a discovery of the family (Benjamini & Hochberg) and at least 5 points. Where it is
// no discovery, and only a change of more than 20 points could have been one, there are too few to say.
func Verdicts(family []Change) []Verdict {
	chances := make([]float64, len(family))
	for i, change := range family {
		chances[i] = change.P
	}
	verdicts := make([]Verdict, len(family))
	for i, discovery := range Discoveries(chances, FalseDiscoveryRate) {
		verdicts[i] = family[i].verdict(discovery)
	}
	return verdicts
}

func (c Change) verdict(discovery bool) Verdict {
	switch {
	case !discovery && c.Detectable > mostDetectable:
		return TooFewToSay
	case !discovery || math.Abs(c.Points) < leastPoints:
		return Stable
	case c.Points > 0:
		return Rising
	default:
		return Falling
	}
}

// Discoveries tells, for each p-value of a family, whether it is a discovery when on average at most the given rate of
// discoveries may be false (Benjamini & Hochberg 1995, JRSS B 57:289, eq. 1): with m tests, the k smallest are, for the
// largest k whose p is at most k/m × rate.
func Discoveries(chances []float64, rate float64) []bool {
	sorted := slices.Sorted(slices.Values(chances))
	limit := -1.0
	for i, p := range sorted {
		if p <= float64(i+1)/float64(len(sorted))*rate {
			limit = p
		}
	}
	discoveries := make([]bool, len(chances))
	for i, p := range chances {
		discoveries[i] = p <= limit
	}
	return discoveries
}
