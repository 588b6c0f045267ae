package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
)

func daysOff(year int, holiday gate.Calendar) (days []string) {
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
		require.Equal(t, want, daysOff(year, gate.FrenchHoliday), "holidays of %d", year)
	}
}

func TestAlsaceAndMoselleKeepGoodFridayAndTheDayAfterChristmas(t *testing.T) {
	for year, goodFriday := range map[int]string{2026: "04-03", 2027: "03-26", 2028: "04-14"} {
		off := daysOff(year, gate.AlsaceMoselleHoliday)
		require.Len(t, off, 13)
		require.Subset(t, off, daysOff(year, gate.FrenchHoliday))
		require.Contains(t, off, goodFriday)
		require.Contains(t, off, "12-26")
	}
}

func TestAPersonsOwnCalendarHolds(t *testing.T) {
	rules := gate.DefaultRules()
	var err error
	rules.Calendars, err = rules.Calendars.With(map[string][]string{"be": {"2026-07-21"}})
	require.NoError(t, err)
	for _, c := range []struct{ name, calendar, now, opens string }{
		{"Good Friday in Lyon", "", "2026-04-03 10:00", "2026-04-03 10:00"},
		{"Good Friday in Strasbourg", gate.AlsaceMoselle, "2026-04-03 10:00", "2026-04-07 09:00"},
		{"by the number of a department", "FR-57", "2026-04-03 10:00", "2026-04-07 09:00"},
		{"a list from the configuration", "BE", "2026-07-21 10:00", "2026-07-22 09:00"},
		{"it replaces France's", "BE", "2026-07-14 10:00", "2026-07-14 10:00"},
		{"a calendar that nobody knows is France's", "XX", "2026-07-14 10:00", "2026-07-15 09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			opens := rules.NextOpening(at(t, c.now), gate.Person{Zone: paris(t), Calendar: c.calendar})
			require.Equal(t, c.opens, opens.In(paris(t)).Format("2006-01-02 15:04"))
		})
	}
	holiday := gate.Decide(at(t, "2026-07-21 10:00"), gate.Person{Zone: paris(t), Calendar: "be"}, nil, gate.Message{}, rules)
	require.Equal(t, gate.Holiday, holiday.Reason)
}

func TestACalendarOfNoDatesIsRefused(t *testing.T) {
	_, err := gate.StandardCalendars().With(map[string][]string{"BE": {"21/07/2026"}})
	require.ErrorContains(t, err, `BE: "21/07/2026" is not a date such as 2026-07-21`)
	_, err = gate.StandardCalendars().With(map[string][]string{" ": {"2026-07-21"}})
	require.ErrorContains(t, err, "no name")
}

func TestCalendarsAreReadFromText(t *testing.T) {
	lists, err := gate.ParseCalendars("BE=2026-07-21, 2026-11-11; CH-GE=2026-09-10;")
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"BE": {"2026-07-21", "2026-11-11"}, "CH-GE": {"2026-09-10"}}, lists)
	lists, err = gate.ParseCalendars("")
	require.NoError(t, err)
	require.Empty(t, lists)
	_, err = gate.ParseCalendars("2026-07-21")
	require.Error(t, err)
}
