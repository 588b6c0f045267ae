package talk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	"jalon.dev/services/interviews/internal/talk"
)

func day(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Monday, 2 November 2026.
var monday = time.Date(2026, time.November, 2, 10, 0, 0, 0, time.UTC)

func person(id string, version int64) talk.Person {
	return talk.Person{ID: id, Version: version, ManagerID: "manager", HiredOn: day("2020-01-06"), Zone: "UTC", Holiday: holidays.French}
}

func hiredOn(date string) talk.Person {
	p := person("someone", 1)
	p.HiredOn = day(date)
	return p
}

func around(known ...talk.Talk) talk.Around {
	return talk.Around{Known: known, Managers: map[string]talk.Person{
		"manager": {ID: "manager", Zone: "UTC", Holiday: holidays.French}, "another": {ID: "another", Zone: "UTC", Holiday: holidays.French},
	}}
}

func plan(at time.Time, cause string, known []talk.Talk, people ...talk.Person) []talk.Talk {
	return talk.Plan(talk.Occasion{Cause: cause, At: at}, people, around(known...))
}

func TestTheFirstTalkOfAHire(t *testing.T) {
	for _, c := range []struct{ name, hired, planned string }{
		{"is four weeks after a first day that is today", "2026-11-02", "2026-11-30"},
		{"is four weeks after a first day that is ahead", "2026-12-01", "2026-12-29"},
		{"is four weeks after a first day that was known late", "2026-10-26", "2026-11-23"},
		{"is four weeks from now when that is behind", "2026-09-01", "2026-11-30"},
		{"moves off a weekend", "2026-11-07", "2026-12-07"},
		{"moves off Christmas and the weekend after it", "2026-11-27", "2026-12-28"},
	} {
		t.Run(c.name, func(t *testing.T) {
			talks := plan(monday, "hired", nil, hiredOn(c.hired))
			require.Len(t, talks, 1)
			require.Equal(t, c.planned, talks[0].PlannedOn.String())
			require.Equal(t, "hired", talks[0].ChangedBy)
			require.EqualValues(t, 1, talks[0].Version)
			require.Equal(t, 1, talks[0].Number)
			require.Equal(t, "10:00", talks[0].StartsAt.String())
		})
	}
}

func TestTheRhythmOfTheUnitHolds(t *testing.T) {
	p := hiredOn("2026-11-02")
	p.Rhythm = 14
	require.Equal(t, "2026-11-16", plan(monday, "hired", nil, p)[0].PlannedOn.String())
}

func TestHearingTheSameAgainChangesNothing(t *testing.T) {
	known := plan(monday, "hired", nil, hiredOn("2026-11-02"))
	require.Empty(t, plan(monday.AddDate(0, 0, 3), "again", known, hiredOn("2026-11-02")))
}

func TestTheTalkFollowsTheNewManager(t *testing.T) {
	known := plan(monday, "hired", nil, person("someone", 1))
	known[0].Proposal = &talk.Proposal{By: "manager", On: day("2026-12-02")}
	moved := person("someone", 2)
	moved.ManagerID = "another"

	talks := plan(monday, "moved", known, moved)
	require.Len(t, talks, 1)
	require.Equal(t, "another", talks[0].ManagerID)
	require.Equal(t, known[0].PlannedOn, talks[0].PlannedOn, "the new manager can be there")
	require.Equal(t, "moved", talks[0].ChangedBy)
	require.EqualValues(t, 1, talks[0].Sequence)
	require.Nil(t, talks[0].Proposal, "nothing was proposed to the new one")

	require.Empty(t, plan(monday, "late", talks, person("someone", 1)), "old news is no news")
}

func TestOtherFactsAreKeptWithoutTellingAnybody(t *testing.T) {
	known := plan(monday, "hired", nil, person("someone", 1))
	talks := plan(monday, "updated", known, person("someone", 2))
	require.Len(t, talks, 1)
	require.Equal(t, "hired", talks[0].ChangedBy)
	require.EqualValues(t, 2, talks[0].PersonVersion)
	require.Zero(t, talks[0].Sequence)
}

func TestATalkTakesPlaceOnlyWithAManagerAndBeforeTheLastDay(t *testing.T) {
	known := plan(monday, "hired", nil, person("someone", 1))
	require.True(t, known[0].Takes())

	leaving := person("someone", 2)
	leaving.LastDay = known[0].PlannedOn.AddDays(-1)
	left := plan(monday, "left", known, leaving)
	require.False(t, left[0].Takes(), "left before the day")
	require.Equal(t, "left", left[0].ChangedBy, "the two are told that it does not take place")

	leaving.LastDay = known[0].PlannedOn
	require.True(t, plan(monday, "left", known, leaving)[0].Takes(), "the last day is still a day")

	stayed := plan(monday, "stayed", left, person("someone", 3))
	require.True(t, stayed[0].Takes(), "the end was a mistake")
	require.Equal(t, "stayed", stayed[0].ChangedBy)
	require.Greater(t, stayed[0].Sequence, left[0].Sequence)

	alone := person("someone", 4)
	alone.ManagerID = ""
	require.False(t, plan(monday, "alone", stayed, alone)[0].Takes(), "without a manager there is nobody to talk with")
	require.False(t, talk.Talk{State: talk.Planned, EmployeeID: "boss", ManagerID: "boss"}.Takes(), "nor with oneself")
}

func TestTheNextTalkIsARhythmAfterTheLastOne(t *testing.T) {
	held := talk.Talk{ID: "first", EmployeeID: "someone", Number: 3, HeldOn: day("2026-11-03"), StartsAt: 14 * 60}
	now := time.Date(2026, time.November, 4, 9, 0, 0, 0, time.UTC)
	next := talk.Next(held, person("someone", 7), around(), now)
	require.Equal(t, "2026-12-01", next.PlannedOn.String())
	require.Equal(t, "14:00", next.StartsAt.String(), "at the time that the two are used to")
	require.Equal(t, 4, next.Number)
	require.Equal(t, talk.ID("someone", 4), next.ID)
	require.Equal(t, day("2026-11-03"), next.LastHeldOn)
	require.Equal(t, talk.Regular, next.Reason)

	late := talk.Next(held, person("someone", 7), around(), now.AddDate(0, 2, 0))
	require.Equal(t, "2027-01-06", late.PlannedOn.String(), "said two months late, the next is as soon as notice allows")

	again := next.Again(talk.Talk{ID: "first", Number: 3, HeldOn: day("2026-11-03"), LastHeldOn: day("2026-10-06"), DueOn: day("2026-11-03")},
		person("someone", 7), around(next), now)
	require.Equal(t, "2026-11-06", again.PlannedOn.String(), "it was not held: it is due at once")
	require.Equal(t, day("2026-10-06"), again.LastHeldOn)
	require.Equal(t, again, again.Again(talk.Talk{ID: "first", Number: 3, HeldOn: day("2026-11-03")}, person("someone", 7), around(), now), "once")
}

func TestATalkThatWasHeldCountsWhoeverPlansTheNext(t *testing.T) {
	held := talk.Talk{ID: talk.ID("someone", 3), EmployeeID: "someone", Number: 3, State: talk.Held, HeldOn: day("2026-10-30"), StartsAt: 600}
	others := around()
	others.Last = map[string]talk.Talk{"someone": held}
	next := talk.Plan(talk.Occasion{Cause: "updated", At: monday}, []talk.Person{person("someone", 9)}, others)[0]
	require.Equal(t, talk.ID("someone", 4), next.ID)
	require.Equal(t, "2026-11-27", next.PlannedOn.String())
	require.Equal(t, held.HeldOn, next.LastHeldOn)
}

func TestAManagerOfFortyIsSpreadNotStacked(t *testing.T) {
	var known []talk.Talk
	for i := range 40 {
		held := talk.Talk{EmployeeID: fmt.Sprint("report ", i), Number: 1, HeldOn: day("2026-11-03"), StartsAt: 10 * 60}
		known = append(known, talk.Next(held, person(held.EmployeeID, 1), around(known...), monday))
	}
	perDay := map[clock.Date][]clock.TimeOfDay{}
	for _, one := range known {
		away := day("2026-12-01").DaysUntil(one.PlannedOn)
		require.True(t, away >= -4 && away <= 10, one.PlannedOn)
		require.NotContains(t, perDay[one.PlannedOn], one.StartsAt, "never two at the same time")
		perDay[one.PlannedOn] = append(perDay[one.PlannedOn], one.StartsAt)
	}
	for on, talks := range perDay {
		require.LessOrEqual(t, len(talks), 4, on)
	}
}

func anyTeam(t *rapid.T) []talk.Person {
	people := make([]talk.Person, rapid.IntRange(0, 100).Draw(t, "people"))
	for i := range people {
		people[i] = person(fmt.Sprintf("person-%d-%d", rapid.IntRange(0, 1<<20).Draw(t, "id"), i), 1)
		people[i].ManagerID = fmt.Sprintf("manager-%d", rapid.IntRange(0, 3).Draw(t, "manager"))
	}
	return people
}

func TestABaselineSpreadsEachManagersTalksOverOneRhythm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := anyTeam(t)
		at := monday.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "day"))
		today := clock.DateOf(at, time.UTC)
		cut := 0
		if len(people) > 0 {
			cut = rapid.IntRange(0, len(people)).Draw(t, "first batch")
		}
		baseline := talk.Occasion{Cause: "baseline", At: at, Baseline: true}
		talks := talk.Plan(baseline, people[:cut], talk.Around{})
		talks = append(talks, talk.Plan(baseline, people[cut:], talk.Around{Known: talks})...)

		require.Len(t, talks, len(people))
		perDay, perManager, days := map[string]int{}, map[string]int{}, 0
		for i := 1; i <= talk.Rhythm; i++ {
			if works(today.AddDays(i)) {
				days++
			}
		}
		for _, one := range talks {
			require.True(t, works(one.PlannedOn), "on a working day")
			require.Positive(t, today.DaysUntil(one.PlannedOn))
			perDay[one.ManagerID+one.PlannedOn.String()]++
			perManager[one.ManagerID]++
		}
		for _, one := range talks {
			most := max(2, (perManager[one.ManagerID]+days-1)/days)
			require.LessOrEqual(t, perDay[one.ManagerID+one.PlannedOn.String()], most, "no day is stacked")
		}
	})
}

