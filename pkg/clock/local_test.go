package clock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
)

func TestLocalInstant(t *testing.T) {
	cases := []struct {
		why, zone, date, at, want string
	}{
		{"an ordinary winter day", "Europe/Paris", "2026-11-02", "09:00", "2026-11-02T08:00:00Z"},
		{"an ordinary summer day", "Europe/Paris", "2026-07-14", "09:00", "2026-07-14T07:00:00Z"},
		{"the minute before the gap", "Europe/Paris", "2026-03-29", "01:59", "2026-03-29T00:59:00Z"},
		{"the gap's beginning moves to its end", "Europe/Paris", "2026-03-29", "02:00", "2026-03-29T01:00:00Z"},
		{"02:30 in the gap becomes 03:30", "Europe/Paris", "2026-03-29", "02:30", "2026-03-29T01:30:00Z"},
		{"the gap's end", "Europe/Paris", "2026-03-29", "03:00", "2026-03-29T01:00:00Z"},
		{"before the repeated hour", "Europe/Paris", "2026-10-25", "01:59", "2026-10-24T23:59:00Z"},
		{"the repeated hour means its first showing", "Europe/Paris", "2026-10-25", "02:30", "2026-10-25T00:30:00Z"},
		{"after the repeated hour", "Europe/Paris", "2026-10-25", "03:00", "2026-10-25T02:00:00Z"},
		{"the gap west of Greenwich", "America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30:00Z"},
		{"the repeated hour west of Greenwich", "America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"},
		{"a gap of half an hour", "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45:00Z"},
		{"a repeated half hour", "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"},
		{"a day that never was becomes the next", "Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T19:00:00Z"},
		{"the day before it", "Pacific/Apia", "2011-12-29", "23:59", "2011-12-30T09:59:00Z"},
		{"the day after it", "Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00:00Z"},
		{"clocks go back during Ramadan", "Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30:00Z"},
		{"no change at all", "Asia/Tokyo", "2026-01-01", "00:00", "2025-12-31T15:00:00Z"},
		{"the highest offset", "Pacific/Kiritimati", "2026-01-01", "12:00", "2025-12-31T22:00:00Z"},
		{"UTC itself", "UTC", "2028-02-29", "23:59", "2028-02-29T23:59:00Z"},
	}
	for _, c := range cases {
		t.Run(c.zone+": "+c.why, func(t *testing.T) {
			got := clock.LocalInstant(date(t, c.date), timeOfDay(t, c.at), zone(t, c.zone))
			require.Equal(t, c.want, got.Format(time.RFC3339))
		})
	}
}

func TestLocalInstantNeverComesBeforeTheWallTimeAndIsItsFirstShowing(t *testing.T) {
	zones := []string{
		"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Europe/Dublin",
		"Asia/Kolkata", "America/St_Johns", "Africa/Cairo", "Asia/Pyongyang", "Pacific/Chatham", "America/Sao_Paulo", "UTC",
	}
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		day := clock.Date{Year: 1970, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 36_500).Draw(t, "day"))
		at := clock.TimeOfDay(rapid.IntRange(0, 24*60-1).Draw(t, "at"))

		got := clock.LocalInstant(day, at, loc)

		shown, shownAt := clock.DateOf(got, loc), clock.TimeOfDayOf(got, loc)
		require.GreaterOrEqual(t, shown.Compare(day), 0, "fires on the date asked for or, skipped, later")
		if shown == day {
			require.GreaterOrEqual(t, shownAt, at, "never before the wall time")
		}
		if shown != day || shownAt != at {
			require.Empty(t, showings(day, at, loc), "moves only what no wall clock shows")
			return
		}
		require.Equal(t, showings(day, at, loc)[0], got, "of two showings, the first")
	})
}

// showings finds by brute force the instants at which a wall clock shows the time on the date.
func showings(day clock.Date, at clock.TimeOfDay, loc *time.Location) []time.Time {
	var found []time.Time
	utc := time.Date(day.Year, day.Month, day.Day, 0, int(at), 0, 0, time.UTC)
	for t := utc.Add(-15 * time.Hour); t.Before(utc.Add(15 * time.Hour)); t = t.Add(15 * time.Minute) {
		if clock.DateOf(t, loc) == day && clock.TimeOfDayOf(t, loc) == at {
			found = append(found, t)
		}
	}
	return found
}

func TestLocalInstantAgreesWithTheStandardLibraryAwayFromChanges(t *testing.T) {
	loc := zone(t, "Europe/Paris")
	rapid.Check(t, func(t *rapid.T) {
		day := clock.Date{Year: 1980, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 20_000).Draw(t, "day"))
		at := clock.TimeOfDay(rapid.IntRange(4*60, 24*60-1).Draw(t, "at"))
		want := time.Date(day.Year, day.Month, day.Day, 0, int(at), 0, 0, loc)
		require.True(t, want.Equal(clock.LocalInstant(day, at, loc)))
	})
}

func TestAnUnknownZoneIsAnError(t *testing.T) {
	_, err := clock.Zone("Europe/Atlantis")
	require.ErrorContains(t, err, "Europe/Atlantis")
}

func zone(t require.TestingT, name string) *time.Location {
	loc, err := clock.Zone(name)
	require.NoError(t, err)
	return loc
}

func date(t require.TestingT, s string) clock.Date {
	d, err := clock.ParseDate(s)
	require.NoError(t, err)
	return d
}

func timeOfDay(t require.TestingT, s string) clock.TimeOfDay {
	at, err := clock.ParseTimeOfDay(s)
	require.NoError(t, err)
	return at
}
