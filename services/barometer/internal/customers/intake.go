package customers

import "strconv"

// intake is a file that is being read.
type intake struct {
	stores   knownStores
	records  *records
	layout   layout
	most     limits
	seen     map[respondent]earlier
	waves    map[Wave]bool
	counts   map[place]*Counts
	problems *problems
	report   Report
}

// earlier is an accepted line, kept to compare others with.
type earlier struct {
	line    int
	storeID string
	answers answers
}

type place struct {
	wave    Wave
	storeID string
}

// take counts a record, or says why not.
func (i *intake) take(rec record) error {
	one, p := i.understand(rec)
	if p != nil {
		i.reject(*p)
		return nil
	}
	if first, twice := i.seen[one.who]; twice {
		i.again(rec, one, first)
		return nil
	}
	if err := i.meet(one.who.wave, rec); err != nil {
		return err
	}
	i.seen[one.who] = earlier{line: rec.line, storeID: one.storeID, answers: one.answers}
	i.report.Accepted++
	for n, answer := range one.answers {
		if answer == unanswered {
			i.warn(rec, firstQuestion+column(n), AnswerMissing, "", "")
		}
	}
	at := place{one.who.wave, one.storeID}
	if i.counts[at] == nil {
		i.counts[at] = &Counts{Wave: at.wave, StoreID: at.storeID}
	}
	i.counts[at].add(one.answers)
	return nil
}

// again judges a respondent's second line. The first stands, for nobody can tell which of the two is right.
func (i *intake) again(rec record, one customer, first earlier) {
	if one.storeID == first.storeID && one.answers == first.answers {
		i.report.Repeated++
		i.warn(rec, respondentColumn, RespondentRepeated, "", strconv.Itoa(first.line))
		return
	}
	i.reject(Problem{
		Line: rec.line, Column: i.layout.column(respondentColumn), Code: RespondentSeen, Expected: strconv.Itoa(first.line),
	})
}

// meet looks at a wave, and remarks on it when the file names it for the first time.
func (i *intake) meet(w Wave, rec record) error {
	if i.waves[w] {
		return nil
	}
	if len(i.waves) == i.most.waves {
		return refuse(WavesTooMany, rec.line, i.most.waves)
	}
	i.waves[w] = true
	if _, placed := w.Period(); !placed {
		i.warn(rec, waveColumn, WaveUnplaced, string(w), "")
	}
	return nil
}

func (i *intake) reject(p Problem) {
	p.Severity = Rejected
	i.problems.add(p)
}

func (i *intake) warn(rec record, c column, code Code, value, expected string) {
	i.problems.add(Problem{
		Severity: Warning, Line: rec.line, Column: i.layout.column(c), Code: code, Value: shorten(value), Expected: expected,
	})
}

func (i *intake) conclude() Report {
	r := i.report
	r.Problems, r.Rejected, r.Warnings = i.problems.kept, i.problems.counts[Rejected], i.problems.counts[Warning]
	for _, c := range i.counts {
		r.Counts = append(r.Counts, *c)
	}
	sortCounts(r.Counts)
	return r
}
