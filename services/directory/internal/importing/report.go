package importing

import (
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/roster"
)

// Report says what an import does, or would do. Each accepted line counts once; a full file's absences count as ended too.
type Report struct {
	AsOf      clock.Date
	Baseline  bool // the first import into an empty directory
	Added     int  // new people, and people hired again after they had left
	Changed   int
	Moved     int
	Ended     int // people whose last day became known
	Unchanged int
	Rejected  int
	Warnings  int
	Absent    int              // people with a contract whom the file does not name
	Problems  []roster.Problem // by line; at most one rejection a line
	Refusal   *roster.Problem  // why the file is refused as a whole; nil: it is not

	endedByAbsence int
}

// Refused tells whether nothing may be applied: a guard spoke, or a line was rejected and the rest is not wanted without it.
func (r Report) Refused(skipRejected bool) bool {
	return r.Refusal != nil || (r.Rejected > 0 && !skipRejected)
}

// Foremost returns at most n problems, by line. Rejections go before warnings when there are more: they are why a file is
// refused.
func (r Report) Foremost(n int) []roster.Problem {
	if len(r.Problems) <= n {
		return r.Problems
	}
	kept := make([]roster.Problem, 0, n)
	for _, severity := range []roster.Severity{roster.Rejected, roster.Warning} {
		for _, p := range r.Problems {
			if p.Severity == severity && len(kept) < n {
				kept = append(kept, p)
			}
		}
	}
	roster.SortProblems(kept)
	return kept
}

// RefusedFile is the report of a file that could not be read.
func RefusedFile(asOf clock.Date, refusal roster.Problem) Report {
	return Report{AsOf: asOf, Refusal: &refusal}
}

func (p *planner) conclude(known State) Report {
	r := p.report
	roster.SortProblems(r.Problems)
	for _, problem := range r.Problems {
		if problem.Severity == roster.Rejected {
			r.Rejected++
		} else {
			r.Warnings++
		}
	}
	if !p.opt.Confirm {
		r.Refusal = p.guard(known, r)
	}
	return r
}

// guard looks for signs that this is the wrong file.
func (p *planner) guard(known State, r Report) *roster.Problem {
	if !known.LastAsOf.IsZero() && p.opt.AsOf.Before(known.LastAsOf) {
		return &roster.Problem{
			Severity: roster.Rejected, Code: roster.FileOlder, Value: p.opt.AsOf.String(),
			Expected: known.LastAsOf.String(),
			Reason:   fmt.Sprintf("The file tells of %s, but one of %s was imported already.", p.opt.AsOf, known.LastAsOf),
		}
	}
	contracts := 0
	for _, someone := range known.People {
		if !someone.Ended(p.opt.AsOf) {
			contracts++
		}
	}
	if most := p.opt.MaxEnded * float64(contracts); float64(r.endedByAbsence) > most {
		return &roster.Problem{
			Severity: roster.Rejected, Code: roster.EndsTooMany, Value: fmt.Sprint(r.endedByAbsence),
			Expected: fmt.Sprint(int(most)),
			Reason: fmt.Sprintf("The file would end %d of %d contracts because it does not name the people; it is probably cut short.",
				r.endedByAbsence, contracts),
		}
	}
	return nil
}
