package moments_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

// problems are what is wrong with a draft, as field and code.
func (in *installation) problems(d *momentsv1.CampaignDraft) (found []string) {
	in.t.Helper()
	saved, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: uuid.NewString(), Draft: d})
	require.NoError(in.t, err)
	for _, p := range saved.GetProblems() {
		found = append(found, p.GetField()+" "+p.GetCode())
	}
	return found
}

func TestWhomADiscreetCampaignAskedIsNoCondition(t *testing.T) {
	in := install(t, moments.Config{})
	first := in.answeredBy(35, 12)
	in.nightfall()
	d := draft(&momentsv1.Audience{})
	d.On, d.Until = "2026-11-05", "2026-11-19"
	second := in.saved(d).GetId()
	asked := reacting(momentsv1.Reaction_DID_ASKED, second)
	_, err := in.audiences().SaveAudience(in.hr(), &momentsv1.SaveAudienceRequest{Id: uuid.NewString(), Name: "Asked", Audience: asked})
	require.NoError(t, err, "everybody may know whom it asks")

	d.Audience = reacting(momentsv1.Reaction_DID_NOT_ANSWERED, first)
	_, err = in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: second, Version: 1, Draft: d})
	require.NoError(t, err)
	in.take(second, check, launch)
	in.moveTo("2026-11-05T09:00:00Z")
	in.settle()
	for _, did := range []momentsv1.Reaction_Did{momentsv1.Reaction_DID_ASKED, momentsv1.Reaction_DID_NOT_ASKED, momentsv1.Reaction_DID_ANSWERED} {
		_, err := in.parts.Peers.Campaigns().CountAudience(in.hr(), &momentsv1.CountAudienceRequest{Audience: reacting(did, second), Examples: 20})
		require.Equal(t, []rpc.Violation{{Field: "audience.reaction", Description: "unknown"}}, rpc.Violations(err), "%s: each of them did not answer", did)
	}
	kept, err := in.audiences().ListAudiences(in.hr(), &momentsv1.ListAudiencesRequest{})
	require.NoError(t, err)
	require.True(t, kept.GetAudiences()[0].GetCount().GetTooFew(), "nor is it of an audience that was kept before")
}

func TestOfADiscreetCampaignNothingIsToldByUnit(t *testing.T) {
	in := install(t, moments.Config{})
	first := in.answeredBy(35, 12)
	in.nightfall()
	d := draft(reacting(momentsv1.Reaction_DID_NOT_ANSWERED, first))
	d.On, d.Until = "2026-11-05", "2026-11-19"
	second := in.saved(d).GetId()
	in.take(second, check, launch)
	in.moveTo("2026-11-05T09:00:00Z")
	in.settle()
	in.say(second, 4, upTo(13, 22)...)
	in.moveTo("2026-11-06T15:00:00Z")
	require.EqualValues(t, 10, in.brought(second, "").GetResults().GetResponses())
	unit := in.brought(second, "store-1", "store-1")
	require.True(t, unit.GetResults().GetTooFew(), "so many of the store did not answer")
	require.Empty(t, unit.GetUnits())
	res, err := in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{KeyMoment: "campaign", FollowUp: second, UnitId: "store-1", Language: "en"})
	require.NoError(t, err)
	require.True(t, res.GetTooFew())
}

func TestWhoeverIsAskedAfterTheirLastAnswerIsAskedDiscreetly(t *testing.T) {
	cfg := named()
	in := install(t, cfg)
	in.company(3)
	d := perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_ANSWER, 10)
	d.Audience = &momentsv1.Audience{UnitId: "store-1"}
	require.Empty(t, in.problems(d))
	d.Audience.Language = "fr"
	require.Equal(t, []string{"recurrence.anchor too_fine"}, in.problems(d), "with and without one person it would tell of that one")
	d.Audience.Language, d.QuestionnaireId = "", "named.v1"
	require.Equal(t, []string{"questionnaire_id named"}, in.problems(d), "whose name is read had answered")
}

