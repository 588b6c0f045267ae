package notifications_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/notifications"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func (w *world) quiet(people ...string) []string {
	w.t.Helper()
	found, err := w.peers.Reach().FindQuiet(identity.AsService(w.t.Context(), "moments"), &notificationsv1.FindQuietRequest{PersonIds: people})
	require.NoError(w.t, err)
	return found.GetPersonIds()
}

func TestWhoeverReactsToNothingIsAskedLessUntilTheyReact(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	silent, active := uuid.NewString(), uuid.NewString()
	w.hire(asIs, silent, active)
	for range 4 {
		request := w.invite(silent, active)
		w.publish("moments", request)
		w.publish("moments", closing(&momentsv1.InvitationsRequested{Invitations: request.GetInvitations()[1:]}))
		w.move(w.clock.Now().AddDate(0, 0, 21))
	}
	require.Empty(t, w.quiet(silent, active), "what ends today is told tomorrow")
	w.move(w.clock.Now().AddDate(0, 0, 2))
	require.Equal(t, []string{silent}, w.quiet(silent, active))

	w.publish("moments", w.invite(silent))
	w.move(w.clock.Now().AddDate(0, 0, 14)) // the last question of before is out of the thirty days by now
	second := w.invite(silent)
	w.publish("moments", second)
	w.move(w.clock.Now().AddDate(0, 0, 7))
	third := w.invite(silent)
	w.publish("moments", third)
	waits := third.GetInvitations()[0].GetId()
	message := w.why(silent, waits)
	require.Equal(t, notificationsv1.Message_STATE_DEFERRED, message.GetState())
	require.Equal(t, "spared", message.GetDecisions()[0].GetReason())
	told, err := w.peers.Notifications().ExplainMessages(w.as(uuid.NewString(), identity.HR), &notificationsv1.ExplainMessagesRequest{PersonId: silent, InvitationId: waits})
	require.NoError(t, err)
	require.Equal(t, "over_cap", told.GetMessages()[0].GetDecisions()[0].GetReason(), "that somebody never reacts is nobody else's business")
	require.Empty(t, told.GetSpared())
	own, err := w.peers.Notifications().ExplainMessages(w.as(silent), &notificationsv1.ExplainMessagesRequest{PersonId: silent})
	require.NoError(t, err)
	require.EqualValues(t, 2, own.GetSpared()[0].GetMessages())
	require.EqualValues(t, 30, own.GetSpared()[0].GetDays())

	calledOff := closing(second)
	calledOff.TakenBack = true
	w.publish("moments", calledOff)
	w.settle()
	require.NotContains(t, w.prompts(silent), waits, "what HR takes back is no reaction")

	w.publish("moments", closing(second))
	w.settle()
	require.Contains(t, w.prompts(silent), waits, "what was put off for being quiet is shown at once")
	require.Equal(t, []string{silent}, w.quiet(silent), "whoever counts again does not see who reacts today")
	w.move(w.clock.Now().AddDate(0, 0, 2))
	require.Empty(t, w.quiet(silent), "one reaction, and all is as before")
}

func TestWhoReactsToNothingIsToldToServicesAlone(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	_, err := w.peers.Reach().FindQuiet(w.as(uuid.NewString(), identity.HR), &notificationsv1.FindQuietRequest{PersonIds: []string{person}})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
}

func TestADiscreetMessageIsExplainedToItsPersonAlone(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person)
	request.GetInvitations()[0].Discreet = true
	w.publish("moments", request)
	require.NotNil(t, w.why(person, request.GetInvitations()[0].GetId()))
	told, err := w.peers.Notifications().ExplainMessages(w.as(uuid.NewString(), identity.HR), &notificationsv1.ExplainMessagesRequest{PersonId: person})
	require.NoError(t, err)
	require.Empty(t, told.GetMessages())
}

func TestHowPeopleAreReachedIsToldInCountsOfDaysThatAreOver(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	people := make([]string, 24)
	for i := range people {
		people[i] = uuid.NewString()
	}
	w.hire(asIs, people...)
	request := w.invite(people...)
	w.publish("moments", request)
	for _, person := range people[:12] {
		require.Len(t, w.prompts(person), 1) // they look at their page
	}
	w.publish("moments", closing(&momentsv1.InvitationsRequested{Invitations: request.GetInvitations()[:7]}))
	hr := w.as(uuid.NewString(), identity.HR)
	reach := func(unit string) *notificationsv1.GetReachResponse {
		res, err := w.peers.Reach().GetReach(hr, &notificationsv1.GetReachRequest{UnitId: unit})
		require.NoError(t, err)
		return res
	}
	require.Nil(t, reach("company").GetChannels()[0].GetReacted(), "today is not over")

	w.move(tuesday.AddDate(0, 0, 7))
	seen := reach("company")
	require.EqualValues(t, 24, seen.GetPeople())
	require.EqualValues(t, 30, seen.GetWeeks()[11].GetReacted().GetPercent(), "seven of twenty-four")
	require.EqualValues(t, 50, seen.GetChannels()[0].GetSeen().GetPercent())
	require.EqualValues(t, 24, seen.GetSpread()[1].GetPeople())
	require.Nil(t, seen.Quiet)
	require.Equal(t, "store", seen.GetUnits()[0].GetUnitId())
	require.EqualValues(t, 4, seen.GetQuietAfter())
	w.publish("moments", closing(&momentsv1.InvitationsRequested{Invitations: request.GetInvitations()[7:20]}))
	require.EqualValues(t, 30, reach("company").GetWeeks()[11].GetReacted().GetPercent(), "looking again on the same day tells the same")
	require.True(t, reach("elsewhere").GetTooFew())
}
