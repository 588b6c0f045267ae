// Package holidays tells the public holidays of where people work, by the names that units give to their calendars.
package holidays

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/fr"

	"jalon.dev/pkg/clock"
)

// Calendar tells the days of a place that are public holidays.
type Calendar func(clock.Date) bool

// Calendars are public holidays by name.
type Calendars map[string]Calendar

// Names of the calendars that Jalon comes with.
const (
	// France holds for whoever's unit names no calendar, or one that is not known.
	France        = "FR"
	AlsaceMoselle = "FR-ALSACE-MOSELLE"
)

// Standard are the calendars that Jalon comes with.
func Standard() Calendars {
	return Calendars{France: French, AlsaceMoselle: InAlsaceMoselle}
}

// With adds calendars given as lists of dates such as "2026-07-21"; one with a name that is known replaces it.
func (c Calendars) With(lists map[string][]string) (Calendars, error) {
	all := maps.Clone(c)
	if all == nil {
		all = Calendars{}
	}
	for name, dates := range lists {
		if strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("holiday calendar of %d days: it has no name", len(dates))
		}
		off := make(map[clock.Date]bool, len(dates))
		for _, text := range dates {
			date, err := clock.ParseDate(strings.TrimSpace(text))
			if err != nil || date.IsZero() {
				return nil, fmt.Errorf("holiday calendar %s: %q is not a date such as 2026-07-21", name, text)
			}
			off[date] = true
		}
		all[canonical(name)] = func(date clock.Date) bool { return off[date] }
	}
	return all, nil
}

// Find returns the calendar with the name, that of France where it is not known, nil where that is not either.
func (c Calendars) Find(name string) Calendar {
	if calendar, ok := c.named(name); ok {
		return calendar
	}
	return c[France]
}

// Has tells whether the name is a calendar's. For one that it is not, Find gives that of France, without a word: whoever takes a
// name in should ask this first.
func (c Calendars) Has(name string) bool {
	_, ok := c.named(name)
	return ok
}

// Names are the calendars' own names, in order.
func (c Calendars) Names() []string { return slices.Sorted(maps.Keys(c)) }

func (c Calendars) named(name string) (Calendar, bool) {
	if calendar, ok := c[name]; ok { // as a rule; the rest takes longer
		return calendar, true
	}
	known := canonical(name)
	if calendar, ok := c[known]; ok { // the company's own goes before another name of ours
		return calendar, true
	}
	calendar, ok := c[aliases[known]]
	return calendar, ok
}

// aliases are other names of the calendars that Jalon comes with: what people call France and its departments of local law, and
// the codes of ISO 3166-2 for these.
var aliases = map[string]string{
	"FRANCE": France, "FRA": France, "FR-FR": France, "FR-FRANCE": France,

	"FR-57": AlsaceMoselle, "FR-67": AlsaceMoselle, "FR-68": AlsaceMoselle, "FR-6AE": AlsaceMoselle,
	"FR-A": AlsaceMoselle, "FR-AM": AlsaceMoselle,
	"FR-ALSACE": AlsaceMoselle, "ALSACE": AlsaceMoselle, "FRANCE-ALSACE": AlsaceMoselle,
	"FR-MOSELLE": AlsaceMoselle, "MOSELLE": AlsaceMoselle,
	"FR-BAS-RHIN": AlsaceMoselle, "BAS-RHIN": AlsaceMoselle, "FR-HAUT-RHIN": AlsaceMoselle, "HAUT-RHIN": AlsaceMoselle,
	"ALSACE-MOSELLE": AlsaceMoselle, "FRANCE-ALSACE-MOSELLE": AlsaceMoselle,
}

// Parse reads calendars as a setting writes them: "BE=2026-07-21,2026-11-11; CH-GE=2026-09-10". With says whether
// the dates are dates.
func Parse(text string) (map[string][]string, error) {
	lists := map[string][]string{}
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, dates, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("holiday calendar %q: it should read NAME=2026-07-21,2026-11-11", part)
		}
		for date := range strings.SplitSeq(dates, ",") {
			lists[strings.TrimSpace(name)] = append(lists[strings.TrimSpace(name)], strings.TrimSpace(date))
		}
	}
	return lists, nil
}

// Configured are the calendars that Jalon comes with and those that a setting adds in the way of Parse.
func Configured(setting string) (Calendars, error) {
	lists, err := Parse(setting)
	if err != nil {
		return nil, fmt.Errorf("JALON_HOLIDAYS: %w", err)
	}
	calendars, err := Standard().With(lists)
	if err != nil {
		return nil, fmt.Errorf("JALON_HOLIDAYS: %w", err)
	}
	return calendars, nil
}

// canonical makes names that people type alike: "fr-alsace-moselle", "FR_Alsace_Moselle", "FR (Alsace / Moselle)".
func canonical(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.ToUpper(strings.Join(words, "-"))
}

// French tells whether the day is one of the eleven national public holidays of France.
//
// The library's own calendar is not used: its cache is not safe for concurrent use, and without it asking it costs
// the same as this.
func French(date clock.Date) bool { return among(fr.Holidays, date) }

// InAlsaceMoselle adds Good Friday and the day after Christmas, which the local law of Bas-Rhin, Haut-Rhin and
// Moselle keeps.
func InAlsaceMoselle(date clock.Date) bool {
	if date.Month == time.December && date.Day == 26 {
		return true
	}
	return French(date) || among([]*cal.Holiday{aa.GoodFriday}, date)
}

func among(holidays []*cal.Holiday, date clock.Date) bool {
	for _, holiday := range holidays {
		actual, _ := holiday.Calc(date.Year)
		if actual.Month() == date.Month && actual.Day() == date.Day {
			return true
		}
	}
	return false
}
