package moment_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/moment"
)

const ada = "0b0f3a52-9a53-4a52-8ac5-0d1ad9bb1a01"

func paris(t interface{ Fatal(...any) }) *time.Location {
	zone, err := clock.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func day(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func keyMoment(t *testing.T, code string) moment.KeyMoment {
	t.Helper()
	km, ok := moment.Standard().Find(code)
	require.True(t, ok)
	return km
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return instant.UTC()
}

func TestNewsOfAMomentPlansWhatIsStillUseful(t *testing.T) {
	type want struct{ due, skipped string }
	for name, c := range map[string]struct {
		keyMoment, happensOn, heard string
		want                        map[string]want
	}{
		"a hire heard of in advance plans everything": {
			moment.Onboarding, "2026-11-02", "2026-10-20T09:00:00Z", map[string]want{
				"day_1":  {due: "2026-11-03T09:00:00Z"},
				"day_7":  {due: "2026-11-09T09:00:00Z"},
				"day_30": {due: "2026-12-02T09:00:00Z"},
				"day_90": {due: "2027-01-31T09:00:00Z"},
			},
		},
		"five days late, day 1 is still asked": {
			moment.Onboarding, "2026-11-02", "2026-11-07T09:00:00Z", map[string]want{
				"day_1":  {due: "2026-11-03T09:00:00Z"},
				"day_7":  {due: "2026-11-09T09:00:00Z"},
				"day_30": {due: "2026-12-02T09:00:00Z"},
				"day_90": {due: "2027-01-31T09:00:00Z"},
			},
		},
		"on the last evening of its grace, day 1 is still asked": {
			moment.Onboarding, "2026-11-02", "2026-11-08T22:59:00Z", map[string]want{
				"day_1":  {due: "2026-11-03T09:00:00Z"},
				"day_7":  {due: "2026-11-09T09:00:00Z"},
				"day_30": {due: "2026-12-02T09:00:00Z"},
				"day_90": {due: "2027-01-31T09:00:00Z"},
			},
		},
		"a minute later it is not": {
			moment.Onboarding, "2026-11-02", "2026-11-08T23:00:00Z", map[string]want{
				"day_1":  {due: "2026-11-03T09:00:00Z", skipped: "heard_too_late"},
				"day_7":  {due: "2026-11-09T09:00:00Z"},
				"day_30": {due: "2026-12-02T09:00:00Z"},
				"day_90": {due: "2027-01-31T09:00:00Z"},
			},
		},
		"two months late, only day 90 is left": {
			moment.Onboarding, "2026-11-02", "2027-01-05T09:00:00Z", map[string]want{
				"day_1":  {due: "2026-11-03T09:00:00Z", skipped: "heard_too_late"},
				"day_7":  {due: "2026-11-09T09:00:00Z", skipped: "heard_too_late"},
				"day_30": {due: "2026-12-02T09:00:00Z", skipped: "heard_too_late"},
				"day_90": {due: "2027-01-31T09:00:00Z"},
			},
		},
		"summer time begins between the hire and its follow-ups": {
			moment.TeamArrival, "2027-03-25", "2027-03-20T09:00:00Z", map[string]want{
				"day_7":  {due: "2027-04-01T08:00:00Z"},
				"day_30": {due: "2027-04-24T08:00:00Z"},
			},
		},
		"a month's end and 29 February are days like others": {
			moment.TeamArrival, "2028-01-30", "2028-01-30T09:00:00Z", map[string]want{
				"day_7":  {due: "2028-02-06T09:00:00Z"},
				"day_30": {due: "2028-02-29T09:00:00Z"},
			},
		},
		"a departure is asked about three days before the last day": {
			moment.Departure, "2026-11-30", "2026-11-10T09:00:00Z", map[string]want{
				"last_days": {due: "2026-11-27T09:00:00Z"},
			},
		},
		"a departure heard of on the last day is still asked about, at once": {
			moment.Departure, "2026-11-30", "2026-11-30T15:00:00Z", map[string]want{
				"last_days": {due: "2026-11-27T09:00:00Z"},
			},
		},
		"a departure heard of the day after is not": {
			moment.Departure, "2026-11-30", "2026-11-30T23:00:00Z", map[string]want{
				"last_days": {due: "2026-11-27T09:00:00Z", skipped: "heard_too_late"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := moment.Person{ID: ada, Zone: paris(t)}
			m := moment.Open(keyMoment(t, c.keyMoment), p, day(c.happensOn), moment.Hired, at(t, c.heard))

			got := map[string]want{}
			for _, f := range m.FollowUps {
				got[f.Code] = want{due: f.Due.Format(time.RFC3339), skipped: string(f.Skipped)}
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestSomebodyThereBeforeJalonIsOnlyAskedWhatIsAhead(t *testing.T) {
	p := moment.Person{ID: ada, Zone: paris(t)}
	onboarding := keyMoment(t, moment.Onboarding)

	m, ok := moment.OpenAhead(onboarding, p, day("2026-10-20"), moment.Hired, at(t, "2026-11-01T09:00:00Z"))
	require.True(t, ok)
	require.Len(t, m.FollowUps, 2)
	require.Equal(t, "day_30", m.FollowUps[0].Code)
	require.Equal(t, "day_90", m.FollowUps[1].Code)

	_, ok = moment.OpenAhead(onboarding, p, day("2019-03-01"), moment.Hired, at(t, "2026-11-01T09:00:00Z"))
	require.False(t, ok)
}

func TestAnImmediateFollowUpIsDueWhenItIsHeardOf(t *testing.T) {
	km := moment.KeyMoment{Code: "visit", FollowUps: []moment.Rule{{Code: "now", Immediate: true, AnswerDays: 1}}}
	heard := at(t, "2026-11-02T23:30:00Z")

	m := moment.Open(km, moment.Person{ID: ada, Zone: paris(t)}, day("2026-11-03"), moment.Declared, heard)

	require.Equal(t, heard, m.FollowUps[0].Due)
	require.True(t, m.FollowUps[0].Expires.After(heard))
	require.Empty(t, m.FollowUps[0].Skipped)
}

func TestTimeToAnswerEndsWithALeaversLastDay(t *testing.T) {
	rule := keyMoment(t, moment.Departure).FollowUps[0]
	asked := at(t, "2026-11-27T09:00:00Z")
	require.Equal(t, at(t, "2026-11-30T23:00:00Z"), rule.AnswerUntil(asked, day("2026-11-30"), paris(t)))

	rule = keyMoment(t, moment.Onboarding).FollowUps[0]
	require.Equal(t, at(t, "2026-12-11T09:00:00Z"), rule.AnswerUntil(asked, day("2026-11-26"), paris(t)))
}

func TestALeaversLaterFollowUpsStandCancelled(t *testing.T) {
	p := moment.Person{ID: ada, Zone: paris(t)}
	m := moment.Open(keyMoment(t, moment.Onboarding), p, day("2026-11-02"), moment.Hired, at(t, "2026-11-02T09:00:00Z"))

	var states []moment.State
	var standings []moment.Standing
	for _, f := range m.FollowUps {
		s := m.Stand(f, moment.Standing{}, moment.Contract{FirstDay: m.HappensOn, LastDay: day("2026-11-09")})
		states, standings = append(states, s.State), append(standings, s)
	}

	require.Equal(t, []moment.State{moment.Planned, moment.Planned, moment.Cancelled, moment.Cancelled}, states)
	require.Equal(t, moment.LeftBefore, standings[2].Reason)
	require.Equal(t, moment.Underway, m.LifeOf(standings, day("2026-11-05")))
}

func TestADepartureWhoseDateChangedIsNotAsked(t *testing.T) {
	p := moment.Person{ID: ada, Zone: paris(t)}
	m := moment.Open(keyMoment(t, moment.Departure), p, day("2026-11-30"), moment.Left, at(t, "2026-11-02T09:00:00Z"))

	require.Empty(t, m.Refusal(day("2026-11-27"), day("2026-11-27"), moment.Contract{LastDay: day("2026-11-30")}))
	require.Equal(t, moment.DateChanged, m.Refusal(day("2026-11-27"), day("2026-11-27"), moment.Contract{LastDay: day("2026-12-31")}))
	require.Equal(t, moment.DateChanged, m.Refusal(day("2026-11-27"), day("2026-11-27"), moment.Contract{}))

	m.Cause = moment.Declared
	require.Empty(t, m.Refusal(day("2026-11-27"), day("2026-11-27"), moment.Contract{}), "HR may know of it before the HR system does")
}

func TestAnOnboardingWhoseFirstDayChangedIsNotAsked(t *testing.T) {
	p := moment.Person{ID: ada, Zone: paris(t)}
	m := moment.Open(keyMoment(t, moment.Onboarding), p, day("2026-11-30"), moment.Hired, at(t, "2026-11-02T09:00:00Z"))

	require.Empty(t, m.Refusal(day("2026-12-01"), day("2026-12-01"), moment.Contract{FirstDay: day("2026-11-30")}))
	require.Empty(t, m.Refusal(day("2026-12-01"), day("2026-12-01"), moment.Contract{}), "of somebody who is not known yet")
	require.Equal(t, moment.DateChanged, m.Refusal(day("2026-12-01"), day("2026-12-01"), moment.Contract{FirstDay: day("2026-12-14")}))
}

func TestLifeOfAMoment(t *testing.T) {
	m := moment.Moment{HappensOn: day("2026-11-02")}
	of := func(states ...moment.State) moment.Life {
		var standings []moment.Standing
		for _, s := range states {
			standings = append(standings, moment.Standing{State: s})
		}
		return m.LifeOf(standings, day("2026-11-20"))
	}
	require.Equal(t, moment.Underway, of(moment.Asked, moment.Planned))
	require.Equal(t, moment.Over, of(moment.Asked, moment.Cancelled))
	require.Equal(t, moment.Over, of(moment.Skipped, moment.Expired))
	require.Equal(t, moment.CalledOff, of(moment.Cancelled, moment.Cancelled))
	require.Equal(t, moment.Over, of())
}

func TestTheSameNewsAlwaysOpensTheSameMoment(t *testing.T) {
	zones := []string{"Europe/Paris", "America/Martinique", "Indian/Reunion", "Australia/Lord_Howe", "UTC"}
	rapid.Check(t, func(rt *rapid.T) {
		zone, err := clock.Zone(rapid.SampledFrom(zones).Draw(rt, "zone"))
		require.NoError(rt, err)
		happensOn := day("2026-01-01").AddDays(rapid.IntRange(0, 1500).Draw(rt, "day"))
		heard := happensOn.In(zone).Add(time.Duration(rapid.IntRange(-200*24, 200*24).Draw(rt, "hours")) * time.Hour)
		km := rapid.SampledFrom(moment.Standard()).Draw(rt, "key moment")
		km.FollowUps = slices.DeleteFunc(slices.Clone(km.FollowUps), func(r moment.Rule) bool { return r.Off })

		m := moment.Open(km, moment.Person{ID: ada, Zone: zone}, happensOn, moment.Hired, heard)

		require.Equal(rt, m, moment.Open(km, moment.Person{ID: ada, Zone: zone}, happensOn, moment.Hired, heard))
		require.Len(rt, m.FollowUps, len(km.FollowUps))
		for i, f := range m.FollowUps {
			rule := km.FollowUps[i]
			require.Equal(rt, happensOn.AddDays(rule.OffsetDays), clock.DateOf(f.Due, zone))
			require.True(rt, f.Expires.After(f.Due))
			late := f.On.DaysUntil(clock.DateOf(heard, zone))
			require.Equal(rt, late > rule.GraceDays, f.Skipped == moment.HeardTooLate, "late by %d days", late)
		}
	})
}

func TestTheCatalogueSaysWhatIsWrongWithIt(t *testing.T) {
	all := func(string) bool { return true }
	require.NoError(t, moment.Standard().Validate(all))
	require.Error(t, moment.Catalogue{}.Validate(all))

	broken := moment.Catalogue{
		{Code: "a", FollowUps: []moment.Rule{{Code: "x", AnswerDays: 1}, {Code: "x", AnswerDays: 1, GraceDays: -1}}},
		{Code: "a"},
	}
	err := broken.Validate(func(string) bool { return false })
	require.ErrorContains(t, err, "used twice")
	require.ErrorContains(t, err, "grace")
	require.ErrorContains(t, err, "no questionnaire")
}
