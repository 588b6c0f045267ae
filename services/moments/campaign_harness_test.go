package moments_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

const pulse = "onboarding_day_7.v1"

// company registers people from 1 on, all but the last of whom work in store-1.
func (in *installation) company(n int) {
	in.t.Helper()
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "company", Version: 1, Kind: "company", TimeZone: "Europe/Paris"},
		{Id: "store-1", Version: 1, ParentId: "company"},
		{Id: "store-2", Version: 1, ParentId: "company"},
	}})
	staff := append(employees(1, n-1, "2019-05-01"), employees(n, 1, "2026-05-01", "company", "store-2")...)
	for chunk := range slices.Chunk(staff, 1000) {
		in.tell(&directoryv1.PeopleRegistered{People: chunk, AsOf: "2026-11-02"})
	}
	in.settle()
}

// draft is a survey on Tuesday 3 November at ten.
func draft(who *momentsv1.Audience) *momentsv1.CampaignDraft {
	return &momentsv1.CampaignDraft{
		Name: "Pulse", Kind: momentsv1.CampaignDraft_KIND_SURVEY, QuestionnaireId: pulse, Audience: who,
		On: "2026-11-03", At: "10:00", Until: "2026-11-17",
	}
}

func (in *installation) saved(d *momentsv1.CampaignDraft) *momentsv1.Campaign {
	in.t.Helper()
	res, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: uuid.NewString(), Draft: d})
	require.NoError(in.t, err)
	require.Empty(in.t, res.GetProblems())
	return res.GetCampaign()
}

const (
	check  = momentsv1.TakeCampaignStepRequest_STEP_CHECK
	launch = momentsv1.TakeCampaignStepRequest_STEP_LAUNCH
	pause  = momentsv1.TakeCampaignStepRequest_STEP_PAUSE
	resume = momentsv1.TakeCampaignStepRequest_STEP_RESUME
	cancel = momentsv1.TakeCampaignStepRequest_STEP_CANCEL
)

func (in *installation) take(id string, steps ...momentsv1.TakeCampaignStepRequest_Step) *momentsv1.Campaign {
	in.t.Helper()
	var c *momentsv1.Campaign
	for _, step := range steps {
		res, err := in.parts.Peers.Campaigns().TakeCampaignStep(in.hr(), &momentsv1.TakeCampaignStepRequest{
			Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Step: step,
		})
		require.NoError(in.t, err)
		c = res.GetCampaign()
	}
	return c
}

func (in *installation) campaign(id string) *momentsv1.GetCampaignResponse {
	in.t.Helper()
	res, err := in.parts.Peers.Campaigns().GetCampaign(in.hr(), &momentsv1.GetCampaignRequest{Id: id})
	require.NoError(in.t, err)
	return res
}

// launched has a campaign wait for its time.
func (in *installation) launched(who *momentsv1.Audience) string {
	in.t.Helper()
	id := in.saved(draft(who)).GetId()
	require.Equal(in.t, momentsv1.Campaign_STATE_SCHEDULED, in.take(id, check, launch).GetState())
	return id
}

// requireEverybodyOnce demands that people 1 to n were asked once each and nobody else.
func (in *installation) requireEverybodyOnce(n int) {
	in.t.Helper()
	asked := in.awaitInvitations(n)
	require.Len(in.t, asked, n)
	for i := 1; i <= n; i++ {
		require.Equal(in.t, 1, asked[personID(i)+" survey"], "person %d", i)
	}
}

// campaignInvitations are the invitations by person.
func (in *installation) campaignInvitations() map[string]string {
	in.t.Helper()
	found := map[string]string{}
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		var requested momentsv1.InvitationsRequested
		if ev.Type == typeOf(&requested) {
			require.NoError(in.t, ev.Decode(&requested))
			for _, i := range requested.GetInvitations() {
				if i.GetKeyMoment() == "campaign" {
					found[i.GetPersonId()] = i.GetId()
				}
			}
		}
	}
	return found
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return instant
}

// required answers what has to be answered.
func required(questions []*momentsv1.Question) []*momentsv1.Answer {
	var given []*momentsv1.Answer
	for _, q := range questions {
		switch {
		case !q.GetRequired():
		case len(q.GetOptions()) > 0:
			given = append(given, &momentsv1.Answer{QuestionId: q.GetId(), Value: &momentsv1.Answer_OptionId{OptionId: q.GetOptions()[0].GetId()}})
		default:
			given = append(given, &momentsv1.Answer{QuestionId: q.GetId(), Value: &momentsv1.Answer_Number{Number: 4}})
		}
	}
	return given
}
