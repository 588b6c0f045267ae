package gate

import (
	"github.com/rickar/cal/v2/fr"

	"jalon.dev/pkg/clock"
)

// FrenchHoliday tells whether the day is one of the eleven national public holidays of France.
//
// The library's own calendar is not used: its cache is not safe for concurrent use, and without it asking it costs
// the same as this.
func FrenchHoliday(day clock.Date) bool {
	for _, holiday := range fr.Holidays {
		actual, _ := holiday.Calc(day.Year)
		if actual.Month() == day.Month && actual.Day() == day.Day {
			return true
		}
	}
	return false
}
