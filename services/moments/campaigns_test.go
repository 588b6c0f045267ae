package moments_test

import (
	"fmt"
	"slices"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaigning"
	"jalon.dev/services/moments/internal/mongostore"
)

func TestACampaignInvitesItsAudienceOnceAtItsTime(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 3})
	in.company(9)
	id := in.launched(&momentsv1.Audience{UnitId: "store-1"})
	in.moveTo("2026-11-03T08:59:00Z")
	require.Empty(t, in.invitations(), "it is not ten in Paris yet")
	require.Nil(t, in.campaign(id).GetProgress())

	in.moveTo("2026-11-03T09:00:00Z")
	in.requireEverybodyOnce(8)
	got := in.campaign(id)
	require.Equal(t, momentsv1.Campaign_STATE_RUNNING, got.GetCampaign().GetState())
	require.EqualValues(t, 8, got.GetProgress().GetAudience())
	require.EqualValues(t, 8, got.GetProgress().GetInvited())
	require.EqualValues(t, 8, got.GetProgress().GetWaiting())
	require.True(t, got.GetProgress().GetAllInvited())

	in.moveTo("2026-11-17T23:00:00Z")
	require.Equal(t, momentsv1.Campaign_STATE_DONE, in.campaign(id).GetCampaign().GetState(), "the last day is over in Paris")
	require.EqualValues(t, 8, in.campaign(id).GetProgress().GetMissed())
}

func TestPeopleAnswerACampaignAsAnySurveyAndItsFiguresFollow(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(7)
	id := in.launched(&momentsv1.Audience{})
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(7)
	invitations := in.campaignInvitations()

	asked, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitations[personID(1)]})
	require.NoError(t, err)
	require.Equal(t, "campaign", asked.GetKeyMoment())
	require.Equal(t, "survey", asked.GetFollowUp())
	_, err = in.client().GetSurvey(in.as(personID(2)), &momentsv1.GetSurveyRequest{InvitationId: invitations[personID(1)]})
	require.True(t, rpc.Is(err, connect.CodeNotFound), "another person's invitation")

	shown := &notificationsv1.PromptsShown{}
	for n := 1; n <= 6; n++ {
		shown.Prompts = append(shown.Prompts, &notificationsv1.Prompt{
			InvitationId: invitations[personID(n)], PersonId: personID(n), KeyMoment: "campaign", FollowUp: "survey",
		})
	}
	for range 2 { // told twice, counted once
		ev, err := event.New(t.Context(), "notifications", "", in.clock.Now(), shown)
		require.NoError(t, err)
		in.publish(ev)
	}
	for n := 1; n <= 5; n++ {
		_, err := in.client().SubmitResponse(in.as(personID(n)), &momentsv1.SubmitResponseRequest{
			InvitationId: invitations[personID(n)], Answers: required(asked.GetQuestions()),
		})
		require.NoError(t, err)
	}
	in.settle()
	progress := in.campaign(id).GetProgress()
	require.EqualValues(t, 6, progress.GetDelivered())
	require.EqualValues(t, 5, progress.GetAnswered())
	require.EqualValues(t, 1, progress.GetWaiting())
	require.Len(t, in.closed(), 5, "the prompts of those who answered are gone")

	in.nightfall()
	results, err := in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{KeyMoment: "campaign", FollowUp: id, Language: "en"})
	require.NoError(t, err)
	require.EqualValues(t, 5, results.GetResponses())
	require.EqualValues(t, 7, results.GetInvited(), "of a fixed number")
}

func TestOfFewerThanFiveNobodyIsToldHowManyAnswered(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(4)
	id := in.launched(&momentsv1.Audience{})
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(4)
	require.Nil(t, in.campaign(id).GetProgress().Answered)
}

