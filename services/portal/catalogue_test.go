package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestHRReadsTheCatalogueAndDeclaresAMoment(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr, lea := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Lea)
	_, cards := get(t, hr, site.URL+"/hr/catalogue")
	require.Contains(t, cards, "/hr/catalogue/training")
	require.Contains(t, cards, "Curiosité")
	_, entry := get(t, hr, site.URL+"/hr/catalogue/training")
	require.Contains(t, entry, "Organiser le remplacement.")
	require.Contains(t, entry, "&lt;b&gt;notre&lt;/b&gt;", "markup in a text is text")
	require.Contains(t, entry, "Désactivé")
	status, _ := get(t, lea, site.URL+"/hr/catalogue")
	require.Equal(t, http.StatusForbidden, status)
	status, _ = get(t, hr, site.URL+"/hr/catalogue/nothing")
	require.Equal(t, http.StatusNotFound, status)

	declare := site.URL + "/hr/catalogue/training/declare"
	_, body := post(t, hr, declare, url.Values{"number": {"nobody"}, "on": {"2026-11-02"}})
	require.Contains(t, body, "Aucune personne n&#39;a ce matricule")
	_, body = post(t, hr, declare, url.Values{"number": {"001003"}, "on": {"2026-02-30"}})
	require.Contains(t, body, "Cette date n&#39;existe pas")
	require.Contains(t, body, `value="001003"`, "what was entered stays")
	_, body = post(t, hr, declare, url.Values{"number": {"001003"}, "on": {"2026-10-30"}})
	require.Contains(t, body, "annulé depuis", "nobody is led to what was called off")
	answer, _ := post(t, hr, declare, url.Values{"number": {"001003"}, "on": {"2026-11-02"}})
	require.Equal(t, "/hr/moments/"+portaltest.Moment, answer.Header.Get("Location"))
	require.Equal(t, portaltest.Lea, site.Fakes.Now().Declared[0].GetPersonId())

	_, team := get(t, hr, site.URL+"/hr/catalogue/success_celebrated")
	require.Contains(t, team, "Nantes Atlantis")
	_, _ = post(t, hr, site.URL+"/hr/catalogue/success_celebrated/declare", url.Values{"unit": {portaltest.Nantes}})
	require.Equal(t, portaltest.Nantes, site.Fakes.Now().Declared[1].GetUnitId())
}

func TestHRChangesAnEntryOfTheCatalogue(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/catalogue/training/edit"
	_, form := get(t, hr, address)
	require.Contains(t, form, "Organiser le remplacement.\nFixer l&#39;échange du retour.")
	entered := func(version, offset, prepare string) url.Values {
		values := url.Values{"version": {version}, "offset_day_1": {offset}, "offset_day_60": {"60"}, "on_day_1": {"yes"}}
		for _, language := range []string{"fr", "en"} {
			for _, field := range []string{"summary_", "emotional_", "relational_", "operational_", "prepare_"} {
				values.Set(field+language, "Une ligne.\r\n\r\n Une autre. ")
			}
		}
		values.Set("prepare_fr", prepare)
		return values
	}
	_, body := post(t, hr, address, entered("0", "demain", "Une ligne."))
	require.Contains(t, body, "Donnez un nombre de jours")
	require.Contains(t, body, "demain")
	_, body = post(t, hr, address, entered("0", "2", " "))
	require.Contains(t, body, "Écrivez au moins une ligne")
	_, body = post(t, hr, address, entered("3", "2", "Une ligne."))
	require.Contains(t, body, "pendant que vous écriviez")
	require.Empty(t, site.Fakes.Now().Changed)

	wrong := entered("0", "2", "Une ligne.")
	wrong.Set("answer_day_1", "deux")
	_, body = post(t, hr, address, wrong)
	require.Contains(t, body, "entre 1 et 60")

	whole := entered("0", "2", "Une ligne.")
	whole.Set("grace_day_1", "3")
	whole.Set("answer_day_1", "10")
	whole["expected"] = []string{"", "curious"}
	answer, _ := post(t, hr, address, whole)
	require.Equal(t, "/hr/catalogue/training?saved", answer.Header.Get("Location"))
	changed := site.Fakes.Now().Changed[0]
	require.Equal(t, []string{"Une ligne.", "Une autre."}, changed.GetTexts()[0].GetEmotional())
	require.EqualValues(t, 2, changed.GetFollowUps()[0].GetOffsetDays())
	require.True(t, changed.GetFollowUps()[1].GetOff())
	require.EqualValues(t, 3, changed.GetFollowUps()[0].GetGraceDays())
	require.EqualValues(t, 10, changed.GetFollowUps()[0].GetAnswerDays())
	require.Nil(t, changed.GetFollowUps()[1].GraceDays, "what the form does not have stays")
	require.Equal(t, []string{"curious"}, changed.GetExpectedEmotions().GetIds())
}

func TestAManagerPreparesDeclaresAndTakesBack(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	karim := site.As(t, "manager:"+portaltest.Karim)
	_, team := get(t, karim, site.URL+"/team")
	require.Contains(t, team, `href="/team/moments"`)
	_, entry := get(t, karim, site.URL+"/team/moments/training")
	require.Contains(t, entry, "Organiser le remplacement.")
	require.Contains(t, entry, "Léa Moreau")
	require.NotContains(t, entry, "/edit")

	answer, _ := post(t, karim, site.URL+"/team/moments/training", url.Values{"person": {portaltest.Lea}, "on": {"2026-11-02"}})
	require.Equal(t, "/team/moments?declared="+portaltest.Moment, answer.Header.Get("Location"))
	_, body := get(t, karim, site.URL+answer.Header.Get("Location"))
	require.Contains(t, body, "C&#39;est noté")
	require.Contains(t, body, "/team/cancel/"+portaltest.Moment)
	answer, _ = post(t, karim, site.URL+"/team/cancel/"+portaltest.Moment, url.Values{"reason": {"Par erreur."}})
	require.Equal(t, "/team/moments?cancelled", answer.Header.Get("Location"))
	require.Equal(t, "Par erreur.", site.Fakes.Now().Cancelled[0].GetReason())
	_, body = post(t, karim, site.URL+"/team/moments/training", url.Values{"on": {"2026-11-02"}})
	require.Contains(t, body, "Dites à qui ce moment est arrivé")
}

func TestHRCancelsAMomentWithAReason(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/moments/"+portaltest.Moment)
	require.Contains(t, body, "/hr/moments/"+portaltest.Moment+"/cancel")
	answer, _ := post(t, hr, site.URL+"/hr/moments/"+portaltest.Moment+"/cancel", url.Values{"reason": {"Doublon."}})
	require.Equal(t, "/hr/moments/"+portaltest.Moment, answer.Header.Get("Location"))
	require.Equal(t, "Doublon.", site.Fakes.Now().Cancelled[0].GetReason())
}
