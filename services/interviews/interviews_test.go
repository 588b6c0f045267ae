package interviews_test

import (
	"slices"
	"testing"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

func TestAHireIsPlannedATalkWithTheirManager(t *testing.T) {
	w := start(t, nil)
	manager := uuid.NewString()
	hire := employee(manager)
	hire.HiredOn = "2026-11-03"

	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{hire}, AsOf: "2026-11-03"})

	want := "2026-12-01"
	require.Equal(t, want, w.next(hire.GetId(), hire.GetId()).GetPlannedOn(), "the person sees it")
	require.Equal(t, want, w.next(manager, hire.GetId()).GetPlannedOn(), "the manager sees it")
	require.Equal(t, want, w.next(uuid.NewString(), hire.GetId(), identity.HR).GetPlannedOn(), "HR sees it")
	_, err := w.parts.Peers.Interviews().GetNextTalk(w.as(uuid.NewString()), &interviewsv1.GetNextTalkRequest{EmployeeId: hire.GetId()})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "nobody else does: %v", err)

	told := w.told()
	require.Len(t, told, 1)
	require.Equal(t, manager, told[0].GetManagerId())
	require.Equal(t, want, told[0].GetPlannedOn())
}

func TestEventsThatComeTwiceOrLateTellNothingNew(t *testing.T) {
	w := start(t, nil)
	hire := employee(uuid.NewString())
	moved := employee(uuid.NewString())
	moved.Id, moved.Version = hire.GetId(), 2

	w.publish(&directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: moved, MovedOn: "2026-11-03"}}})
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{hire}})
	w.publish(&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{moved}})

	told := w.told()
	require.Len(t, told, 1)
	require.Equal(t, moved.GetManagerId(), told[0].GetManagerId())
}

func TestTheTalkFollowsANewManagerAndEndsWithTheContract(t *testing.T) {
	w := start(t, nil)
	first, second := uuid.NewString(), uuid.NewString()
	person := employee(first)
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{person}})

	person.Version, person.ManagerId = 2, second
	w.publish(&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{person}})
	require.Empty(t, w.list(first, first))
	require.Len(t, w.list(second, second), 1)
	require.EqualValues(t, 2, w.next(second, person.GetId()).GetVersion())

	person.Version, person.LeftOn = 3, "2026-11-20"
	w.publish(&directoryv1.PeopleLeft{People: []*directoryv1.Employee{person}})
	require.Nil(t, w.next(second, person.GetId()))
	require.Empty(t, w.list(second, second))
	require.Len(t, w.told(), 2)
}

func TestABaselineIsSpreadOverFourWeeks(t *testing.T) {
	w := start(t, nil)
	manager := uuid.NewString()
	var team []*directoryv1.Employee
	for range 45 {
		team = append(team, employee(manager))
	}
	alone := employee("")
	w.publish(
		&directoryv1.PeopleRegistered{People: append(slices.Clone(team[:20]), alone), AsOf: "2026-11-03"},
		&directoryv1.PeopleRegistered{People: team[20:], AsOf: "2026-11-03"},
	)

	talks := w.list(manager, manager)
	require.Len(t, talks, 45)
	require.True(t, slices.IsSortedFunc(talks, bySoonest))
	perDay := map[string]int{}
	for _, one := range talks {
		perDay[one.GetPlannedOn()]++
		require.LessOrEqual(t, perDay[one.GetPlannedOn()], 3)
	}
	require.Greater(t, talks[0].GetPlannedOn(), "2026-11-03")
	require.LessOrEqual(t, talks[44].GetPlannedOn(), "2026-12-01")
	require.Nil(t, w.next(alone.GetId(), alone.GetId()), "without a manager there is no talk")
	require.Len(t, w.told(), 45)
}

func TestPeopleWhoWereThereBeforeTheServiceArePlannedToo(t *testing.T) {
	manager := uuid.NewString()
	w := start(t, []*directoryv1.Employee{employee(manager), employee(manager)})
	w.eventually("the talks", func() bool { return len(w.list(manager, manager)) == 2 })
	w.settle()
	require.Len(t, w.told(), 2)
}

func TestOnlyTheManagerAndHRListATeamsTalks(t *testing.T) {
	w := start(t, nil)
	manager := uuid.NewString()
	person := employee(manager)
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{person}})

	require.Len(t, w.list(uuid.NewString(), manager, identity.HR), 1)
	_, err := w.parts.Peers.Interviews().ListTalks(w.as(person.GetId()), &interviewsv1.ListTalksRequest{ManagerId: manager})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
}