func TestWhatRepeatsIsNoConditionAndAMonthsCampaignIs(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(3)
	in.tell(&directoryv1.PeopleRegistered{People: employees(11, 4, "2026-10-05"), AsOf: "2026-11-02"})
	in.settle()
	id := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 30))
	in.moveTo("2026-11-04T09:00:00Z")
	in.awaitSurveys(4)
	month := in.series(id).GetMade()[0].GetId()
	require.EqualValues(t, 4, in.counted(reacting(momentsv1.Reaction_DID_ASKED, month)).GetPeople())
	require.EqualValues(t, 3, in.counted(reacting(momentsv1.Reaction_DID_NOT_ASKED, month)).GetPeople())
	for _, nothing := range []string{id, uuid.NewString()} {
		require.Contains(t, in.problems(draft(reacting(momentsv1.Reaction_DID_NOT_ASKED, nothing))), "audience.reaction unknown",
			"that asked nobody: it would be everybody")
	}
}

func TestASeriesThatIsLaunchedAgainIsLookedAtAgain(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(36)
	people := make([]string, 12)
	for i := range people {
		people[i] = personID(3 + i)
	}
	in.quieten(people...)
	d := weekly(&momentsv1.Audience{NeverReacts: true})
	id := in.repeats(d)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(12)
	d.Recurrence.AnswerDays = 4
	_, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{
		Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Draft: d,
	})
	require.NoError(t, err)
	version := in.take(id, check).GetVersion()
	in.quieten(people[:9]...)
	_, err = in.parts.Peers.Campaigns().TakeCampaignStep(in.hr(), &momentsv1.TakeCampaignStepRequest{Id: id, Version: version, Step: launch})
	require.Equal(t, []rpc.Violation{{Field: "audience.reaction", Description: "too_few"}}, rpc.Violations(err))
}

func TestWhatGoesOnKeepsAName(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	id := in.launched(&momentsv1.Audience{})
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(5)
	d := draft(&momentsv1.Audience{})
	d.Name = ""
	_, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{
		Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Draft: d,
	})
	require.Equal(t, []rpc.Violation{{Field: "name", Description: "missing"}}, rpc.Violations(err))
	require.Equal(t, "Pulse", in.campaign(id).GetCampaign().GetDraft().GetName())
}

func TestWhoeverIsAskedOnADayOfTheirOwnReadsTheirOwnLastDay(t *testing.T) {
	in := install(t, moments.Config{})
	in.surrounded()
	in.company(2)
	in.tell(&directoryv1.PeopleRegistered{People: employees(11, 1, "2026-10-05"), AsOf: "2026-11-02"})
	in.settle()
	d := perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 30)
	d.Kind, d.QuestionnaireId = momentsv1.CampaignDraft_KIND_MESSAGE, ""
	d.Title = &momentsv1.Wording{Fr: "Bienvenue", En: "Welcome"}
	d.Text = &momentsv1.Wording{Fr: "Avant le {date_limite}", En: "By {until}"}
	id := in.repeats(d)
	in.moveTo("2026-11-04T09:00:00Z")
	require.Eventually(t, func() bool { return len(in.series(id).GetMade()) == 1 }, patience, 5*time.Millisecond)
	in.settle()
	month := in.series(id).GetMade()[0]
	require.Equal(t, "2026-12-07", month.GetDraft().GetUntil())
	require.False(t, month.GetDiscreet(), "a first day is no secret")
	read, err := in.client().GetSurvey(in.as(personID(11)), &momentsv1.GetSurveyRequest{
		InvitationId: in.invitationsOf(month.GetId())[personID(11)], Language: "en",
	})
	require.NoError(t, err)
	require.Equal(t, "By Wednesday 11 November", read.GetMessage(), "seven days, and not the end of the month's")
}
