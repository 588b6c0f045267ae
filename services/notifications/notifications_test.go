package notifications_test

import (
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/notifications"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func TestARequestedInvitationIsShownOnce(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person)
	id := request.GetInvitations()[0].GetId()

	w.publish("moments", request)
	shown, _ := w.told()
	require.Equal(t, []string{id}, shown)
	require.Equal(t, []string{id}, w.prompts(person))

	w.publish("moments", request) // another event that asks for the same
	w.forget("MOMENTS", "notifications-invitations-requested")
	shown, _ = w.told()
	require.Equal(t, []string{id}, shown)

	message := w.why(person, id)
	require.Equal(t, notificationsv1.Message_STATE_SHOWN, message.GetState())
	require.Len(t, message.GetDecisions(), 1)
	require.Equal(t, "open", message.GetDecisions()[0].GetReason())
}

func TestOutsideTheWindowItWaitsAndIsShownWhenTheClockGetsThere(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	w.move(tuesday.Add(10 * time.Hour)) // 20:00
	request := w.invite(person)
	id := request.GetInvitations()[0].GetId()

	w.publish("moments", request)
	require.Empty(t, w.prompts(person))
	message := w.why(person, id)
	require.Equal(t, notificationsv1.Message_STATE_DEFERRED, message.GetState())
	require.Equal(t, "outside_window", message.GetDecisions()[0].GetReason())
	require.Equal(t, "2026-11-04T08:00:00Z", message.GetNextTryAt())

	w.move(time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC))
	shown, _ := w.told()
	require.Equal(t, []string{id}, shown)
	require.Len(t, w.why(person, id).GetDecisions(), 2)
}

func TestOverTheCapItWaitsForTheWeekToPass(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)

	request := w.invite(person, person, person)
	w.publish("moments", request)
	shown, _ := w.told()
	require.Len(t, shown, 2)
	var waits string
	for _, i := range request.GetInvitations() {
		if w.why(person, i.GetId()).GetState() == notificationsv1.Message_STATE_DEFERRED {
			waits = i.GetId()
		}
	}
	require.Equal(t, "over_cap", w.why(person, waits).GetDecisions()[0].GetReason())

	w.move(tuesday.AddDate(0, 0, 7))
	shown, _ = w.told()
	require.Len(t, shown, 3)
	require.Equal(t, waits, shown[2])
}

func TestClosingTakesAPromptAway(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person)

	w.publish("moments", request)
	w.publish("moments", closing(request))
	w.publish("moments", closing(request))

	_, closed := w.told()
	require.Equal(t, []string{request.GetInvitations()[0].GetId()}, closed)
	require.Empty(t, w.prompts(person))
}

func TestWhatWasClosedBeforeItWasShownIsNeverShown(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	early, late := uuid.NewString(), uuid.NewString()
	w.hire(asIs, early, late)

	overtaken := w.invite(early)
	w.publish("moments", closing(overtaken))
	w.publish("moments", overtaken)

	w.move(tuesday.Add(10 * time.Hour))
	deferred := w.invite(late)
	w.publish("moments", deferred)
	w.publish("moments", closing(deferred))
	w.move(tuesday.AddDate(0, 0, 2))

	shown, closed := w.told()
	require.Empty(t, shown)
	require.Empty(t, closed, "nothing to take off any page")
	require.Equal(t, notificationsv1.Message_STATE_CLOSED,
		w.why(late, deferred.GetInvitations()[0].GetId()).GetState())
}

func TestWhoHasLeftIsNotAsked(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	gone, today := uuid.NewString(), uuid.NewString()
	w.hire(func(e *directoryv1.Employee) { e.LeftOn = "2026-11-02" }, gone)
	w.hire(func(e *directoryv1.Employee) { e.LeftOn = "2026-11-03" }, today)

	request := w.invite(gone, today)
	w.publish("moments", request)

	shown, _ := w.told()
	require.Equal(t, []string{request.GetInvitations()[1].GetId()}, shown)
	message := w.why(gone, request.GetInvitations()[0].GetId())
	require.Equal(t, notificationsv1.Message_STATE_EXPIRED, message.GetState())
	require.Equal(t, "left", message.GetDecisions()[0].GetReason())
}

