package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
)

// A reminder keeps away from weekends and holidays even where the company's hours do not: shops are open on Saturdays.
func TestAReminderNeverComesAtAWeekendNorOnAHoliday(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		if rapid.Bool().Draw(t, "always") {
			rules.Window = gate.Window{Always: true}
		}
		now := anyInstant(t)
		person := gate.Person{Zone: anyZone(t)}
		if rapid.Bool().Draw(t, "own days") {
			person.Preferences.DaysOff = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
		}
		message := gate.Message{Kind: gate.Company, Expires: now.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "days")), Asked: now, Reminder: true}
		decision := gate.Decide(now, person, nil, message, rules)
		quiet := func(at time.Time) bool {
			date := clock.DateOf(at, person.Zone)
			return date.Weekday() == time.Saturday || date.Weekday() == time.Sunday || rules.Calendars.Find("")(date)
		}
		switch decision.Verdict {
		case gate.LetThrough:
			require.False(t, quiet(now))
		case gate.Deferred:
			require.False(t, quiet(decision.Until))
			require.Equal(t, gate.LetThrough, gate.Decide(decision.Until, person, nil, message, rules).Verdict, "what is put off passes then")
		}
	})
}

// Reminders of the same are fewer than were asked for where there is no room, spaced, and leave time to answer.
func TestRemindersAreSpacedAndLeaveTimeToAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, person := gate.DefaultRules(), gate.Person{Zone: anyZone(t)}
		asked := anyInstant(t)
		expires := asked.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "hours")) * time.Hour)
		wanted := rapid.IntRange(0, gate.MostReminders).Draw(t, "wanted")
		shown, reminders := rules.Reminders(asked, expires, person, wanted)
		require.LessOrEqual(t, len(reminders), wanted)
		for i, at := range reminders {
			require.Equal(t, at, rules.NextOpening(at, person), "within the hours")
			if i == 0 {
				require.GreaterOrEqual(t, at.Sub(shown)+time.Millisecond, expires.Sub(shown)/2, "not before half of the time")
			} else {
				require.GreaterOrEqual(t, at.Sub(reminders[i-1]), 3*24*time.Hour)
			}
			require.False(t, at.Add(min(gate.LeastToAnswer, expires.Sub(asked)/2)).After(expires))
		}
	})
}

func TestAFortnightIsRemindedOfAfterAWeekAndOnceMoreOnTheMondayAfter(t *testing.T) {
	tuesday := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	endOfTheLastDay := time.Date(2026, time.November, 17, 23, 0, 0, 0, time.UTC)
	shown, reminders := gate.DefaultRules().Reminders(tuesday, endOfTheLastDay, gate.Person{Zone: paris(t)}, 2)
	require.Equal(t, tuesday, shown)
	require.Equal(t, []time.Time{
		time.Date(2026, time.November, 10, 16, 0, 0, 0, time.UTC),
		// Half of what is left falls on a Saturday: the hours of Monday begin at noon.
		time.Date(2026, time.November, 16, 11, 0, 0, 0, time.UTC),
	}, reminders)
}
