package portal_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestHRWritesAnABTestAndSeesWhatItWillDo(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	status, location, _ := send(t, hr, site.URL+campaignsAt+newCampaign, campaignForm(
		"action", "check", "test", "subject", "test_share", "20", "test_wait", "24", "test.subject_a.fr", "Deux minutes ?", "test.subject_a.en", "Two minutes?",
		"test.subject_b.fr", "Votre <b>avis</b>", "test.subject_b.en", "Your view", "test_at_b", "15:00",
	))
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, campaignsAt+newCampaign+"/check", location)
	test := campaignNow(site, newCampaign).GetDraft().GetTest()
	require.Equal(t, momentsv1.CampaignTest_CRITERION_SUBJECT, test.GetCriterion())
	require.EqualValues(t, 20, test.GetShare())
	require.Equal(t, "Your view", test.GetSubjectB().GetEn())

	_, check := get(t, hr, site.URL+location)
	for _, told := range []string{"Votre &lt;b&gt;avis&lt;/b&gt;", "environ 61 personnes pour A", "Les 495 autres", "pendant 1 jour", "environ 18 points"} {
		require.Contains(t, check, told)
	}
	_, _, _ = send(t, hr, site.URL+campaignsAt+newCampaign, campaignForm("version", "2", "test", "none", "test.subject_b.fr", "Votre avis"))
	require.Nil(t, campaignNow(site, newCampaign).GetDraft().GetTest(), "no test is no test, whatever stands in fields out of the way")
}

func TestWhatIsWrongWithAnABTestStandsBesideItsField(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, form := get(t, hr, site.URL+campaignsAt+portaltest.DraftTestCampaign+"?checked")
	require.Contains(t, form, `id="test_share-wrong">Le groupe est trop petit`)
	require.Contains(t, form, `id="test.subject_b.en-wrong"`)
	require.Contains(t, form, `<option value="36" selected`, "a time that is not proposed stays chosen")
}

func TestADecidedTestIsToldWithItsFiguresAndItsUncertainty(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	at := site.URL + campaignsAt + portaltest.TestedCampaign
	_, figures := get(t, hr, at+"/figures")
	for _, told := range []string{
		"B l&#39;emporte", "41 réponses sur 118", "+17 points", "entre +5 et +29 points", "moins d&#39;une fois sur cent", "Votre avis sur &lt;i&gt;les ventes&lt;/i&gt;",
	} {
		require.Contains(t, figures, told)
	}
	require.Less(t, len(figures), 12000)

	site.Fakes.Set(func(s *portaltest.State) {
		d := s.Campaigns.All[portaltest.TestedCampaign].GetDecision()
		d.Winner, d.Reason, d.P, d.Points, d.Low, d.High = "", "no_difference", 0.42, 5.2, -7.4, 17.6
	})
	_, figures = get(t, hr, at+"/figures")
	require.Contains(t, figures, "Pas de gagnante")
	require.Contains(t, figures, "environ 42 fois sur cent")
	require.NotContains(t, figures, `tag good">Gagnante`)

	site.Fakes.Set(func(s *portaltest.State) { s.Campaigns.All[portaltest.TestedCampaign].Decision = nil })
	_, figures = get(t, hr, at+"/figures")
	require.Contains(t, figures, "On compte le")
	require.Contains(t, figures, "une seule fois")
}

func TestPeopleAreAskedByHRsOwnLine(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Prompts[0].KeyMoment, s.Prompts[0].FollowUp = "campaign", "survey"
		s.Prompts[0].Subject = &notificationsv1.Subject{Fr: "Votre avis <b>compte</b>", En: "Your view counts"}
	})
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, home := get(t, lea, site.URL+"/")
	require.Contains(t, home, "Votre avis &lt;b&gt;compte&lt;/b&gt;")
}
