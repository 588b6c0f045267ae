package moments_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/survey"
)

// named has one questionnaire that says that HR may read it, and that has a question of the other kinds.
func named() moments.Config {
	cfg := visits()
	both := survey.Wording{FR: "Question", EN: "Question"}
	cfg.Questionnaires = []moments.Questionnaire{{ID: "named.v1", Title: both, Named: true, Questions: []survey.Question{
		{ID: "advise", Kind: survey.Rating, Text: both, Required: true},
		{ID: "wishes", Kind: survey.Multiple, Text: both, Options: []survey.Option{{ID: "a", Label: both}, {ID: "b", Label: both}}},
	}}}
	cfg.Catalogue[0].FollowUps[0].Questionnaire = "named.v1"
	return cfg
}

func TestNamedAnswersAreReadByHRWithTheName(t *testing.T) {
	in := install(t, named())
	invitations := in.visited(employees(1, 2, "2019-05-01")...)
	asked, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitations[0]})
	require.NoError(t, err)
	require.False(t, asked.GetConfidential())
	given := []*momentsv1.Answer{
		{QuestionId: "advise", Value: &momentsv1.Answer_Number{Number: 0}},
		{QuestionId: "wishes", Value: &momentsv1.Answer_OptionIds{OptionIds: &momentsv1.OptionIds{Ids: []string{"b", "a"}}}},
	}
	for n := 1; n <= 2; n++ {
		_, err = in.answer(n, invitations[n-1], given)
		require.NoError(t, err)
	}

	list := func(token string) *momentsv1.ListNamedResponsesResponse {
		res, err := in.client().ListNamedResponses(in.hr(), &momentsv1.ListNamedResponsesRequest{KeyMoment: "visit", PageSize: 1, PageToken: token})
		require.NoError(t, err)
		return res
	}
	first := list("")
	second := list(first.GetNextPageToken())
	require.Empty(t, second.GetNextPageToken())
	require.ElementsMatch(t, []string{personID(1), personID(2)},
		[]string{first.GetResponses()[0].GetPersonId(), second.GetResponses()[0].GetPersonId()})
	require.Equal(t, "2026-11-02", first.GetResponses()[0].GetAnsweredOn())
	require.True(t, proto.Equal(given[0], first.GetResponses()[0].GetAnswers()[0]))
	require.True(t, proto.Equal(given[1], first.GetResponses()[0].GetAnswers()[1]))
	_, err = in.client().ListNamedResponses(in.as(personID(1)), &momentsv1.ListNamedResponsesRequest{KeyMoment: "visit"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}

func TestConfidentialAnswersAreNeverAmongTheNamed(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]
	_, err := in.answer(1, invitation, answers("curious", 5, "Merci"))
	require.NoError(t, err)
	res, err := in.client().ListNamedResponses(in.hr(), &momentsv1.ListNamedResponsesRequest{KeyMoment: "visit"})
	require.NoError(t, err)
	require.Empty(t, res.GetResponses())
}
