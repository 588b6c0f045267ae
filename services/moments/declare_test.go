package moments_test

import (
	"context"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

const requestID = "11111111-1111-4111-8111-111111111111"

// store is person 1, who manages persons 2 to 4 in store-1, and person 5 elsewhere.
func (in *installation) store() {
	in.t.Helper()
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "company", Version: 1, Kind: "company"}, {Id: "store-1", Version: 1, ParentId: "company"}, {Id: "store-2", Version: 1, ParentId: "company"},
	}})
	team := append(employees(1, 4, "2019-05-01"), employee(5, "2019-05-01", "company", "store-2"))
	for _, e := range team[1:4] {
		e.ManagerId = personID(1)
	}
	in.tell(&directoryv1.PeopleRegistered{People: team, AsOf: "2026-11-02"})
	in.settle()
}

func (in *installation) operator() context.Context {
	return identity.NewContext(in.t.Context(), identity.Actor{Roles: []identity.Role{identity.Operator}})
}

func TestAManagerDeclaresForTheirOwnReportsOnly(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declare := func(person int) error {
		_, err := in.client().DeclareMoment(in.as(personID(1)), &momentsv1.DeclareMomentRequest{KeyMoment: "congratulation", PersonId: personID(person)})
		return err
	}
	require.NoError(t, declare(2))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(declare(5)))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(declare(1)), "nobody declares for themselves")

	list, err := in.client().ListMoments(in.as(personID(1)), &momentsv1.ListMomentsRequest{PersonId: personID(2)})
	require.NoError(t, err)
	require.Equal(t, personID(1), list.GetMoments()[0].GetDeclaredBy())
	_, err = in.client().ListMoments(in.as(personID(1)), &momentsv1.ListMomentsRequest{})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}

func TestADelicateMomentIsSeenByWhoeverDeclaredItAndHR(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declared, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "reframing", PersonId: personID(2)})
	require.NoError(t, err)
	_, err = in.client().GetMoment(in.as(personID(1)), &momentsv1.GetMomentRequest{MomentId: declared.GetMomentId()})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	list, err := in.client().ListMoments(in.as(personID(1)), &momentsv1.ListMomentsRequest{PersonId: personID(2)})
	require.NoError(t, err)
	require.Empty(t, list.GetMoments())
	require.Len(t, in.momentsOf(personID(2)), 1)

	in.settle()
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		require.NotContains(t, ev.Type, "MomentsOpened", "no event that may leave tells of a reframing")
	}
}

func TestAnOutsideSystemMayAskAgainWithTheSameRequestID(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	request := &momentsv1.DeclareMomentRequest{KeyMoment: "recruitment_interview", PersonId: personID(2), RequestId: requestID}
	first, err := in.client().DeclareMoment(in.operator(), request)
	require.NoError(t, err)
	in.moveTo("2026-11-03T09:00:00Z") // another day: without the id it would be another moment
	again, err := in.client().DeclareMoment(in.operator(), request)
	require.NoError(t, err)
	require.Equal(t, first.GetMomentId(), again.GetMomentId())
	require.True(t, again.GetAlreadyKnown())

	_, err = in.client().DeclareMoment(in.operator(), &momentsv1.DeclareMomentRequest{
		KeyMoment: "training", PersonId: personID(2), RequestId: requestID,
	})
	require.Equal(t, "request_id", rpc.Violations(err)[0].Field)
}

