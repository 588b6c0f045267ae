package recurrence

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"jalon.dev/pkg/clock"
)

const daysOfWeek = 7

// shortestMonth is how many days every month has.
const shortestMonth = 28

// From is the calendar counted from a first day: with its rule.
func (c Calendar) From(first clock.Date) Calendar {
	c.Rule = ""
	if first.IsZero() || !slices.Contains([]Frequency{Weekly, Monthly, Yearly}, c.Frequency) {
		return c
	}
	parts := []string{"FREQ=" + strings.ToUpper(string(c.Frequency))}
	add := func(name, value string) { parts = append(parts, name+"="+value) }
	if c.Every > 1 {
		add("INTERVAL", strconv.Itoa(c.Every))
	}
	if c.Count > 0 {
		add("COUNT", strconv.Itoa(c.Count))
	}
	if !c.Until.IsZero() {
		add("UNTIL", strings.ReplaceAll(c.Until.String(), "-", ""))
	}
	weekday := strings.ToUpper(first.Weekday().String()[:2])
	if c.Frequency == Weekly {
		add("BYDAY", weekday)
		c.Rule = strings.Join(parts, ";")
		return c
	}
	if c.Frequency == Yearly {
		add("BYMONTH", strconv.Itoa(int(first.Month)))
	}
	switch c.By {
	case ByWeekday, ByLastWeekday:
		nth := (first.Day-1)/daysOfWeek + 1
		if c.By == ByLastWeekday || nth*daysOfWeek > shortestMonth {
			nth = -1
		}
		add("BYDAY", strconv.Itoa(nth)+weekday)
	default:
		c.byMonthDay(add, first)
	}
	c.Rule = strings.Join(parts, ";")
	return c
}

// byMonthDay keeps the number of the day. By RFC 5545 a month without it has none; the last of those days that it has is said by
// naming them all, and taking the last.
func (c Calendar) byMonthDay(add func(name, value string), first clock.Date) {
	if c.SkipShortMonths || first.Day <= shortestMonth {
		add("BYMONTHDAY", strconv.Itoa(first.Day))
		return
	}
	var days []string
	for day := shortestMonth; day <= first.Day; day++ {
		days = append(days, strconv.Itoa(day))
	}
	add("BYMONTHDAY", strings.Join(days, ","))
	add("BYSETPOS", "-1")
}

// Days are the days of the rule, from the first one on.
func (c Calendar) Days(first clock.Date) (iter.Seq[clock.Date], error) {
	option, err := rrule.StrToROption(c.Rule)
	if err != nil {
		return nil, fmt.Errorf("reading the rule %q: %w", c.Rule, err)
	}
	option.Dtstart = first.In(time.UTC) // days have no zone: no change of clocks is met here
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, fmt.Errorf("reading the rule %q: %w", c.Rule, err)
	}
	return func(yield func(clock.Date) bool) {
		next := rule.Iterator()
		for {
			at, ok := next()
			if !ok || !yield(clock.DateOf(at, time.UTC)) {
				return
			}
		}
	}, nil
}

// Day is a day of a rule, and what becomes of it.
type Day struct {
	// Rule is the day of the rule; On is when it is: another where it was moved.
	Rule, On clock.Date
	// LeftOut tells that it falls on a day off and is left out.
	LeftOut bool
}

// longestOff is longer than any row of days off: where a calendar knows more, what falls among them is left out.
const longestOff = 31

// Planned are the days of the rule as they are kept: moved off the days off, or left out. Two that come to the same day are one.
func (c Calendar) Planned(first clock.Date, off func(clock.Date) bool) (iter.Seq[Day], error) {
	days, err := c.Days(first)
	if err != nil {
		return nil, err
	}
	return func(yield func(Day) bool) {
		var last clock.Date
		for rule := range days {
			day := Day{Rule: rule, On: rule}
			if off(rule) {
				day.On, day.LeftOut = workingDay(rule, off, c.SkipDaysOff)
			}
			if !day.LeftOut {
				if !day.On.After(last) {
					continue
				}
				last = day.On
			}
			if !yield(day) {
				return
			}
		}
	}, nil
}

// workingDay is the next one after a day off; the day itself, left out, where there is none or it is not wanted.
func workingDay(rule clock.Date, off func(clock.Date) bool, skip bool) (on clock.Date, leftOut bool) {
	for on, n := rule, 0; n < longestOff && !skip; n++ {
		if on = on.AddDays(1); !off(on) {
			return on, false
		}
	}
	return rule, true
}
