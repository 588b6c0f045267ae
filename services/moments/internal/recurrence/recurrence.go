// Package recurrence is the domain of what repeats: on the calendar, for everybody on the same days; or per person, so long after a
// day of their own. It counts in days: at which instant one begins is the campaign's to say, so that a change of clocks, or a time
// that exists twice, is package clock's to settle, and the hour on the wall stays the same.
package recurrence

import (
	"jalon.dev/pkg/clock"
)

// Recurrence is how a campaign repeats: one of the two.
type Recurrence struct {
	Calendar  *Calendar  `bson:"calendar,omitempty"`
	PerPerson *PerPerson `bson:"per_person,omitempty"`
	// AnswerDays is how many days there are to answer, the first one not counted.
	AnswerDays int `bson:"answer_days"`
}

// Calendar repeats on the days of a rule, counted from the first one.
type Calendar struct {
	Frequency Frequency `bson:"frequency"`
	// Every is so many weeks, months or years; 0 is 1.
	Every int `bson:"every,omitempty"`
	By    By  `bson:"by,omitempty"`
	// SkipShortMonths leaves a month out that has no such day; otherwise its last day counts.
	SkipShortMonths bool `bson:"skip_short_months,omitempty"`
	// SkipDaysOff leaves out what falls on a day off; otherwise it is moved to the next working day.
	SkipDaysOff bool `bson:"skip_days_off,omitempty"`
	// Count and Until end it: after so many days of the rule, left out or not, or with a day. Neither is without an end.
	Count int        `bson:"count,omitempty"`
	Until clock.Date `bson:"until,omitempty"`
	// Rule says the same as a rule of RFC 5545. It is what is expanded, and any calendar can read it.
	Rule string `bson:"rule,omitempty"`
}

// Frequency is how often.
type Frequency string

// The frequencies. More than once a week would be a burden, whatever the gate lets through.
const (
	Weekly  Frequency = "weekly"
	Monthly Frequency = "monthly"
	Yearly  Frequency = "yearly"
)

// By is what is kept of the first day from one month, or year, to the next.
type By string

// What can be kept.
const (
	// ByDay keeps the number: the 3rd.
	ByDay By = "day"
	// ByWeekday keeps the weekday of the month: the first Tuesday. A fifth one is the last one, which every month has.
	ByWeekday By = "weekday"
	// ByLastWeekday is the last of the weekday in the month.
	ByLastWeekday By = "last_weekday"
)

// PerPerson asks each person so long after a day of theirs.
type PerPerson struct {
	Anchor Anchor `bson:"anchor"`
	After  int    `bson:"after"`
	// Months tells that After counts months, not days.
	Months bool `bson:"months,omitempty"`
}

// Anchor is the day from which is counted.
type Anchor string

// The anchors.
const (
	// Hire is the first day with the company.
	Hire Anchor = "hire"
	// Answer is the last day of the last campaign that the person answered. It is not the day of the answer: that one is told to
	// nobody, and would tell which answer is whose.
	Answer Anchor = "answer"
	// Talk is the last talk with the manager that was held.
	Talk Anchor = "talk"
)

// Due is the day on which somebody is asked whose day this is. A month after the 31st is the last day of a shorter month.
func (p PerPerson) Due(anchor clock.Date) clock.Date {
	if p.Months {
		return anchor.AddMonths(p.After)
	}
	return anchor.AddDays(p.After)
}

// Anchors are the days after which somebody is asked on this one, earliest first: none or several at the end of a month, one
// otherwise. Each day leads to one other, so that nobody is asked twice for it and nobody left out.
func (p PerPerson) Anchors(due clock.Date) []clock.Date {
	first := due.AddDays(-p.After)
	last := first
	if p.Months {
		first = due.AddMonths(-p.After)
		last = first.AddDays(longestDifference)
	}
	var anchors []clock.Date
	for day := first; !day.After(last); day = day.AddDays(1) {
		if p.Due(day) == due {
			anchors = append(anchors, day)
		}
	}
	return anchors
}

// longestDifference is by how many days the longest month is longer than the shortest.
const longestDifference = 3