func TestATeamsMomentIsAskedOfEveryMember(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declared, err := in.client().DeclareMoment(in.as(personID(1)), &momentsv1.DeclareMomentRequest{KeyMoment: "success_celebrated", UnitId: "store-1"})
	require.NoError(t, err)
	view := func() *momentsv1.MomentView {
		got, err := in.client().GetMoment(in.as(personID(1)), &momentsv1.GetMomentRequest{MomentId: declared.GetMomentId()})
		require.NoError(t, err)
		return got.GetMoment()
	}
	require.EqualValues(t, 4, view().GetPeople())
	require.Equal(t, map[string]string{"day_2": "STATE_PLANNED"}, states(view()))

	in.moveTo("2026-11-04T09:00:00Z")
	in.awaitInvitations(4)
	require.Equal(t, map[string]string{"day_2": "STATE_ASKED"}, states(view()))
	require.EqualValues(t, 4, view().GetFollowUps()[0].GetAskedPeople())

	list, err := in.client().ListMoments(in.hr(), &momentsv1.ListMomentsRequest{UnitId: "store-1"})
	require.NoError(t, err)
	require.Equal(t, "store-1", list.GetMoments()[0].GetUnitId())
	require.Equal(t, declared.GetMomentId(), in.momentsOf(personID(3))[0].GetId(), "it is each member's own, too")
	require.Empty(t, in.momentsOf(personID(5)))

	_, err = in.client().DeclareMoment(in.as(personID(1)), &momentsv1.DeclareMomentRequest{KeyMoment: "success_celebrated", UnitId: "company"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err), "not everybody there reports to this manager")
	_, err = in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "success_celebrated", PersonId: personID(2)})
	require.Equal(t, "unit_id", rpc.Violations(err)[0].Field)
	_, err = in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "promotion", UnitId: "store-1"})
	require.Equal(t, "person_id", rpc.Violations(err)[0].Field)
}

func TestACancelledMomentAsksNoMoreAndClosesWhatItAsked(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declared, err := in.client().DeclareMoment(in.as(personID(1)), &momentsv1.DeclareMomentRequest{KeyMoment: "training", PersonId: personID(2)})
	require.NoError(t, err)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(1)
	cancel := func(ctx context.Context, why string) (*momentsv1.CancelMomentResponse, error) {
		return in.client().CancelMoment(ctx, &momentsv1.CancelMomentRequest{MomentId: declared.GetMomentId(), Reason: why})
	}
	_, err = cancel(in.as(personID(5)), "Par erreur.")
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	done, err := cancel(in.as(personID(1)), "La formation est reportée.")
	require.NoError(t, err)
	require.False(t, done.GetAlreadyCancelled())
	done, err = cancel(in.hr(), "Encore.")
	require.NoError(t, err)
	require.True(t, done.GetAlreadyCancelled())

	got := in.momentsOf(personID(2))[0]
	require.Equal(t, momentsv1.MomentView_STATE_CANCELLED, got.GetState())
	require.Equal(t, "La formation est reportée.", got.GetCancelReason())
	require.Equal(t, map[string]string{
		"day_1": "STATE_CANCELLED moment_cancelled", "day_60": "STATE_CANCELLED moment_cancelled",
	}, states(got))
	invitation := got.GetFollowUps()[0].GetInvitationId()
	require.Eventually(t, func() bool { return in.closed()[invitation] > 0 }, patience, 5*time.Millisecond)
	_, err = in.client().GetSurvey(in.as(personID(2)), &momentsv1.GetSurveyRequest{InvitationId: invitation})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))

	in.moveTo("2027-01-04T09:00:00Z")
	require.Len(t, in.invitations(), 1)
}

func TestAnAnniversaryIsAskedAboutEveryYearOnItsDay(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleRegistered{People: employees(1, 1, "2019-11-05"), AsOf: "2026-11-02"})
	in.settle()
	in.moveTo("2026-11-04T00:00:00Z")
	require.Equal(t, "2026-11-05", in.momentsOf(personID(1))[0].GetHappensOn())
	in.moveTo("2026-11-05T09:00:00Z")
	require.Equal(t, map[string]int{personID(1) + " same_day": 1}, in.awaitInvitations(1))
	in.moveTo("2027-11-04T12:00:00Z")
	require.Equal(t, "2027-11-05", in.momentsOf(personID(1))[0].GetHappensOn())
	require.Len(t, in.momentsOf(personID(1)), 2)
}