func works(on clock.Date) bool {
	return on.Weekday() != time.Saturday && on.Weekday() != time.Sunday && !holidays.French(on)
}

// Whatever the leaves, days off, ends and managers: a planned talk lies on a day on which both are there, not before its due day less
// the spread, or it says why not.
func TestEveryDateIsKeptOrItsExceptionIsNamed(t *testing.T) {
	leave := func(t *rapid.T, p *talk.Person) {
		if rapid.Bool().Draw(t, "away") {
			p.AwayFrom = day("2026-10-01").AddDays(rapid.IntRange(0, 120).Draw(t, "from"))
			if rapid.Bool().Draw(t, "return is known") {
				p.AwayUntil = p.AwayFrom.AddDays(rapid.IntRange(0, 200).Draw(t, "days"))
			}
		}
		p.DaysOff = rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(1, 5), func(d int) time.Weekday { return time.Weekday(d) }), 0, 2, rapid.ID).Draw(t, "days off")
	}
	rapid.Check(t, func(t *rapid.T) {
		var known []talk.Talk
		others := around()
		at := monday
		for v := range rapid.IntRange(1, 6).Draw(t, "news") {
			p := person("someone", int64(v+1))
			leave(t, &p)
			boss := talk.Person{ID: "manager", Zone: "UTC", Holiday: holidays.French}
			leave(t, &boss)
			others.Managers["manager"], others.Known = boss, known
			occasion := talk.Occasion{Cause: fmt.Sprint("news ", v), At: at}
			if changed := talk.Plan(occasion, []talk.Person{p}, others); len(changed) > 0 {
				known = changed
			}
			if moved := talk.PlanManaged(occasion, boss, known, map[string]talk.Person{"someone": p}, talk.Around{}); len(moved) > 0 {
				known = moved
			}
			one, today := known[0], clock.DateOf(at, time.UTC)
			there := works(one.PlannedOn) && !slices.Contains(p.DaysOff, one.PlannedOn.Weekday()) && !slices.Contains(boss.DaysOff, one.PlannedOn.Weekday()) &&
				!within(one.PlannedOn, p) && !within(one.PlannedOn, boss)
			switch {
			case one.Reason == talk.Waits:
			case one.PlannedOn.Before(today): // it is late, which everybody sees
			default:
				require.True(t, there, "%s (%s): employee %v-%v %v, manager %v-%v %v", one.PlannedOn, one.Reason,
					p.AwayFrom, p.AwayUntil, p.DaysOff, boss.AwayFrom, boss.AwayUntil, boss.DaysOff)
			}
			at = at.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "days pass"))
		}
	})
}

