package notifications_test

import (
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/notifications"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func (w *world) prefer(personID string, preferences *notificationsv1.Preferences) error {
	_, err := w.peers.Notifications().SetPreferences(w.as(personID),
		&notificationsv1.SetPreferencesRequest{PersonId: personID, Preferences: preferences})
	if err == nil {
		w.settle()
	}
	return err
}

func (w *world) preferences(personID string) *notificationsv1.GetPreferencesResponse {
	w.t.Helper()
	res, err := w.peers.Notifications().GetPreferences(w.as(personID), &notificationsv1.GetPreferencesRequest{PersonId: personID})
	require.NoError(w.t, err)
	return res
}

func TestAPersonChoosesTheirHours(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	company := w.preferences(person).GetCompany()
	require.Len(t, company, 5)
	require.Equal(t, "12:00", company[0].GetFrom(), "Monday")

	afternoons := &notificationsv1.Preferences{From: "14:00", To: "16:30", DaysOff: []int32{3}, NoReminders: true}
	require.NoError(t, w.prefer(person, afternoons))
	require.Equal(t, "14:00", w.preferences(person).GetPreferences().GetFrom())
	require.Equal(t, []int32{3}, w.preferences(person).GetPreferences().GetDaysOff())

	request := w.invite(person)
	id := request.GetInvitations()[0].GetId()
	w.publish("moments", request)
	require.Empty(t, w.prompts(person))
	message := w.why(person, id)
	require.Equal(t, "own_hours", message.GetDecisions()[0].GetReason())
	require.Equal(t, "2026-11-03T13:00:00Z", message.GetNextTryAt())

	require.NoError(t, w.prefer(person, &notificationsv1.Preferences{}))
	require.Equal(t, []string{id}, w.prompts(person), "what waited for the afternoon need not wait any more")
	shown, _ := w.told()
	require.Equal(t, []string{id}, shown)
}

func TestChoicesAreThePersonsOwnAndMakeSense(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person, other := uuid.NewString(), uuid.NewString()
	w.hire(asIs, person, other)

	_, err := w.peers.Notifications().GetPreferences(w.as(other, identity.HR), &notificationsv1.GetPreferencesRequest{PersonId: person})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "not even HR")
	_, err = w.peers.Notifications().SetPreferences(w.as(other, identity.HR),
		&notificationsv1.SetPreferencesRequest{PersonId: person, Preferences: &notificationsv1.Preferences{NoEmail: true}})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied))

	for field, wrong := range map[string]*notificationsv1.Preferences{
		"preferences.to":   {From: "14:00", To: "14:00"},
		"preferences":      {From: "19:00", To: "22:00"},
		"preferences.from": {From: "14h", To: "16:00"},
	} {
		err := w.prefer(person, wrong)
		require.True(t, rpc.Is(err, connect.CodeInvalidArgument))
		require.Equal(t, field, rpc.Violations(err)[0].Field)
	}
	require.Error(t, w.prefer(person, &notificationsv1.Preferences{From: "14:00"}), "from alone")
}

func TestAnUnansweredInvitationIsRemindedOfOnce(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	silent, answers, unwilling := uuid.NewString(), uuid.NewString(), uuid.NewString()
	w.hire(asIs, silent, answers, unwilling)
	require.NoError(t, w.prefer(unwilling, &notificationsv1.Preferences{NoReminders: true, NoEmail: true}))
	request := w.invite(silent, answers, unwilling)
	w.publish("moments", request)
	shown, _ := w.told()
	require.Len(t, shown, 3)
	id := request.GetInvitations()[0].GetId()
	require.Equal(t, "2026-11-10T09:00:00Z", w.why(silent, id).GetRemindAt())

	answered := closing(request)
	answered.Invitations = answered.GetInvitations()[1:2]
	w.move(tuesday.AddDate(0, 0, 3))
	w.publish("moments", answered)
	w.move(tuesday.AddDate(0, 0, 7).Add(-time.Minute))
	require.Empty(t, w.reminded())
	w.move(tuesday.AddDate(0, 0, 7))
	require.Equal(t, []string{id}, w.reminded())
	w.forget("MOMENTS", "notifications-invitations-requested")
	w.move(tuesday.AddDate(0, 0, 13))
	require.Equal(t, []string{id}, w.reminded(), "once")
	shown, _ = w.told()
	require.Len(t, shown, 3)

	decisions := w.why(silent, id).GetDecisions()
	require.Len(t, decisions, 2)
	require.True(t, decisions[1].GetReminder())
	hr, err := w.peers.Notifications().ExplainMessages(w.as(answers, identity.HR), &notificationsv1.ExplainMessagesRequest{PersonId: silent})
	require.NoError(t, err)
	require.Len(t, hr.GetMessages()[0].GetDecisions(), 1, "a reminder would tell HR who has not answered")
	require.Empty(t, hr.GetMessages()[0].GetRemindAt())
}

