package campaign

import (
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/abtest"
)

// Warning is why an hour is better left alone.
type Warning string

// The hours that Jalon does not propose, and says so of where HR chooses them all the same. The gate keeps people's own hours
// whatever is chosen here.
const (
	NoWarning       Warning = ""
	Weekend         Warning = "weekend"
	MondayMorning   Warning = "monday_morning"
	FridayAfternoon Warning = "friday_afternoon"
)

const (
	noon = clock.TimeOfDay(12 * 60)
	// usualAt and usualDays are proposed: on a Tuesday at ten the week has begun and is not yet full; two weeks leave room for
	// whoever is away.
	usualAt   = clock.TimeOfDay(10 * 60)
	usualDays = 14
	// UsualReminders and MostReminders are how often whoever does not answer is reminded: at half of the time, and once more.
	UsualReminders = 1
	MostReminders  = 2
	// LongestDays is how long a campaign may wait for answers.
	LongestDays = 60
)

// LongestAnswer is LongestDays, the first and the last one whole.
const LongestAnswer = (LongestDays + 2) * 24 * time.Hour

// WarningOf says why a day and time are better left alone.
func WarningOf(on clock.Date, at clock.TimeOfDay) Warning {
	switch weekday := on.Weekday(); {
	case on.IsZero():
		return NoWarning
	case weekday == time.Saturday, weekday == time.Sunday:
		return Weekend
	case weekday == time.Monday && at < noon:
		return MondayMorning
	case weekday == time.Friday && at >= noon:
		return FridayAfternoon
	default:
		return NoWarning
	}
}

// Propose is the day and time for a campaign that is begun today: the next Tuesday at ten, and two weeks for answers.
func Propose(today clock.Date) (on clock.Date, at clock.TimeOfDay, until clock.Date) {
	on = today.AddDays(1)
	for on.Weekday() != time.Tuesday {
		on = on.AddDays(1)
	}
	return on, usualAt, on.AddDays(usualDays)
}

// Due is when it starts: with the earlier one, where two times are tested.
func (c Campaign) Due() (time.Time, error) {
	a, err := c.StartOf(abtest.A)
	if err != nil || !c.Tested() {
		return a, err
	}
	b, err := c.StartOf(abtest.B)
	if err == nil && b.Before(a) {
		return b, nil
	}
	return a, err
}

// Ends is the instant from which it cannot be answered any more: the end of its last day, where the company is.
func (c Campaign) Ends() (time.Time, error) {
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return time.Time{}, err
	}
	return c.Content.Until.AddDays(1).In(zone), nil
}