func TestAMessageIsReadInsteadOfAnswered(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(6)
	d := draft(&momentsv1.Audience{})
	d.Kind, d.QuestionnaireId = momentsv1.CampaignDraft_KIND_MESSAGE, ""
	d.Title, d.Text = &momentsv1.Wording{Fr: "Bonjour", En: "Hello"}, &momentsv1.Wording{Fr: "Le magasin ouvre.", En: "The store opens."}
	id := in.saved(d).GetId()
	in.take(id, check, launch)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(6)
	invitation := in.campaignInvitations()[personID(1)]
	got, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitation, Language: "en"})
	require.NoError(t, err)
	require.Equal(t, "Hello", got.GetTitle())
	require.Equal(t, "The store opens.", got.GetMessage())
	require.Equal(t, "message", got.GetFollowUp())
	require.Empty(t, got.GetQuestions())
	_, err = in.client().SubmitResponse(in.as(personID(1)), &momentsv1.SubmitResponseRequest{InvitationId: invitation})
	require.NoError(t, err)
	in.settle()
	require.EqualValues(t, 1, in.campaign(id).GetProgress().GetAnswered())
	require.Equal(t, map[string]int{invitation: 1}, in.closed())
}

func TestWhoeverIsInTheAudienceAtTheStartIsInvitedAndNobodyElse(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(5)
	id := in.launched(&momentsv1.Audience{UnitId: "store-1"})
	// Before the start somebody comes: they are of it.
	in.tell(&directoryv1.PeopleHired{People: employees(6, 1, "2026-11-01"), AsOf: "2026-11-02"})
	in.settle()
	store := mongostore.NewCampaigns(in.db)
	in.stop()
	in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
	in.dyingRunner(store).stepOnce(id, "begin")
	in.start()
	in.settle()

	require.EqualValues(t, 5, in.campaign(id).GetProgress().GetAudience())
	asked := in.awaitInvitations(5)
	require.Equal(t, 1, asked[personID(6)+" survey"])
	require.Zero(t, asked[personID(5)+" survey"], "of another store")

	in.tell(&directoryv1.PeopleHired{People: employees(7, 1, "2026-11-01"), AsOf: "2026-11-04"})
	in.moveTo("2026-11-05T09:00:00Z")
	require.Zero(t, in.invitations()[personID(7)+" survey"], "who comes later is not of it")
}

func TestWhoeverLeftSinceTheAudienceWasFixedIsNotInvited(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(6)
	id := in.launched(&momentsv1.Audience{})
	in.stop()
	in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
	in.dyingRunner(mongostore.NewCampaigns(in.db)).stepOnce(id, "begin")
	left := employee(4, "2019-05-01")
	left.Version, left.LeftOn = 2, "2026-11-02"
	require.NoError(t, people.NewRegister(in.db).Apply(t.Context(), []*directoryv1.Employee{left}))

	in.start()
	in.settle()
	asked := in.awaitInvitations(5)
	require.Zero(t, asked[personID(4)+" survey"])
	progress := in.campaign(id).GetProgress()
	require.EqualValues(t, 6, progress.GetAudience(), "the denominator stays")
	require.EqualValues(t, 5, progress.GetInvited())
	require.EqualValues(t, 1, progress.GetGone())
}

func TestAnAudienceOfNobodyIsDoneAtOnceAndInvitesNobody(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	id := in.launched(&momentsv1.Audience{Language: "en"})
	in.moveTo("2026-11-03T09:00:00Z")
	require.Equal(t, momentsv1.Campaign_STATE_DONE, in.campaign(id).GetCampaign().GetState())
	require.Empty(t, in.invitations())
}

func TestAPausedCampaignInvitesNobodyUntilItIsResumed(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(9)
	id := in.launched(&momentsv1.Audience{})
	in.stop()
	in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
	dying := in.dyingRunner(mongostore.NewCampaigns(in.db))
	dying.stepOnce(id, "begin")
	dying.stepOnce(id, "invite")
	dying.pause(id)

	in.start()
	in.settle()
	in.awaitInvitations(2)
	require.Equal(t, momentsv1.Campaign_STATE_PAUSED, in.campaign(id).GetCampaign().GetState())
	require.EqualValues(t, 2, in.campaign(id).GetProgress().GetInvited())
	in.moveTo("2026-11-04T09:00:00Z")
	require.Len(t, in.invitations(), 2)

	in.take(id, resume)
	in.settle()
	in.requireEverybodyOnce(9)
}

