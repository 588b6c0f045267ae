package gate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
)

// inside is the model of a window: what a person sees on the wall.
func inside(w gate.Window, t time.Time, zone *time.Location) bool {
	day := clock.DateOf(t, zone)
	hours, working := w.Week[day.Weekday()]
	wall := clock.TimeOfDayOf(t, zone)
	return working && hours.From <= wall && wall < hours.To && (w.Holiday == nil || !w.Holiday(day))
}

// over is the model of the cap: would one more at t make too many in the period that ends there?
func over(c gate.Cap, t time.Time, history []time.Time) bool {
	n := 0
	for _, at := range history {
		if t.Sub(at) < c.Period {
			n++
		}
	}
	return c.Messages > 0 && n >= c.Messages
}

func anyZone(t *rapid.T) *time.Location {
	name := rapid.SampledFrom([]string{
		"Europe/Paris", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca",
		"Africa/Cairo", "Asia/Beirut", "America/Havana", "Indian/Reunion", "Pacific/Apia", "America/St_Johns",
	}).Draw(t, "zone")
	zone, err := clock.Zone(name)
	require.NoError(t, err)
	return zone
}

// anyInstant likes the weeks in which clocks change, and Samoa's lost day.
func anyInstant(t *rapid.T) time.Time {
	start := rapid.SampledFrom([]time.Time{
		time.Date(2026, time.March, 24, 0, 0, 0, 0, time.UTC),
		time.Date(2026, time.October, 20, 0, 0, 0, 0, time.UTC),
		time.Date(2026, time.April, 20, 0, 0, 0, 0, time.UTC),
		time.Date(2026, time.December, 20, 0, 0, 0, 0, time.UTC),
		time.Date(2011, time.December, 27, 0, 0, 0, 0, time.UTC),
	}).Draw(t, "week")
	return start.Add(time.Duration(rapid.IntRange(0, 14*24*60*60).Draw(t, "seconds")) * time.Second)
}

func anyRules(t *rapid.T) gate.Rules {
	rules := gate.DefaultRules()
	if rapid.Bool().Draw(t, "own hours") {
		rules.Window.Week = map[time.Weekday]gate.Hours{}
		for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 1, 7, rapid.ID).Draw(t, "weekdays") {
			from := rapid.IntRange(4*60, 16*60).Draw(t, "from")
			to := rapid.IntRange(from+1, 22*60).Draw(t, "to")
			rules.Window.Week[time.Weekday(day)] = gate.Hours{From: clock.TimeOfDay(from), To: clock.TimeOfDay(to)}
		}
	}
	rules.Cap.Messages = rapid.IntRange(0, 4).Draw(t, "cap")
	rules.Cap.Period = time.Duration(rapid.IntRange(1, 14*24).Draw(t, "cap hours")) * time.Hour
	require.NoError(t, rules.Validate())
	return rules
}

func anyHistory(t *rapid.T, now time.Time) []time.Time {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Time {
		return now.Add(-time.Duration(rapid.IntRange(0, 20*24*60).Draw(t, "minutes ago")) * time.Minute)
	}), 0, 8).Draw(t, "history")
}

func TestNobodyIsAskedOutsideTheirHoursOrOverTheCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person := gate.Person{Zone: anyZone(t)}
		history := anyHistory(t, now)

		got := gate.Decide(now, person, history, gate.Message{}, rules)

		allowed := inside(rules.Window, now, person.Zone) && !over(rules.Cap, now, history)
		if got.Verdict == gate.LetThrough {
			require.True(t, allowed)
			return
		}
		require.False(t, allowed, "deferred although allowed")
		require.Equal(t, gate.Deferred, got.Verdict)
		require.True(t, got.Until.After(now), "a deferral lies ahead")
		require.True(t, inside(rules.Window, got.Until, person.Zone), "and inside the window: %s", got.Until.In(person.Zone))
		if got.Reason == gate.OverCap {
			require.True(t, over(rules.Cap, now, history))
		}
	})
}

func TestADeferredMessageGetsThroughAtTheTimeThatWasSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person := gate.Person{Zone: anyZone(t)}
		history := anyHistory(t, now)
		first := gate.Decide(now, person, history, gate.Message{}, rules)
		if first.Verdict != gate.Deferred {
			return
		}
		second := gate.Decide(first.Until, person, history, gate.Message{}, rules)
		require.Equal(t, gate.LetThrough, second.Verdict)
	})
}

func TestASteadyStreamOfMessagesNeverExceedsTheCapAndAllGetThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		person := gate.Person{Zone: anyZone(t)}
		now := anyInstant(t)
		var shown []time.Time
		for range rapid.IntRange(1, 12).Draw(t, "messages") {
			decision := gate.Decide(now, person, shown, gate.Message{}, rules)
			if decision.Verdict == gate.Deferred {
				now = decision.Until
				decision = gate.Decide(now, person, shown, gate.Message{}, rules)
			}
			require.Equal(t, gate.LetThrough, decision.Verdict)
			require.False(t, over(rules.Cap, now, shown))
			shown = append(shown, now)
		}
		require.True(t, slices.IsSortedFunc(shown, time.Time.Compare))
	})
}

func TestAMessageWithAnExpiryIsNeverShownOrPlannedPastIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person := gate.Person{Zone: anyZone(t)}
		expires := now.Add(time.Duration(rapid.IntRange(-60, 10*24*60).Draw(t, "expires in minutes")) * time.Minute)

		got := gate.Decide(now, person, anyHistory(t, now), gate.Message{Expires: expires}, rules)

		switch got.Verdict {
		case gate.LetThrough:
			require.True(t, now.Before(expires))
		case gate.Deferred:
			require.True(t, got.Until.Before(expires))
		case gate.Expired:
			require.Equal(t, gate.TooLate, got.Reason)
		}
	})
}
