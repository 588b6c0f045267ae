package moments_test

import (
	"fmt"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

// weekly is a survey on each Tuesday at ten, from 3 November on.
func weekly(who *momentsv1.Audience) *momentsv1.CampaignDraft {
	d := draft(who)
	d.Until = ""
	d.Recurrence = &momentsv1.Recurrence{AnswerDays: 5, How: &momentsv1.Recurrence_Calendar_{Calendar: &momentsv1.Recurrence_Calendar{
		Frequency: momentsv1.Recurrence_Calendar_FREQUENCY_WEEKLY,
	}}}
	return d
}

// perPerson is a survey so many days after an anchor.
func perPerson(anchor momentsv1.Recurrence_PerPerson_Anchor, days int32) *momentsv1.CampaignDraft {
	d := draft(&momentsv1.Audience{})
	d.Until = ""
	d.Recurrence = &momentsv1.Recurrence{AnswerDays: 7, How: &momentsv1.Recurrence_PerPerson_{PerPerson: &momentsv1.Recurrence_PerPerson{
		Anchor: anchor, After: days,
	}}}
	return d
}

// repeats launches a series.
func (in *installation) repeats(d *momentsv1.CampaignDraft) string {
	in.t.Helper()
	id := in.saved(d).GetId()
	require.Equal(in.t, momentsv1.Campaign_STATE_SCHEDULED, in.take(id, check, launch).GetState())
	return id
}

func (in *installation) series(id string) *momentsv1.GetSeriesResponse {
	in.t.Helper()
	res, err := in.parts.Peers.Series().GetSeries(in.hr(), &momentsv1.GetSeriesRequest{Id: id})
	require.NoError(in.t, err)
	return res
}

// made are the days of the occurrences of a series, the newest first.
func (in *installation) made(id string) (days []string) {
	in.t.Helper()
	made := in.series(id).GetMade()
	for i, c := range made {
		require.EqualValues(in.t, len(made)-i, c.GetNumber(), "they are numbered without a gap")
		require.Equal(in.t, id, c.GetSeriesId())
		days = append(days, c.GetDraft().GetOn())
	}
	return days
}

// leftOut are the days on which a series made nothing, and why, the newest first.
func (in *installation) leftOut(id string) (days []string) {
	in.t.Helper()
	for _, o := range in.series(id).GetLeftOut() {
		days = append(days, o.GetOn()+" "+o.GetLeftOut())
	}
	return days
}

// awaitSurveys waits until so many different people were asked by campaigns, and returns how often each was.
func (in *installation) awaitSurveys(n int) map[int]int {
	in.t.Helper()
	asked := map[int]int{}
	require.Eventually(in.t, func() bool {
		clear(asked)
		for who, times := range in.invitations() {
			var person int
			if _, err := fmt.Sscanf(who, "00000000-0000-4000-8000-%d survey", &person); err == nil {
				asked[person] = times
			}
		}
		return len(asked) >= n
	}, patience, 5*time.Millisecond)
	return asked
}

func TestASeriesMakesACampaignOnEachOfItsDays(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(6)
	id := in.repeats(weekly(&momentsv1.Audience{UnitId: "store-1"}))
	require.Equal(t, "FREQ=WEEKLY;BYDAY=TU", in.campaign(id).GetCampaign().GetDraft().GetRecurrence().GetCalendar().GetRule())
	in.moveTo("2026-11-03T08:59:00Z")
	require.Empty(t, in.made(id), "it is not ten in Paris yet")

	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(5)
	require.Equal(t, []string{"2026-11-03"}, in.made(id))
	first := in.series(id).GetMade()[0]
	require.Equal(t, momentsv1.Campaign_STATE_RUNNING, first.GetState())
	require.Equal(t, "2026-11-08", first.GetDraft().GetUntil())
	require.Nil(t, first.GetDraft().GetRecurrence())
	require.Equal(t, momentsv1.Campaign_STATE_RUNNING, in.campaign(id).GetCampaign().GetState())

	// The audience is who is in it then: somebody came since.
	in.tell(&directoryv1.PeopleHired{People: employees(7, 1, "2026-11-04"), AsOf: "2026-11-04"})
	in.moveTo("2026-11-10T09:00:00Z")
	require.Equal(t, []string{"2026-11-10", "2026-11-03"}, in.made(id))
	require.EqualValues(t, 6, in.campaign(in.series(id).GetMade()[0].GetId()).GetProgress().GetInvited())
	require.EqualValues(t, 5, in.campaign(first.GetId()).GetProgress().GetAudience(), "what was fixed stays")
	require.Equal(t, momentsv1.Campaign_STATE_DONE, in.campaign(first.GetId()).GetCampaign().GetState())
	require.Eventually(t, func() bool { return in.awaitSurveys(6)[1] == 2 }, patience, 5*time.Millisecond, "once each time")
	require.Nil(t, in.campaign(id).GetProgress(), "the series itself invites nobody")
}

func TestTheLastDayThatWasWrittenStaysWhileItRepeats(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	d := weekly(&momentsv1.Audience{})
	d.Until = "2026-11-24"
	series := in.saved(d)
	require.Equal(t, "2026-11-24", series.GetDraft().GetUntil())
	d.Recurrence = nil
	res, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{
		Id: series.GetId(), Version: series.GetVersion(), Draft: d,
	})
	require.NoError(t, err)
	require.Empty(t, res.GetProblems(), "sent once after all, it has its last day")
}

