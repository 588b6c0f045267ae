package moments_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments"
)

func (in *installation) audiences() momentsv1connect.AudiencesServiceClient {
	return in.parts.Peers.Audiences()
}

func (in *installation) counted(who *momentsv1.Audience) *momentsv1.CountAudienceResponse {
	in.t.Helper()
	res, err := in.parts.Peers.Campaigns().CountAudience(in.hr(), &momentsv1.CountAudienceRequest{Audience: who, Examples: 5})
	require.NoError(in.t, err)
	return res
}

// reacting is the condition on what people did about a campaign.
func reacting(did momentsv1.Reaction_Did, campaign string) *momentsv1.Audience {
	return &momentsv1.Audience{Reaction: &momentsv1.Reaction{Did: did, KeyMoment: "campaign", FollowUp: campaign}}
}

// answeredBy has a campaign ask everybody, of whom the first so many answer.
func (in *installation) answeredBy(people, answers int) string {
	in.t.Helper()
	in.company(people)
	id := in.launched(&momentsv1.Audience{})
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(people)
	invitations := in.campaignInvitations()
	asked, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitations[personID(1)]})
	require.NoError(in.t, err)
	for n := 1; n <= answers; n++ {
		_, err := in.client().SubmitResponse(in.as(personID(n)), &momentsv1.SubmitResponseRequest{
			InvitationId: invitations[personID(n)], Answers: required(asked.GetQuestions()),
		})
		require.NoError(in.t, err)
	}
	return id
}

func TestAnAudienceIsKeptUnderANameCountedAndDeleted(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(6)
	id := uuid.NewString()
	save := &momentsv1.SaveAudienceRequest{Id: id, Name: "Store 1", Audience: &momentsv1.Audience{UnitId: "store-1"}}
	for range 2 { // a button that is pressed twice
		saved, err := in.audiences().SaveAudience(in.hr(), save)
		require.NoError(t, err)
		require.EqualValues(t, 1, saved.GetAudience().GetVersion())
	}
	_, err := in.audiences().SaveAudience(in.hr(), &momentsv1.SaveAudienceRequest{Id: uuid.NewString(), Name: "Store 1", Audience: &momentsv1.Audience{}})
	require.Equal(t, []rpc.Violation{{Field: "name", Description: "taken"}}, rpc.Violations(err))

	list, err := in.audiences().ListAudiences(in.hr(), &momentsv1.ListAudiencesRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetAudiences(), 1)
	require.EqualValues(t, 5, list.GetAudiences()[0].GetCount().GetPeople())
	require.Equal(t, "2026-11-02T", list.GetAsOf()[:11])

	save.Audience, save.Version = &momentsv1.Audience{UnitId: "store-2"}, 1
	_, err = in.audiences().SaveAudience(in.hr(), save)
	require.NoError(t, err)
	save.Name = "Another"
	_, err = in.audiences().SaveAudience(in.hr(), save)
	require.True(t, rpc.Is(err, connect.CodeAborted), "the version that was seen is an older one: %v", err)

	for range 2 {
		_, err = in.audiences().DeleteAudience(in.hr(), &momentsv1.DeleteAudienceRequest{Id: id})
		require.NoError(t, err)
	}
	_, err = in.audiences().GetAudience(in.hr(), &momentsv1.GetAudienceRequest{Id: id})
	require.True(t, rpc.Is(err, connect.CodeNotFound), "%v", err)
}

func TestAKeptAudienceThatIsEditedChangesNoCampaign(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(6)
	kept := uuid.NewString()
	save := &momentsv1.SaveAudienceRequest{Id: kept, Name: "Store", Audience: &momentsv1.Audience{UnitId: "store-1"}}
	_, err := in.audiences().SaveAudience(in.hr(), save)
	require.NoError(t, err)
	d := draft(save.GetAudience())
	d.SavedAudienceId, d.SavedAudienceVersion = kept, 1
	id := in.saved(d).GetId()
	in.take(id, check, launch)
	save.Audience, save.Version = &momentsv1.Audience{UnitId: "store-2"}, 1
	_, err = in.audiences().SaveAudience(in.hr(), save)
	require.NoError(t, err)

	in.moveTo("2026-11-03T09:00:00Z")
	in.requireEverybodyOnce(5)
	said := in.campaign(id).GetCampaign().GetDraft()
	require.Equal(t, kept, said.GetSavedAudienceId())
	require.EqualValues(t, 1, said.GetSavedAudienceVersion(), "it says which version it is of")
}

