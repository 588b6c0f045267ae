package importing

import (
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
	Guards    []Warned         // signs that this is the wrong file, confirmed or not
	Refusal   *roster.Problem  // why the file is refused as a whole; nil: it is not
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

func (p *planner) conclude() Report {
	r := p.report
	roster.SortProblems(r.Problems)
	for _, problem := range r.Problems {
		if problem.Severity == roster.Rejected {
			r.Rejected++
		} else {
			r.Warnings++
		}
	}
	return r
}