func TestHRLeavesOneDayOutAndTakesItBack(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(3)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	leaveOut := func(day string, undo bool) error {
		_, err := in.parts.Peers.Series().LeaveOutDay(in.hr(), &momentsv1.LeaveOutDayRequest{Id: id, Day: day, Undo: undo})
		return err
	}
	in.moveTo("2026-11-03T09:00:00Z")
	require.Equal(t, []string{"2026-11-03"}, in.made(id))
	for _, day := range []string{"2026-11-10", "2026-11-10", "2026-11-17", "2026-11-24"} {
		require.NoError(t, leaveOut(day, false), "twice is once")
	}
	require.NoError(t, leaveOut("2026-11-17", true))
	for _, day := range []string{"2026-11-03", "2026-11-11"} {
		require.True(t, rpc.Is(leaveOut(day, false), connect.CodeFailedPrecondition), "%s is over, or no day of the rule", day)
	}
	var coming []string
	for _, o := range in.series(id).GetComing()[:3] {
		coming = append(coming, o.GetOn()+" "+o.GetLeftOut())
	}
	require.Equal(t, []string{"2026-11-10 by_hr", "2026-11-17 ", "2026-11-24 by_hr"}, coming)
	require.Equal(t, momentsv1.Campaign_STATE_RUNNING, in.campaign(id).GetCampaign().GetState(), "nothing has to be launched again")

	in.moveTo("2026-11-10T09:00:00Z")
	require.Equal(t, []string{"2026-11-10 by_hr"}, in.leftOut(id))
	require.True(t, rpc.Is(leaveOut("2026-11-10", true), connect.CodeFailedPrecondition), "its time is over")
	in.moveTo("2026-11-17T09:00:00Z")
	in.moveTo("2026-11-24T09:00:00Z")
	require.Equal(t, []string{"2026-11-17", "2026-11-03"}, in.made(id))
}

func TestTheCalendarShowsWhatAPausedSeriesWillNotMake(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(3)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	in.moveTo("2026-11-03T09:00:00Z")
	in.take(id, pause)
	in.moveTo("2026-11-12T09:00:00Z")
	plan, err := in.parts.Peers.Series().GetPlan(in.hr(), &momentsv1.GetPlanRequest{From: "2026-11-04", To: "2026-11-30"})
	require.NoError(t, err)
	var coming []string
	for _, c := range plan.GetCampaigns() {
		if c.GetToCome() {
			require.Equal(t, momentsv1.Campaign_STATE_PAUSED, c.GetState())
			coming = append(coming, c.GetOn())
		}
	}
	require.Equal(t, []string{"2026-11-17", "2026-11-24"}, coming, "what the pause has missed is not made up")
}

func TestTheHourOnTheWallStaysWhenTheClocksChange(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	d := weekly(&momentsv1.Audience{})
	d.On, d.At = "2027-03-23", "02:30"
	id := in.repeats(d)
	in.moveTo("2027-03-23T01:30:00Z")
	require.Equal(t, []string{"2027-03-23"}, in.made(id))
	in.moveTo("2027-03-30T00:29:00Z")
	require.Len(t, in.made(id), 1)
	in.moveTo("2027-03-30T00:30:00Z")
	require.Equal(t, []string{"2027-03-30", "2027-03-23"}, in.made(id), "half past two, in summer")
}

