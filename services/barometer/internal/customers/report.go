package customers

import (
	"cmp"
	"slices"
)

// Report says what a file holds. Each line counts once, as accepted, repeated or rejected.
type Report struct {
	// Counts are what the accepted lines add up to, by wave and store, whatever is said about rejected ones: whether they may
	// be kept is for Refused to say.
	Counts []Counts

	Accepted int
	Repeated int // lines that say again what an earlier one said
	Rejected int
	Warnings int
	// Problems are in the order of the lines, at most one rejection a line. Not all are kept: see problems.
	Problems []Problem
}

// Refused tells whether nothing may be applied: a line was rejected and the rest is not wanted without it, or nothing is left.
func (r Report) Refused(skipRejected bool) bool {
	return r.Accepted == 0 || (r.Rejected > 0 && !skipRejected)
}

// Waves are the waves of which something was accepted, the latest last.
func (r Report) Waves() []Wave {
	var waves []Wave
	for _, c := range r.Counts {
		if !slices.Contains(waves, c.Wave) {
			waves = append(waves, c.Wave)
		}
	}
	return waves
}

func sortCounts(counts []Counts) {
	slices.SortFunc(counts, func(a, b Counts) int {
		return cmp.Or(a.Wave.Compare(b.Wave), cmp.Compare(a.StoreID, b.StoreID))
	})
}

const (
	// mostAlike is how many problems are kept that differ in nothing but their line. A store that nobody knows has 200 lines:
	// they must not hide the next one.
	mostAlike = 10
	// mostKept bounds the problems of either severity: nobody reads more, and a file can have a million.
	mostKept = 1000
)

// problems keeps enough of them to see what is wrong, and counts them all.
type problems struct {
	kept   []Problem
	counts map[Severity]int
	room   map[Severity]int
	alike  map[Problem]int
}

func newProblems() *problems {
	return &problems{
		counts: map[Severity]int{},
		room:   map[Severity]int{Rejected: mostKept, Warning: mostKept},
		alike:  map[Problem]int{},
	}
}

func (p *problems) add(one Problem) {
	p.counts[one.Severity]++
	if p.room[one.Severity] == 0 {
		return
	}
	kind := one
	kind.Line = 0
	if one.Code == RespondentSeen || one.Code == RespondentRepeated {
		kind.Expected = "" // the earlier line
	}
	if p.alike[kind]++; p.alike[kind] > mostAlike {
		return
	}
	p.room[one.Severity]--
	p.kept = append(p.kept, one)
}
