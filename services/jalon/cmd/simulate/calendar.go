package main

import (
	"fmt"
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

// limit is how many messages may reach a person in any period of days; those of key moments alone where there are some, else all
// that ask something.
type limit struct {
	messages, days int
	of             []string
}

// aboutTalks is the key moment of messages about somebody's own talks: they ask nothing, and have limits of their own.
const aboutTalks = "talk"

var (
	returning    = []string{"check_in", "congratulation", "reframing"}
	appointments = []string{aboutTalks}
)

var limits = []limit{{2, 7, nil}, {5, 30, nil}, {1, 7, returning}, {3, 30, returning}, {3, 7, appointments}, {10, 30, appointments}}

// counts tells that messages about a key moment are limited.
func (l limit) counts(keyMoment string) bool {
	if l.of == nil {
		return keyMoment != aboutTalks
	}
	return slices.Contains(l.of, keyMoment)
}

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
	ManagerID string
	Email     string
	choices   choices
	// units are where the person works: the unit, and those above it.
	units []string
	// off are weekdays on which the person does not work, and rhythm the days between two of the person's talks.
	off    []time.Weekday
	rhythm int
	// Number is the employee's: ids differ from run to run, numbers follow from the seed.
	Number string
	// late: the person became known after the beginning.
	late bool
	// before is what was known until the zone or the leave became another, and changed when that was; nil where it did not.
	before  *facts
	changed time.Time
	// departs is the last day for which there must be a departure: one that was told, or that was corrected while it was ahead.
	departs clock.Date
}

// choices are what a person chose about messages.
type choices struct {
	from, to int // minutes; both 0 for all hours
	daysOff  []time.Weekday
	noEmail  bool
}

// gone tells that the last day is behind.
func (f facts) gone(on clock.Date) bool { return !f.LeftOn.IsZero() && on.After(f.LeftOn) }

// away tells that the day lies in a leave; one whose end is not known has none.
func (f facts) away(on clock.Date) bool {
	return !f.AwayFrom.IsZero() && !on.Before(f.AwayFrom) && (f.AwayUntil.IsZero() || !on.After(f.AwayUntil))
}

// missing says why the person cannot be met on the day; nothing where they can.
func (f facts) missing(on clock.Date) string {
	switch weekday := on.Weekday(); {
	case weekday == time.Saturday || weekday == time.Sunday:
		return "works on no weekend"
	case holiday(on, f.Calendar):
		return "has a public holiday"
	case slices.Contains(f.off, weekday):
		return "has a day off"
	case f.away(on):
		return "is on leave"
	case f.gone(on):
		return "has left"
	default:
		return ""
	}
}

// absence tells of the leave and the last day that are known.
func (f facts) absence() string {
	return fmt.Sprintf("number %s on leave from %s until %s, last day %s", f.Number, f.AwayFrom, f.AwayUntil, f.LeftOn)
}

func (f facts) there(on clock.Date) bool { return f.missing(on) == "" }

// closed says why a message may not reach the person at the instant; nothing where it may.
func (f facts) closed(at time.Time) string {
	there := at.In(f.Zone)
	today := clock.DateOf(at, f.Zone)
	minute := there.Hour()*60 + there.Minute()
	hours, works := officeHours[there.Weekday()]
	switch {
	case f.gone(today):
		return "after the last day"
	case f.away(today):
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