func TestASeriesKeepsDaysOffAndEndsByItself(t *testing.T) {
	in := install(t, moments.Config{Holidays: "XX=2026-11-10"})
	in.company(2)
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{{Id: "company", Version: 2, Kind: "company", TimeZone: "Europe/Paris", HolidayCalendar: "XX"}}})
	in.settle()
	moved, left := weekly(&momentsv1.Audience{}), weekly(&momentsv1.Audience{})
	moved.Recurrence.GetCalendar().Count, left.Recurrence.GetCalendar().Count = 3, 3
	left.Recurrence.GetCalendar().SkipDaysOff = true
	movedID, leftID := in.repeats(moved), in.repeats(left)
	coming := in.series(movedID).GetComing()
	require.Len(t, coming, 3)
	require.Equal(t, "2026-11-11", coming[1].GetOn())
	require.Equal(t, "2026-11-10", coming[1].GetMovedFrom())
	require.Equal(t, "day_off", in.series(leftID).GetComing()[1].GetLeftOut())
	for _, when := range []string{"2026-11-03T09:00:00Z", "2026-11-10T09:00:00Z", "2026-11-11T09:00:00Z", "2026-11-17T09:00:00Z"} {
		in.moveTo(when)
	}
	require.Equal(t, []string{"2026-11-17", "2026-11-11", "2026-11-03"}, in.made(movedID))
	require.Equal(t, []string{"2026-11-17", "2026-11-03"}, in.made(leftID))
	require.Equal(t, []string{"2026-11-10 day_off"}, in.leftOut(leftID))
	for _, id := range []string{movedID, leftID} {
		require.Equal(t, momentsv1.Campaign_STATE_DONE, in.campaign(id).GetCampaign().GetState())
	}
}

func TestWhatWasMissedForLongerThanTheGraceIsLeftOutAndSaid(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	in.moveTo("2026-11-03T09:00:00Z")
	in.stop()
	in.clock.Set(at(t, "2026-12-03T09:00:00Z")) // a Thursday: Tuesday is within two days
	in.start()
	in.settle()
	require.Equal(t, []string{"2026-12-01", "2026-11-03"}, in.made(id))
	require.Equal(t, []string{"2026-11-24 missed", "2026-11-17 missed", "2026-11-10 missed"}, in.leftOut(id))
	require.EqualValues(t, 2, in.series(id).GetGraceDays())
}

func TestAPausedSeriesMakesNothingUpAndOneThatEndsLeavesItsOccurrencesAlone(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	in.moveTo("2026-11-03T09:00:00Z")
	in.take(id, pause)
	in.moveTo("2026-11-10T09:00:00Z")
	require.Empty(t, in.series(id).GetComing())
	in.moveTo("2026-11-10T09:05:00Z")
	in.take(id, resume)
	in.settle()
	require.Equal(t, []string{"2026-11-03"}, in.made(id), "five minutes late is late, for somebody who paused it")
	in.moveTo("2026-11-17T09:00:00Z")
	require.Equal(t, []string{"2026-11-17", "2026-11-03"}, in.made(id))

	// An occurrence is cancelled on its own.
	in.take(in.series(id).GetMade()[0].GetId(), cancel)
	in.moveTo("2026-11-24T09:00:00Z")
	require.Len(t, in.made(id), 3)

	in.take(id, cancel)
	in.moveTo("2026-12-01T09:00:00Z")
	require.Len(t, in.made(id), 3)
	require.Equal(t, momentsv1.Campaign_STATE_CANCELLED, in.campaign(id).GetCampaign().GetState())
	made := in.series(id).GetMade()
	require.Equal(t, momentsv1.Campaign_STATE_DONE, made[0].GetState(), "it ran on to its own end")
	require.Equal(t, momentsv1.Campaign_STATE_CANCELLED, made[1].GetState())
}

func TestEditingARunningSeriesChangesWhatComesAndHasToBeCheckedAgain(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(4)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	in.moveTo("2026-11-03T09:00:00Z")
	changed := weekly(&momentsv1.Audience{UnitId: "store-2"})
	changed.At = "15:00"
	save := func() *momentsv1.SaveCampaignResponse {
		res, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{
			Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Draft: changed,
		})
		require.NoError(t, err)
		return res
	}
	res := save()
	require.Equal(t, momentsv1.Campaign_STATE_DRAFT, res.GetCampaign().GetState())
	require.Empty(t, res.GetProblems(), "its first day may be over")
	require.Equal(t, res.GetCampaign().GetVersion(), save().GetCampaign().GetVersion(), "the same once more changes nothing")
	in.take(id, check, launch)
	in.moveTo("2026-11-03T14:00:00Z")
	require.Len(t, in.made(id), 1, "the day that was made is not made again at another hour")
	in.moveTo("2026-11-10T14:00:00Z")
	made := in.series(id).GetMade()
	require.Len(t, made, 2)
	require.Equal(t, "store-2", made[0].GetDraft().GetAudience().GetUnitId())
	require.Equal(t, "15:00", made[0].GetDraft().GetAt())
	require.Empty(t, made[1].GetDraft().GetAudience().GetUnitId())
	require.Equal(t, "10:00", made[1].GetDraft().GetAt())

	changed.Recurrence, changed.Until, changed.On = nil, "2026-11-30", "2026-11-20"
	require.Equal(t, "recurrence.frequency", save().GetProblems()[0].GetField(), "what made occurrences stays a series")
}

