package moments_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

func TestPeopleAreAskedSoLongAfterTheirFirstDay(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(3)
	in.tell(&directoryv1.PeopleRegistered{People: append(employees(11, 3, "2026-10-05"), employees(14, 1, "2026-10-06")...), AsOf: "2026-11-02"})
	in.tell(&directoryv1.PeopleHired{People: employees(15, 1, "2026-11-04"), AsOf: "2026-11-02"})
	in.settle()
	id := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 30))
	preview, err := in.parts.Peers.Series().PreviewRecurrence(in.hr(), &momentsv1.PreviewRecurrenceRequest{
		Recurrence: in.campaign(id).GetCampaign().GetDraft().GetRecurrence(), On: "2026-11-03", At: "10:00",
	})
	require.NoError(t, err)
	require.EqualValues(t, 4, preview.GetDue()[0].GetPeople())
	require.EqualValues(t, 1, preview.GetDue()[1].GetPeople())

	in.moveTo("2026-11-03T09:00:00Z")
	require.Empty(t, in.made(id), "nobody is due: nothing is made of nobody")
	in.moveTo("2026-11-04T09:00:00Z")
	in.awaitSurveys(3)
	in.moveTo("2026-11-05T09:00:00Z")
	require.Equal(t, map[int]int{11: 1, 12: 1, 13: 1, 14: 1}, in.awaitSurveys(4))
	require.Equal(t, []string{"2026-11-04"}, in.made(id), "one campaign for the month")
	month := in.series(id).GetMade()[0]
	require.True(t, month.GetCollecting())
	require.Equal(t, "2026-12-07", month.GetDraft().GetUntil(), "the month, and the days to answer")
	require.EqualValues(t, 4, in.campaign(month.GetId()).GetProgress().GetInvited())

	for _, when := range []string{"2026-11-20T09:00:00Z", "2026-12-04T09:00:00Z"} {
		in.moveTo(when)
	}
	require.Equal(t, 1, in.awaitSurveys(5)[15])
	require.Equal(t, []string{"2026-12-04", "2026-11-04"}, in.made(id))
	in.moveTo("2026-12-08T09:00:00Z")
	require.Equal(t, momentsv1.Campaign_STATE_DONE, in.campaign(month.GetId()).GetCampaign().GetState())
}

func TestNobodyIsAskedTwiceForOneDayOfTheirsWhateverIsEdited(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	in.tell(&directoryv1.PeopleRegistered{People: employees(11, 2, "2026-10-05"), AsOf: "2026-11-02"})
	in.settle()
	id := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 30))
	in.moveTo("2026-11-04T09:00:00Z")
	in.awaitSurveys(2)
	later := perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 32)
	_, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{
		Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Draft: later,
	})
	require.NoError(t, err)
	in.take(id, check, launch)
	in.tell(&directoryv1.PeopleRegistered{People: employees(13, 1, "2026-10-05"), AsOf: "2026-11-04"})
	in.settle()
	in.moveTo("2026-11-06T09:00:00Z")
	require.Equal(t, map[int]int{11: 1, 12: 1, 13: 1}, in.awaitSurveys(3))
	require.Len(t, in.made(id), 2, "another text has another campaign: no answers are mixed")
}

func TestPeopleAreAskedSoLongAfterTheirLastTalk(t *testing.T) {
	in := install(t, moments.Config{})
	require.NoError(t, in.bus.EnsureStream(t.Context(), "interviews"))
	in.company(4)
	id := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_TALK, 7))
	held := func(n int, on string) *interviewsv1.HeldTalk {
		return &interviewsv1.HeldTalk{TalkId: uuid.NewString(), EmployeeId: personID(n), ManagerId: personID(9), HeldOn: on, Kind: "ei2d"}
	}
	again, contested := held(2, "2026-10-29"), held(3, "2026-10-28")
	ev, err := event.New(t.Context(), "interviews", "", in.clock.Now(), &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{
		held(1, "2026-10-28"), held(2, "2026-10-28"), again, contested,
	}})
	require.NoError(t, err)
	in.publish(ev)
	no, err := event.New(t.Context(), "interviews", "", in.clock.Now(), &interviewsv1.TalksContested{Talks: []*interviewsv1.HeldTalk{contested}})
	require.NoError(t, err)
	in.publish(no)
	in.settle()
	in.moveTo("2026-11-04T09:00:00Z")
	require.Equal(t, map[int]int{1: 1}, in.awaitSurveys(1), "the last talk of the other is another, the third was none")
	in.moveTo("2026-11-05T09:00:00Z")
	require.Equal(t, map[int]int{1: 1, 2: 1}, in.awaitSurveys(2))
	require.Len(t, in.made(id), 1)
}

func TestPeopleAreAskedAfterTheCampaignThatTheyAnsweredLastAndNeverAFew(t *testing.T) {
	for _, answer := range []int{0, 9, 10} {
		t.Run(fmt.Sprint(answer), func(t *testing.T) {
			t.Parallel()
			in := install(t, moments.Config{CampaignBatch: 4})
			in.company(12)
			in.launched(&momentsv1.Audience{})
			in.moveTo("2026-11-03T09:00:00Z")
			in.awaitInvitations(12)
			invitations := in.campaignInvitations()
			asked, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitations[personID(1)]})
			require.NoError(t, err)
			for n := 1; n <= answer; n++ {
				_, err := in.client().SubmitResponse(in.as(personID(n)), &momentsv1.SubmitResponseRequest{
					InvitationId: invitations[personID(n)], Answers: required(asked.GetQuestions()),
				})
				require.NoError(t, err)
			}
			in.settle()
			d := perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_ANSWER, 10)
			d.On = "2026-11-26"
			id := in.repeats(d)
			in.moveTo("2026-11-26T09:00:00Z")
			require.Len(t, in.invitations(), 12)
			in.moveTo("2026-11-27T09:00:00Z") // ten days after its last day
			if answer < 10 {
				require.Empty(t, in.made(id))
				require.Equal(t, []string{"2026-11-27 few"}, in.leftOut(id), "nine and none read alike")
				return
			}
			require.Len(t, in.made(id), 1)
			require.True(t, in.series(id).GetMade()[0].GetDiscreet(), "whom it asked had answered")
			progress := in.campaign(in.series(id).GetMade()[0].GetId()).GetProgress()
			require.EqualValues(t, 10, progress.GetInvited())
			require.True(t, progress.GetAbout(), "how many answered is told in tens")
			require.Nil(t, progress.Answered)
			require.Eventually(t, func() bool { return in.awaitSurveys(12)[10] == 2 }, patience, 5*time.Millisecond)
			for n, times := range in.awaitSurveys(12) {
				require.Equal(t, 1, times-min(1, max(0, 11-n)), "person %d", n)
			}
		})
	}
}
