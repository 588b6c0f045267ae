// Package stats holds the formulas by which the yearly barometer is read: shares, means, eNPS, change since the last
// edition, places among stores, and what goes together with what.
//
// A unit's eligible people are a finite population of which some answered, not a sample of a crowd without end. So every
// uncertainty carries the finite-population correction: it shrinks as more answer, and is nil once everybody has. What
// it says is how the unit felt when it was asked, never how it will feel. That those who stayed silent would have
// answered like the others is assumed, and no formula can check it.
//
// The package is pure. Nothing that it returns is ever NaN or infinite.
package stats

import (
	"errors"
	"fmt"
)

var (
	// ErrNobody says that a figure does not exist, because nobody answered.
	ErrNobody = errors.New("nobody answered")
	// ErrImpossible says that the input contradicts itself. It is never mended silently: more answers than people, taken
	// as "everybody answered", would pass a mistake off as certainty.
	ErrImpossible = errors.New("impossible input")
)

// Group is the people behind a figure: how many answered, and how many were eligible. Where the population is too large
// to be counted, as customers are, any huge number of eligible does. The zero Group is nobody, of whom nothing is known.
type Group struct {
	respondents, eligible int
}

// NewGroup makes a group of people, counted when the edition was launched.
func NewGroup(respondents, eligible int) (Group, error) {
	switch {
	case respondents < 0 || eligible < respondents:
		return Group{}, fmt.Errorf("%w: %d of %d people answered", ErrImpossible, respondents, eligible)
	case respondents == 0:
		return Group{}, ErrNobody
	}
	return Group{respondents: respondents, eligible: eligible}, nil
}

// everybody tells whether the figure is a census, and so free of chance.
func (g Group) everybody() bool { return g.respondents == g.eligible }

// correction is the finite-population correction of a variance, (N−n)/(N−1), between 0 for a census and 1 for a single
// respondent (Cochran 1977, Sampling Techniques, 3rd ed., theorem 3.2).
func (g Group) correction() float64 {
	if g.everybody() {
		return 0 // also where N is 1, and the fraction has no value
	}
	return float64(g.eligible-g.respondents) / float64(g.eligible-1)
}

// spread is the factor that turns the variance between people into the variance of their mean.
func (g Group) spread() float64 { return g.correction() / float64(g.respondents) }

// Interval is a range that holds the true value in 95 of 100 cases, in the unit of what it belongs to.
type Interval struct {
	Low, High float64
}

// within cuts off what the scale does not have.
func (i Interval) within(lowest, highest float64) Interval {
	return Interval{Low: max(i.Low, lowest), High: min(i.High, highest)}
}