func TestAPausedSeriesIsEditedToo(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	in.moveTo("2026-11-03T09:00:00Z")
	in.take(id, pause)
	changed := weekly(&momentsv1.Audience{})
	changed.Name, changed.At = "Other", "10:30"
	_, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{
		Id: id, Version: in.campaign(id).GetCampaign().GetVersion(), Draft: changed,
	})
	require.NoError(t, err)
	in.moveTo("2026-11-10T09:00:00Z")
	require.Len(t, in.made(id), 1)
	in.moveTo("2026-11-11T09:00:00Z")
	require.Equal(t, momentsv1.Campaign_STATE_RUNNING, in.take(id, check, launch).GetState(), "it had begun before")
	in.moveTo("2026-11-17T09:30:00Z")
	require.Equal(t, []string{"2026-11-17", "2026-11-03"}, in.made(id))
	require.Equal(t, "Other", in.series(id).GetMade()[0].GetDraft().GetName())
}

func TestARecurrenceThatNeverComesIsRefusedWithWords(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	d := weekly(&momentsv1.Audience{})
	d.On, d.Recurrence.GetCalendar().SkipDaysOff = "2026-11-08", true
	res, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: uuid.NewString(), Draft: d})
	require.NoError(t, err)
	require.Equal(t, "recurrence.frequency", res.GetProblems()[0].GetField())
	require.Equal(t, "never", res.GetProblems()[0].GetCode())
	_, err = in.parts.Peers.Campaigns().TakeCampaignStep(in.hr(), &momentsv1.TakeCampaignStepRequest{Id: res.GetCampaign().GetId(), Version: 1, Step: check})
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument), "%v", err)
	preview, err := in.parts.Peers.Series().PreviewRecurrence(in.hr(), &momentsv1.PreviewRecurrenceRequest{Recurrence: d.GetRecurrence(), On: d.GetOn(), At: d.GetAt()})
	require.NoError(t, err)
	require.Equal(t, "never", preview.GetProblems()[0].GetCode())
	require.Empty(t, preview.GetComing())
}

func TestThePreviewTellsTheNextDaysAndWhyOneIsBetterLeftAlone(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	preview := func(on, at string, repeated *momentsv1.Recurrence) *momentsv1.PreviewRecurrenceResponse {
		res, err := in.parts.Peers.Series().PreviewRecurrence(in.hr(), &momentsv1.PreviewRecurrenceRequest{Recurrence: repeated, On: on, At: at})
		require.NoError(t, err)
		return res
	}
	warning := func(on, at string) string { return preview(on, at, nil).GetComing()[0].GetHourWarning() }
	require.Equal(t, "monday_morning", warning("2026-11-09", "09:00"))
	require.Equal(t, "friday_afternoon", warning("2026-11-06", "15:00"))
	require.Equal(t, "holiday", warning("2026-11-11", "10:00"))
	require.Empty(t, warning("2026-11-10", "10:00"))
	require.Empty(t, preview("", "", nil).GetComing())
	days := preview("2026-01-06", "10:00", weekly(nil).GetRecurrence())
	require.Equal(t, "2026-11-03", days.GetComing()[0].GetOn(), "a series that is edited began before: what comes is told")
	require.Len(t, days.GetComing(), 5)
	days = preview("2026-11-03", "10:00", &momentsv1.Recurrence{How: weekly(nil).GetRecurrence().GetHow()})
	require.Equal(t, "recurrence.answer_days", days.GetProblems()[0].GetField())
	require.Len(t, days.GetComing(), 5, "the time to answer says nothing of the days")
}

func TestOnlyHRKnowsOfSeries(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	_, err := in.parts.Peers.Series().GetSeries(in.as(personID(1)), &momentsv1.GetSeriesRequest{Id: id})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
	_, err = in.parts.Peers.Series().GetPlan(in.as(personID(1)), &momentsv1.GetPlanRequest{From: "2026-11-01", To: "2026-11-30"})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
}
