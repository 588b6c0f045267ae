package audience

import "slices"

// Code is a stable word for what is wrong.
type Code string

// What may be wrong with an audience.
const (
	// Unknown: there is no such language.
	Unknown Code = "unknown"
	// Negative: a number of months that is none.
	Negative Code = "negative"
	// TooLarge: more months than anybody has worked.
	TooLarge Code = "too_large"
	// Backwards: it ends before it begins, so that nobody could ever be in it.
	Backwards Code = "backwards"
	// Missing: it is not said.
	Missing Code = "missing"
	// TooLong: nobody would read it.
	TooLong Code = "too_long"
	// Taken: another one has the name.
	Taken Code = "taken"
	// TooMany: as many are kept as may be.
	TooMany Code = "too_many"
	// TooFine: beside who reacted, only the unit may narrow it.
	TooFine Code = "too_fine"
	// TooFew: it depends on who reacted, and one of the two sides has fewer than ten people.
	TooFew Code = "too_few"
)

// Problem is what is wrong with a field.
type Problem struct {
	Field string
	Code  Code
}

// mostMonths is a working life.
const mostMonths = 12 * 70

// Languages are those in which people are written to.
func Languages() []string { return []string{"fr", "en"} }

// Check says everything that is wrong. An audience of nobody is none of it: people come and go.
func (a Audience) Check() []Problem {
	var problems []Problem
	wrong := func(field string, code Code) { problems = append(problems, Problem{field, code}) }
	for _, months := range []struct {
		field string
		n     int
	}{{"months_from", a.MonthsFrom}, {"months_below", a.MonthsBelow}} {
		switch {
		case months.n < 0:
			wrong(months.field, Negative)
		case months.n > mostMonths:
			wrong(months.field, TooLarge)
		}
	}
	if a.MonthsFrom > 0 && a.MonthsBelow > 0 && a.MonthsBelow <= a.MonthsFrom {
		wrong("months_below", Backwards)
	}
	if !a.HiredFrom.IsZero() && !a.HiredTo.IsZero() && a.HiredTo.Before(a.HiredFrom) {
		wrong("hired_to", Backwards)
	}
	if a.Language != "" && !slices.Contains(Languages(), a.Language) {
		wrong("language", Unknown)
	}
	a.Reaction.check(wrong)
	if a.Confidential() && a.finer() {
		wrong("reaction", TooFine)
	}
	return problems
}
