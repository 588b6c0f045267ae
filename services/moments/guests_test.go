package moments_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// portal is who asks on behalf of a link's holder.
func (in *installation) portal() context.Context {
	return identity.AsService(in.t.Context(), "portal")
}

func (in *installation) interviewed(request *momentsv1.DeclareGuestMomentRequest) *momentsv1.DeclareGuestMomentResponse {
	in.t.Helper()
	request.KeyMoment, request.UnitId = moment.RecruitmentInterview, "store-1"
	declared, err := in.parts.Peers.Guests().DeclareGuestMoment(in.operator(), request)
	require.NoError(in.t, err)
	return declared
}

func token(link *momentsv1.GuestLink) string { return strings.TrimPrefix(link.GetPath(), "/g/") }

func (in *installation) guestSurvey(token string) (*momentsv1.GetGuestSurveyResponse, error) {
	return in.parts.Peers.Guests().GetGuestSurvey(in.portal(), &momentsv1.GetGuestSurveyRequest{Token: token})
}

func (in *installation) guestAnswers(token string) (*momentsv1.SubmitGuestResponseResponse, error) {
	got, err := in.guestSurvey(token)
	require.NoError(in.t, err)
	return in.parts.Peers.Guests().SubmitGuestResponse(in.portal(), &momentsv1.SubmitGuestResponseRequest{
		Token: token, Answers: firstOfEach(got.GetSurvey().GetQuestions()), ContactMe: true,
	})
}

// firstOfEach answers every question that must be answered.
func firstOfEach(questions []*momentsv1.Question) []*momentsv1.Answer {
	var given []*momentsv1.Answer
	for _, q := range questions {
		switch {
		case !q.GetRequired():
		case len(q.GetOptions()) > 0:
			given = append(given, &momentsv1.Answer{QuestionId: q.GetId(), Value: &momentsv1.Answer_OptionId{OptionId: q.GetOptions()[0].GetId()}})
		default:
			given = append(given, &momentsv1.Answer{QuestionId: q.GetId(), Value: &momentsv1.Answer_Number{Number: 3}})
		}
	}
	return given
}

// kept is how many documents a collection holds.
func (in *installation) kept(collection string) int {
	in.t.Helper()
	n, err := in.db.Collection(collection).CountDocuments(in.t.Context(), bson.D{})
	require.NoError(in.t, err)
	return int(n)
}

func TestACandidateAnswersByAPersonalLink(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declared := in.interviewed(&momentsv1.DeclareGuestMomentRequest{FirstName: "Nour", Language: "en"})
	require.Len(t, declared.GetLinks(), 1)
	link := declared.GetLinks()[0]
	require.GreaterOrEqual(t, len(token(link)), 43, "256 bits")

	early, err := in.guestSurvey(token(link))
	require.NoError(t, err)
	require.Nil(t, early.GetSurvey(), "the questions come the day after")
	require.Equal(t, link.GetOpensAt(), early.GetOpensAt())
	require.Equal(t, "Nour", early.GetFirstName())

	in.moveTo("2026-11-03T11:00:00Z")
	for range 3 {
		got, err := in.guestSurvey(token(link))
		require.NoError(t, err)
		require.Equal(t, momentsv1.GetSurveyResponse_STATE_OPEN, got.GetSurvey().GetState())
		require.True(t, got.GetSurvey().GetConfidential())
		require.False(t, got.GetSurvey().GetAsksContact(), "HR would not know whom to contact")
		require.Equal(t, "en", got.GetLanguage())
	}
	require.Zero(t, in.kept("responses"), "looking changes nothing")

	_, err = in.parts.Peers.Guests().SubmitGuestResponse(in.portal(), &momentsv1.SubmitGuestResponseRequest{Token: token(link)})
	require.NotEmpty(t, rpc.Violations(err), "the rules are everybody's")
	first, err := in.guestAnswers(token(link))
	require.NoError(t, err)
	require.False(t, first.GetAlreadyAnswered())
	got, err := in.guestSurvey(token(link))
	require.NoError(t, err)
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_ANSWERED, got.GetSurvey().GetState())
	second, err := in.parts.Peers.Guests().SubmitGuestResponse(in.portal(), &momentsv1.SubmitGuestResponseRequest{Token: token(link)})
	if err == nil {
		require.True(t, second.GetAlreadyAnswered())
	}
	require.Equal(t, 1, in.kept("responses"))
	in.settle()
	require.Empty(t, in.invitations(), "no other service is told to ask a guest")
	require.Empty(t, in.closed())
}

