package talk

import (
	"time"

	"github.com/rickar/cal/v2/fr"

	"jalon.dev/pkg/clock"
)

// WorkingDay returns the first day from day on that is neither a Saturday, a Sunday nor a public holiday of France.
func WorkingDay(day clock.Date) clock.Date {
	for !isWorkingDay(day) {
		day = day.AddDays(1)
	}
	return day
}

// workingDays returns the working days after the day, up to n days later.
func workingDays(after clock.Date, n int) []clock.Date {
	var days []clock.Date
	for i := 1; i <= n; i++ {
		if day := after.AddDays(i); isWorkingDay(day) {
			days = append(days, day)
		}
	}
	return days
}

func isWorkingDay(day clock.Date) bool {
	if weekday := day.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		return false
	}
	for _, holiday := range fr.Holidays {
		actual, _ := holiday.Calc(day.Year)
		if actual.Month() == day.Month && actual.Day() == day.Day {
			return false
		}
	}
	return true
}
