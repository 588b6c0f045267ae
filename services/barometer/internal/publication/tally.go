package publication

import (
	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// answers is how many chose each answer, from 0 to 10; statements use 1 to 5.
type answers [questionnaire.Recommendation + 1]int

// tally is the answers of a cell, or of several.
type tally struct {
	cell      Cell
	eligible  int
	ballots   int
	questions [ballot.Size]answers
}

// count reads packed ballots as they lie there, once: that each answer is on its scale is seen from the counts.
func count(packed []byte) (*tally, error) {
	t := &tally{ballots: len(packed) / ballot.Size}
	for at := 0; at+ballot.Size <= len(packed); at += ballot.Size {
		for q, answer := range packed[at : at+ballot.Size] {
			if answer > questionnaire.Recommendation {
				return nil, wrong(packed)
			}
			t.questions[q][answer]++
		}
	}
	off := len(packed) % ballot.Size
	for _, a := range t.questions[:ballot.Answers] {
		off += a[0]
		for _, n := range a[questionnaire.Points+1:] {
			off += n
		}
	}
	if off > 0 {
		return nil, wrong(packed)
	}
	return t, nil
}

// wrong says what is wrong with packed ballots.
func wrong(packed []byte) error {
	_, err := ballot.Unpack(packed)
	return err
}

func (t *tally) add(other *tally) {
	t.eligible += other.eligible
	t.ballots += other.ballots
	for q := range t.questions {
		for answer, n := range other.questions[q] {
			t.questions[q][answer] += n
		}
	}
}

// class is what answers are worth when they are told apart as little as possible.
type class int

const (
	low class = iota
	middle
	high
)

// statementClass is unfavourable for 1 and 2, neutral for 3, favourable for 4 and 5.
func statementClass(answer int) class {
	switch {
	case answer <= 2:
		return low
	case answer == 3:
		return middle
	default:
		return high
	}
}

// recommendationClass is eNPS's: 0 to 6, 7 and 8, 9 and 10.
func recommendationClass(answer int) class {
	switch {
	case answer <= 6:
		return low
	case answer <= 8:
		return middle
	default:
		return high
	}
}

// classes counts answers by class.
func (a answers) classes(of func(int) class) (n [3]int) {
	for answer, count := range a {
		n[of(answer)] += count
	}
	return n
}

func (a answers) mean(ballots int) float64 {
	sum := 0
	for answer, n := range a {
		sum += answer * n
	}
	return float64(sum) / float64(ballots)
}

// Count counts the ballots of cells, for measurements.
func Count(cells []Cell) error {
	for _, c := range cells {
		if _, err := count(c.Ballots); err != nil {
			return err
		}
	}
	return nil
}
