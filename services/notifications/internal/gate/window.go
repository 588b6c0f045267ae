package gate

import (
	"errors"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
)

// Hours are the hours of a local day from From, included, to To, excluded.
type Hours struct {
	From, To clock.TimeOfDay
}

// Window is the time in which messages may reach people, in each person's own time zone.
type Window struct {
	// Always keeps the window open at all times; the rest is then ignored.
	Always bool
	// Week gives each working weekday its hours; a weekday that is missing is off.
	Week map[time.Weekday]Hours
	// Holiday tells the days that are off whatever the weekday; nil for none.
	Holiday func(clock.Date) bool
}

// OfficeHours are 9:00 to 18:00 from Monday to Friday without Monday morning, Friday afternoon and public holidays.
func OfficeHours() Window {
	const (
		morning = clock.TimeOfDay(9 * 60)
		noon    = clock.TimeOfDay(12 * 60)
		two     = clock.TimeOfDay(14 * 60)
		evening = clock.TimeOfDay(18 * 60)
	)
	return Window{
		Week: map[time.Weekday]Hours{
			time.Monday:    {noon, evening},
			time.Tuesday:   {morning, evening},
			time.Wednesday: {morning, evening},
			time.Thursday:  {morning, evening},
			time.Friday:    {morning, two},
		},
		Holiday: FrenchHoliday,
	}
}

// searchDays bounds the search for an opening; no calendar closes every working day of a year.
const searchDays = 366

// NextOpening returns the first instant from now on at which the window is open in zone: now itself when it is open.
func (w Window) NextOpening(now time.Time, zone *time.Location) time.Time {
	if w.Always {
		return now
	}
	day := clock.DateOf(now, zone)
	for range searchDays {
		if opens, closes, ok := w.on(day, zone); ok && now.Before(closes) {
			if opens.After(now) {
				return opens
			}
			return now
		}
		day = day.AddDays(1)
	}
	return now.AddDate(0, 0, searchDays)
}

// on returns the window of one local day as instants; ok is false when the day is off.
func (w Window) on(day clock.Date, zone *time.Location) (opens, closes time.Time, ok bool) {
	hours, working := w.Week[day.Weekday()]
	if !working || w.Holiday != nil && w.Holiday(day) {
		return time.Time{}, time.Time{}, false
	}
	opens = clock.LocalInstant(day, hours.From, zone)
	closes = clock.LocalInstant(day, hours.To, zone)
	// A zone that crossed the date line has no such day; a clock change may swallow the hours.
	return opens, closes, opens.Before(closes) && clock.DateOf(opens, zone) == day
}

func (w Window) validate() error {
	if w.Always {
		return nil
	}
	if len(w.Week) == 0 {
		return errors.New("send window: no weekday has hours")
	}
	for day, hours := range w.Week {
		if hours.From < 0 || hours.From >= hours.To || hours.To > 24*60 {
			return fmt.Errorf("send window: the hours of %s are not a part of the day", day)
		}
	}
	return nil
}
