package followup_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
)

var hiredOn = clock.Date{Year: 2026, Month: time.November, Day: 2}

func onboarding(t *testing.T) moment.Moment {
	t.Helper()
	zone, err := clock.Zone("Europe/Paris")
	require.NoError(t, err)
	km, _ := moment.Standard().Find(moment.Onboarding)
	who := moment.Person{ID: "00000000-0000-4000-8000-000000000001", UnitPath: []string{"company", "store"}, Zone: zone}
	return moment.Open(km, who, hiredOn, moment.Hired, hiredOn.In(zone))
}

func TestAnAgendaItemIsTheWholeRecordOfItsFollowUp(t *testing.T) {
	m := onboarding(t)
	f, err := followup.Read(followup.Item(m, m.FollowUps[1]))
	require.NoError(t, err)

	require.Equal(t, m.FollowUps[1].InvitationID, f.InvitationID)
	require.Equal(t, m.PersonID, f.PersonID)
	require.Equal(t, "onboarding", f.KeyMoment)
	require.Equal(t, "day_7", f.Code)
	require.Equal(t, "onboarding_day_7.v1", f.Questionnaire)
	require.Equal(t, m.ID, f.Moment.ID)
	require.Equal(t, m.UnitPath, f.Moment.UnitPath)
	require.Equal(t, hiredOn, f.Moment.HappensOn)
	require.Equal(t, moment.Hired, f.Moment.Cause)
	require.Equal(t, hiredOn.AddDays(7), f.On)
	require.Equal(t, "Europe/Paris", f.Zone.String())
	require.Equal(t, m.FollowUps[1].Due, f.Due)
}

func TestWhereAFollowUpStandsIsSaidInStableWords(t *testing.T) {
	asked := hiredOn.In(time.UTC)
	for name, c := range map[string]struct {
		item agenda.Item
		want moment.Standing
	}{
		"waiting":          {agenda.Item{State: agenda.StateWaiting, Reason: "timeout"}, moment.Standing{State: moment.Planned}},
		"asked":            {agenda.Item{State: agenda.StateDone, DoneAt: asked}, moment.Standing{State: moment.Asked, AskedAt: asked}},
		"too late":         {agenda.Item{State: agenda.StateExpired, Reason: "was due then"}, moment.Standing{State: moment.Expired, Reason: moment.TooLate}},
		"left":             {agenda.Item{State: agenda.StateExpired, Reason: "left_before"}, moment.Standing{State: moment.Cancelled, Reason: moment.LeftBefore}},
		"failed for good":  {agenda.Item{State: agenda.StateFailed, Reason: "socket closed"}, moment.Standing{State: moment.Expired, Reason: moment.Failed}},
		"called off by us": {agenda.Item{State: agenda.StateCancelled, Reason: "date_changed"}, moment.Standing{State: moment.Cancelled, Reason: moment.DateChanged}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, followup.Standing(c.item)) })
	}
}

func TestAFollowUpAskedLateIsJudgedByTheLaterDay(t *testing.T) {
	m := onboarding(t)
	f, err := followup.Read(followup.Item(m, m.FollowUps[0]))
	require.NoError(t, err)
	lastDay := hiredOn.AddDays(3)

	require.Empty(t, f.Refusal(hiredOn.AddDays(3).In(f.Zone), moment.Contract{LastDay: lastDay}))
	require.Equal(t, moment.LeftBefore, f.Refusal(hiredOn.AddDays(4).In(f.Zone), moment.Contract{LastDay: lastDay}))
}

func TestAFollowUpThatTheCatalogueForgotKeepsTheUsualTimeToAnswer(t *testing.T) {
	m := onboarding(t)
	f, err := followup.Read(followup.Item(m, m.FollowUps[0]))
	require.NoError(t, err)
	asked := hiredOn.In(time.UTC)
	require.Equal(t, asked.AddDate(0, 0, 14), f.AnswerUntil(moment.Catalogue{}, asked))
}
