package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
)

func at(t *testing.T, local string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", local, paris(t))
	require.NoError(t, err)
	return instant
}

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := clock.Zone("Europe/Paris")
	require.NoError(t, err)
	return zone
}

// November 2026: the 2nd is a Monday; All Saints' Day fell on the Sunday before, Armistice is Wednesday the 11th.
func TestOfficeHours(t *testing.T) {
	for _, c := range []struct{ name, now, opens string }{
		{"a Monday morning is left alone", "2026-11-02 09:30", "2026-11-02 12:00"},
		{"Monday noon is open", "2026-11-02 12:00", "2026-11-02 12:00"},
		{"a Tuesday is open from nine", "2026-11-03 08:59", "2026-11-03 09:00"},
		{"the last minute counts", "2026-11-03 17:59", "2026-11-03 17:59"},
		{"evenings are closed", "2026-11-03 18:00", "2026-11-04 09:00"},
		{"a Friday closes at two, until Monday noon", "2026-11-06 14:00", "2026-11-09 12:00"},
		{"weekends are off", "2026-11-07 10:00", "2026-11-09 12:00"},
		{"a public holiday is off", "2026-11-10 18:00", "2026-11-12 09:00"},
		{"Christmas on a Friday makes a long weekend", "2026-12-24 18:00", "2026-12-28 12:00"},
		{"the clocks going back move nothing on the wall", "2026-10-23 15:00", "2026-10-26 12:00"},
		{"the clocks going forward move nothing on the wall", "2027-03-26 15:00", "2027-03-30 09:00"}, // Easter Monday
	} {
		t.Run(c.name, func(t *testing.T) {
			opens := gate.DefaultRules().NextOpening(at(t, c.now), gate.Person{Zone: paris(t)})
			require.Equal(t, c.opens, opens.In(paris(t)).Format("2006-01-02 15:04"))
		})
	}
}

func TestTheGateOpensInEachPersonsOwnTimeZone(t *testing.T) {
	reunion, err := clock.Zone("Indian/Reunion")
	require.NoError(t, err)
	now := at(t, "2026-11-03 07:00")
	require.Equal(t, gate.Open, gate.Decide(now, gate.Person{Zone: reunion}, nil, gate.Message{}, gate.DefaultRules()).Reason)
	require.Equal(t, gate.OutsideWindow, gate.Decide(now, gate.Person{Zone: paris(t)}, nil, gate.Message{}, gate.DefaultRules()).Reason)
}

func TestWhatTheGateSays(t *testing.T) {
	lastDay := func(s string) gate.Person {
		day, err := clock.ParseDate(s)
		require.NoError(t, err)
		return gate.Person{Zone: paris(t), LastDay: day}
	}
	still := lastDay("")
	tuesday := at(t, "2026-11-03 10:00")
	twice := []gate.Past{{At: at(t, "2026-11-02 15:00")}, {At: at(t, "2026-10-28 11:30")}}

	for _, c := range []struct {
		name    string
		now     time.Time
		person  gate.Person
		history []gate.Past
		expires time.Time
		verdict gate.Verdict
		reason  gate.Reason
		until   time.Time
	}{
		{"it lets through", tuesday, still, nil, time.Time{}, gate.LetThrough, gate.Open, time.Time{}},
		{"once this week is not too much", tuesday, still, twice[:1], time.Time{}, gate.LetThrough, gate.Open, time.Time{}},
		{"twice is, until the first is a week old", tuesday, still, twice, time.Time{}, gate.Deferred, gate.OverCap, at(t, "2026-11-04 11:30")},
		{"a week old is old enough", at(t, "2026-11-04 11:30"), still, twice, time.Time{}, gate.LetThrough, gate.Open, time.Time{}},
		{"closed hours defer", at(t, "2026-11-03 20:00"), still, nil, time.Time{}, gate.Deferred, gate.OutsideWindow, at(t, "2026-11-04 09:00")},
		{"the last day still counts", tuesday, lastDay("2026-11-03"), nil, time.Time{}, gate.LetThrough, gate.Open, time.Time{}},
		{"who has left is left alone", tuesday, lastDay("2026-11-02"), nil, time.Time{}, gate.Expired, gate.Left, time.Time{}},
		{"the expiry is too late", tuesday, still, nil, tuesday, gate.Expired, gate.TooLate, time.Time{}},
		{"no opening before the expiry is too late", at(t, "2026-11-03 20:00"), still, nil, at(t, "2026-11-04 09:00"), gate.Expired, gate.TooLate, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := gate.Decide(c.now, c.person, c.history, gate.Message{Expires: c.expires}, gate.DefaultRules())
			require.Equal(t, c.verdict, got.Verdict)
			require.Equal(t, c.reason, got.Reason)
			require.True(t, got.Until.Equal(c.until), "until %s", got.Until)
		})
	}
}

func TestNoRulesLetEverythingThrough(t *testing.T) {
	sunday := at(t, "2026-11-01 03:00")
	history := []gate.Past{{At: sunday}, {At: sunday}, {At: sunday}}
	require.NoError(t, gate.NoRules().Validate())
	require.Equal(t, gate.LetThrough, gate.Decide(sunday, gate.Person{Zone: paris(t)}, history, gate.Message{}, gate.NoRules()).Verdict)
}

func TestRulesThatCannotWorkAreRefused(t *testing.T) {
	require.NoError(t, gate.DefaultRules().Validate())
	require.Error(t, gate.Rules{}.Validate(), "a window without any hours")

	backwards := gate.DefaultRules()
	backwards.Window.Week = map[time.Weekday]gate.Hours{time.Monday: {From: 600, To: 540}}
	require.Error(t, backwards.Validate())

	endless := gate.DefaultRules()
	endless.Caps = []gate.Cap{{Messages: 2}}
	require.Error(t, endless.Validate())

	forgetful := gate.DefaultRules()
	forgetful.Caps = []gate.Cap{{Messages: 2, Period: 365 * 24 * time.Hour}}
	require.ErrorContains(t, forgetful.Validate(), "longer than")

	nobody := gate.DefaultRules()
	nobody.Caps = []gate.Cap{{Messages: 1, Period: time.Hour, Kind: "party"}}
	require.ErrorContains(t, nobody.Validate(), "no kind")
}
