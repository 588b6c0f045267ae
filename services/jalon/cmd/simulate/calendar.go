package main

import (
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// What Jalon promises about times and numbers of messages, written down a second time: if the gate's own rules were asked, a
// mistake in them would pass unnoticed.

// officeHours are the minutes of the day, by weekday, in which a message may reach somebody.
var officeHours = map[time.Weekday][2]int{
	time.Monday: {12 * 60, 18 * 60}, time.Tuesday: {9 * 60, 18 * 60}, time.Wednesday: {9 * 60, 18 * 60},
	time.Thursday: {9 * 60, 18 * 60}, time.Friday: {9 * 60, 14 * 60},
}

// limit is how many messages may reach a person in any period of days; those of key moments alone where there are some.
type limit struct {
	messages, days int
	of             []string
}

var returning = []string{"check_in", "congratulation", "reframing"}

var limits = []limit{{2, 7, nil}, {5, 30, nil}, {1, 7, returning}, {3, 30, returning}}

// holiday says whether a day is off where the calendar holds.
func holiday(on clock.Date, calendar string) bool {
	fixed := []clock.Date{
		{Month: time.January, Day: 1},
		{Month: time.May, Day: 1},
		{Month: time.May, Day: 8},
		{Month: time.July, Day: 14},
		{Month: time.August, Day: 15},
		{Month: time.November, Day: 1},
		{Month: time.November, Day: 11},
		{Month: time.December, Day: 25},
	}
	afterEaster := []int{1, 39, 50}
	if calendar == "FR-57" {
		fixed = append(fixed, clock.Date{Month: time.December, Day: 26})
		afterEaster = append(afterEaster, -2)
	}
	return slices.Contains(fixed, clock.Date{Month: on.Month, Day: on.Day}) ||
		slices.Contains(afterEaster, easter(on.Year).DaysUntil(on))
}

// easter is Easter Sunday, by the rule of Meeus, Jones and Butcher.
func easter(year int) clock.Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return clock.Date{Year: year, Month: time.Month(n / 31), Day: n%31 + 1}
}

// facts are what Jalon was told of a person and the person's choices, as they stand after a step.
type facts struct {
	Zone      *time.Location
	Calendar  string
	HiredOn   clock.Date
	LeftOn    clock.Date
	AwayFrom  clock.Date
	AwayUntil clock.Date
	Email     string
	choices   choices
	// Number is the employee's: ids differ from run to run, numbers follow from the seed.
	Number string
	// late: the person became known after the beginning.
	late bool
	// departs is the last day for which there must be a departure: one that was told, or that was corrected while it was ahead.
	departs clock.Date
}

// choices are what a person chose about messages.
type choices struct {
	from, to int // minutes; both 0 for all hours
	daysOff  []time.Weekday
	noEmail  bool
}

// closed says why a message may not reach the person at the instant; nothing where it may.
func (f facts) closed(at time.Time) string {
	there := at.In(f.Zone)
	today := clock.DateOf(at, f.Zone)
	minute := there.Hour()*60 + there.Minute()
	hours, works := officeHours[there.Weekday()]
	switch {
	case !f.LeftOn.IsZero() && today.After(f.LeftOn):
		return "after the last day"
	case !f.AwayFrom.IsZero() && !today.Before(f.AwayFrom) && (f.AwayUntil.IsZero() || !today.After(f.AwayUntil)):
		return "during a leave"
	case !works || minute < hours[0] || minute >= hours[1]:
		return "outside the window"
	case holiday(today, f.Calendar):
		return "on a public holiday"
	case slices.Contains(f.choices.daysOff, there.Weekday()):
		return "on a day off of the person's own"
	case f.choices.to > 0 && (minute < f.choices.from || minute >= f.choices.to):
		return "outside the person's own hours"
	default:
		return ""
	}
}