func TestHRSeesAGuestsMomentWithoutTheGuest(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declared := in.interviewed(&momentsv1.DeclareGuestMomentRequest{FirstName: "Nour"})
	list, err := in.client().ListMoments(in.hr(), &momentsv1.ListMomentsRequest{UnitId: "store-1"})
	require.NoError(t, err)
	view := list.GetMoments()[0]
	require.Equal(t, declared.GetMomentId(), view.GetId())
	require.True(t, view.GetGuest())
	require.Empty(t, view.GetPersonId())
	require.Equal(t, "store-1", view.GetUnitId())
	require.True(t, view.GetFollowUps()[0].GetByLink())
	require.NotContains(t, list.String(), "Nour")

	local := func(unit string) context.Context {
		return identity.NewContext(t.Context(), identity.Actor{PersonID: personID(5), Grants: []identity.Grant{{Role: identity.LocalHR, Unit: unit}}})
	}
	_, err = in.client().GetMoment(local("store-1"), &momentsv1.GetMomentRequest{MomentId: declared.GetMomentId()})
	require.NoError(t, err)
	_, err = in.client().GetMoment(local("store-2"), &momentsv1.GetMomentRequest{MomentId: declared.GetMomentId()})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	_, err = in.parts.Peers.Guests().DeclareGuestMoment(local("store-2"), &momentsv1.DeclareGuestMomentRequest{KeyMoment: moment.RecruitmentInterview, UnitId: "store-1"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))

	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		require.NotContains(t, string(ev.Data), "Nour")
	}
}

func TestTheSameRequestMeansTheSameGuest(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	first := in.interviewed(&momentsv1.DeclareGuestMomentRequest{RequestId: requestID, FirstName: "Nour"})
	in.moveTo("2026-11-03T11:00:00Z")
	again := in.interviewed(&momentsv1.DeclareGuestMomentRequest{RequestId: requestID, FirstName: "Nour"})
	require.True(t, again.GetAlreadyKnown())
	require.Equal(t, first.GetMomentId(), again.GetMomentId())
	require.Equal(t, 1, in.kept("guests"))
	require.NotEqual(t, first.GetLinks()[0].GetPath(), again.GetLinks()[0].GetPath(), "no link is kept to be shown twice")

	_, err := in.guestAnswers(token(again.GetLinks()[0]))
	require.NoError(t, err)
	got, err := in.guestSurvey(token(first.GetLinks()[0]))
	require.NoError(t, err)
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_ANSWERED, got.GetSurvey().GetState(), "two links, one answer")

	one := in.interviewed(&momentsv1.DeclareGuestMomentRequest{}).GetMomentId()
	another := in.interviewed(&momentsv1.DeclareGuestMomentRequest{}).GetMomentId()
	require.NotEqual(t, one, another, "two candidates of one day are two")
}

func TestANewLinkReplacesTheEarlierOnes(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declared := in.interviewed(&momentsv1.DeclareGuestMomentRequest{})
	made, err := in.parts.Peers.Guests().CreateGuestLink(in.hr(), &momentsv1.CreateGuestLinkRequest{MomentId: declared.GetMomentId(), FollowUp: "day_1"})
	require.NoError(t, err)
	_, err = in.guestSurvey(token(declared.GetLinks()[0]))
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	_, err = in.guestSurvey(token(made.GetLink()))
	require.NoError(t, err)
	_, err = in.guestSurvey("no-such-link")
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))

	_, err = in.client().CancelMoment(in.hr(), &momentsv1.CancelMomentRequest{MomentId: declared.GetMomentId(), Reason: "Par erreur."})
	require.NoError(t, err)
	_, err = in.guestSurvey(token(made.GetLink()))
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))

	person, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "training", PersonId: personID(2)})
	require.NoError(t, err)
	_, err = in.parts.Peers.Guests().CreateGuestLink(in.hr(), &momentsv1.CreateGuestLinkRequest{MomentId: person.GetMomentId(), FollowUp: "day_1"})
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err), "somebody with an account answers with it")
}

func TestAGuestIsForgottenAWhileAfterTheLastInvitationEnded(t *testing.T) {
	in := install(t, moments.Config{GuestsKeptDays: 10})
	in.store()
	declared := in.interviewed(&momentsv1.DeclareGuestMomentRequest{FirstName: "Nour"})
	in.moveTo("2026-11-03T11:00:00Z")
	in.moveTo("2026-11-18T11:00:00Z")
	got, err := in.guestSurvey(token(declared.GetLinks()[0]))
	require.NoError(t, err)
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_EXPIRED, got.GetSurvey().GetState())
	require.Equal(t, 1, in.kept("guests"))
	in.moveTo("2026-12-20T11:00:00Z")
	require.Zero(t, in.kept("guests"))
	require.Zero(t, in.kept("guest_links"))
	_, err = in.guestSurvey(token(declared.GetLinks()[0]))
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	require.Len(t, in.momentsIn("store-1"), 1, "the moment stays, and says of nobody")
}

