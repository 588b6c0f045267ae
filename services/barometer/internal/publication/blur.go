package publication

import (
	"slices"

	"jalon.dev/services/barometer/internal/ballot"
)

// blur moves one answer to the next class wherever the whole cell answered in the same one: one favourable or unfavourable answer becomes
// neutral, one neutral answer favourable. Whoever sees all but one of a cell in a class does not know whether the last one was there too,
// so that nobody's own answer is certain; the figure of a cell moves by one answer, that of a group of cells hardly.
//
// It is moved in a ballot, of which there is a copy for it, and not in the counts alone: what is computed from whole ballots would
// otherwise still know.
func (t *tally) blur() {
	copied := false
	for q := range t.questions {
		from, to, alike := t.questions[q].alike(scaleOf(q))
		if !alike {
			continue
		}
		if !copied {
			t.cell.Ballots, copied = slices.Clone(t.cell.Ballots), true
		}
		// One ballot for all questions would stand out from the others by all of them at once, and look like a connection.
		change(t.cell.Ballots, q, q%t.questions[q][from], byte(from), byte(to))
		t.questions[q][from]--
		t.questions[q][to]++
	}
}

// change changes one answer to a question, in the ballot that is the nth, from 0, of those that gave it.
func change(packed []byte, question, nth int, from, to byte) {
	for at := question; at < len(packed); at += ballot.Size {
		if packed[at] != from {
			continue
		}
		if nth == 0 {
			packed[at] = to
			return
		}
		nth--
	}
}

// scale is how a question's answers fall into classes, and what an answer becomes that leaves a class: the nearest of the next one.
type scale struct {
	class func(answer int) class
	next  [3]int
}

var (
	statements     = scale{statementClass, [3]int{low: 3, middle: 4, high: 3}}
	recommendation = scale{recommendationClass, [3]int{low: 7, middle: 9, high: 8}}
)

func scaleOf(question int) scale {
	if question == ballot.Answers {
		return recommendation
	}
	return statements
}

// alike tells whether all answers are of one class, and if so which of them is moved, one of those nearest to the next class, and where.
func (a answers) alike(s scale) (from, to int, alike bool) {
	from = -1
	for answer, n := range a {
		switch {
		case n == 0:
		case from < 0:
			from, to = answer, s.next[s.class(answer)]
		case s.class(answer) != s.class(from):
			return 0, 0, false
		case distance(answer, to) < distance(from, to):
			from = answer
		}
	}
	return from, to, from >= 0
}

func distance(x, y int) int { return max(x-y, y-x) }
