package talk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/interviews/internal/talk"
)

func TestANewManagerWhoIsAwayHoldsItLater(t *testing.T) {
	known := plan(monday, "hired", nil, person("someone", 1))
	moved := person("someone", 2)
	moved.ManagerID = "another"
	others := around(known...)
	away := others.Managers["another"]
	away.AwayFrom, away.AwayUntil = day("2026-11-28"), day("2026-12-06")
	others.Managers["another"] = away

	talks := talk.Plan(talk.Occasion{Cause: "moved", At: monday}, []talk.Person{moved}, others)
	require.Equal(t, "2026-12-07", talks[0].PlannedOn.String())
	require.Equal(t, talk.NewManager, talks[0].Reason)
}

func TestLeavesAndDaysOffOfBothAreKept(t *testing.T) {
	due := hiredOn("2026-11-02") // due on Monday, 30 November
	for _, c := range []struct {
		name            string
		employee, boss  func(*talk.Person)
		planned, reason string
	}{
		{"the employee is on leave", func(p *talk.Person) { p.AwayFrom, p.AwayUntil = day("2026-11-20"), day("2026-12-10") }, nil, "2026-12-11", "leave"},
		{"the manager is on leave", nil, func(p *talk.Person) { p.AwayFrom, p.AwayUntil = day("2026-11-29"), day("2026-12-01") }, "2026-12-02", "leave"},
		{"the return is not known", func(p *talk.Person) { p.AwayFrom = day("2026-11-20") }, nil, "2026-11-30", "waits"},
		{"the employee does not work on Mondays", func(p *talk.Person) { p.DaysOff = []time.Weekday{time.Monday} }, nil, "2026-12-01", "day_off"},
		{
			"nor the manager on Tuesdays", func(p *talk.Person) { p.DaysOff = []time.Weekday{time.Monday} },
			func(p *talk.Person) { p.DaysOff = []time.Weekday{time.Tuesday} }, "2026-12-02", "day_off",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, others := due, around()
			boss := others.Managers["manager"]
			if c.employee != nil {
				c.employee(&p)
			}
			if c.boss != nil {
				c.boss(&boss)
			}
			others.Managers["manager"] = boss
			planned := talk.Plan(talk.Occasion{Cause: "hired", At: monday}, []talk.Person{p}, others)[0]
			require.Equal(t, c.planned, planned.PlannedOn.String())
			require.Equal(t, c.reason, string(planned.Reason))
		})
	}
}

func TestAReturnGivesADateToATalkThatWaited(t *testing.T) {
	p := person("someone", 1)
	p.AwayFrom = day("2026-11-02")
	waits := plan(monday, "hired", nil, p)
	require.Equal(t, talk.Waits, waits[0].Reason)
	require.False(t, waits[0].Takes(), "it is in nobody's calendar")
	require.True(t, waits[0].Stands())
	require.Zero(t, waits[0].LateDays(day("2027-02-01")), "nobody is late while the person is away")

	back := person("someone", 2)
	later := time.Date(2027, time.February, 1, 9, 0, 0, 0, time.UTC)
	returned := plan(later, "returned", waits, back)
	require.Equal(t, "2027-02-03", returned[0].PlannedOn.String(), "as soon as two days' notice allow")
	require.Equal(t, talk.LateNews, returned[0].Reason)
	require.Positive(t, returned[0].Sequence)
}

func TestTheTalksWithAManagerMoveWithTheManagersLeave(t *testing.T) {
	known := plan(monday, "hired", nil, person("ada", 1), hiredOn("2026-11-03"))
	boss := talk.Person{ID: "manager", Zone: "UTC", AwayFrom: day("2026-11-25"), AwayUntil: day("2026-12-04")}
	employees := map[string]talk.Person{"ada": person("ada", 1), "someone": hiredOn("2026-11-03")}
	occasion := talk.Occasion{Cause: "leave", At: monday}

	moved := talk.PlanManaged(occasion, boss, known, employees, talk.Around{})
	require.Len(t, moved, 2)
	for _, one := range moved {
		require.Equal(t, "2026-12-07", one.PlannedOn.String())
		require.Equal(t, talk.Leave, one.Reason)
		require.EqualValues(t, 1, one.Sequence)
	}
	require.NotEqual(t, moved[0].StartsAt, moved[1].StartsAt, "not at the same time")
	require.Empty(t, talk.PlanManaged(occasion, boss, moved, employees, talk.Around{}), "heard again, nothing moves")
}

func TestATalkThatALeavePutOffToAFreerDayComesBack(t *testing.T) {
	team := []talk.Person{person("ada", 1), person("bea", 1), hiredOn("2026-11-03")}
	employees := map[string]talk.Person{}
	for i, p := range team {
		team[i].HiredOn = day("2026-11-03")
		employees[p.ID] = team[i]
	}
	known := plan(monday, "hired", nil, team...)
	boss := talk.Person{ID: "manager", Zone: "UTC", AwayFrom: day("2026-11-25"), AwayUntil: day("2027-02-05")}
	away := talk.PlanManaged(talk.Occasion{Cause: "leave", At: monday}, boss, known, employees, talk.Around{})
	spread := slices.IndexFunc(away, func(t talk.Talk) bool { return t.Reason == talk.Spread })
	require.GreaterOrEqual(t, spread, 0, "two are enough on the day of the return")
	require.Empty(t, talk.PlanManaged(talk.Occasion{Cause: "again", At: monday}, boss, away, employees, talk.Around{}), "nothing is new")

	boss.AwayFrom, boss.AwayUntil = clock.Date{}, clock.Date{}
	back := talk.PlanManaged(talk.Occasion{Cause: "returned", At: monday}, boss, away, employees, talk.Around{})
	require.Len(t, back, 3)
	for _, one := range back {
		require.Less(t, one.PlannedOn.String(), "2026-12-12", "%s", one.Reason)
	}

	moved := employees[away[spread].EmployeeID]
	moved.Version, moved.ManagerID = 2, "another"
	handed := plan(monday, "moved", away, moved)
	require.Equal(t, "2026-12-01", handed[0].PlannedOn.String(), "the new manager is on no leave")
	require.Equal(t, talk.NewManager, handed[0].Reason)
}