func (in *installation) momentsIn(unit string) []*momentsv1.MomentView {
	in.t.Helper()
	list, err := in.client().ListMoments(in.hr(), &momentsv1.ListMomentsRequest{UnitId: unit})
	require.NoError(in.t, err)
	return list.GetMoments()
}

// afterwards is a catalogue that asks leavers a month after they left.
func afterwards(asksContact bool) moments.Config {
	return moments.Config{
		Catalogue: moments.Catalogue{{Code: moment.Departure, Automatic: true, FollowUps: []moments.Rule{
			{Code: "last_days", OffsetDays: -3, GraceDays: 3, AnswerDays: 14, EndsWithMoment: true, Questionnaire: "afterwards.v1"},
			{Code: "day_30", OffsetDays: 30, GraceDays: 14, AnswerDays: 21, Questionnaire: "afterwards.v1", AsksContact: asksContact},
		}}},
		Questionnaires: []moments.Questionnaire{{
			ID: "afterwards.v1", Title: survey.Wording{FR: "Et maintenant ?", EN: "And now?"},
			Questions: []survey.Question{{
				ID: "and_now", Kind: survey.ShortText, Text: survey.Wording{FR: "Un mot ?", EN: "A word?"}, MaxLength: 100,
			}},
		}},
	}
}

func TestALeaverIsReachedByAPersonalLinkAfterTheLastDay(t *testing.T) {
	in := install(t, afterwards(true))
	in.store()
	leaver := employee(2, "2019-05-01")
	leaver.Version, leaver.LeftOn = 2, "2026-11-20"
	in.tell(&directoryv1.PeopleLeft{People: []*directoryv1.Employee{leaver}, AsOf: "2026-11-02"})
	in.settle()
	in.moveTo("2026-11-17T12:00:00Z")
	in.awaitInvitations(1)
	in.moveTo("2026-12-21T12:00:00Z")
	require.Equal(t, map[string]int{personID(2) + " last_days": 1}, in.invitations(), "no prompt for somebody without a session")
	view := in.momentsOf(personID(2))[0]
	require.Equal(t, "STATE_ASKED", states(view)["day_30"])
	require.False(t, view.GetFollowUps()[0].GetByLink())
	require.True(t, view.GetFollowUps()[1].GetByLink())

	made, err := in.parts.Peers.Guests().CreateGuestLink(in.hr(), &momentsv1.CreateGuestLinkRequest{MomentId: view.GetId(), FollowUp: "day_30"})
	require.NoError(t, err)
	got, err := in.guestSurvey(token(made.GetLink()))
	require.NoError(t, err)
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_OPEN, got.GetSurvey().GetState())
	require.True(t, got.GetSurvey().GetAsksContact())
	_, err = in.guestAnswers(token(made.GetLink()))
	require.NoError(t, err)
	require.Equal(t, 1, in.kept("responses"))

	_, err = in.parts.Peers.Guests().CreateGuestLink(in.hr(), &momentsv1.CreateGuestLinkRequest{MomentId: view.GetId(), FollowUp: "last_days"})
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err))
	in.moveTo("2027-04-01T12:00:00Z")
	require.Zero(t, in.kept("guest_links"))
}

func TestManyAnswersToOneLinkAreOne(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	link := in.interviewed(&momentsv1.DeclareGuestMomentRequest{}).GetLinks()[0]
	in.moveTo("2026-11-03T11:00:00Z")
	got, err := in.guestSurvey(token(link))
	require.NoError(t, err)
	first := make(chan bool, 8)
	for range cap(first) {
		go func() {
			res, err := in.parts.Peers.Guests().SubmitGuestResponse(in.portal(), &momentsv1.SubmitGuestResponseRequest{
				Token: token(link), Answers: firstOfEach(got.GetSurvey().GetQuestions()),
			})
			first <- err == nil && !res.GetAlreadyAnswered()
		}()
	}
	firsts := 0
	for range cap(first) {
		select {
		case won := <-first:
			if won {
				firsts++
			}
		case <-time.After(patience):
			t.Fatal("an answer was lost")
		}
	}
	require.Equal(t, 1, firsts)
	require.Equal(t, 1, in.kept("responses"))
}

func TestHowLongGuestsAreKeptIsASetting(t *testing.T) {
	cfg, err := config.Load[moments.Config]([]string{"JALON_GUESTS_KEPT_DAYS=90"})
	require.NoError(t, err)
	require.Equal(t, 90, cfg.GuestsKeptDays)
	_, err = config.Load[moments.Config]([]string{"JALON_GUESTS_KEPT_DAYS=-3"})
	require.ErrorContains(t, err, "JALON_GUESTS_KEPT_DAYS")
}
