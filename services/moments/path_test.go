package moments_test

import (
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

func states(m *momentsv1.MomentView) map[string]string {
	out := map[string]string{}
	for _, f := range m.GetFollowUps() {
		out[f.GetCode()] = f.GetState().String()
		if f.GetReason() != "" {
			out[f.GetCode()] += " " + f.GetReason()
		}
	}
	return out
}

func TestAHireIsAskedOnceAtItsTimeHoweverOftenItIsTold(t *testing.T) {
	in := install(t, moments.Config{})
	hired := in.tell(&directoryv1.PeopleHired{People: employees(1, 3, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	// The bus's own window recognises the id; another id tells the same news again.
	again := hired
	again.ID = personID(999)
	in.publish(again)
	in.settle()
	require.Empty(t, in.invitations())

	in.moveTo("2026-11-03T09:00:00Z")
	asked := in.awaitInvitations(3)

	require.Equal(t, map[string]int{personID(1) + " day_1": 1, personID(2) + " day_1": 1, personID(3) + " day_1": 1}, asked)
	list := in.momentsOf(personID(1))
	require.Len(t, list, 1)
	require.Equal(t, "onboarding", list[0].GetKeyMoment())
	require.Equal(t, "hired", list[0].GetCause())
	require.Equal(t, momentsv1.MomentView_STATE_OPEN, list[0].GetState())
	require.Equal(t, map[string]string{
		"day_1": "STATE_ASKED", "day_7": "STATE_PLANNED", "day_30": "STATE_PLANNED", "day_90": "STATE_PLANNED",
	}, states(list[0]))

	in.moveTo("2026-11-09T09:00:00Z")
	require.Len(t, in.awaitInvitations(6), 6)
	for who, times := range in.invitations() {
		require.Equal(t, 1, times, who)
	}
}

func TestALateHireIsAskedWhatIsStillUsefulAndSaysWhatWasSkipped(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleHired{People: employees(1, 1, "2026-10-26"), AsOf: "2026-11-02"})
	in.settle()
	in.moveTo("2026-11-02T10:00:00Z")
	require.Contains(t, in.awaitInvitations(1), personID(1)+" day_7")
	require.Equal(t, map[string]string{
		"day_1": "STATE_SKIPPED heard_too_late", "day_7": "STATE_ASKED", "day_30": "STATE_PLANNED", "day_90": "STATE_PLANNED",
	}, states(in.momentsOf(personID(1))[0]))
}

func TestSomebodyWhoLeftIsNotAskedAnyMore(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleHired{People: employees(1, 2, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	leaver := employee(1, "2026-11-02")
	leaver.Version, leaver.LeftOn = 2, "2026-11-06"
	in.tell(&directoryv1.PeopleLeft{People: []*directoryv1.Employee{leaver}, AsOf: "2026-11-02"})
	in.settle()

	for _, day := range []string{"03", "06", "09", "12"} {
		in.moveTo("2026-11-" + day + "T09:00:00Z")
	}

	require.Equal(t, map[string]int{
		personID(1) + " day_1": 1, personID(1) + " last_days": 1, personID(2) + " day_1": 1, personID(2) + " day_7": 1,
	}, in.awaitInvitations(4))
	for _, m := range in.momentsOf(personID(1)) {
		if m.GetKeyMoment() == "onboarding" {
			require.Equal(t, map[string]string{
				"day_1": "STATE_ASKED", "day_7": "STATE_CANCELLED left_before",
				"day_30": "STATE_CANCELLED left_before", "day_90": "STATE_CANCELLED left_before",
			}, states(m))
			require.Equal(t, momentsv1.MomentView_STATE_CLOSED, m.GetState())
		}
	}
}

func TestTheBaselineOpensOnlyWhatIsAhead(t *testing.T) {
	in := install(t, moments.Config{})
	people := append(employees(1, 1, "2019-05-01"), employees(2, 1, "2026-10-20")...)
	in.tell(&directoryv1.PeopleRegistered{People: people, AsOf: "2026-11-02"})
	in.settle()

	require.Empty(t, in.momentsOf(personID(1)))
	require.Equal(t, map[string]string{"day_30": "STATE_PLANNED", "day_90": "STATE_PLANNED"}, states(in.momentsOf(personID(2))[0]))
}

func TestAMoveOpensAnArrivalInTheNewTeam(t *testing.T) {
	in := install(t, moments.Config{})
	moved := employee(1, "2019-05-01", "company", "store-2")
	moved.Version = 2
	in.tell(&directoryv1.PeopleMoved{
		Moves: []*directoryv1.PeopleMoved_Move{{Person: moved, FromUnitId: "store-1", MovedOn: "2026-11-01"}}, AsOf: "2026-11-02",
	})
	in.settle()

	res, err := in.client().ListMoments(in.hr(), &momentsv1.ListMomentsRequest{UnitId: "store-2", KeyMoment: "team_arrival"})
	require.NoError(t, err)
	require.EqualValues(t, 1, res.GetTotalSize())
	require.Equal(t, "2026-11-01", res.GetMoments()[0].GetHappensOn())
}

func visits() moments.Config {
	return moments.Config{Catalogue: moments.Catalogue{{Code: "visit", FollowUps: []moments.Rule{
		{Code: "now", Immediate: true, AnswerDays: 14, Questionnaire: "onboarding_day_1.v1"},
	}}}}
}

func TestADeclaredMomentIsOpenedOnceAndAskedAtOnce(t *testing.T) {
	in := install(t, visits())
	in.tell(&directoryv1.PeopleRegistered{People: employees(1, 1, "2019-05-01"), AsOf: "2026-11-02"})
	in.settle()

	first, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "visit", PersonId: personID(1)})
	require.NoError(t, err)
	require.False(t, first.GetAlreadyKnown())
	in.clock.Advance(time.Minute)
	second, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{
		KeyMoment: "visit", PersonId: personID(1), HappensOn: "2026-11-02",
	})
	require.NoError(t, err)
	require.True(t, second.GetAlreadyKnown())
	require.Equal(t, first.GetMomentId(), second.GetMomentId())

	in.settle()
	require.Equal(t, map[string]int{personID(1) + " now": 1}, in.awaitInvitations(1))
	got, err := in.client().GetMoment(in.hr(), &momentsv1.GetMomentRequest{MomentId: first.GetMomentId()})
	require.NoError(t, err)
	require.Equal(t, momentsv1.MomentView_STATE_CLOSED, got.GetMoment().GetState())
}

func TestWhatCannotBeDeclaredSaysWhy(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleRegistered{People: employees(1, 1, "2019-05-01"), AsOf: "2026-11-02"})
	in.settle()
	declare := func(keyMoment string, person int, on string) error {
		_, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{
			KeyMoment: keyMoment, PersonId: personID(person), HappensOn: on,
		})
		return err
	}
	require.Equal(t, "key_moment", rpc.Violations(declare("birthday", 1, ""))[0].Field)
	require.Equal(t, "happens_on", rpc.Violations(declare("onboarding", 1, "2026-02-30"))[0].Field)
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(declare("onboarding", 2, "")))

	_, err := in.client().DeclareMoment(in.as(personID(1)), &momentsv1.DeclareMomentRequest{KeyMoment: "onboarding", PersonId: personID(1)})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}

func TestListingPagesThroughMomentsNewestFirst(t *testing.T) {
	in := install(t, moments.Config{})
	for i := range 5 {
		in.tell(&directoryv1.PeopleHired{People: employees(10*i, 2, "2026-11-02"), AsOf: "2026-11-02"})
		in.settle()
		in.clock.Advance(time.Hour)
	}
	var opened []string
	req := &momentsv1.ListMomentsRequest{PageSize: 3}
	for {
		res, err := in.client().ListMoments(in.hr(), req)
		require.NoError(t, err)
		require.EqualValues(t, 10, res.GetTotalSize())
		for _, m := range res.GetMoments() {
			opened = append(opened, m.GetOpenedAt()+" "+m.GetId())
		}
		if req.PageToken = res.GetNextPageToken(); req.GetPageToken() == "" {
			break
		}
	}
	require.Len(t, opened, 10)
	require.IsDecreasing(t, opened)
	_, err := in.client().ListMoments(in.hr(), &momentsv1.ListMomentsRequest{PageToken: "nonsense"})
	require.Equal(t, "page_token", rpc.Violations(err)[0].Field)
}