func TestACancelledCampaignTakesItsInvitationsBack(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(6)
	id := in.launched(&momentsv1.Audience{})
	in.moveTo("2026-11-03T09:00:00Z")
	in.requireEverybodyOnce(6)
	invitation := in.campaignInvitations()[personID(1)]
	in.take(id, cancel)
	in.settle()
	require.Len(t, in.closed(), 6)
	in.mu.Lock()
	for _, ev := range in.events {
		var closed momentsv1.InvitationsClosed
		if ev.Type == typeOf(&closed) {
			require.NoError(t, ev.Decode(&closed))
			require.True(t, closed.GetTakenBack(), "nobody reacted")
		}
	}
	in.mu.Unlock()
	_, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitation})
	require.True(t, rpc.Is(err, connect.CodeNotFound), "%v", err)
	_, err = in.parts.Peers.Campaigns().TakeCampaignStep(in.hr(), &momentsv1.TakeCampaignStepRequest{
		Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Step: resume,
	})
	require.True(t, rpc.Is(err, connect.CodeFailedPrecondition), "an end is an end")
}

func TestACampaignThatIsCancelledBeforeItsTimeNeverStarts(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	id := in.launched(&momentsv1.Audience{})
	in.take(id, cancel)
	in.moveTo("2026-11-03T09:00:00Z")
	require.Empty(t, in.invitations())
	require.Nil(t, in.campaign(id).GetProgress())
}

func TestWhatIsEditedAfterTheLaunchHasToBeCheckedAgain(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	id := in.launched(&momentsv1.Audience{})
	changed := draft(&momentsv1.Audience{UnitId: "store-2"})
	_, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{
		Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Draft: changed,
	})
	require.NoError(t, err)
	in.moveTo("2026-11-03T09:00:00Z")
	require.Empty(t, in.invitations(), "a draft is not sent")
	in.take(id, check, launch)
	in.settle()
	require.Equal(t, map[string]int{personID(5) + " survey": 1}, in.awaitInvitations(1))
}

func TestTheQueryOfAnAudienceIsWhatTheDomainSays(t *testing.T) {
	in := install(t, moments.Config{})
	on := clock.Date{Year: 2026, Month: 11, Day: 2}
	var staff []*directoryv1.Employee
	hired := []string{"", "2019-05-01", "2025-11-02", "2025-11-03", "2026-10-31", "2026-11-02", "2026-11-03"}
	for n, day := range hired {
		for m, left := range []string{"", "2026-11-01", "2026-11-02"} {
			e := employee(10*n+m, day, "company", fmt.Sprint("store-", m))
			e.LeftOn, e.JobTitle, e.Contract = left, []string{"", "Vendeur", "Caissière"}[(n+m)%3], []string{"CDI", "CDD"}[n%2]
			e.Language, e.ManagerId = []string{"fr", "en"}[m%2], personID(100+n%2)
			staff = append(staff, e)
		}
	}
	register := people.NewRegister(in.db)
	require.NoError(t, register.Apply(t.Context(), staff))
	rapid.Check(t, func(rt *rapid.T) {
		date := rapid.Map(rapid.SampledFrom(hired), func(text string) clock.Date {
			d, _ := clock.ParseDate(text)
			return d
		})
		some := func(values ...string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 0, 2, rapid.ID).Draw(rt, "some")
		}
		a := audience.Audience{
			UnitID:    rapid.SampledFrom([]string{"", "company", "store-1", "elsewhere"}).Draw(rt, "unit"),
			JobTitles: some("Vendeur", "Caissière", "Chef"), Contracts: some("CDI", "CDD"),
			MonthsFrom: rapid.SampledFrom([]int{0, 0, 1, 12}).Draw(rt, "from"), MonthsBelow: rapid.SampledFrom([]int{0, 0, 12, 36}).Draw(rt, "below"),
			HiredFrom: date.Draw(rt, "hired from"), HiredTo: date.Draw(rt, "hired to"),
			Language:  rapid.SampledFrom([]string{"", "fr", "en"}).Draw(rt, "language"),
			ManagerID: rapid.SampledFrom([]string{"", "", personID(100)}).Draw(rt, "manager"),
		}
		var want, got []string
		for _, e := range staff {
			p, err := people.PersonOf(e)
			require.NoError(rt, err)
			if a.Has(p, on) {
				want = append(want, p.ID)
			}
		}
		slices.Sort(want)
		for id, err := range register.Selected(t.Context(), campaigning.Selection(a, on), "", 0) {
			require.NoError(rt, err)
			got = append(got, id)
		}
		require.Equal(rt, want, got)
		n, err := register.CountSelected(t.Context(), campaigning.Selection(a, on))
		require.NoError(rt, err)
		require.Len(rt, want, n)
	})
}
