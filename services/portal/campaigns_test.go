package portal_test

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

const (
	campaignsAt = "/hr/campaigns/"
	newCampaign = "0d000000-0000-4000-8000-00000000000f"
)

// campaignForm is a complete campaign as the browser would send it.
func campaignForm(more ...string) url.Values {
	form := url.Values{
		"version": {"0"}, "campaign": {newCampaign}, "name": {"Pouls"}, "kind": {"survey"}, "questionnaire": {portaltest.Standard + ".v1"},
		"unit": {portaltest.Nantes}, "job": {"Vendeur", "Hôte de caisse"}, "months_from": {"6"}, "on": {"2026-11-10"}, "at": {"10:00"}, "until": {"2026-11-24"},
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func campaignNow(site *portaltest.Portal, id string) *momentsv1.Campaign {
	return site.Fakes.Now().Campaigns.All[id]
}

func TestHRWritesACampaignChecksItAndLaunchesIt(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, form := get(t, hr, site.URL+"/hr/campaigns/new")
	require.Contains(t, form, `value="2026-11-03"`, "a Tuesday is proposed")
	require.Contains(t, form, "1\u00a0234 personnes")
	require.Regexp(t, `(?s)<optgroup[^>]*><option value="`+portaltest.Draft+`\.v1".*<optgroup[^>]*><option value="`+portaltest.Standard+`\.v1"`, form, "the company's own come first")

	status, location, _ := send(t, hr, site.URL+campaignsAt+newCampaign, campaignForm("action", "check"))
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, campaignsAt+newCampaign+"/check", location)
	kept := campaignNow(site, newCampaign)
	require.Equal(t, momentsv1.Campaign_STATE_CHECKED, kept.GetState())
	require.Equal(t, []string{"Vendeur", "Hôte de caisse"}, kept.GetDraft().GetAudience().GetJobTitles())
	require.EqualValues(t, 6, kept.GetDraft().GetAudience().GetMonthsFrom())

	_, check := get(t, hr, site.URL+location)
	for _, told := range []string{"617 personnes", "Karim Duval", "métiers\u00a0: Vendeur, Hôte de caisse", "ici depuis 6 mois au moins", "/preview?campaign&amp;number=1"} {
		require.Contains(t, check, told)
	}
	status, location, _ = send(t, hr, site.URL+campaignsAt+newCampaign+"/launch", url.Values{"version": {"2"}})
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, campaignsAt+newCampaign, location)
	require.Equal(t, momentsv1.Campaign_STATE_SCHEDULED, campaignNow(site, newCampaign).GetState())
	_, page := get(t, hr, site.URL+location)
	require.Contains(t, page, "Programmée")
	require.Contains(t, page, "mardi 10 novembre")
}

func TestACampaignThatIsNotCompleteSaysWhatIsMissingBesideItsField(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, location, _ := send(t, hr, site.URL+campaignsAt+newCampaign, campaignForm("action", "check", "name", "", "questionnaire", ""))
	require.Equal(t, campaignsAt+newCampaign+"?checked", location)
	_, form := get(t, hr, site.URL+location)
	require.Contains(t, form, `id="name-wrong">Donnez un nom`)
	require.Contains(t, form, `id="questionnaire-wrong">Choisissez quoi demander`)
	require.Equal(t, momentsv1.Campaign_STATE_DRAFT, campaignNow(site, newCampaign).GetState())

	status, _, body := send(t, hr, site.URL+campaignsAt+newCampaign, campaignForm("version", "1", "months_from", "six"))
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, `id="months_from-wrong">Saisissez un nombre entier de mois`)
	require.Contains(t, body, `value="six"`, "what was written stays")
}

func TestTheAudienceIsCountedWithoutKeepingAnything(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	before := site.Fakes.Now().Campaigns.All
	_, _, body := send(t, hr, site.URL+campaignsAt+"audience", campaignForm("manager", portaltest.Karim))
	require.Contains(t, body, "617 personnes")
	require.Contains(t, body, "rattachées à Karim Duval")
	require.Contains(t, body, `value="Pouls"`, "without the script the form comes back as it was")
	require.True(t, maps.Equal(before, site.Fakes.Now().Campaigns.All))

	_, _, body = send(t, hr, site.URL+campaignsAt+"audience", campaignForm("months_below", "3"))
	require.Contains(t, body, "Ces conditions ne laissent personne")
}

func TestARunningCampaignIsWatchedPausedResumedAndCancelled(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	at := site.URL + campaignsAt + portaltest.RunningCampaign
	_, figures := get(t, hr, at+"/figures")
	require.Contains(t, figures, "60 personnes invitées sur 120")
	require.Contains(t, figures, "every 1s")
	require.NotContains(t, figures, "Karim", "watching names nobody")
	require.Less(t, len(figures), 8000)

	for _, step := range []struct{ path, state string }{{"/pause", "En pause"}, {"/resume", "En cours"}, {"/cancel", "Annulée"}} {
		status, location, _ := send(t, hr, at+step.path, nil)
		require.Equal(t, http.StatusSeeOther, status)
		_, page := get(t, hr, site.URL+location)
		require.Contains(t, page, step.state)
	}
	_, page := get(t, hr, at)
	require.NotContains(t, page, "every 1s", "what is over is not looked at again")
	require.Len(t, site.Fakes.Now().Campaigns.Steps, 3)
}

