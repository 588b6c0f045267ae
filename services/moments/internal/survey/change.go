package survey

import (
	"fmt"

	"jalon.dev/pkg/stats"
)

// Change is what became of the answers to a question from one time to another.
type Change struct {
	Question string
	// Before and Now are the shares of the favourable ones, from 0 to 1.
	Before, Now float64
	stats.Change
	Verdict stats.Verdict
}

// Changes compares two results of the same people's questions, question by question, where so many people could have answered each: the
// share of the favourable answers, which of a question from 0 to 10 are 9 and 10. Choices, whose answers are not better or worse, are
// left out, and so is what was asked otherwise before. All questions are one family of tests.
func Changes(before, now Result, peopleBefore, peopleNow int) ([]Change, error) {
	var changes []Change
	var family []stats.Change
	for _, q := range now.Questions {
		earlier, ok := before.find(q.Question)
		if !ok {
			continue
		}
		then, err := earlier.share(peopleBefore)
		if err != nil {
			return nil, fmt.Errorf("comparing question %s: %w", q.Question.ID, err)
		}
		share, err := q.share(peopleNow)
		if err != nil {
			return nil, fmt.Errorf("comparing question %s: %w", q.Question.ID, err)
		}
		change := stats.Compare(then, share)
		family = append(family, change)
		changes = append(changes, Change{Question: q.Question.ID, Before: then.Value(), Now: share.Value(), Change: change})
	}
	for i, verdict := range stats.Verdicts(family) {
		changes[i].Verdict = verdict
	}
	return changes, nil
}

// find is the result of the same question, where it may be compared.
func (r Result) find(q Question) (QuestionResult, bool) {
	for _, other := range r.Questions {
		if other.Question.ID == q.ID && other.Question.Kind == q.Kind && other.Question.Points == q.Points && other.favourable() >= 0 {
			return other, true
		}
	}
	return QuestionResult{}, false
}

// favourable is how many answers are; -1 where that cannot be said.
func (r QuestionResult) favourable() int {
	best := 0
	switch {
	case r.N == 0 || len(r.Counts) == 0:
		return -1
	case r.Question.Kind == Rating:
		best = 2
	case r.Question.Kind == Scale && r.Question.Points == 5:
		best = topOfFive
	case r.Question.Kind == Scale && r.Question.Points == 7:
		best = topOfSeven
	default:
		return -1
	}
	return count(r.Counts[len(r.Counts)-best:])
}

func (r QuestionResult) share(people int) (stats.Share, error) {
	favourable := r.favourable()
	if favourable < 0 {
		return stats.Share{}, nil // nothing is known of it, and the test says so
	}
	group, err := stats.NewGroup(r.N, max(people, r.N))
	if err != nil {
		return stats.Share{}, err
	}
	return stats.NewShare(favourable, r.N, group)
}
