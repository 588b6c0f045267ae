package moments_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/survey"
)

// visited makes people who are being asked, and returns their invitations in the people's order.
func (in *installation) visited(people ...*directoryv1.Employee) []string {
	in.t.Helper()
	in.tell(&directoryv1.PeopleRegistered{People: people, AsOf: "2026-11-02"})
	in.settle()
	invitations := make([]string, len(people))
	for _, p := range people {
		_, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "visit", PersonId: p.GetId()})
		require.NoError(in.t, err)
	}
	in.settle()
	for i, p := range people {
		invitations[i] = in.momentsOf(p.GetId())[0].GetFollowUps()[0].GetInvitationId()
	}
	return invitations
}

func answers(feeling string, welcomed int32, comment string) []*momentsv1.Answer {
	given := []*momentsv1.Answer{
		{QuestionId: "feeling", Value: &momentsv1.Answer_OptionId{OptionId: feeling}},
		{QuestionId: "welcomed", Value: &momentsv1.Answer_Number{Number: welcomed}},
		{QuestionId: "whom_to_ask", Value: &momentsv1.Answer_Number{Number: 4}},
		{QuestionId: "ready_for_me", Value: &momentsv1.Answer_Number{Number: 2}},
	}
	if comment != "" {
		given = append(given, &momentsv1.Answer{QuestionId: "first_days_wish", Value: &momentsv1.Answer_Text{Text: comment}})
	}
	return given
}

func (in *installation) answer(n int, invitation string, given []*momentsv1.Answer) (*momentsv1.SubmitResponseResponse, error) {
	return in.client().SubmitResponse(in.as(personID(n)), &momentsv1.SubmitResponseRequest{InvitationId: invitation, Answers: given})
}

func TestAnInvitedPersonReadsAnswersAndIsDone(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]

	get := func(language string) *momentsv1.GetSurveyResponse {
		res, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitation, Language: language})
		require.NoError(t, err)
		return res
	}
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_OPEN, get("").GetState())
	require.Equal(t, "Votre premier jour", get("").GetTitle(), "without a language, the person's own")
	require.Equal(t, "Your first day", get("en").GetTitle())
	require.True(t, get("").GetConfidential())
	require.Equal(t, "Confiance", get("fr").GetQuestions()[0].GetOptions()[1].GetLabel())

	res, err := in.answer(1, invitation, answers("curious", 5, "Merci"))
	require.NoError(t, err)
	require.False(t, res.GetAlreadyAnswered())
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_ANSWERED, get("fr").GetState())
	require.Empty(t, get("fr").GetQuestions())

	in.settle()
	require.Eventually(t, func() bool { return in.closed()[invitation] == 1 }, patience, 5*time.Millisecond)
}

func TestOnlyTheInvitedPersonKnowsOfAnInvitation(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]

	_, err := in.client().GetSurvey(in.as(personID(2)), &momentsv1.GetSurveyRequest{InvitationId: invitation})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	_, err = in.answer(2, invitation, answers("curious", 5, ""))
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	_, err = in.client().GetSurvey(in.hr(), &momentsv1.GetSurveyRequest{InvitationId: invitation})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}

func TestNobodyAnswersBeforeBeingAsked(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleHired{People: employees(1, 1, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	invitation := in.momentsOf(personID(1))[0].GetFollowUps()[0].GetInvitationId()

	_, err := in.answer(1, invitation, answers("curious", 5, ""))
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
}

func TestTwoTabsStoreOneAnswer(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]

	const tabs = 8
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		first []int32
	)
	for i := range tabs {
		wg.Go(func() {
			res, err := in.answer(1, invitation, answers("curious", int32(i%5)+1, ""))
			if err != nil {
				t.Error(err)
				return
			}
			if !res.GetAlreadyAnswered() {
				mu.Lock()
				first = append(first, int32(i%5)+1)
				mu.Unlock()
			}
		})
	}
	wg.Wait()

	require.Len(t, first, 1)
	stored, err := mongostore.NewResponses(in.db).About(t.Context(), "visit", "")
	require.NoError(t, err)
	require.Len(t, stored, 1)
	require.EqualValues(t, first[0], *stored[0].Answers[1].Number, "what was stored first stays")
	in.settle()
	require.Eventually(t, func() bool { return in.closed()[invitation] == 1 }, patience, 5*time.Millisecond)
}

