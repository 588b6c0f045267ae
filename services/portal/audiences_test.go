package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

const (
	audiencesAt = "/hr/audiences/"
	newAudience = "0e000000-0000-4000-8000-00000000000f"
)

func audienceNow(site *portaltest.Portal, id string) *momentsv1.SavedAudience {
	return site.Fakes.Now().Audiences[id]
}

func TestHRKeepsAnAudienceUnderANameEditsItAndDeletesIt(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	form := url.Values{"version": {"0"}, "campaign": {newAudience}, "name": {"Vendeurs"}, "job": {"Vendeur"}, "unit": {portaltest.Nantes}}
	status, location, _ := send(t, hr, site.URL+audiencesAt+newAudience, form)
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, audiencesAt+newAudience+"?saved", location)
	require.Equal(t, []string{"Vendeur"}, audienceNow(site, newAudience).GetAudience().GetJobTitles())
	_, list := get(t, hr, site.URL+"/hr/audiences")
	require.Contains(t, list, "Vendeurs")
	require.Contains(t, list, "617 personnes")

	form.Set("version", "1")
	form.Set("name", "")
	status, _, body := send(t, hr, site.URL+audiencesAt+newAudience, form)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, `id="name-wrong"`)
	form.Set("version", "7")
	form.Set("name", "Autre")
	status, _, body = send(t, hr, site.URL+audiencesAt+newAudience, form)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, `value="Autre"`, "what was written is not lost")

	_, location, _ = send(t, hr, site.URL+audiencesAt+newAudience+"/delete", nil)
	require.Equal(t, "/hr/audiences?deleted", location)
	require.Nil(t, audienceNow(site, newAudience))
	status, _ = get(t, hr, site.URL+audiencesAt+newAudience)
	require.Equal(t, http.StatusNotFound, status)
}

func TestACampaignBeginsFromAKeptAudienceAndSaysWhenThatWasEdited(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, _, body := send(t, hr, site.URL+"/hr/campaigns/audience?pick", campaignForm("pick", portaltest.Newcomers))
	require.Contains(t, body, "Repris du groupe")
	require.Contains(t, body, `name="saved_version" value="2"`)
	_, body = get(t, hr, site.URL+audiencesAt+portaltest.Newcomers)
	require.Contains(t, body, `href="/hr/campaigns/new?audience=`+portaltest.Newcomers+`"`, "its page leads on")
	_, body = get(t, hr, site.URL+"/hr/campaigns/new?audience="+portaltest.Newcomers)
	require.Contains(t, body, `name="saved_version" value="2"`)
	status, _ := get(t, hr, site.URL+"/hr/campaigns/new?audience=nobody")
	require.Equal(t, http.StatusOK, status, "one that is gone leaves the form as it is")
	require.Contains(t, body, "ici depuis moins de 3 mois")
	require.NotContains(t, body, "métiers\u00a0: Vendeur", "its conditions take the place of those that were there")

	form := campaignForm("saved_audience", portaltest.Newcomers, "saved_version", "2", "months_from", "", "months_below", "3")
	form.Del("job")
	_, location, _ := send(t, hr, site.URL+campaignsAt+newCampaign, form)
	_, body = get(t, hr, site.URL+location)
	require.Contains(t, body, "Les &lt;b&gt;nouveaux&lt;/b&gt;")
	require.NotContains(t, body, "changé ici")

	edited := url.Values{"version": {"2"}, "name": {"Les nouveaux"}, "months_below": {"6"}}
	_, _, _ = send(t, hr, site.URL+audiencesAt+portaltest.Newcomers, edited)
	_, body = get(t, hr, site.URL+location)
	require.Contains(t, body, "qui a été modifié le")
	require.Contains(t, body, "ici depuis moins de 3 mois", "the draft keeps its copy")
	_, _, _ = send(t, hr, site.URL+audiencesAt+portaltest.Newcomers+"/delete", nil)
	_, body = get(t, hr, site.URL+location)
	require.Contains(t, body, "qui a été supprimé depuis")
}

func TestWhoReactedIsCountedInTensAndNeverShown(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, list := get(t, hr, site.URL+"/hr/audiences")
	require.Contains(t, list, "environ 40 personnes")
	require.Contains(t, list, "interrogées, sans réponse\u00a0: la campagne")

	form := url.Values{"version": {"0"}, "campaign": {newAudience}, "reaction": {"answered"}, "reaction_about": {"campaign/" + portaltest.RunningCampaign}}
	_, _, body := send(t, hr, site.URL+"/hr/audiences/count", form)
	require.Contains(t, body, "environ 40 personnes")
	require.Contains(t, body, "arrondis à la dizaine")
	form.Set("unit", portaltest.Nantes)
	_, _, body = send(t, hr, site.URL+"/hr/audiences/count", form)
	require.Contains(t, body, "non dit")
	require.Contains(t, body, "on pourrait deviner qui")
	counted := site.Fakes.Now().Campaigns.Counted
	require.Equal(t, portaltest.RunningCampaign, counted[len(counted)-1].GetReaction().GetFollowUp())
}

// Who was asked by a campaign that chose people for how they reacted would tell how they did.
func TestWhoADiscreetCampaignAskedIsNoCondition(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	offered := `value="campaign/` + portaltest.OccurrenceCampaign + `"`
	_, form := get(t, hr, site.URL+audiencesAt+"new")
	require.Contains(t, form, offered)
	site.Fakes.Set(func(s *portaltest.State) { s.Campaigns.All[portaltest.OccurrenceCampaign].Discreet = true })
	_, form = get(t, hr, site.URL+audiencesAt+"new")
	require.NotContains(t, form, offered)
}

func TestOnlyHRSeesAudiences(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	for _, path := range []string{"/hr/audiences", "/hr/audiences/new", audiencesAt + portaltest.Newcomers} {
		status, _ := get(t, lea, site.URL+path)
		require.Equal(t, http.StatusForbidden, status, path)
	}
}
