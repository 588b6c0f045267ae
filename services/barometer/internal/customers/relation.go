package customers

import (
	"fmt"
	"slices"

	"jalon.dev/pkg/stats"
)

// Lag says when customers were asked, seen from the edition in which employees answered.
type Lag string

// The lags.
const (
	Before Lag = "before" // the last wave of an earlier period
	Same   Lag = "same"   // the wave of the same period
	After  Lag = "after"  // the first wave of a later period
)

// Verdict is the one word that is said about a relation.
type Verdict string

// The verdicts.
const (
	// Together: where employees say more good, so do customers.
	Together Verdict = "together"
	// Opposite: where employees say more good, customers say less.
	Opposite Verdict = "opposite"
	// TooFewStores: with fewer than ten stores, one of them decides.
	TooFewStores Verdict = "too_few_stores"
	// Unclear: the interval contains 0, so that these stores do not tell a relation from none. More stores might.
	Unclear Verdict = "unclear"
)

// Relation is how closely, over stores, a value of employees goes together with one of customers in a wave.
//
// It is ecological: about stores and not about persons. That stores with content employees have content customers does not say
// that a content employee makes a customer content; region, size or a new building may make both. Whoever shows a relation says
// so beside it. And of the many relations that themes, questions and waves give, one in twenty is told by chance alone.
type Relation struct {
	Lag     Lag
	Wave    Wave
	Verdict Verdict
	// Correlation has the number of stores as its Pairs. Where there are too few, R is 0 and the interval everything.
	stats.Correlation
}

// Relate compares what employees of each store said in an edition with what customers answered to a question in the waves before,
// during and after it. A wave that is not there, or whose name does not say when it was, is not in the list. Stores that are
// missing on either side take no part: see Cross.
func Relate(edition Period, employees map[string]float64, panel []Measures, q Question) ([]Relation, error) {
	var relations []Relation
	for _, at := range Around(edition, wavesOf(panel)) {
		relation, err := RelateTo(at, edition, employees, panel, q)
		if err != nil {
			return nil, err
		}
		relations = append(relations, relation)
	}
	return relations, nil
}

// RelateTo compares with one wave, whichever it is. The lag of one whose name does not say when it was is empty.
func RelateTo(w Wave, edition Period, employees map[string]float64, panel []Measures, q Question) (Relation, error) {
	_, theirs, scores, err := pair(employees, Scores(panel, w, q))
	if err != nil {
		return Relation{}, fmt.Errorf("relating to wave %s: %w", w, err)
	}
	relation := Relation{Wave: w}
	if period, placed := w.Period(); placed {
		relation.Lag = lagOf(period, edition)
	}
	if relation.Correlation, err = stats.Correlate(theirs, scores); err != nil {
		return Relation{}, fmt.Errorf("relating to wave %s: %w", w, err)
	}
	relation.Verdict = verdict(relation.Correlation)
	return relation, nil
}

func wavesOf(panel []Measures) []Wave {
	var waves []Wave
	for _, m := range panel {
		waves = append(waves, m.Wave)
	}
	slices.SortFunc(waves, Wave.Compare)
	return slices.Compact(waves)
}

func verdict(c stats.Correlation) Verdict {
	switch {
	case c.Pairs < stats.MinimumPairs:
		return TooFewStores
	case c.Interval.Low <= 0 && c.Interval.High >= 0: // also where all stores are alike, so that there is no correlation
		return Unclear
	case c.R > 0:
		return Together
	default:
		return Opposite
	}
}

// Around are the waves nearest to the edition: before, in the same period, and after it, as far as there are some.
func Around(edition Period, waves []Wave) []Wave {
	sorted := slices.SortedFunc(slices.Values(waves), Wave.Compare)
	nearest := map[Lag]Wave{}
	for _, w := range sorted {
		period, placed := w.Period()
		if !placed {
			continue
		}
		lag := lagOf(period, edition)
		if _, taken := nearest[lag]; !taken || lag == Before {
			nearest[lag] = w
		}
	}
	var found []Wave
	for _, lag := range []Lag{Before, Same, After} {
		if w, ok := nearest[lag]; ok {
			found = append(found, w)
		}
	}
	return found
}

// Nearest is the wave that is looked at unless somebody chooses: that of the edition's period, or the last before it, or else the
// first after it, or the last of all; empty where there is none.
func Nearest(edition Period, waves []Wave) Wave {
	by := map[Lag]Wave{}
	for _, w := range Around(edition, waves) {
		period, _ := w.Period()
		by[lagOf(period, edition)] = w
	}
	for _, lag := range []Lag{Same, Before, After} {
		if w, ok := by[lag]; ok {
			return w
		}
	}
	if len(waves) == 0 {
		return ""
	}
	return slices.MaxFunc(waves, Wave.Compare)
}

func lagOf(period, edition Period) Lag {
	switch order := period.Compare(edition); {
	case order < 0:
		return Before
	case order > 0:
		return After
	}
	return Same
}
