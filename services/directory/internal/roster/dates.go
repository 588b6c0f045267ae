package roster

import (
	"strconv"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
)

// order is how a file writes dates that do not begin with the year.
type order int

const (
	dayFirst order = iota
	monthFirst
)

// dateFields are the columns that hold dates.
func dateFields() []Field {
	return []Field{HiredOn, LeftOn, AwayFrom, AwayUntil, PromotedOn, EffectiveOn}
}

const (
	firstYear = 1900
	lastYear  = 2199
	// noEnd is the year from which payroll systems mean "no end": 2999 and 9999 are usual.
	noEnd = 2900
)

// threeNumbers reads the numbers of a date as written; yearFirst tells the only thing that needs no guess. A time of day
// that follows is passed over: some systems write midnight behind each date.
func threeNumbers(s string) (n [3]int, yearFirst, ok bool) {
	if n, ok := withMonthName(s); ok {
		return n, true, true
	}
	if i := strings.IndexAny(s, " T"); i >= 8 {
		s = s[:i]
	}
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || strings.Trim(s, "0123456789/-.") != "" {
		return n, false, false
	}
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || len(p) > 4 {
			return n, false, false
		}
		n[i] = v
	}
	switch {
	case len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2:
		return n, true, true
	case len(parts[2]) == 4 && len(parts[0]) <= 2 && len(parts[1]) <= 2:
		return n, false, true
	}
	return n, false, false
}

// parseDate returns false for what is no date and for days that the calendar does not have.
func parseDate(s string, o order) (clock.Date, bool) {
	n, yearFirst, ok := threeNumbers(s)
	if !ok {
		return clock.Date{}, false
	}
	year, month, day := n[2], n[1], n[0]
	if o == monthFirst {
		month, day = day, month
	}
	if yearFirst {
		year, month, day = n[0], n[1], n[2]
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if at.Year() != year || at.Month() != time.Month(month) || at.Day() != day || year < firstYear {
		return clock.Date{}, false
	}
	return clock.Date{Year: year, Month: time.Month(month), Day: day}, true
}

// evidence counts the dates that can be read in one order only.
type evidence struct{ dayFirst, monthFirst, either, yearFirst int }

func (e *evidence) add(s string) {
	n, yearFirst, ok := threeNumbers(s)
	switch {
	case !ok:
	case yearFirst:
		e.yearFirst++
	case n[0] > 12:
		e.dayFirst++
	case n[1] > 12:
		e.monthFirst++
	case n[0] != n[1]:
		e.either++
	}
}

func (e *evidence) addAll(o evidence) {
	e.dayFirst += o.dayFirst
	e.monthFirst += o.monthFirst
	e.either += o.either
	e.yearFirst += o.yearFirst
}

func (e evidence) decides() bool { return e.dayFirst != e.monthFirst }

func (e evidence) order() order {
	if e.monthFirst > e.dayFirst {
		return monthFirst
	}
	return dayFirst
}
