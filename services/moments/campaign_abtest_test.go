package moments_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/agenda"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/mongostore"
)

const (
	tested      = 260
	sampleShare = 50
)

// trial is a draft of which two subjects are tried on half of everybody for a day.
func trial() *momentsv1.CampaignDraft {
	d := draft(&momentsv1.Audience{})
	d.Test = &momentsv1.CampaignTest{
		Criterion: momentsv1.CampaignTest_CRITERION_SUBJECT, Share: sampleShare, Wait: 24,
		SubjectA: &momentsv1.Wording{Fr: "Deux minutes ?", En: "Two minutes?"}, SubjectB: &momentsv1.Wording{Fr: "Votre avis compte", En: "Your view counts"},
	}
	return d
}

func trialOfTimes() *momentsv1.CampaignDraft {
	d := draft(&momentsv1.Audience{})
	d.Test = &momentsv1.CampaignTest{Criterion: momentsv1.CampaignTest_CRITERION_SEND_TIME, Share: sampleShare, Wait: 24, AtB: "15:00"}
	return d
}

func (in *installation) launchedTrial(d *momentsv1.CampaignDraft) string {
	in.t.Helper()
	id := in.saved(d).GetId()
	require.Equal(in.t, momentsv1.Campaign_STATE_SCHEDULED, in.take(id, check, launch).GetState())
	return id
}

// groups are the people of a test by group.
func groups(id string) map[abtest.Group][]int {
	all := map[abtest.Group][]int{}
	for n := 1; n <= tested; n++ {
		g := abtest.Assign(id, personID(n), sampleShare)
		all[g] = append(all[g], n)
	}
	return all
}

// subjects are the English lines by which people were invited to a campaign.
func (in *installation) subjects() map[string]string {
	in.t.Helper()
	found := map[string]string{}
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		var requested momentsv1.InvitationsRequested
		if ev.Type == typeOf(&requested) {
			require.NoError(in.t, ev.Decode(&requested))
			for _, i := range requested.GetInvitations() {
				if earlier, told := found[i.GetPersonId()]; told {
					require.Equal(in.t, earlier, i.GetSubject().GetEn(), "nobody gets both")
				}
				found[i.GetPersonId()] = i.GetSubject().GetEn()
			}
		}
	}
	return found
}

// haveAnswered has people answer.
func (in *installation) haveAnswered(people []int) {
	in.t.Helper()
	invitations := in.campaignInvitations()
	asked, err := in.client().GetSurvey(in.as(personID(people[0])), &momentsv1.GetSurveyRequest{InvitationId: invitations[personID(people[0])]})
	require.NoError(in.t, err)
	for _, n := range people {
		_, err := in.client().SubmitResponse(in.as(personID(n)), &momentsv1.SubmitResponseRequest{
			InvitationId: invitations[personID(n)], Answers: required(asked.GetQuestions()),
		})
		require.NoError(in.t, err)
	}
	in.settle()
}

func TestWhatTheSampleAnswersMoreGoesToTheRest(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 100})
	in.company(tested)
	id := in.launchedTrial(trial())
	of := groups(id)
	in.moveTo("2026-11-03T09:00:00Z")
	sample := len(of[abtest.A]) + len(of[abtest.B])
	require.Len(t, in.awaitInvitations(sample), sample)
	require.Nil(t, in.campaign(id).GetCampaign().GetDecision())

	in.haveAnswered(of[abtest.A][:10])
	in.haveAnswered(of[abtest.B][:40])
	progress := in.campaign(id).GetProgress()
	require.EqualValues(t, tested, progress.GetAudience(), "the denominator is that of all")
	require.EqualValues(t, sample, progress.GetInvited())
	require.False(t, progress.GetAllInvited())
	b := progress.GetGroups()[1]
	require.Equal(t, "b", b.GetGroup())
	require.EqualValues(t, len(of[abtest.B]), b.GetInvited())
	require.EqualValues(t, 40, b.GetAnswered())
	require.Equal(t, "2026-11-04T09:00:00Z", b.GetCountedAt())

	in.moveTo("2026-11-04T09:00:00Z")
	in.requireEverybodyOnce(tested)
	lines := in.subjects()
	for _, n := range of[abtest.A] {
		require.Equal(t, "Two minutes?", lines[personID(n)])
	}
	for _, n := range append(of[abtest.B], of[abtest.Rest]...) {
		require.Equal(t, "Your view counts", lines[personID(n)])
	}
	got := in.campaign(id)
	decision := got.GetCampaign().GetDecision()
	require.Equal(t, "b", decision.GetWinner())
	require.EqualValues(t, 40, decision.GetB().GetAnswered())
	require.Less(t, decision.GetP(), 0.05)
	require.Positive(t, decision.GetLow())
	require.True(t, got.GetProgress().GetAllInvited())
	require.EqualValues(t, tested, got.GetProgress().GetInvited())
}

