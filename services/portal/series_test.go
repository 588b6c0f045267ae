package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// repeatedForm is a campaign on the first Tuesday of each month.
func repeatedForm(more ...string) url.Values {
	return campaignForm(append([]string{
		"repeat", "calendar", "frequency", "monthly", "every", "1", "by", "weekday", "ends", "never", "count", "6", "days_off", "move", "short_months", "last",
		"answer_days", "10", "until", "2026-11-24", "anchor", "hire", "after", "30", "unit_of_time", "days", "on", "2026-11-03",
	}, more...)...)
}

func TestHRWritesACampaignThatComesAgain(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, location, _ := send(t, hr, site.URL+campaignsAt+newCampaign, repeatedForm("action", "check", "test", "time", "test_at_b", "14:00", "test_share", "20", "test_wait", "24"))
	require.Equal(t, campaignsAt+newCampaign+"/check", location)
	kept := campaignNow(site, newCampaign).GetDraft()
	require.Nil(t, kept.GetTest(), "a test is of one date: what was chosen before is out of the way")
	calendar := kept.GetRecurrence().GetCalendar()
	require.Equal(t, momentsv1.Recurrence_Calendar_FREQUENCY_MONTHLY, calendar.GetFrequency())
	require.Equal(t, momentsv1.Recurrence_Calendar_BY_WEEKDAY, calendar.GetBy())
	require.Zero(t, calendar.GetCount(), "only what is chosen counts")
	require.EqualValues(t, 10, kept.GetRecurrence().GetAnswerDays())
	_, check := get(t, hr, site.URL+location)
	for _, told := range []string{"Chaque mois le premier mardi, à 10:00", "mardi 3 novembre 2026, 10:00", "10 jours à chaque fois", "Le groupe est regardé à nouveau"} {
		require.Contains(t, check, told)
	}
	require.NotContains(t, check, "Le groupe est arrêté au départ")
}

func TestTheDaysAreShownWhileItIsWritten(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	before := len(site.Fakes.Now().Campaigns.All)
	for form, told := range map[*url.Values][]string{
		ptr(repeatedForm()): {
			"Chaque mois le premier mardi, à 10:00", "mercredi 11 novembre 2026, 10:00", "au lieu du mardi 10 novembre, chômé", "jour chômé\u00a0: sauté", "L&#39;un de ces jours est férié",
		},
		ptr(repeatedForm("frequency", "weekly", "every", "2", "ends", "count", "count", "4")):               {"Toutes les 2 semaines le mardi, à 10:00, 4 fois"},
		ptr(repeatedForm("frequency", "yearly", "by", "day", "ends", "last_day", "last_day", "2030-12-31")): {"Chaque année le 3 novembre, à 10:00, jusqu&#39;au 31 décembre 2030"},
		ptr(repeatedForm("frequency", "yearly", "by", "last_weekday")):                                      {"Chaque année le dernier mardi de novembre, à 10:00"},
		ptr(repeatedForm("on", "2026-11-08")):                                                               {"Aucun jour ne serait jamais retenu"},
		ptr(repeatedForm("repeat", "person", "after", "6", "unit_of_time", "months", "anchor", "talk")):     {"6 mois après son dernier entretien avec son manager, à 10:00", "novembre 2026\u00a0: le tour de 12 personnes", "une seule campagne pour ce mois"},
		ptr(repeatedForm("repeat", "once", "on", "2026-11-02", "at", "09:00")):                              {"Le lundi matin"},
	} {
		status, _, body := send(t, hr, site.URL+campaignsAt+"dates", *form)
		require.Equal(t, http.StatusOK, status)
		for _, text := range told {
			require.Contains(t, body, text)
		}
		require.Contains(t, body, `value="Pouls"`, "without the script the form comes back as it was")
	}
	require.Len(t, site.Fakes.Now().Campaigns.All, before, "nothing was kept")
}

func ptr[T any](v T) *T { return &v }

func TestWhatIsWrongWithARecurrenceIsSaidBesideItsField(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	status, _, body := send(t, hr, site.URL+campaignsAt+newCampaign, repeatedForm("every", "two"))
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, `id="every-wrong">Saisissez un nombre entier`)
	status, _, body = send(t, hr, site.URL+campaignsAt+newCampaign, repeatedForm("on", "tomorrow"))
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, `id="on-wrong"`)
	require.Contains(t, body, `value="Pouls"`, "what was written stays")
	_, location, _ := send(t, hr, site.URL+campaignsAt+newCampaign, repeatedForm("action", "check", "answer_days", "61"))
	_, body = get(t, hr, site.URL+location)
	require.Contains(t, body, `id="answer_days-wrong">60 jours au plus`)
}

