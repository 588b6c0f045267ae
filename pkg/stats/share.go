package stats

import (
	"fmt"
	"math"
)

// Share is the favourable answers among all answers of a group: to one question, or to all questions of a theme.
type Share struct {
	favourable, answers int
	group               Group
}

// NewShare counts favourable answers among all answers. For a question each respondent gives one answer; for a theme,
// one to each of its questions, and a question left out is simply not counted.
func NewShare(favourable, answers int, group Group) (Share, error) {
	switch {
	case group.respondents == 0:
		return Share{}, ErrNobody
	case favourable < 0 || favourable > answers:
		return Share{}, fmt.Errorf("%w: %d of %d answers are favourable", ErrImpossible, favourable, answers)
	case answers < group.respondents:
		return Share{}, fmt.Errorf("%w: %d answers of %d respondents", ErrImpossible, answers, group.respondents)
	}
	return Share{favourable: favourable, answers: answers, group: group}, nil
}

// Value is the share, from 0 to 1. The zero Share, which is nobody's, has the value 0.
func (s Share) Value() float64 {
	if s.answers == 0 {
		return 0
	}
	return float64(s.favourable) / float64(s.answers)
}

// Interval is the 95 % score interval of the share (Wilson 1927, JASA 22:209), from 0 to 1. In the place of n stands the
// effective size n(N−1)/(N−n), the number of answers without correction that would be as telling (Kish 1965, Survey
// Sampling). A census has the point itself; the zero Share has everything from 0 to 1.
//
// A theme's n is its respondents, not its answers, for one person's answers resemble each other. Personal shares lie
// between 0 and 1, so their variance is at most p(1−p) (Bhatia & Davis 2000, Amer. Math. Monthly 107:353): the interval
// of a theme is rather too wide than too narrow.
func (s Share) Interval() Interval {
	switch {
	case s.group.respondents == 0:
		return Interval{Low: 0, High: 1}
	case s.group.everybody():
		return Interval{Low: s.Value(), High: s.Value()}
	}
	p, perPerson := s.Value(), z95*z95*s.group.spread() // z²/n
	middle := (p + perPerson/2) / (1 + perPerson)
	half := math.Sqrt(p*(1-p)*perPerson+perPerson*perPerson/4) / (1 + perPerson)
	// Rounding must not put 0 or 1 outside their own interval.
	return Interval{Low: min(middle-half, p), High: max(middle+half, p)}.within(0, 1)
}