func TestOfWhoeverIsErasedTheAnswerForgetsTheGroup(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 100})
	in.company(tested)
	id := in.launchedTrial(trial())
	of := groups(id)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(len(of[abtest.A]) + len(of[abtest.B]))
	in.haveAnswered(of[abtest.B][:6])
	in.tell(&directoryv1.PeopleErased{PersonIds: []string{personID(of[abtest.B][0])}})
	in.settle()
	progress := in.campaign(id).GetProgress()
	require.EqualValues(t, 6, progress.GetAnswered(), "the answer stays")
	require.EqualValues(t, 5, progress.GetGroups()[1].GetAnswered(), "and says nothing any more that follows from who it was")
	require.EqualValues(t, len(of[abtest.B]), progress.GetGroups()[1].GetInvited(), "that they were asked counts on")
}

func TestWithoutADifferenceTheCampaignGoesOnAsItIsWritten(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 100})
	in.company(tested)
	id := in.launchedTrial(trial())
	of := groups(id)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(len(of[abtest.A]) + len(of[abtest.B]))
	in.moveTo("2026-11-04T09:00:00Z")
	in.requireEverybodyOnce(tested)
	decision := in.campaign(id).GetCampaign().GetDecision()
	require.Empty(t, decision.GetWinner())
	require.Equal(t, "no_difference", decision.GetReason())
	lines := in.subjects()
	for _, n := range of[abtest.Rest] {
		require.Equal(t, "Two minutes?", lines[personID(n)])
	}
}

func TestTwoTimesAreTriedAndTheRestIsInvitedAtTheBetterOne(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 100})
	in.company(tested)
	id := in.launchedTrial(trialOfTimes())
	of := groups(id)
	in.moveTo("2026-11-03T09:00:00Z")
	require.Len(t, in.awaitInvitations(len(of[abtest.A])), len(of[abtest.A]), "at ten in Paris")
	in.haveAnswered(of[abtest.A][:5])
	in.moveTo("2026-11-03T14:00:00Z")
	in.awaitInvitations(len(of[abtest.A]) + len(of[abtest.B]))
	in.haveAnswered(of[abtest.B][:40])

	in.moveTo("2026-11-04T09:00:00Z")
	require.Nil(t, in.campaign(id).GetCampaign().GetDecision(), "the later ones have not had their day yet")
	in.moveTo("2026-11-04T14:00:00Z")
	in.requireEverybodyOnce(tested)
	require.Equal(t, "b", in.campaign(id).GetCampaign().GetDecision().GetWinner())
	require.Equal(t, "2026-11-04T14:00:00Z", in.campaign(id).GetCampaign().GetDecision().GetRestFrom())
	for _, subject := range in.subjects() {
		require.Empty(t, subject)
	}
}

func TestATestThatIsPausedInTheMiddleHasNoWinnerAndNobodyIsForgotten(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 100})
	in.company(tested)
	id := in.launchedTrial(trialOfTimes())
	of := groups(id)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(len(of[abtest.A]))
	in.haveAnswered(of[abtest.A][:40])
	in.take(id, pause)
	in.moveTo("2026-11-05T14:00:00Z")
	require.Len(t, in.invitations(), len(of[abtest.A]), "nobody is invited while it is paused")

	in.take(id, resume)
	in.settle()
	in.awaitInvitations(len(of[abtest.A]) + len(of[abtest.B]))
	in.moveTo("2026-11-06T14:00:00Z")
	require.Equal(t, "disturbed", in.campaign(id).GetCampaign().GetDecision().GetReason(), "the sides had different days")
	in.moveTo("2026-11-09T12:00:00Z")
	require.Equal(t, "2026-11-10T09:00:00Z", in.campaign(id).GetCampaign().GetDecision().GetRestFrom(), "no Monday morning")
	in.moveTo("2026-11-10T09:00:00Z")
	in.requireEverybodyOnce(tested)
}

func TestATestThatIsCancelledInvitesNobodyElse(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 100})
	in.company(tested)
	id := in.launchedTrial(trial())
	of := groups(id)
	in.moveTo("2026-11-03T09:00:00Z")
	sample := len(of[abtest.A]) + len(of[abtest.B])
	in.awaitInvitations(sample)
	in.take(id, cancel)
	in.moveTo("2026-11-04T09:00:00Z")
	require.Len(t, in.invitations(), sample)
	require.Len(t, in.closed(), sample, "and those who were invited are asked no more")
	require.Nil(t, in.campaign(id).GetCampaign().GetDecision())
}