func TestASeriesShowsWhatComesWhatWasAndWhatWasLeftOut(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	at := site.URL + campaignsAt + portaltest.SeriesCampaign
	_, body := get(t, hr, at)
	for _, told := range []string{
		"Chaque mois le premier mardi, à 10:00", "mardi 1er décembre 2026, 10:00", "N°\u00a02", campaignsAt + portaltest.OccurrenceCampaign,
		"du 1er septembre 2026 au 3 septembre 2026", "Jalon ne fonctionnait pas", "Le groupe est regardé à nouveau", "Rien de nouveau n&#39;est envoyé tant que", "Mettre fin à cette série",
	} {
		require.Contains(t, body, told)
	}
	require.NotContains(t, body, "every 2s")
	_, occurrence := get(t, hr, site.URL+campaignsAt+portaltest.OccurrenceCampaign)
	require.Contains(t, occurrence, campaignsAt+portaltest.SeriesCampaign)
	require.Contains(t, occurrence, "60 personnes invitées sur 120", "it is watched as any campaign is")

	_, form := get(t, hr, at+"?edit")
	require.Contains(t, form, `id="repeat_calendar"`)
	require.Contains(t, form, `value="10"`)
	for _, step := range []struct{ path, state string }{{"/pause", "En pause"}, {"/resume", "En cours"}, {"/cancel", "Arrêtée"}} {
		status, location, _ := send(t, hr, at+step.path, nil)
		require.Equal(t, http.StatusSeeOther, status)
		_, page := get(t, hr, site.URL+location)
		require.Contains(t, page, step.state)
	}
}

func TestHRLeavesOneComingDayOutAndHasItAfterAll(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	at := site.URL + campaignsAt + portaltest.SeriesCampaign
	_, body := get(t, hr, at)
	require.Contains(t, body, `name="day" value="2026-12-08"`, "the day of the rule, which a day off has moved to the 9th")
	require.NotContains(t, body, `value="2026-12-15"`, "what falls on a day off is left out already")
	for _, step := range []struct {
		path, told string
		left       []string
	}{{"/leave-out", "sauté par les RH", []string{"2026-12-08"}}, {"/keep", "Sauter ce jour", []string{}}} {
		status, location, _ := send(t, hr, at+step.path, url.Values{"day": {"2026-12-08"}})
		require.Equal(t, http.StatusSeeOther, status)
		require.Equal(t, step.left, site.Fakes.Now().Campaigns.LeftOut)
		_, body = get(t, hr, site.URL+location)
		require.Contains(t, body, step.told)
	}
	require.NotContains(t, body, "sauté par les RH")
	status, _, _ := send(t, hr, at+"/leave-out", url.Values{"day": {"2025-12-08"}})
	require.Equal(t, http.StatusSeeOther, status, "its time is over: the page says what became of it")
	_, form := get(t, hr, at+"?edit")
	require.NotContains(t, form, "Sauter ce jour", "the form writes the rule")
}

func TestTheCalendarSaysThatAPausedSeriesSendsNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/campaigns/calendar?month=2026-11")
	require.NotContains(t, body, "série en pause")
	site.Fakes.Set(func(s *portaltest.State) {
		s.Campaigns.All[portaltest.SeriesCampaign].State = momentsv1.Campaign_STATE_PAUSED
	})
	_, body = get(t, hr, site.URL+"/hr/campaigns/calendar?month=2026-11")
	require.Contains(t, body, "série en pause : rien ne part")
}

func TestOccurrencesThatAreOverStandOnTheirSeriesPageOnly(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, list := get(t, hr, site.URL+"/hr/campaigns")
	require.Contains(t, list, portaltest.OccurrenceCampaign, "it is under way")
	require.Contains(t, list, "chaque mois le premier mardi, à 10:00")
	site.Fakes.Set(func(s *portaltest.State) {
		s.Campaigns.All[portaltest.OccurrenceCampaign].State = momentsv1.Campaign_STATE_DONE
	})
	_, list = get(t, hr, site.URL+"/hr/campaigns")
	require.NotContains(t, list, portaltest.OccurrenceCampaign)
}

func TestTheCalendarShowsAllThatIsPlannedMonthByMonth(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/campaigns/calendar?month=2026-11")
	for _, told := range []string{
		"novembre 2026", "month=2026-10", "month=2026-12", "Pouls mensuel &lt;b&gt;", "à venir", "Jour férié", "Bilan d&#39;octobre", "En cours depuis avant", "13 suivis de moments clés", "Aujourd&#39;hui",
	} {
		require.Contains(t, body, told)
	}
	_, june := get(t, hr, site.URL+"/hr/campaigns/calendar?month=2026-06")
	require.Contains(t, june, "Le baromètre 2026 ouvre")
	require.Contains(t, june, "Le baromètre 2026 ferme")
	_, far := get(t, hr, site.URL+"/hr/campaigns/calendar?month=9999-12")
	require.Contains(t, far, "novembre 2026", "what nobody plans is this month")
	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	_, none := get(t, hr, site.URL+"/hr/campaigns/calendar?month=2026-11")
	require.Contains(t, none, "Rien n&#39;est prévu ce mois-ci")
	status, _ := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/campaigns/calendar")
	require.Equal(t, http.StatusForbidden, status)
}