func TestWhoAnsweredIsCountedInTensOfDaysThatAreOverAndNeverNamed(t *testing.T) {
	in := install(t, moments.Config{})
	id := in.answeredBy(35, 12)
	before := in.counted(reacting(momentsv1.Reaction_DID_ANSWERED, id))
	require.True(t, before.GetCount().GetTooFew(), "today's answers are not counted yet")
	require.Zero(t, before.GetPeople())

	in.nightfall()
	answered := in.counted(reacting(momentsv1.Reaction_DID_ANSWERED, id))
	require.EqualValues(t, 10, answered.GetPeople(), "twelve, rounded")
	require.True(t, answered.GetCount().GetAbout())
	require.Empty(t, answered.GetExampleIds())
	silent := in.counted(reacting(momentsv1.Reaction_DID_NOT_ANSWERED, id))
	require.EqualValues(t, 20, silent.GetPeople(), "twenty-three, rounded")
	asked := in.counted(reacting(momentsv1.Reaction_DID_ASKED, id))
	require.EqualValues(t, 35, asked.GetPeople(), "being asked is no secret")
	require.Len(t, asked.GetExampleIds(), 5)
	require.Zero(t, in.counted(reacting(momentsv1.Reaction_DID_NOT_ASKED, id)).GetPeople())

	store := reacting(momentsv1.Reaction_DID_ANSWERED, id)
	store.UnitId = "store-1"
	require.True(t, in.counted(store).GetCount().GetTooFew(), "all but one of the company: the difference would be that person's")
	_, err := in.parts.Peers.Campaigns().CountAudience(in.hr(), &momentsv1.CountAudienceRequest{Audience: &momentsv1.Audience{
		Language: "fr", Reaction: store.GetReaction(),
	}})
	require.Equal(t, []rpc.Violation{{Field: "audience.reaction", Description: "too_fine"}}, rpc.Violations(err))
}

func TestThoseWhoDidNotAnswerAreWrittenToDiscreetly(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 7})
	first := in.answeredBy(35, 12)
	in.nightfall()
	d := draft(reacting(momentsv1.Reaction_DID_NOT_ANSWERED, first))
	d.On, d.Until = "2026-11-05", "2026-11-19"
	second := in.saved(d).GetId()
	in.take(second, check, launch)
	in.moveTo("2026-11-05T09:00:00Z")
	in.settle()

	progress := in.campaign(second).GetProgress()
	require.EqualValues(t, 20, progress.GetInvited(), "twenty-three, rounded")
	require.True(t, progress.GetAbout())
	require.Nil(t, progress.Answered)
	asked := map[string]bool{}
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		var requested momentsv1.InvitationsRequested
		if ev.Type == typeOf(&requested) && ev.Decode(&requested) == nil {
			for _, i := range requested.GetInvitations() {
				if i.GetDiscreet() {
					asked[i.GetPersonId()] = true
				}
			}
		}
	}
	require.Len(t, asked, 23)
	require.False(t, asked[personID(12)])
	require.True(t, asked[personID(13)])
}

func TestTooFewWhoReactedCannotBeWrittenTo(t *testing.T) {
	in := install(t, moments.Config{})
	id := in.answeredBy(35, 4)
	in.nightfall()
	d := draft(reacting(momentsv1.Reaction_DID_ANSWERED, id))
	d.On, d.Until = "2026-11-05", "2026-11-19"
	saved, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: uuid.NewString(), Draft: d})
	require.NoError(t, err)
	require.Equal(t, "too_few", saved.GetProblems()[0].GetCode())
	_, err = in.parts.Peers.Campaigns().TakeCampaignStep(in.hr(), &momentsv1.TakeCampaignStepRequest{Id: saved.GetCampaign().GetId(), Version: 1, Step: check})
	require.Equal(t, []rpc.Violation{{Field: "audience.reaction", Description: "too_few"}}, rpc.Violations(err))
}

func TestWhatIsNobodyElsesBusinessIsNoCondition(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	for _, keyMoment := range []string{"reframing", "return_from_leave", "barometer", "talk_audit", "project_shared"} {
		_, err := in.parts.Peers.Campaigns().CountAudience(in.hr(), &momentsv1.CountAudienceRequest{Audience: &momentsv1.Audience{
			Reaction: &momentsv1.Reaction{Did: momentsv1.Reaction_DID_ASKED, KeyMoment: keyMoment},
		}})
		require.Equal(t, []rpc.Violation{{Field: "audience.reaction", Description: "unknown"}}, rpc.Violations(err), keyMoment)
	}
}

func TestAKeyMomentsFollowUpsCountAsReactionsToo(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(3)
	in.tell(&directoryv1.PeopleHired{People: employees(10, 2, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	in.moveTo("2026-11-10T12:00:00Z")
	asked := &momentsv1.Audience{Reaction: &momentsv1.Reaction{Did: momentsv1.Reaction_DID_ASKED, KeyMoment: "onboarding"}}
	require.EqualValues(t, 2, in.counted(asked).GetPeople())
	asked.Reaction.FollowUp = "day_90"
	require.Zero(t, in.counted(asked).GetPeople(), "not asked yet")
}

func TestThoseWhoReactedAreAskedNothingByName(t *testing.T) {
	cfg := named()
	in := install(t, cfg)
	in.company(36)
	var people []string
	for n := 3; n < 3+12; n++ {
		people = append(people, personID(n))
	}
	in.quieten(people...)
	d := draft(&momentsv1.Audience{NeverReacts: true})
	d.QuestionnaireId = "named.v1"
	saved, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: uuid.NewString(), Draft: d})
	require.NoError(t, err)
	require.Len(t, saved.GetProblems(), 1)
	require.Equal(t, "named", saved.GetProblems()[0].GetCode(), "whose name is read would be known to never react")
}
