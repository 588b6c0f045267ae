package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
)

func date(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	require.NoError(t, err)
	return d
}

func local(t *testing.T, zone, wall string) time.Time {
	t.Helper()
	where, err := clock.Zone(zone)
	require.NoError(t, err)
	instant, err := time.ParseInLocation("2006-01-02 15:04", wall, where)
	require.NoError(t, err)
	return instant
}

func TestTheWallClockRulesInEveryZone(t *testing.T) {
	for _, c := range []struct{ name, zone, now, opens string }{
		{"Paris, the night the clocks go forward", "Europe/Paris", "2026-03-29 01:30", "2026-03-30 12:00"},
		{"Paris, the night they go back", "Europe/Paris", "2026-10-25 02:30", "2026-10-26 12:00"},
		{"New York goes forward three weeks sooner", "America/New_York", "2026-03-08 01:30", "2026-03-09 12:00"},
		{"New York goes back a week later", "America/New_York", "2026-11-01 01:30", "2026-11-02 12:00"},
		{"Lord Howe by half an hour", "Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-07 09:00"}, // Easter Monday
		{"and forward again", "Australia/Lord_Howe", "2026-10-04 01:45", "2026-10-05 12:00"},
		{"Apia lost a Friday", "Pacific/Apia", "2011-12-29 18:30", "2012-01-02 12:00"},
		{"29 February is a Tuesday in 2028", "Europe/Paris", "2028-02-28 18:00", "2028-02-29 09:00"},
		{"from a month into the next", "Europe/Paris", "2026-06-30 18:00", "2026-07-01 09:00"},
		{"from a year into the next", "Europe/Paris", "2026-12-31 18:00", "2027-01-04 12:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			where, err := clock.Zone(c.zone)
			require.NoError(t, err)
			opens := gate.DefaultRules().NextOpening(local(t, c.zone, c.now), gate.Person{Zone: where})
			require.Equal(t, c.opens, opens.In(where).Format("2006-01-02 15:04"))
		})
	}
}

func TestWhoeverIsOnLeaveIsNotAsked(t *testing.T) {
	now := at(t, "2026-11-03 10:00")
	away := gate.Person{Zone: paris(t), Absent: []gate.Period{{From: date(t, "2026-10-26"), To: date(t, "2026-11-06")}}}

	got := gate.Decide(now, away, nil, gate.Message{}, gate.DefaultRules())
	require.Equal(t, gate.Deferred, got.Verdict)
	require.Equal(t, gate.Absent, got.Reason)
	require.True(t, got.Until.Equal(at(t, "2026-11-09 12:00")), "the first hour after the return")

	got = gate.Decide(now, away, nil, gate.Message{Expires: at(t, "2026-11-06 18:00")}, gate.DefaultRules())
	require.Equal(t, gate.Expired, got.Verdict)
	require.Equal(t, gate.Absent, got.Reason)

	soon := gate.Person{Zone: paris(t), Absent: []gate.Period{{From: date(t, "2026-11-04"), To: date(t, "2026-11-20")}}}
	got = gate.Decide(at(t, "2026-11-03 19:00"), soon, nil, gate.Message{Expires: at(t, "2026-11-17 12:00")}, gate.DefaultRules())
	require.Equal(t, gate.Absent, got.Reason, "a leave that begins tomorrow is why it comes to nothing")

	open := gate.Person{Zone: paris(t), Absent: []gate.Period{{From: date(t, "2026-11-02")}}}
	got = gate.Decide(now, open, nil, gate.Message{}, gate.DefaultRules())
	require.Equal(t, gate.Absent, got.Reason)
	require.True(t, got.Until.Equal(at(t, "2026-11-10 09:00")), "no return is known: the gate is asked again in a week")
	got = gate.Decide(got.Until, open, nil, gate.Message{}, gate.DefaultRules())
	require.Equal(t, gate.Absent, got.Reason, "and again")
}

