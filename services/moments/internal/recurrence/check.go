package recurrence

import (
	"jalon.dev/pkg/clock"
)

// Code is a stable word for what is wrong.
type Code string

// What may be wrong with a recurrence.
const (
	Missing  Code = "missing"
	TooLarge Code = "too_large"
	// Never: no day of it is ever kept.
	Never Code = "never"
	// BeforeStart: it ends before it begins.
	BeforeStart Code = "before_start"
	// TooLong: the time to answer is longer than a campaign may wait.
	TooLong Code = "too_long"
	// Overlaps: the next one begins before the answers to one end, so that nobody could tell which one they answer.
	Overlaps Code = "overlaps"
)

// Problem is what is wrong with a field.
type Problem struct {
	Field string
	Code  Code
}

// Limits of what makes sense.
const (
	mostCount  = 500
	mostDays   = 3 * 366
	mostMonths = 120
	// looked is how many days of a rule are looked at to say that none is kept, or that two overlap: a weekly one then was looked at
	// for a year, and a leap day for two centuries.
	looked = 53
)

var mostEvery = map[Frequency]int{Weekly: 52, Monthly: 24, Yearly: 10}

// Check says everything that is wrong with it, counted from a first day, on a calendar of days off; longest is how long a campaign
// may wait for answers.
func (r Recurrence) Check(first clock.Date, off func(clock.Date) bool, longest int) []Problem {
	var problems []Problem
	wrong := func(field string, code Code) { problems = append(problems, Problem{field, code}) }
	switch {
	case r.AnswerDays == 0:
		wrong("answer_days", Missing)
	case r.AnswerDays > longest:
		wrong("answer_days", TooLong)
	}
	switch {
	case r.PerPerson != nil:
		r.PerPerson.check(wrong)
	case r.Calendar == nil || r.Calendar.Frequency == "":
		wrong("frequency", Missing)
	default:
		r.Calendar.check(wrong, first)
		if len(problems) == 0 && !first.IsZero() {
			r.checkDays(wrong, first, off)
		}
	}
	return problems
}

func (p PerPerson) check(wrong func(string, Code)) {
	if p.Anchor == "" {
		wrong("anchor", Missing)
	}
	switch {
	case p.After == 0:
		wrong("after", Missing)
	case p.Months && p.After > mostMonths, !p.Months && p.After > mostDays:
		wrong("after", TooLarge)
	}
}

func (c Calendar) check(wrong func(string, Code), first clock.Date) {
	if c.Every > mostEvery[c.Frequency] {
		wrong("every", TooLarge)
	}
	if c.Count > mostCount {
		wrong("count", TooLarge)
	}
	if !c.Until.IsZero() && c.Until.Before(first) {
		wrong("until", BeforeStart)
	}
}

// checkDays looks at the days themselves.
func (r Recurrence) checkDays(wrong func(string, Code), first clock.Date, off func(clock.Date) bool) {
	days, err := r.Calendar.From(first).Planned(first, off)
	if err != nil {
		wrong("frequency", Missing)
		return
	}
	var last clock.Date
	n := 0
	for day := range days {
		if n++; n > looked {
			break
		}
		if day.LeftOut {
			continue
		}
		if !last.IsZero() && last.DaysUntil(day.On) <= r.AnswerDays {
			wrong("answer_days", Overlaps)
			return
		}
		last = day.On
	}
	if last.IsZero() {
		wrong("frequency", Never)
	}
}
