package talk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
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
	return talk.Person{ID: id, Version: version, ManagerID: "manager", HiredOn: day("2020-01-06"), Zone: time.UTC}
}

func hiredOn(date string) talk.Person {
	p := person("someone", 1)
	p.HiredOn = day(date)
	return p
}

func plan(at time.Time, cause string, known []talk.Talk, people ...talk.Person) []talk.Talk {
	return talk.Plan(talk.Occasion{Cause: cause, At: at}, people, known)
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
		})
	}
}

func TestHearingTheSameAgainChangesNothing(t *testing.T) {
	known := plan(monday, "hired", nil, hiredOn("2026-11-02"))
	require.Empty(t, plan(monday.AddDate(0, 0, 3), "again", known, hiredOn("2026-11-02")))
}

func TestTheTalkFollowsTheNewManager(t *testing.T) {
	known := plan(monday, "hired", nil, person("someone", 1))
	moved := person("someone", 2)
	moved.ManagerID = "another"

	talks := plan(monday, "moved", known, moved)
	require.Len(t, talks, 1)
	require.Equal(t, "another", talks[0].ManagerID)
	require.Equal(t, known[0].PlannedOn, talks[0].PlannedOn)
	require.Equal(t, "moved", talks[0].ChangedBy)
	require.EqualValues(t, 2, talks[0].Version)

	require.Empty(t, plan(monday, "late", talks, person("someone", 1)), "old news is no news")
}

func TestOtherFactsAreKeptWithoutTellingAnybody(t *testing.T) {
	known := plan(monday, "hired", nil, person("someone", 1))
	talks := plan(monday, "updated", known, person("someone", 2))
	require.Len(t, talks, 1)
	require.Equal(t, "hired", talks[0].ChangedBy)
	require.EqualValues(t, 2, talks[0].PersonVersion)
}

func TestATalkTakesPlaceOnlyWithAManagerAndBeforeTheLastDay(t *testing.T) {
	today := clock.DateOf(monday, time.UTC)
	known := plan(monday, "hired", nil, person("someone", 1))
	planned, ok := known[0].Next(today)
	require.True(t, ok)

	leaving := person("someone", 2)
	leaving.LastDay = planned.AddDays(-1)
	left := plan(monday, "left", known, leaving)
	_, ok = left[0].Next(today)
	require.False(t, ok, "left before the day")
	require.Equal(t, "hired", left[0].ChangedBy, "nobody is told of a talk that is not")

	leaving.LastDay = planned
	_, ok = plan(monday, "left", known, leaving)[0].Next(today)
	require.True(t, ok, "the last day is still a day")

	staying := person("someone", 3)
	stayed := plan(monday, "stayed", left, staying)
	_, ok = stayed[0].Next(today)
	require.True(t, ok, "the end was a mistake")
	require.Equal(t, "stayed", stayed[0].ChangedBy)

	alone := person("someone", 4)
	alone.ManagerID = ""
	_, ok = plan(monday, "alone", stayed, alone)[0].Next(today)
	require.False(t, ok, "without a manager there is nobody to talk with")
}

func TestADateThatWentByRollsOn(t *testing.T) {
	known := plan(monday, "hired", nil, person("someone", 1))[0]
	next, ok := known.Next(day("2026-12-01"))
	require.True(t, ok)
	require.Equal(t, "2026-12-28", next.String())

	known.LastDay = day("2026-12-20")
	_, ok = known.Next(day("2026-12-01"))
	require.False(t, ok, "they will have left by then")
}

func anyTeam(t *rapid.T) []talk.Person {
	people := make([]talk.Person, rapid.IntRange(0, 120).Draw(t, "people"))
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
		talks := talk.Plan(baseline, people[:cut], nil)
		talks = append(talks, talk.Plan(baseline, people[cut:], talks)...)

		require.Len(t, talks, len(people))
		perDay, perManager, days := map[string]int{}, map[string]int{}, 0
		for i := 1; i <= talk.Rhythm; i++ {
			if d := today.AddDays(i); talk.WorkingDay(d) == d {
				days++
			}
		}
		for _, one := range talks {
			require.Equal(t, one.PlannedOn, talk.WorkingDay(one.PlannedOn), "on a working day")
			require.Positive(t, today.DaysUntil(one.PlannedOn))
			require.LessOrEqual(t, today.DaysUntil(one.PlannedOn), talk.Rhythm)
			perDay[one.ManagerID+one.PlannedOn.String()]++
			perManager[one.ManagerID]++
		}
		for _, one := range talks {
			most := (perManager[one.ManagerID] + days - 1) / days
			require.LessOrEqual(t, perDay[one.ManagerID+one.PlannedOn.String()], most, "no day is stacked")
		}
	})
}

func TestAHireIsNeverAskedForATalkBeforeFourWeeks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := monday.AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "day"))
		p := hiredOn(clock.DateOf(at, time.UTC).AddDays(rapid.IntRange(-90, 90).Draw(t, "first day")).String())
		p.LastDay = clock.Date{}

		planned := plan(at, "hired", nil, p)[0].PlannedOn

		require.GreaterOrEqual(t, p.HiredOn.DaysUntil(planned), talk.Rhythm)
		require.Positive(t, clock.DateOf(at, time.UTC).DaysUntil(planned))
		require.Equal(t, planned, talk.WorkingDay(planned))
		require.LessOrEqual(t, max(0, p.HiredOn.DaysUntil(planned)-talk.Rhythm), 90+talk.Rhythm+4, "nor moved far")
	})
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
