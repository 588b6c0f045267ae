package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// fetch returns a page with its headers.
func fetch(t *testing.T, client *http.Client, address string) (*http.Response, string) {
	t.Helper()
	answer, err := client.Get(address)
	require.NoError(t, err)
	_, body := read(t, answer)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	return answer, body
}

const checkedAt = campaignsAt + portaltest.CheckedCampaign

func TestBeforeTheLaunchHRSeesWhatItWillDoDayByDay(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, check := get(t, hr, site.URL+checkedAt+"/check")
	require.Contains(t, check, `hx-get="`+checkedAt+`/forecast"`, "the page does not wait for the counting")

	_, page := get(t, hr, site.URL+checkedAt+"/forecast")
	for _, told := range []string{
		"vendredi 6 novembre", "312 personnes", "84 autres messages pour ces personnes ce jour-là", "230 ont attendu, déjà beaucoup sollicitées",
		"17 rentrent de congé", "290 relances au plus", "5 personnes ne la verront pas\u00a0: en congé jusqu", "1 personne ne la verra pas\u00a0: elle aura quitté",
		"Jour chargé\u00a0: 271 personnes attendront", "Un meilleur jour\u00a0: mardi 10 novembre, avec 560 personnes invitées le premier jour au lieu de 312",
	} {
		require.Contains(t, strings.ToLower(page), strings.ToLower(told))
	}
	for _, name := range []string{"Karim", "Léa", portaltest.Lea} {
		require.NotContains(t, page, name, "counts name nobody")
	}
	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	_, empty := get(t, hr, site.URL+checkedAt+"/forecast")
	require.Contains(t, empty, "Personne ne fait partie de ce groupe ce jour-là")
}

func TestHRLooksThroughTheEyesOfSomebodyOfTheGroup(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, check := get(t, hr, site.URL+checkedAt+"/check")
	require.Contains(t, check, checkedAt+"/recipients/"+portaltest.Karim)

	at := site.URL + checkedAt + "/recipients/" + portaltest.Karim
	_, page := get(t, hr, at)
	require.Contains(t, page, "Ce que verra Karim Duval")
	require.Contains(t, page, `<dd lang="en"><strong>A few questions for you</strong></dd>`)
	require.Contains(t, page, `<iframe sandbox="allow-same-origin" src="`, "the mail can do nothing in its frame")

	res, prompt := fetch(t, hr, at+"/prompt")
	require.Contains(t, prompt, "HR has a few questions for you", "in Karim's language")
	require.NotContains(t, prompt, "<a ", "nothing in it leads anywhere")
	require.Contains(t, res.Header.Get("Content-Security-Policy"), "frame-ancestors 'self'")
	res, mail := fetch(t, hr, at+"/mail")
	require.Contains(t, mail, "Hello Karim")
	require.Contains(t, res.Header.Get("Content-Security-Policy"), "sandbox")
	require.NotContains(t, res.Header.Get("Content-Security-Policy"), "script-src")
	require.Contains(t, page, "/preview?campaign&amp;number=1&amp;lang=en")

	message := site.URL + campaignsAt + portaltest.DraftCampaign + "/recipients/" + portaltest.Lea
	_, opened := fetch(t, hr, message+"/page")
	require.Contains(t, opened, "Bonjour Léa, elle ouvre &lt;b&gt;lundi&lt;/b&gt;.", "what fields become is escaped as all else")

	status, _ := get(t, hr, site.URL+checkedAt+"/recipients/"+portaltest.Jeanne)
	require.Equal(t, http.StatusNotFound, status, "whoever is not in the group is not looked at")
	status, _ = get(t, hr, at+"/password")
	require.Equal(t, http.StatusNotFound, status)

	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	_, page = get(t, hr, at)
	require.Contains(t, page, "Pas d&#39;e-mail")

	lea := site.As(t, "employee:"+portaltest.Lea)
	for _, path := range []string{"/forecast", "/recipients/" + portaltest.Karim, "/recipients/" + portaltest.Karim + "/mail"} {
		status, _ := get(t, lea, site.URL+checkedAt+path)
		require.Equal(t, http.StatusForbidden, status, path)
	}
}

func TestHRChoosesHowOftenPeopleAreRemindedAndSeesWhen(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, form := get(t, hr, site.URL+"/hr/campaigns/new")
	require.Contains(t, form, `name="reminders" value="1" checked`, "once is proposed")
	require.Contains(t, form, "la première le mardi 10 novembre, la seconde (si vous en choisissez deux) le lundi 16 novembre")

	send(t, hr, site.URL+campaignsAt+newCampaign, campaignForm("action", "save", "reminders", "0"))
	require.EqualValues(t, 0, campaignNow(site, newCampaign).GetDraft().GetReminders())
	require.NotNil(t, campaignNow(site, newCampaign).GetDraft().Reminders, "never is not the same as nothing said")
	_, form = get(t, hr, site.URL+campaignsAt+newCampaign)
	require.Contains(t, form, `name="reminders" value="0" checked`)

	_, _, body := send(t, hr, site.URL+campaignsAt+"audience", campaignForm("until", "2026-11-10"))
	require.Contains(t, body, "Le temps de répondre est trop court pour une relance")
}

func TestAFieldThatNobodyKnowsIsNamedBesideItsText(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, location, _ := send(t, hr, site.URL+campaignsAt+portaltest.DraftCampaign, url.Values{
		"version": {"1"}, "name": {"Cantine"}, "kind": {"message"}, "title.fr": {"Cantine"}, "title.en": {"Canteen"},
		"text.fr": {"Bonjour {prénon}"}, "text.en": {"Hello"}, "on": {"2026-11-10"}, "at": {"10:00"}, "until": {"2026-11-24"}, "action": {"check"},
	})
	require.Equal(t, campaignsAt+portaltest.DraftCampaign+"?checked", location)
	_, form := get(t, hr, site.URL+location)
	require.Contains(t, form, `id="text.fr-wrong">Aucun champ ne s&#39;appelle {prénon}. Il existe {prenom}, {etablissement} et {date_limite}.`)
	require.Contains(t, form, `data-insert="{prenom}"`)
	require.Contains(t, form, `data-insert="{first_name}"`)
}
