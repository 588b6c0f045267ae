package holidays_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
)

func daysOff(year int, holiday holidays.Calendar) (days []string) {
	for day := (clock.Date{Year: year, Month: time.January, Day: 1}); day.Year == year; day = day.AddDays(1) {
		if holiday(day) {
			days = append(days, day.String()[5:])
		}
	}
	return days
}

func TestFrenchHolidays(t *testing.T) {
	for year, want := range map[int][]string{
		2026: {"01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"},
		2027: {"01-01", "03-29", "05-01", "05-06", "05-08", "05-17", "07-14", "08-15", "11-01", "11-11", "12-25"},
		2028: {"01-01", "04-17", "05-01", "05-08", "05-25", "06-05", "07-14", "08-15", "11-01", "11-11", "12-25"},
	} {
		require.Equal(t, want, daysOff(year, holidays.French), "holidays of %d", year)
	}
}

func TestAlsaceAndMoselleKeepGoodFridayAndTheDayAfterChristmas(t *testing.T) {
	for year, goodFriday := range map[int]string{2026: "04-03", 2027: "03-26", 2028: "04-14"} {
		off := daysOff(year, holidays.InAlsaceMoselle)
		require.Len(t, off, 13)
		require.Subset(t, off, daysOff(year, holidays.French))
		require.Contains(t, off, goodFriday)
		require.Contains(t, off, "12-26")
	}
}

func TestACalendarIsFoundByAnyOfItsNames(t *testing.T) {
	calendars, err := holidays.Configured("be=2026-07-21")
	require.NoError(t, err)
	goodFriday, bastille, belgian := day(t, "2026-04-03"), day(t, "2026-07-14"), day(t, "2026-07-21")
	require.False(t, calendars.Find("")(goodFriday))
	require.True(t, calendars.Find(holidays.AlsaceMoselle)(goodFriday))
	require.True(t, calendars.Find("FR-57")(goodFriday), "by the number of a department")
	require.True(t, calendars.Find("BE")(belgian))
	require.False(t, calendars.Find("BE")(bastille), "it replaces France's")
	require.True(t, calendars.Find("XX")(bastille), "a calendar that nobody knows is France's")
	_, err = holidays.Configured("BE=le 21")
	require.ErrorContains(t, err, "JALON_HOLIDAYS")
}

func TestWhatPeopleCallAlsaceIsNotTakenForTheRestOfFrance(t *testing.T) {
	calendars, err := holidays.Configured("suisse=2026-08-01; alsace=2026-01-02")
	require.NoError(t, err)
	goodFriday := day(t, "2026-04-03")
	for _, name := range []string{"FR-ALSACE", "fr_alsace", "Alsace-Moselle", "Moselle", "Bas-Rhin", "Haut Rhin", "FR-68", "FR (Alsace / Moselle)"} {
		require.True(t, calendars.Find(name)(goodFriday), name)
		require.True(t, calendars.Has(name), name)
	}
	for _, name := range []string{"FR", "France", "Suisse"} {
		require.True(t, calendars.Has(name), name)
		require.False(t, calendars.Find(name)(goodFriday), name)
	}
	require.True(t, calendars.Find("Alsace")(day(t, "2026-01-02")), "the company's own goes before another name of ours")
	for _, name := range []string{"", "FR-ALSCE", "XX", "?"} {
		require.False(t, calendars.Has(name), name)
	}
	require.Equal(t, []string{"ALSACE", "FR", "FR-ALSACE-MOSELLE", "SUISSE"}, calendars.Names())
}

func day(t *testing.T, text string) clock.Date {
	t.Helper()
	date, err := clock.ParseDate(text)
	require.NoError(t, err)
	return date
}

func TestACalendarOfNoDatesIsRefused(t *testing.T) {
	_, err := holidays.Standard().With(map[string][]string{"BE": {"21/07/2026"}})
	require.ErrorContains(t, err, `BE: "21/07/2026" is not a date such as 2026-07-21`)
	_, err = holidays.Standard().With(map[string][]string{" ": {"2026-07-21"}})
	require.ErrorContains(t, err, "no name")
}

func TestCalendarsAreReadFromText(t *testing.T) {
	lists, err := holidays.Parse("BE=2026-07-21, 2026-11-11; CH-GE=2026-09-10;")
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"BE": {"2026-07-21", "2026-11-11"}, "CH-GE": {"2026-09-10"}}, lists)
	lists, err = holidays.Parse("")
	require.NoError(t, err)
	require.Empty(t, lists)
	_, err = holidays.Parse("2026-07-21")
	require.Error(t, err)
}