func TestAWrongAnswerNamesItsQuestionAndStoresNothing(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]

	_, err := in.answer(1, invitation, answers("curious", 6, ""))
	require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err))
	require.Equal(t, "welcomed", rpc.Violations(err)[0].Field)
	_, err = in.answer(1, invitation, answers("curious", 5, ""))
	require.NoError(t, err)
}

func TestALateAnswerIsRefusedUnlessItRepeatsOneInTime(t *testing.T) {
	in := install(t, visits())
	invitations := in.visited(employees(1, 2, "2019-05-01")...)
	_, err := in.answer(1, invitations[0], answers("curious", 5, ""))
	require.NoError(t, err)
	in.clock.Advance(14*24*time.Hour + time.Minute)

	res, err := in.answer(1, invitations[0], answers("curious", 5, ""))
	require.NoError(t, err)
	require.True(t, res.GetAlreadyAnswered())
	_, err = in.answer(2, invitations[1], answers("curious", 5, ""))
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err))
	late, err := in.client().GetSurvey(in.as(personID(2)), &momentsv1.GetSurveyRequest{InvitationId: invitations[1]})
	require.NoError(t, err)
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_EXPIRED, late.GetState())
}

func TestNothingStoredWithAnAnswerSaysWhose(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]
	_, err := in.answer(1, invitation, answers("anxious", 2, "Un vestiaire"))
	require.NoError(t, err)
	in.settle()

	cursor, err := in.db.Collection("responses").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	var docs []bson.M
	require.NoError(t, cursor.All(t.Context(), &docs))
	require.Len(t, docs, 1)
	fields := make([]string, 0, len(docs[0]))
	for field, value := range docs[0] {
		fields = append(fields, field)
		require.NotContains(t, []string{"bson.DateTime", "bson.ObjectID", "bson.Timestamp"}, fmt.Sprintf("%T", value), field)
	}
	slices.Sort(fields)
	require.Equal(t, []string{"_id", "answered_on", "answers", "asked_in", "follow_up", "key_moment", "questionnaire", "unit_path"}, fields)
	require.Equal(t, "2026-11-02", docs[0]["answered_on"])
	text, err := json.Marshal(docs[0])
	require.NoError(t, err)
	require.NotContains(t, string(text), personID(1))
	require.NotContains(t, string(text), invitation)

	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		require.NotContains(t, string(ev.Data), "vestiaire")
		require.NotContains(t, string(ev.Data), "anxious")
	}
}

func TestAnswersLeftOpenByACrashAreClosedAtTheNextStart(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]
	in.stop()
	// The process died after the answer was stored and before anything else.
	stored, err := mongostore.NewResponses(in.db).Insert(t.Context(), survey.Response{
		ID: survey.ResponseID(invitation), KeyMoment: "visit", FollowUp: "now", Questionnaire: "onboarding_day_1.v1", Closing: true,
	})
	require.NoError(t, err)
	require.True(t, stored)

	in.start()
	in.settle()
	require.Eventually(t, func() bool { return in.closed()[invitation] == 1 }, patience, 5*time.Millisecond)
}

func TestAnAnswerWhoseFateWasUnknownIsClosedWhenItIsSentAgain(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]
	// The database took the answer and went away before it said so; the process lives on and closed nothing.
	stored, err := mongostore.NewResponses(in.db).Insert(t.Context(), survey.Response{
		ID: survey.ResponseID(invitation), KeyMoment: "visit", FollowUp: "now", Questionnaire: "onboarding_day_1.v1", Closing: true,
	})
	require.NoError(t, err)
	require.True(t, stored)

	res, err := in.answer(1, invitation, answers("curious", 5, "Merci"))
	require.NoError(t, err)
	require.True(t, res.GetAlreadyAnswered())
	require.Eventually(t, func() bool { return in.closed()[invitation] == 1 }, patience, 5*time.Millisecond)

	_, err = in.answer(1, invitation, answers("curious", 5, "Merci"))
	require.NoError(t, err)
	in.settle()
	require.Equal(t, 1, in.closed()[invitation], "what is closed is not closed again")
}