func TestAPersonNarrowsTheCompanysHours(t *testing.T) {
	rules := gate.DefaultRules()
	const eight, ten, eleven, nine = 8 * 60, 10 * 60, 11 * 60, 21 * 60
	for _, c := range []struct {
		name       string
		own        gate.Preferences
		now, opens string
	}{
		{"their own morning hour", gate.Preferences{From: ten, To: eleven}, "2026-11-03 09:30", "2026-11-03 10:00"},
		{"over for the day, and closed on Monday mornings", gate.Preferences{From: ten, To: eleven}, "2026-11-06 11:00", "2026-11-10 10:00"},
		{"wider than the company's changes nothing", gate.Preferences{From: eight, To: nine}, "2026-11-03 08:10", "2026-11-03 09:00"},
		{"a day off", gate.Preferences{DaysOff: []time.Weekday{time.Tuesday}}, "2026-11-03 10:00", "2026-11-04 09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, c.own.Check(rules.Window))
			opens := rules.NextOpening(at(t, c.now), gate.Person{Zone: paris(t), Preferences: c.own})
			require.Equal(t, c.opens, opens.In(paris(t)).Format("2006-01-02 15:04"))
		})
	}
	early := gate.Person{Zone: paris(t), Preferences: gate.Preferences{From: ten, To: eleven}}
	require.Equal(t, gate.OwnHours, gate.Decide(at(t, "2026-11-03 11:30"), early, nil, gate.Message{}, rules).Reason)
	require.Equal(t, gate.OutsideWindow, gate.Decide(at(t, "2026-11-03 20:00"), early, nil, gate.Message{}, rules).Reason)
}

func TestChoicesThatLeaveNoTimeAreRefused(t *testing.T) {
	company := gate.OfficeHours()
	week := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	require.ErrorIs(t, gate.Preferences{From: 600, To: 600}.Check(company), gate.ErrHours)
	require.ErrorIs(t, gate.Preferences{From: 19 * 60, To: 22 * 60}.Check(company), gate.ErrNoTime)
	require.ErrorIs(t, gate.Preferences{From: 600, To: 615}.Check(company), gate.ErrNoTime)
	require.ErrorIs(t, gate.Preferences{DaysOff: week}.Check(company), gate.ErrNoTime)
	require.ErrorIs(t, gate.Preferences{DaysOff: append(week, time.Saturday, time.Sunday)}.Check(gate.Window{Always: true}), gate.ErrNoTime)
	require.NoError(t, gate.Preferences{DaysOff: week}.Check(gate.Window{Always: true}))
	require.NoError(t, gate.Preferences{NoEmail: true}.Check(company))

	// Chosen when it was possible; the company's hours have changed since.
	stale := gate.Person{Zone: paris(t), Preferences: gate.Preferences{From: 19 * 60, To: 22 * 60}}
	require.Equal(t, gate.Open, gate.Decide(at(t, "2026-11-03 10:00"), stale, nil, gate.Message{}, gate.DefaultRules()).Reason)
}

func TestARareSurveyFindsItsPlaceWhateverComesBackByItself(t *testing.T) {
	rules := gate.DefaultRules()
	var history []gate.Past
	now := at(t, "2026-11-03 10:00")
	for range 40 { // whoever sends routine messages sends as many as pass
		got := gate.Decide(now, gate.Person{Zone: paris(t)}, history, gate.Message{Kind: gate.Routine}, rules)
		if got.Verdict == gate.LetThrough {
			history = append(history, gate.Past{At: now, Kind: gate.Routine})
		}
		require.Equal(t, gate.LetThrough,
			gate.Decide(now, gate.Person{Zone: paris(t)}, history, gate.Message{Kind: gate.Milestone}, rules).Verdict)
		now = rules.NextOpening(now.Add(24*time.Hour), gate.Person{Zone: paris(t)})
	}
	require.Greater(t, len(history), 4)
}

func TestTheReminderComesAtHalfOfTheTime(t *testing.T) {
	shown := at(t, "2026-11-03 10:00")
	rules := gate.DefaultRules()
	require.Equal(t, shown.AddDate(0, 0, 7), rules.NextReminder(gate.Milestone, shown, shown.AddDate(0, 0, 14), 0))
	require.Zero(t, rules.NextReminder(gate.Milestone, shown, time.Time{}, 0))
	require.Zero(t, rules.NextReminder(gate.Milestone, shown, shown.AddDate(0, 0, 1), 0), "it would come on the heels of the first time")
	require.Zero(t, gate.NoRules().NextReminder(gate.Milestone, shown, shown.AddDate(0, 0, 14), 0))
	require.Zero(t, rules.NextReminder(gate.Appointment, shown, shown.AddDate(0, 0, 14), 0), "a reminder is not reminded of")
}