func TestWhoLeavesWhileAMessageWaitsIsNotAsked(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	w.move(tuesday.Add(10 * time.Hour))
	request := w.invite(person)
	w.publish("moments", request)

	w.hire(func(e *directoryv1.Employee) { e.Version, e.LeftOn = 2, "2026-11-03" }, person)
	w.move(tuesday.AddDate(0, 0, 2))

	shown, _ := w.told()
	require.Empty(t, shown)
	decisions := w.why(person, request.GetInvitations()[0].GetId()).GetDecisions()
	require.Equal(t, "left", decisions[len(decisions)-1].GetReason())
}

func TestAPromptDisappearsAtItsExpiry(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person)
	w.publish("moments", request)

	w.clock.Set(tuesday.AddDate(0, 0, 14))
	require.Empty(t, w.prompts(person), "at the very instant")
	w.move(tuesday.AddDate(0, 0, 14).Add(2 * time.Minute))

	_, closed := w.told()
	require.Equal(t, []string{request.GetInvitations()[0].GetId()}, closed)
	require.Equal(t, notificationsv1.Message_STATE_EXPIRED, w.why(person, request.GetInvitations()[0].GetId()).GetState())
}

func TestSomebodyOfWhomDirectoryToldLateIsAskedThen(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	request := w.invite(person)
	w.publish("moments", request)
	require.Equal(t, "unknown_person", w.why(person, request.GetInvitations()[0].GetId()).GetDecisions()[0].GetReason())

	w.hire(asIs, person)
	w.move(tuesday.Add(time.Minute))
	shown, _ := w.told()
	require.Len(t, shown, 1)
}

func TestTwoReplicasShowEverythingOnce(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	w.replica(notifications.DefaultConfig())
	people := make([]string, 40)
	for i := range people {
		people[i] = uuid.NewString()
	}
	w.hire(asIs, people...)
	var want []string
	var requests []proto.Message
	for i := range 40 {
		request := w.invite(people[i], people[(i+7)%len(people)]) // each person twice, as the cap allows
		want = append(want, request.GetInvitations()[0].GetId(), request.GetInvitations()[1].GetId())
		requests = append(requests, request, request)
	}
	w.publish("moments", requests...)
	shown, _ := w.told()
	require.ElementsMatch(t, want, shown)
}

func TestOnlyThePersonSeesPromptsAndHRSeesWhy(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person, other := uuid.NewString(), uuid.NewString()
	w.hire(asIs, person, other)
	w.publish("moments", w.invite(person))

	_, err := w.peers.Notifications().ListPrompts(w.as(other, identity.HR), &notificationsv1.ListPromptsRequest{PersonId: person})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
	_, err = w.peers.Notifications().ExplainMessages(w.as(other), &notificationsv1.ExplainMessagesRequest{PersonId: person})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)

	res, err := w.peers.Notifications().ExplainMessages(w.as(other, identity.HR), &notificationsv1.ExplainMessagesRequest{PersonId: person})
	require.NoError(t, err)
	require.Len(t, res.GetMessages(), 1)
}

func TestHRCannotTellWhoAnswered(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person)
	hrSees := func() *notificationsv1.ExplainMessagesResponse {
		res, err := w.peers.Notifications().ExplainMessages(w.as(uuid.NewString(), identity.HR), &notificationsv1.ExplainMessagesRequest{PersonId: person})
		require.NoError(t, err)
		return res
	}

	w.publish("moments", request)
	shown := hrSees()
	require.Equal(t, notificationsv1.Message_STATE_SHOWN, shown.GetMessages()[0].GetState())
	w.publish("moments", closing(request))

	require.Equal(t, notificationsv1.Message_STATE_CLOSED, w.why(person, request.GetInvitations()[0].GetId()).GetState(), "the person sees it")
	require.True(t, proto.Equal(shown, hrSees()), "HR sees what it saw before the answer")
}

func TestRulesThatMakeNoSenseAreRefusedAtTheDoor(t *testing.T) {
	_, err := notifications.New(start(t, notifications.DefaultConfig()).parts, notifications.Config{})
	require.ErrorContains(t, err, "configuring notifications")
}

// The backlog of a night: many people whose window opens at the same instant.
func TestAThousandPutOffMessagesAreShownTogether(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	people := make([]string, 1000)
	for i := range people {
		people[i] = uuid.NewString()
	}
	w.hire(asIs, people...)
	w.move(tuesday.Add(10 * time.Hour))
	w.publish("moments", w.invite(people...))
	w.move(tuesday.AddDate(0, 0, 1))

	shown, _ := w.told()
	require.Len(t, shown, len(people))
	w.mu.Lock()
	defer w.mu.Unlock()
	require.LessOrEqual(t, len(w.events), 2, "mass work travels in few events")
}
