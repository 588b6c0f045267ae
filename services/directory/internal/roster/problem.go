package roster

import (
	"cmp"
	"slices"
)

// Severity says what a problem does to its line.
type Severity int

const (
	// Rejected lines are not imported.
	Rejected Severity = iota + 1
	// Warning lines are imported without the doubtful value.
	Warning
)

// Problem tells what is wrong, where, and what would be right.
type Problem struct {
	Severity Severity
	Line     int    // the physical line on which the record starts; the header is 1, 0 speaks of the whole file
	Column   string // the header as the file writes it
	Code     Code
	Value    string // what was found, shortened
	Expected string // what would be right
	Reason   string // the same in an English sentence
}

// RefusalError is the error of a file that cannot be read at all.
type RefusalError struct{ Problem Problem }

// Error gives the reason.
func (r *RefusalError) Error() string { return r.Problem.Reason }

func refuse(code Code, column, expected, reason string) *RefusalError {
	return &RefusalError{Problem{Severity: Rejected, Code: code, Column: column, Expected: expected, Reason: reason}}
}

// maxShown bounds a value repeated in a problem: a whole swallowed file must not come back in a report.
const maxShown = 120

// Shorten keeps the beginning of a value that a problem shows.
func Shorten(s string) string {
	s = clean(s)
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return s
}

// SortProblems orders by line; what is said of one line keeps its order.
func SortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
}
