package notifications_test

import (
	"slices"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/notifications"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// campaign is an invitation of HR's for each of the people, with as many reminders.
func (w *world) campaign(until time.Time, reminders int32, people ...string) *momentsv1.InvitationsRequested {
	msg := w.invite(people...)
	for _, i := range msg.GetInvitations() {
		i.KeyMoment, i.FollowUp, i.ExpiresAt, i.Reminders = "campaign", "survey", until.Format(time.RFC3339), proto.Int32(reminders)
	}
	return msg
}

func (w *world) forecast(starts []time.Time, until time.Time, reminders int32, people ...string) []*notificationsv1.Forecast {
	w.t.Helper()
	req := &notificationsv1.ForecastInvitationsRequest{
		PersonIds: people, KeyMoment: "campaign", ExpiresAt: until.Format(time.RFC3339), Reminders: reminders,
	}
	for _, start := range starts {
		req.Starts = append(req.Starts, start.Format(time.RFC3339))
	}
	res, err := w.peers.Rehearsal().ForecastInvitations(w.as(uuid.NewString(), identity.HR), req)
	require.NoError(w.t, err)
	require.Len(w.t, res.GetForecasts(), len(starts))
	return res.GetForecasts()
}

// What HR is told before the launch is what the service does afterwards: day by day, over the real bus and database.
func TestTheForecastIsWhatTheGateDoesThen(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	var free, busy, away, leaving []string
	for range 6 {
		free, busy, away, leaving = append(free, uuid.NewString()), append(busy, uuid.NewString()), append(away, uuid.NewString()), append(leaving, uuid.NewString())
	}
	w.hire(asIs, slices.Concat(free, busy)...)
	w.hire(func(e *directoryv1.Employee) { e.LeftOn = "2026-11-03" }, leaving...)
	w.hire(func(e *directoryv1.Employee) { e.AwayFrom, e.AwayUntil = "2026-11-02", "2026-11-12" }, away...)
	w.publish("moments", w.invite(busy...), w.invite(busy[:3]...), w.invite(busy...)) // two in a week is enough
	// A forecast takes it that what was shown is answered.
	answered := &momentsv1.InvitationsClosed{}
	for _, person := range busy {
		for _, id := range w.prompts(person) {
			answered.Invitations = append(answered.Invitations, &momentsv1.InvitationsClosed_Closed{InvitationId: id, PersonId: person})
		}
	}
	w.publish("moments", answered)
	w.move(tuesday.AddDate(0, 0, 1))
	starts, until := []time.Time{tuesday.AddDate(0, 0, 1), tuesday.AddDate(0, 0, 2)}, tuesday.AddDate(0, 0, 16)
	everybody := slices.Concat(free, busy, away, leaving)
	told := w.forecast(starts, until, 2, everybody...)[0]
	require.Empty(t, w.reminded(), "nothing happens by it")

	request := w.campaign(until, 2, everybody...)
	w.publish("moments", request)
	for now := w.clock.Now(); now.Before(until); now = now.Add(6 * time.Hour) {
		w.move(now) // what is due passes at the hour at which the clock stands: on the same day
	}
	happened, missed := map[string]int64{}, map[string]int64{}
	for _, i := range request.GetInvitations() {
		decisions := w.why(i.GetPersonId(), i.GetId()).GetDecisions()
		at := slices.IndexFunc(decisions, func(d *notificationsv1.Decision) bool { return d.GetVerdict() == "let_through" && !d.GetReminder() })
		if at < 0 {
			missed[decisions[len(decisions)-1].GetReason()]++
			continue
		}
		happened[decisions[at].GetAt()[:10]]++
	}
	forecast := map[string]int64{}
	for _, day := range told.GetDays() {
		if day.GetReached() > 0 {
			forecast[day.GetDay()] = day.GetReached()
		}
	}
	require.Equal(t, forecast, happened)
	require.EqualValues(t, 6, missed["left"])
	require.Len(t, told.GetMissed(), 1)
	require.Equal(t, "left", told.GetMissed()[0].GetReason())
	require.EqualValues(t, 6, told.GetMissed()[0].GetPeople())
	require.EqualValues(t, 6, told.GetDays()[0].GetReached(), "those whom nothing keeps are asked at once")
	require.Equal(t, "2026-11-04", told.GetDays()[0].GetDay())
}

func TestForecastsAreHRsAndNameNobody(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	req := &notificationsv1.ForecastInvitationsRequest{
		PersonIds: []string{person}, KeyMoment: "campaign", Starts: []string{tuesday.Format(time.RFC3339)}, ExpiresAt: tuesday.AddDate(0, 0, 14).Format(time.RFC3339),
	}
	_, err := w.peers.Rehearsal().ForecastInvitations(w.as(person), req)
	require.True(t, rpc.Is(err, connect.CodePermissionDenied))
	req.Starts = []string{"tomorrow"}
	_, err = w.peers.Rehearsal().ForecastInvitations(w.as(person, identity.HR), req)
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument))
	require.Equal(t, "starts[0]", rpc.Violations(err)[0].Field)

	// Whose own hours it is that somebody waits for is theirs to know.
	require.NoError(t, w.prefer(person, &notificationsv1.Preferences{From: "14:00", To: "16:00", DaysOff: []int32{2}}))
	days := w.forecast([]time.Time{tuesday}, tuesday.AddDate(0, 0, 14), 0, person)[0].GetDays()
	require.Equal(t, "outside_window", days[0].GetWaited()[0].GetReason())
}

func TestACampaignIsRemindedOfAsOftenAsHRChose(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	never, once, twice, answers := uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString()
	w.hire(asIs, never, once, twice, answers)
	until := tuesday.AddDate(0, 0, 28)
	none, one, two := w.campaign(until, 0, never), w.campaign(until, 1, once), w.campaign(until, 2, twice, answers)
	w.publish("moments", none, one, two)
	w.move(tuesday.AddDate(0, 0, 14))
	require.Len(t, w.reminded(), 3, "at half of the time, but whoever is never to be")
	answered := closing(two)
	answered.Invitations = answered.GetInvitations()[1:]
	w.publish("moments", answered)
	w.move(tuesday.AddDate(0, 0, 21))
	require.Len(t, w.reminded(), 4, "once more at half of what is left, and not whoever answered meanwhile")
	require.Equal(t, two.GetInvitations()[0].GetId(), w.reminded()[3])
	w.move(until.Add(time.Hour))
	require.Len(t, w.reminded(), 4)
	shown, _ := w.told()
	require.Len(t, shown, 4, "each is shown once")
}

func TestHRIsToldWhenRemindersGoOut(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	res, err := w.peers.Rehearsal().PlanReminders(w.as(uuid.NewString(), identity.HR), &notificationsv1.PlanRemindersRequest{
		AskedAt: "2026-11-03T09:00:00Z", ExpiresAt: "2026-11-17T23:00:00Z", TimeZone: "Europe/Paris", Reminders: 2,
	})
	require.NoError(t, err)
	require.Equal(t, []string{"2026-11-10T16:00:00Z", "2026-11-16T11:00:00Z"}, res.GetReminders())
}
