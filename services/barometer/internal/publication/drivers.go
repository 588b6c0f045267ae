package publication

import (
	"math"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// drivers correlates what each person of the group says of a theme with how they recommend. It is the one thing that is computed from
// whole ballots, as they were blurred; what comes out is one number for at least stats.MinimumForDriver people. It is rounded: the sixteen
// digits of an exact one would confirm a guess at the ballots.
func (n *node) drivers(q questionnaire.Questionnaire) []stats.Correlation {
	if n.ballots < stats.MinimumForDriver {
		return nil
	}
	recommend := make([]float64, 0, n.ballots)
	themes := make([][]float64, len(q.Themes))
	for t := range themes {
		themes[t] = make([]float64, 0, n.ballots)
	}
	for b := range n.each() {
		recommend = append(recommend, float64(b[ballot.Answers]))
		next := 0
		for t, theme := range q.Themes {
			sum := 0
			for range theme.Questions {
				sum += int(b[next])
				next++
			}
			themes[t] = append(themes[t], float64(sum)/float64(len(theme.Questions)))
		}
	}
	drivers := make([]stats.Correlation, len(themes))
	for t, personal := range themes {
		found, err := stats.Driver(personal, recommend)
		if err != nil {
			return nil // columns of one pass are as long as each other
		}
		found.R = hundredths(found.R)
		found.Interval = stats.Interval{Low: hundredths(found.Interval.Low), High: hundredths(found.Interval.High)}
		drivers[t] = found
	}
	return drivers
}

func hundredths(x float64) float64 { return math.Round(100*x) / 100 }

// each yields the packed ballots of the group.
func (n *node) each() func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) { n.walk(yield) }
}

func (n *node) walk(yield func([]byte) bool) bool {
	for _, c := range n.cells {
		for at := 0; at < len(c.cell.Ballots); at += ballot.Size {
			if !yield(c.cell.Ballots[at : at+ballot.Size]) {
				return false
			}
		}
	}
	for _, c := range n.children {
		if !c.walk(yield) {
			return false
		}
	}
	return true
}
