package stats

import (
	"fmt"
	"math"
)

// The ends of the scale on which questions are answered.
const lowestAnswer, highestAnswer = 1.0, 5.0

// Mean is the mean of a group on the scale from 1 to 5.
type Mean struct {
	Value    float64
	Interval Interval
}

// Score puts the mean on a scale from 0 to 100: round((mean−1)/4×100), so that an answer of 3 is 50 (Viva Glint's
// score). Halves are rounded up, also where the mean of whole answers is a hair short of one: 2.3−1 is not quite 1.3.
func (m Mean) Score() int {
	const hair = 1e-9
	return int(math.Floor((m.Value-lowestAnswer)*100/(highestAnswer-lowestAnswer) + 0.5 + hair))
}

// Distribution is how many chose each answer to a question: 1 first, 5 last.
type Distribution [5]int

// Mean is the mean answer among those eligible, each respondent having answered once.
func (d Distribution) Mean(eligible int) (Mean, error) {
	people, sum := 0, 0
	for i, count := range d {
		if count < 0 {
			return Mean{}, fmt.Errorf("%w: an answer was chosen by %d", ErrImpossible, count)
		}
		people += count
		sum += count * (i + 1)
	}
	group, err := NewGroup(people, eligible)
	if err != nil {
		return Mean{}, err
	}
	mean, squares := float64(sum)/float64(people), 0.0
	for i, count := range d {
		off := float64(i+1) - mean
		squares += float64(count) * off * off
	}
	return group.mean(mean, squares), nil
}

// MeanOf is the mean of what each respondent has of their own, such as a person's mean over a theme, each from 1 to 5.
func MeanOf(personal []float64, eligible int) (Mean, error) {
	group, err := NewGroup(len(personal), eligible)
	if err != nil {
		return Mean{}, err
	}
	sum := 0.0
	for _, value := range personal {
		if !(value >= lowestAnswer && value <= highestAnswer) { // so written, NaN is refused too
			return Mean{}, fmt.Errorf("%w: %v is not on the scale", ErrImpossible, value)
		}
		sum += value
	}
	mean, squares := sum/float64(len(personal)), 0.0
	for _, value := range personal {
		squares += (value - mean) * (value - mean)
	}
	return group.mean(mean, squares), nil
}

// mean gives a mean its 95 % interval, mean ± t·s/√n·√((N−n)/(N−1)) with Student's t of n−1 degrees (Cochran 1977,
// section 2.8; his correction (N−n)/N is a trace smaller). One answer of several people says nothing of their spread, so
// its interval is the whole scale. Answers that are all alike show no spread either, and their interval is a point:
// that is why a mean is never shown without its number of answers.
func (g Group) mean(value, squares float64) Mean {
	value = min(max(value, lowestAnswer), highestAnswer) // sums of many fractions may round past the ends
	half := 0.0
	switch {
	case g.everybody():
	case g.respondents == 1:
		half = highestAnswer - lowestAnswer
	default:
		variance := squares / float64(g.respondents-1)
		half = t95(g.respondents-1) * math.Sqrt(variance*g.spread())
	}
	return Mean{
		Value:    value,
		Interval: Interval{Low: value - half, High: value + half}.within(lowestAnswer, highestAnswer),
	}
}