func TestWhereTheAudienceIsTooSmallForATestItIsNotLaunched(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(9)
	res, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: personID(999), Draft: trial()})
	require.NoError(t, err)
	require.Len(t, res.GetProblems(), 1)
	require.Equal(t, "test.share", res.GetProblems()[0].GetField())
	require.Equal(t, "too_few", res.GetProblems()[0].GetCode())
}

func TestTheRestCanBePausedAndCancelledToo(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 100})
	in.company(tested)
	id := in.launchedTrial(trial())
	of := groups(id)
	sample := len(of[abtest.A]) + len(of[abtest.B])
	in.stop()
	in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
	dying := in.dyingRunner(mongostore.NewCampaigns(in.db))
	dying.stepOnce(id, "begin")
	for _, step := range []string{"a", "b", "a", "b", "b", "a", "count", "rest"} {
		if step == "count" {
			in.clock.Set(at(t, "2026-11-04T09:00:00Z"))
		}
		dying.stepOfTest(id, step)
	}
	dying.pause(id)
	in.start()
	in.settle()
	invited := in.campaign(id).GetProgress().GetInvited()
	require.Greater(t, invited, int64(sample))
	require.Less(t, invited, int64(tested))
	in.moveTo("2026-11-05T09:00:00Z")
	require.Equal(t, invited, in.campaign(id).GetProgress().GetInvited())
	in.take(id, resume)
	in.settle()
	in.requireEverybodyOnce(tested)
	in.take(id, cancel)
	in.settle()
	require.Len(t, in.closed(), tested)
}

// A process dies after any number of the writes of a test, or is handed a step twice, and the next one goes on.
func TestKilledAnywhereATestGivesNobodyBothAndForgetsNobody(t *testing.T) {
	for _, steps := range [][]string{
		{"a"},
		{"b", "b"},
		{"a", "half b", "a"},
		{"a", "a", "a", "b"},
		{"half a", "half a"},
		{"a", "a", "a", "b", "b", "b", "count", "rest"},
		{"a", "a", "a", "b", "b", "b", "count", "count", "half rest", "a"},
	} {
		t.Run(fmt.Sprint(steps), func(t *testing.T) {
			t.Parallel()
			in := install(t, moments.Config{CampaignBatch: 100})
			in.company(tested)
			id := in.launchedTrial(trial())
			in.stop()
			in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
			dying := in.dyingRunner(mongostore.NewCampaigns(in.db))
			dying.stepOnce(id, "begin")
			for _, step := range steps {
				if step == "count" {
					in.clock.Set(at(t, "2026-11-04T09:00:00Z"))
				}
				dying.stepOfTest(id, step)
			}
			in.start()
			in.settle()
			in.moveTo("2026-11-04T09:00:00Z")
			in.requireEverybodyOnce(tested)
			of, lines := groups(id), in.subjects()
			for _, n := range of[abtest.B] {
				require.Equal(t, "Your view counts", lines[personID(n)])
			}
			for _, n := range append(of[abtest.A], of[abtest.Rest]...) {
				require.Equal(t, "Two minutes?", lines[personID(n)])
			}
			require.EqualValues(t, tested, in.campaign(id).GetProgress().GetInvited())
		})
	}
}

// stepOfTest does the next thing of a group, without noting in the agenda that it was done; half of an invitation is all of it but the mark.
func (d dying) stepOfTest(id, step string) {
	t := d.in.t
	t.Helper()
	ctx := t.Context()
	c, err := d.store.Get(ctx, id)
	require.NoError(t, err)
	var half bool
	if _, err := fmt.Sscanf(step, "half %s", &step); err == nil {
		half = true
	}
	item := agenda.Item{ID: "dying", Subject: id, Data: map[string]string{
		"do": "invite", "turn": fmt.Sprint(c.Turn), "number": "0", "group": step,
	}}
	if step == "count" {
		item.Data["do"], item.Data["group"] = "count", "a"
	}
	left, err := d.store.FirstLeftOf(ctx, id, c.Run, abtest.Group(step))
	require.NoError(t, err)
	if step != "count" {
		item.Data["number"] = fmt.Sprint(max(left.Number, 1))
	}
	for range 2 { // it is handed out twice
		_, err = d.runner.Handle(ctx, d.in.clock.Now(), []agenda.Item{item})
		require.NoError(t, err)
	}
	if half {
		d.forgetMark(left)
	}
}

// forgetMark puts a batch back to what it was, as far as another group has not passed since.
func (d dying) forgetMark(b mongostore.Batch) {
	_, err := d.in.db.Collection("campaign_batches").ReplaceOne(d.in.t.Context(), map[string]string{"_id": b.ID}, b)
	require.NoError(d.in.t, err)
}
