package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestAPersonChoosesWhenAndHowToBeAsked(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	status, body := get(t, lea, site.URL+"/preferences")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "de 09:00 à 14:00")
	require.NotContains(t, body, "Samedi", "the company is off on weekends: there is nothing to choose")
	require.NotContains(t, body, "08:30")

	answer, _ := post(t, lea, site.URL+"/preferences", url.Values{
		"day": {"1", "2", "4", "5"}, "from": {"10:00"}, "to": {"12:30"}, "reminders": {"yes"},
	})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	require.Equal(t, "/preferences?saved", answer.Header.Get("Location"))
	chosen := site.Fakes.Now().Preferences
	require.Equal(t, []int32{3}, chosen.GetDaysOff())
	require.Equal(t, "10:00", chosen.GetFrom())
	require.True(t, chosen.GetNoEmail())
	require.False(t, chosen.GetNoReminders())

	_, body = get(t, lea, site.URL+"/preferences?saved")
	require.Contains(t, body, "C&#39;est noté")
	require.Contains(t, body, `<option value="10:00" selected>`)
}

func TestChoicesThatLeaveNoTimeComeBackWithTheReason(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	for wrong, form := range map[string]url.Values{
		"Choisissez les deux heures": {"day": {"1"}, "from": {"10:00"}},
		"doit venir après":           {"day": {"1"}, "from": {"15:00"}, "to": {"14:00"}},
		"Gardez au moins un jour":    {"from": {""}, "email": {"yes"}},
	} {
		answer, body := post(t, lea, site.URL+"/preferences", form)
		require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
		require.Contains(t, body, wrong)
	}
	require.Nil(t, site.Fakes.Now().Preferences)
}

func TestAPersonReadsWhyTheyWereAskedOrNot(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	_, body := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/why")
	require.Contains(t, body, "La question a été posée le 2 nov. 2026, 14:00.")
	require.Contains(t, body, "un rappel viendra vers le 9 nov. 2026, 14:00.")
	require.Contains(t, body, "il y a eu assez de questions ces derniers temps. Nouvel essai le 9 nov. 2026, 14:00.")
	require.Contains(t, body, "l&#39;absence n&#39;était pas terminée.")
	require.Contains(t, body, `href="/survey/`+portaltest.Invitation+`"`)

	site.Fakes.Set(func(s *portaltest.State) {
		s.Messages[0].Decisions = append(s.Messages[0].GetDecisions(), &notificationsv1.Decision{At: "2026-11-09T13:00:00Z", Verdict: "let_through", Reminder: true})
	})
	_, body = get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/why")
	require.Regexp(t, `(?s)Un rappel est venu le 9 nov\. 2026, 14:00\..*un rappel viendra vers le 9 nov\.`, body, "a campaign may remind twice")
	require.NotContains(t, body, "pas d&#39;autre")

	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body = get(t, hr, site.URL+"/hr/people/"+portaltest.Lea)
	require.Contains(t, body, `href="/hr/people/`+portaltest.Lea+`/why"`)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Messages[0].RemindAt = ""
		s.Messages[0].State = notificationsv1.Message_STATE_CLOSED
	})
	_, body = get(t, hr, site.URL+"/hr/people/"+portaltest.Lea+"/why")
	require.Contains(t, body, "La question a été posée le 2 nov. 2026, 14:00.")
	require.NotContains(t, body, "Close", "whether the person answered is the person's own business")
	require.NotContains(t, body, "/survey/")

	status, _ := get(t, hr, site.URL+"/hr/people/11111111-1111-4111-8111-111111111111/why")
	require.Equal(t, http.StatusNotFound, status)
}
