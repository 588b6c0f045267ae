package forecast

import (
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
)

// Remembering are the same calendars, each of which works a day out once: a forecast asks for the same few days again and again. They
// are for one goroutine.
func Remembering(calendars holidays.Calendars) holidays.Calendars {
	remembering := make(holidays.Calendars, len(calendars)+1)
	for name, calendar := range calendars {
		remembering[name] = remember(calendar)
	}
	if usual := remembering.Find(""); usual != nil {
		remembering[""] = usual // where most people work
	}
	return remembering
}

func remember(calendar holidays.Calendar) holidays.Calendar {
	known := map[clock.Date]bool{}
	return func(date clock.Date) bool {
		off, ok := known[date]
		if !ok {
			off = calendar(date)
			known[date] = off
		}
		return off
	}
}
