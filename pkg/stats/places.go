package stats

import "math"

// Span is the places among K that a share may truly have, 1 being the best. Shares that cannot be told apart have places
// in common.
type Span struct {
	Best, Worst int
}

// Places gives each share, in the order given, its span of places: below all that are distinguishably better, and above
// all that are distinguishably worse.
//
// Every pair is tested by the z of Compare, and is told apart when it is a discovery among all K(K−1)/2 pairs. So of the
// pairs that are told apart, at most 5 % on average are so by chance: for the pairs of one list, which are not
// independent, that is known by simulation (Williams, Jones & Tukey 1999, J. Educ. Behav. Stat. 24:42; NAEP compares the
// States so). What is not told apart widens the spans, so that they hold a share's true place far more often than 95
// times in 100: more than 99 in the tests. To forbid even one false pair in a whole list would ask for 5.5 standard
// errors among 1,500 stores, where the normal curve is no guide to groups of forty.
//
// A share of fewer answers has a wider span, so of two shares the higher one may have the lower worst place. The time
// grows with the square of K: 1,500 shares take some 25 ms.
func Places(shares []Share) []Span {
	samples := make([]sample, len(shares))
	for i, share := range shares {
		samples[i] = share.sample()
	}
	apart := threshold(samples)
	spans := make([]Span, len(shares))
	for i := range spans {
		spans[i] = Span{Best: 1, Worst: len(spans)}
	}
	for i, one := range samples {
		for j, other := range samples[:i] {
			switch z := one.against(other); {
			case z >= apart:
				spans[i].Best++
				spans[j].Worst--
			case z <= -apart:
				spans[j].Best++
				spans[i].Worst--
			}
		}
	}
	return spans
}

// steps is how finely z is measured here. It is rounded down, so that the chance of a pair is taken as a trace too high
// and never as too low.
const steps = 1024

// threshold is the z from which on a pair is a discovery. A million pairs need not be sorted for that: they are counted
// by steps of z, and the lowest step at which enough pairs lie is the one where Benjamini and Hochberg stop.
func threshold(samples []sample) float64 {
	counts := make([]int, certain*steps+1)
	for i, one := range samples {
		for _, other := range samples[:i] {
			counts[int(math.Abs(one.against(other))*steps)]++
		}
	}
	pairs := len(samples) * (len(samples) - 1) / 2
	beyond := pairs
	for step, count := range counts {
		z := float64(step) / steps
		if beyond == 0 {
			break
		}
		if twoSided(z) <= FalseDiscoveryRate*float64(beyond)/float64(pairs) {
			return z
		}
		beyond -= count
	}
	return math.Inf(1)
}
