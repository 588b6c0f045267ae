package gate

import (
	"fmt"
	"maps"
	"strings"
	"time"

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

// StandardCalendars are those that Jalon comes with.
func StandardCalendars() Calendars {
	return Calendars{France: FrenchHoliday, AlsaceMoselle: AlsaceMoselleHoliday}
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

// find returns the calendar with the name, that of France where it is not known, nil where that is not either.
func (c Calendars) find(name string) Calendar {
	if name == "" {
		return c[France]
	}
	if calendar, ok := c[name]; ok { // as a rule; the rest takes longer
		return calendar
	}
	known := canonical(name)
	if alias, ok := aliases[known]; ok {
		known = alias
	}
	if calendar, ok := c[known]; ok {
		return calendar
	}
	return c[France]
}

// aliases are other names of the calendars that Jalon comes with: the codes of ISO 3166-2 for Moselle and Alsace.
var aliases = map[string]string{
	"FR-57": AlsaceMoselle, "FR-67": AlsaceMoselle, "FR-68": AlsaceMoselle, "FR-6AE": AlsaceMoselle,
}

// ParseCalendars reads calendars as a setting writes them: "BE=2026-07-21,2026-11-11; CH-GE=2026-09-10". With says whether
// the dates are dates.
func ParseCalendars(text string) (map[string][]string, error) {
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

// canonical makes names that people type alike: "fr-alsace-moselle", "FR_Alsace_Moselle".
func canonical(name string) string {
	return strings.ToUpper(strings.NewReplacer("_", "-", " ", "-").Replace(strings.TrimSpace(name)))
}

// FrenchHoliday tells whether the day is one of the eleven national public holidays of France.
//
// The library's own calendar is not used: its cache is not safe for concurrent use, and without it asking it costs
// the same as this.
func FrenchHoliday(date clock.Date) bool { return among(fr.Holidays, date) }

// AlsaceMoselleHoliday adds Good Friday and the day after Christmas, which the local law of Bas-Rhin, Haut-Rhin and
// Moselle keeps.
func AlsaceMoselleHoliday(date clock.Date) bool {
	if date.Month == time.December && date.Day == 26 {
		return true
	}
	return FrenchHoliday(date) || among([]*cal.Holiday{aa.GoodFriday}, date)
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