func TestARunningCampaignGetsAnotherNameAndNothingElse(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	at := site.URL + campaignsAt + portaltest.RunningCampaign
	before := campaignNow(site, portaltest.RunningCampaign)
	_, page := get(t, hr, at)
	require.Contains(t, page, "Changer son nom")
	status, location, _ := send(t, hr, at+"/rename", url.Values{"name": {" Rentrée <b>2026</b> "}, "until": {"2030-01-01"}})
	require.Equal(t, http.StatusSeeOther, status)
	_, page = get(t, hr, site.URL+location)
	require.Contains(t, page, "<h1>Rentrée &lt;b&gt;2026&lt;/b&gt;</h1>")
	now := campaignNow(site, portaltest.RunningCampaign)
	require.Equal(t, before.GetDraft().GetUntil(), now.GetDraft().GetUntil())
	require.Equal(t, before.GetState(), now.GetState())

	status, _, page = send(t, hr, at+"/rename", url.Values{"name": {""}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, page, "Le nom reste celui d&#39;avant. Donnez un nom")
	_, page = get(t, hr, site.URL+campaignsAt+portaltest.SeriesCampaign)
	require.NotContains(t, page, "Changer son nom", "a series is written in its form")
	version := campaignNow(site, portaltest.CheckedCampaign).GetVersion()
	_, _, _ = send(t, hr, site.URL+campaignsAt+portaltest.CheckedCampaign+"/rename", url.Values{"name": {"Autre"}})
	require.Equal(t, version, campaignNow(site, portaltest.CheckedCampaign).GetVersion(),
		"and so is what was not launched: another name would have to be checked again")
}

func TestOfFewPeopleTheNumberOfAnswersIsNotTold(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	site.Fakes.Set(func(s *portaltest.State) { s.Campaigns.Progress = &momentsv1.CampaignProgress{Audience: 4, Invited: 4} })
	_, figures := get(t, hr, site.URL+campaignsAt+portaltest.RunningCampaign+"/figures")
	require.Contains(t, figures, "non dit pour moins de cinq personnes")
}

func TestWhatSomebodyElseChangedIsNotLaunched(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	status, _, body := send(t, hr, site.URL+campaignsAt+portaltest.CheckedCampaign+"/launch", url.Values{"version": {"2"}})
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, "Quelqu&#39;un d&#39;autre a changé cette campagne")
	require.Empty(t, site.Fakes.Now().Campaigns.Steps)

	status, _, body = send(t, hr, site.URL+campaignsAt+portaltest.CheckedCampaign, campaignForm("version", "1"))
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, `value="Pouls"`, "what was written is not lost")
}

func TestWhereTheTimeToStartHasPassedHRReadsThatItStartsAtOnce(t *testing.T) {
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	const friday, behind = "Le vendredi après-midi", "Dès le lancement\u00a0: l&#39;heure prévue est passée"
	_, body := get(t, hr, site.URL+checkedAt+"/check")
	require.Contains(t, body, friday)
	require.NotContains(t, body, behind)
	site.Fakes.Set(func(s *portaltest.State) { s.Campaigns.All[portaltest.CheckedCampaign].Draft.On = "2026-10-30" })
	_, body = get(t, hr, site.URL+checkedAt+"/check")
	require.Contains(t, body, behind)
	require.NotContains(t, body, friday, "a word about an hour that is not the one")
}

func TestOnlyHRSeesCampaigns(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	for _, path := range []string{"/hr/campaigns", "/hr/campaigns/new", campaignsAt + portaltest.RunningCampaign, campaignsAt + portaltest.RunningCampaign + "/figures"} {
		status, _ := get(t, lea, site.URL+path)
		require.Equal(t, http.StatusForbidden, status, path)
	}
	status, _, _ := send(t, lea, site.URL+campaignsAt+portaltest.RunningCampaign+"/cancel", nil)
	require.Equal(t, http.StatusForbidden, status)
}

func TestAMessageIsReadAndSaidToBe(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Survey = &momentsv1.GetSurveyResponse{
			InvitationId: portaltest.Invitation, State: momentsv1.GetSurveyResponse_STATE_OPEN, KeyMoment: "campaign", FollowUp: "message",
			Title: "Nouvelle cantine", Message: "Elle ouvre <b>lundi</b>.", Confidential: true,
		}
	})
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, page := get(t, lea, site.URL+"/survey/"+portaltest.Invitation)
	require.Contains(t, page, "Elle ouvre &lt;b&gt;lundi&lt;/b&gt;.")
	require.Contains(t, page, "Je l&#39;ai lu")
	require.Equal(t, 1, strings.Count(page, "<textarea")+strings.Count(page, `class="button wide"`), "one thing to do")
	status, _, _ := send(t, lea, site.URL+"/survey/"+portaltest.Invitation, nil)
	require.Equal(t, http.StatusSeeOther, status)
	require.Len(t, site.Fakes.Now().Stored, 1)
}

// What HR sees as a draft may have been launched since: dropping it then would take invitations back.
func TestADraftIsDroppedOnlyAsItWasSeen(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	status, _, body := send(t, hr, site.URL+campaignsAt+portaltest.RunningCampaign+"/cancel", url.Values{"version": {"1"}})
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, "Voici où elle en est")
	require.Empty(t, site.Fakes.Now().Campaigns.Steps)

	draft := campaignNow(site, portaltest.DraftCampaign)
	_, form := get(t, hr, site.URL+campaignsAt+portaltest.DraftCampaign)
	_, drop, found := strings.Cut(form, "/cancel")
	require.True(t, found)
	version := strconv.FormatInt(draft.GetVersion(), 10)
	require.Contains(t, drop, `name="version" value="`+version+`"`)
	status, _, _ = send(t, hr, site.URL+campaignsAt+portaltest.DraftCampaign+"/cancel", url.Values{"version": {version}})
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, momentsv1.Campaign_STATE_CANCELLED, campaignNow(site, portaltest.DraftCampaign).GetState())
}
