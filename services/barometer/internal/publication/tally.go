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

// count reads packed ballots column by column, as they lie there.
func count(packed []byte) (*tally, error) {
	ballots, err := ballot.Unpack(packed)
	if err != nil {
		return nil, err
	}
	t := &tally{ballots: len(ballots)}
	for i := range ballots {
		for q, answer := range ballots[i] {
			t.questions[q][answer]++
		}
	}
	return t, nil
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

// blur counts one answer in the next class wherever the whole cell answered in the same one: one favourable or unfavourable answer as
// neutral, one neutral answer as favourable. Whoever sees all but one of a cell in a class does not know whether the last one was
// there too, so that nobody's own answer is certain; the figure of a cell moves by one answer, that of a group of cells hardly.
func (t *tally) blur() {
	for q := range ballot.Answers {
		t.questions[q].blur(statementClass, [3]int{low: 3, middle: 4, high: 3})
	}
	t.questions[ballot.Answers].blur(recommendationClass, [3]int{low: 7, middle: 9, high: 8})
}

// blur moves one answer to where its class goes, where all are of one class: one from the answer nearest to there.
func (a *answers) blur(of func(int) class, to [3]int) {
	classes, all := a.classes(of), 0
	for _, n := range classes {
		all += n
	}
	for c, n := range classes {
		if n == 0 || n < all {
			continue
		}
		from, target := -1, to[c]
		for answer, n := range a {
			if n > 0 && (from < 0 || distance(answer, target) < distance(from, target)) {
				from = answer
			}
		}
		a[from]--
		a[target]++
		return
	}
}

func distance(x, y int) int { return max(x-y, y-x) }

// Count counts the ballots of cells, for measurements.
func Count(cells []Cell) error {
	for _, c := range cells {
		if _, err := count(c.Ballots); err != nil {
			return err
		}
	}
	return nil
}