func TestWhoeverIsOnLeaveIsAskedAfterTheReturn(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	leave := &directoryv1.Employee{}
	w.hire(func(e *directoryv1.Employee) { leave = e }, person)
	leave.Version, leave.AwayFrom, leave.AwayUntil = 2, "2026-10-26", "2026-11-12"
	w.publish("directory", &directoryv1.PeopleOnLeave{People: []*directoryv1.Employee{leave}})
	request := w.invite(person)
	id := request.GetInvitations()[0].GetId()
	w.publish("moments", request)
	message := w.why(person, id)
	require.Equal(t, "absent", message.GetDecisions()[0].GetReason())
	require.Equal(t, "2026-11-13T08:00:00Z", message.GetNextTryAt())

	w.move(tuesday.AddDate(0, 0, 1))
	leave.Version, leave.AwayFrom, leave.AwayUntil = 3, "", ""
	w.publish("directory", &directoryv1.PeopleReturned{Returns: []*directoryv1.PeopleReturned_Return{
		{Person: leave, ReturnedOn: "2026-11-04", AwayFrom: "2026-10-26"},
	}})
	require.Equal(t, []string{id}, w.prompts(person), "back sooner than planned")
}

func TestALeaveThatIsShortenedOrCalledOffWakesWhatWaits(t *testing.T) {
	for name, until := range map[string]string{"shortened": "2026-11-03", "called off": ""} {
		t.Run(name, func(t *testing.T) {
			w := start(t, notifications.DefaultConfig())
			person, other := uuid.NewString(), uuid.NewString()
			away := map[string]*directoryv1.Employee{}
			w.hire(func(e *directoryv1.Employee) {
				e.AwayFrom, e.AwayUntil = "2026-10-26", "2027-03-31"
				away[e.GetId()] = e
			}, person, other)
			request := w.invite(person, other)
			for _, i := range request.GetInvitations() {
				i.ExpiresAt = "2027-06-01T00:00:00Z"
			}
			w.publish("moments", request)
			w.move(tuesday.AddDate(0, 0, 1))
			require.Empty(t, w.prompts(person))

			corrected, spoken := away[person], away[other]
			corrected.Version, corrected.AwayUntil, spoken.Version, spoken.Language = 2, until, 2, "en"
			if until == "" {
				corrected.AwayFrom = ""
			}
			w.publish("directory", &directoryv1.PeopleUpdated{People: []*directoryv1.Employee{corrected, spoken}})
			require.Len(t, w.prompts(person), 1)
			require.Empty(t, w.prompts(other))
			require.Len(t, w.why(other, request.GetInvitations()[1].GetId()).GetDecisions(), 1, "another language is no reason to ask the gate again")
		})
	}
}

func TestTheCompanySetsItsRulesAndPeopleReadThem(t *testing.T) {
	cfg := notifications.DefaultConfig()
	cfg.Company = notifications.CompanyRules{SendWindow: "sat 08:00-12:00", PressureCap: "1/14d, routine 1/30d"}
	w := start(t, cfg)
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person)
	w.publish("moments", request)
	require.Equal(t, "2026-11-07T07:00:00Z", w.why(person, request.GetInvitations()[0].GetId()).GetNextTryAt(), "on Saturday")
	known := w.preferences(person)
	require.Len(t, known.GetCompany(), 1)
	require.Len(t, known.GetLimits(), 2)
	require.EqualValues(t, 14, known.GetLimits()[0].GetDays())
	require.Equal(t, "routine", known.GetLimits()[1].GetKind())

	cfg.Company = notifications.CompanyRules{SendWindow: "samedi", PressureCap: "beaucoup"}
	_, err := notifications.New(w.parts, cfg)
	require.ErrorContains(t, err, "JALON_SEND_WINDOW")
	require.ErrorContains(t, err, "JALON_PRESSURE_CAP")
}

func TestTheHolidaysOfTheUnitHold(t *testing.T) {
	cfg := notifications.DefaultConfig()
	cfg.Holidays = "FETE=2026-11-03"
	w := start(t, cfg)
	w.publish("directory", &directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "store", Version: 1, Name: "Strasbourg", Kind: "store", HolidayCalendar: "FETE"},
	}})
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person)
	w.publish("moments", request)
	require.Equal(t, "public_holiday", w.why(person, request.GetInvitations()[0].GetId()).GetDecisions()[0].GetReason())

	wrong := notifications.DefaultConfig()
	wrong.Holidays = "FETE=le 3"
	_, err := notifications.New(w.parts, wrong)
	require.ErrorContains(t, err, "not a date")
}
