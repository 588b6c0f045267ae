package gate

import (
	"errors"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
)

// Hours are the hours of a local day from From, included, to To, excluded.
type Hours struct {
	From, To clock.TimeOfDay
}

// Window is the time in which messages may reach people, in each person's own time zone.
type Window struct {
	// Always keeps the window open at all times; the rest is then ignored, public holidays too.
	Always bool
	// Week gives each working weekday its hours; a weekday that is missing is off.
	Week map[time.Weekday]Hours
}

const midnight = clock.TimeOfDay(24 * 60)

// OfficeHours are 9:00 to 18:00 from Monday to Friday without Monday morning and Friday afternoon.
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
	}
}

// searchDays bounds the search for an opening; no calendar closes every working day of a year.
const searchDays = 366

// NextOpening returns the first instant from now on at which the person may be reached: now itself when it is one.
func (r Rules) NextOpening(now time.Time, person Person) time.Time {
	if r.Window.Always && !r.reminding && !person.Preferences.chosen() && len(person.Absent) == 0 {
		return now
	}
	person = r.feasible(person)
	today := clock.DateOf(now, person.Zone)
	calendar := r.Calendars.Find(person.Calendar)
	date := today
	for range searchDays {
		if back, away := person.back(date, today); away {
			date = back
			continue
		}
		if hours, reason := r.on(date, person, calendar); reason == Open {
			if opens, closes, ok := hours.instants(date, person.Zone); ok && now.Before(closes) {
				if opens.After(now) {
					return opens
				}
				return now
			}
		}
		date = date.AddDays(1)
	}
	return now.AddDate(0, 0, searchDays)
}

// closedBy says what closes the gate to the person at an instant at which it is closed.
func (r Rules) closedBy(now time.Time, person Person) Reason {
	person = r.feasible(person)
	today := clock.DateOf(now, person.Zone)
	_, reason := r.on(today, person, r.Calendars.Find(person.Calendar))
	if reason != Open {
		return reason
	}
	company := r.Window.Week[today.Weekday()]
	if opens, closes, ok := company.instants(today, person.Zone); r.Window.Always || ok && !now.Before(opens) && now.Before(closes) {
		return OwnHours
	}
	return OutsideWindow
}

// on returns the hours of one local day on which the person is there; the reason is Open, or says what closes it.
func (r Rules) on(date clock.Date, person Person, holiday holidays.Calendar) (Hours, Reason) {
	hours := Hours{To: midnight}
	if r.reminding {
		switch weekday := date.Weekday(); {
		case weekday == time.Saturday, weekday == time.Sunday:
			return Hours{}, OutsideWindow
		case holiday != nil && holiday(date):
			return Hours{}, Holiday
		}
	}
	if !r.Window.Always {
		var working bool
		hours, working = r.Window.Week[date.Weekday()]
		switch {
		case !working:
			return Hours{}, OutsideWindow
		case holiday != nil && holiday(date):
			return Hours{}, Holiday
		}
	}
	own, ok := person.Preferences.narrow(date.Weekday(), hours)
	if !ok {
		return Hours{}, OwnHours
	}
	return own, Open
}

// feasible forgets hours and days off that leave nothing of the company's hours: they did when they were chosen, but the
// company's have changed since, and never being asked is not what was chosen.
func (r Rules) feasible(person Person) Person {
	if person.Preferences.chosen() && person.Preferences.Check(r.Window) != nil {
		person.Preferences.From, person.Preferences.To, person.Preferences.DaysOff = 0, 0, nil
	}
	return person
}

// instants returns the hours of one local day as instants; ok is false when the zone has no such hours on the day.
func (h Hours) instants(date clock.Date, zone *time.Location) (opens, closes time.Time, ok bool) {
	opens = clock.LocalInstant(date, h.From, zone)
	closes = clock.LocalInstant(date, h.To, zone)
	// A zone that crossed the date line has no such day; a clock change may swallow the hours.
	return opens, closes, opens.Before(closes) && clock.DateOf(opens, zone) == date
}

func (w Window) validate() error {
	if w.Always {
		return nil
	}
	if len(w.Week) == 0 {
		return errors.New("send window: no weekday has hours")
	}
	for weekday, hours := range w.Week {
		if hours.From < 0 || hours.From >= hours.To || hours.To > midnight {
			return fmt.Errorf("send window: the hours of %s are not a part of the day", weekday)
		}
	}
	return nil
}