func within(on clock.Date, p talk.Person) bool {
	return !p.AwayFrom.IsZero() && !on.Before(p.AwayFrom) && (p.AwayUntil.IsZero() || !on.After(p.AwayUntil))
}

func TestTheFactsArriveInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var versions []talk.Person
		for v := range rapid.IntRange(1, 6).Draw(t, "versions") {
			p := person("someone", int64(v+1))
			p.ManagerID = rapid.SampledFrom([]string{"", "m1", "m2"}).Draw(t, "manager")
			if rapid.Bool().Draw(t, "leaves") {
				p.LastDay = day("2026-11-20")
			}
			versions = append(versions, p)
		}
		apply := func(order []talk.Person) talk.Talk {
			var known []talk.Talk
			for _, p := range order {
				if changed := plan(monday, "event", known, p); len(changed) > 0 {
					known = changed
				}
			}
			return known[0]
		}
		want := apply(versions)
		got := apply(append(rapid.Permutation(versions).Draw(t, "order"), versions...))
		require.Equal(t, want.ManagerID, got.ManagerID)
		require.Equal(t, want.LastDay, got.LastDay)
		require.Equal(t, want.PlannedOn, got.PlannedOn)
		require.Equal(t, want.PersonVersion, got.PersonVersion)
	})
}
