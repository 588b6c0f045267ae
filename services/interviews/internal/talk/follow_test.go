package talk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/interviews/internal/talk"
)

func TestANewManagerWhoHasATalkAtThatHourHoldsItAtAnother(t *testing.T) {
	mine := plan(monday, "hired", nil, hiredOn("2026-11-02"))
	other := person("other", 1)
	other.HiredOn, other.ManagerID = day("2026-11-02"), "another"
	known := append(plan(monday, "hired", nil, other), mine...)
	require.Equal(t, known[0].StartsAt, known[1].StartsAt)

	moved := hiredOn("2026-11-02")
	moved.Version, moved.ManagerID = 2, "another"
	talks := plan(monday, "moved", known, moved)
	require.Equal(t, known[0].PlannedOn, talks[0].PlannedOn)
	require.NotEqual(t, known[0].StartsAt, talks[0].StartsAt)
}

func TestWhatTheTwoAgreedOnStandsWhateverElseIsNews(t *testing.T) {
	known := plan(monday, "hired", nil, hiredOn("2026-11-02"))
	saturday := talk.Proposal{By: "someone", On: day("2026-11-28"), StartsAt: 600}
	known[0].Proposal = &saturday
	require.NoError(t, known[0].AnswerProposal("manager", saturday, true, monday))

	moved := hiredOn("2026-11-02")
	moved.Version = 2
	talks := plan(monday, "updated", known, moved)
	require.Equal(t, saturday.On, talks[0].PlannedOn)
	require.Equal(t, talk.Agreed, talks[0].Reason)

	moved.ManagerID = "another"
	talks = plan(monday, "moved", known, moved)
	require.Equal(t, "2026-11-30", talks[0].PlannedOn.String(), "the new manager agreed on no Saturday")
	require.Equal(t, talk.NewManager, talks[0].Reason)

	moved.ManagerID, moved.AwayFrom, moved.AwayUntil = "manager", day("2026-11-20"), day("2026-11-29")
	talks = plan(monday, "leave", known, moved)
	require.Equal(t, "2026-11-30", talks[0].PlannedOn.String(), "nobody comes back from a leave for it")
}

func TestNobodyHasATalkWithAManagerWhoHasLeft(t *testing.T) {
	others := around()
	boss := others.Managers["manager"]
	boss.AwayFrom, boss.AwayUntil, boss.LastDay = day("2026-11-16"), day("2026-11-20"), day("2026-11-25")
	others.Managers["manager"] = boss
	talks := talk.Plan(talk.Occasion{Cause: "hired", At: monday}, []talk.Person{hiredOn("2026-11-02")}, others)
	require.Equal(t, talk.Waits, talks[0].Reason, "who follows is not known")
	require.False(t, talks[0].Takes())
}

func TestAnotherTimeZoneIsAnotherTime(t *testing.T) {
	known := plan(monday, "hired", nil, hiredOn("2026-11-02"))
	moved := hiredOn("2026-11-02")
	moved.Version, moved.Zone = 2, "Pacific/Apia"
	talks := plan(monday, "moved", known, moved)
	require.Equal(t, known[0].PlannedOn, talks[0].PlannedOn)
	require.EqualValues(t, 1, talks[0].Sequence)
	require.Equal(t, "moved", talks[0].ChangedBy)
}

func TestATalkThatWasStartedHearsOfLeavesAndEndsWithTheContract(t *testing.T) {
	p := person("someone", 1)
	p.AwayFrom, p.AwayUntil = day("2026-11-09"), day("2026-12-18")
	started, err := talk.Start("started", talk.Congratulation, "manager", p, day("2026-11-20"), 600, monday)
	require.NoError(t, err)

	back := person("someone", 2)
	back.ManagerID = "another"
	heard := find(plan(monday, "returned", []talk.Talk{started}, back), "started")
	require.False(t, heard.Away(day("2026-11-19")))
	require.Equal(t, "manager", heard.ManagerID, "whoever started it holds it")
	require.Zero(t, heard.Sequence, "nobody is told anything")

	back.Version, back.LastDay = 3, day("2026-11-13")
	left := find(plan(monday, "left", []talk.Talk{heard}, back), "started")
	require.False(t, left.Takes())
	require.EqualValues(t, 1, left.Sequence)
	require.Equal(t, "left", left.ChangedBy)
}

func find(talks []talk.Talk, id string) talk.Talk {
	for _, one := range talks {
		if one.ID == id {
			return one
		}
	}
	return talk.Talk{}
}

func TestTheTalksWithAManagerKeepOffTheManagersOwn(t *testing.T) {
	boss := person("manager", 1)
	boss.ManagerID, boss.HiredOn = "another", day("2026-11-02")
	own := plan(monday, "hired", nil, boss)
	boss.AwayFrom, boss.AwayUntil = day("2026-11-20"), day("2026-11-29")
	with := plan(time.Date(2026, time.October, 26, 9, 0, 0, 0, time.UTC), "hired", nil, hiredOn("2026-10-26"))
	require.Equal(t, "2026-11-23", with[0].PlannedOn.String())

	moved := talk.PlanManaged(talk.Occasion{Cause: "leave", At: monday}, boss, with, map[string]talk.Person{"someone": hiredOn("2026-10-26")}, around(own...))
	require.Equal(t, own[0].PlannedOn, moved[0].PlannedOn)
	require.NotEqual(t, own[0].StartsAt, moved[0].StartsAt)
}
