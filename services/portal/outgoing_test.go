package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

const (
	receiversAt = "/hr/outgoing/receivers/"
	channelsAt  = "/hr/outgoing/channels/"
	newOutgoing = "0e000000-0000-4000-8000-00000000000f"
)

func receiverFields(more ...string) url.Values {
	form := url.Values{
		"version": {"0"}, "name": {"Paie"}, "address": {"https://paie.example.com/in"}, "type": {"jalon.directory.v1.PeopleHired"}, "hr_system": {"yes"},
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func TestHRAddsASystemAndIsShownItsSecretOnce(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, list := get(t, hr, site.URL+"/hr/outgoing")
	for _, told := range []string{"Logiciel de &lt;b&gt;paie&lt;/b&gt;", "paie.example.com · 2 sortes d&#39;événements", "Ne répond plus", "#magasins", "Adresse refusée"} {
		require.Contains(t, list, told)
	}
	_, form := get(t, hr, site.URL+receiversAt+"new")
	require.Contains(t, form, "Personnes embauchées")
	require.Contains(t, form, "PeopleHired")

	status, _, page := send(t, hr, site.URL+receiversAt+newOutgoing, receiverFields())
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, portaltest.WebhookSecret)
	kept := site.Fakes.Now().Outgoing.Receivers[newOutgoing]
	require.Equal(t, "https://paie.example.com/in", kept.GetDraft().GetAddress())
	require.True(t, kept.GetDraft().GetHrSystem())
	_, page = get(t, hr, site.URL+receiversAt+newOutgoing)
	require.NotContains(t, page, portaltest.WebhookSecret, "this once")
	require.Contains(t, page, "Rien n&#39;a encore été envoyé")

	status, location, _ := send(t, hr, site.URL+receiversAt+newOutgoing, receiverFields())
	require.Equal(t, http.StatusSeeOther, status, "the button was pressed twice")
	require.Equal(t, receiversAt+newOutgoing, location)
	status, location, _ = send(t, hr, site.URL+receiversAt+newOutgoing, receiverFields("version", "1", "name", "Paie et temps"))
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, receiversAt+newOutgoing+"?saved", location)
	require.Equal(t, "Paie et temps", site.Fakes.Now().Outgoing.Receivers[newOutgoing].GetDraft().GetName())
}

func TestWhatIsWrongWithASystemIsSaidBesideItsField(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	form := receiverFields("name", "", "address", "http://paie.example.com")
	form.Del("type")
	status, _, page := send(t, hr, site.URL+receiversAt+newOutgoing, form)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, page, `id="name-wrong">Donnez un nom`)
	require.Contains(t, page, `id="address-wrong">L&#39;adresse doit commencer par https://`)
	require.Contains(t, page, `id="types-wrong">Choisissez au moins un événement`)
	require.Contains(t, page, `value="http://paie.example.com"`, "what was written stays")
	require.NotContains(t, site.Fakes.Now().Outgoing.Receivers, newOutgoing)

	status, _, page = send(t, hr, site.URL+receiversAt+portaltest.PayrollReceiver, receiverFields("version", "1"))
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, page, "Quelqu&#39;un d&#39;autre a changé ceci")
	require.Contains(t, page, `value="Paie"`)
}

func TestHRTestsReplaysRotatesAndSwitches(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	at := site.URL + receiversAt + portaltest.PayrollReceiver
	_, page := get(t, hr, at)
	for _, told := range []string{"Pas de réponse à temps", "11 essais", "Refusé, réponse 503 en 120 ms", "Prochain essai", portaltest.WebhookSecret[:10] + "."} {
		require.Contains(t, page, told)
	}
	_, page = get(t, hr, at+"?failed")
	require.NotContains(t, page, "Refusé, réponse 503", "only what failed")

	_, _, page = send(t, hr, at+"/test", nil)
	require.Contains(t, page, "Pris, réponse 200 en 84 ms")
	require.Contains(t, page, "{&#34;ok&#34;:true}")
	_, location, _ := send(t, hr, at+"/replay", url.Values{"delivery": {portaltest.FailedDelivery}})
	_, page = get(t, hr, site.URL+location)
	require.Contains(t, page, "1 envoi repart.")
	_, _, _ = send(t, hr, at+"/replay", url.Values{"since": {"2026-10-01"}})
	replays := site.Fakes.Now().Outgoing.Replays
	require.Len(t, replays, 2)
	require.Equal(t, portaltest.FailedDelivery, replays[0].GetDeliveryId())
	require.Equal(t, "2026-10-01", replays[1].GetSince())

	_, _, page = send(t, hr, at+"/rotate", nil)
	require.Contains(t, page, portaltest.WebhookSecret)
	require.Contains(t, page, "Le précédent signe encore")
	_, location, _ = send(t, hr, at+"/switch", nil)
	_, page = get(t, hr, site.URL+location)
	require.Contains(t, page, "Les envois sont interrompus")
	require.Contains(t, page, "Reprendre les envois")
	_, _, _ = send(t, hr, at+"/switch", url.Values{"on": {"yes"}})
	require.Equal(t, notificationsv1.Receiver_STATE_ON, site.Fakes.Now().Outgoing.Receivers[portaltest.PayrollReceiver].GetState())
	_, location, _ = send(t, hr, at+"/remove", nil)
	require.Equal(t, "/hr/outgoing?removed", location)
	status, _ := get(t, hr, at)
	require.Equal(t, http.StatusNotFound, status)
}

func TestAChannelIsAddedTestedAndItsAddressIsNeverShownAgain(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	form := url.Values{"version": {"0"}, "name": {"#siege"}, "kind": {"teams"}, "language": {"fr"}}
	status, _, page := send(t, hr, site.URL+channelsAt+newOutgoing, form)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, page, `id="address-wrong">Saisissez l&#39;adresse`)
	form.Set("address", "https://hooks.slack.com/services/T/B/secret")
	_, location, _ := send(t, hr, site.URL+channelsAt+newOutgoing, form)
	require.Equal(t, channelsAt+newOutgoing+"?saved", location)
	_, page = get(t, hr, site.URL+location)
	require.Contains(t, page, "hooks.slack.com")
	require.NotContains(t, page, "secret\"")
	require.NotContains(t, page, "/services/T/B")
	require.Equal(t, notificationsv1.Channel_KIND_TEAMS, site.Fakes.Now().Outgoing.Channels[newOutgoing].GetKind())

	site.Fakes.Set(func(s *portaltest.State) {
		s.Outgoing.Answer = &notificationsv1.Answer{Status: 404, Trouble: "status", Milliseconds: 30, Text: "no_service"}
	})
	_, _, page = send(t, hr, site.URL+channelsAt+newOutgoing+"/test", nil)
	require.Contains(t, page, "Refusé, réponse 404")
	require.Contains(t, page, "no_service")
	_, location, _ = send(t, hr, site.URL+channelsAt+newOutgoing+"/remove", nil)
	require.Equal(t, "/hr/outgoing?removed", location)
}

func TestACampaignIsAnnouncedInTheChannelsThatHRChoseAndItsPageSaysWhatBecameOfThat(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, form := get(t, hr, site.URL+"/hr/campaigns/new")
	require.Contains(t, form, "Annoncer dans un canal")
	_, _, _ = send(t, hr, site.URL+campaignsAt+newCampaign, campaignForm("channel", portaltest.SlackChannel))
	require.Equal(t, []string{portaltest.SlackChannel}, campaignNow(site, newCampaign).GetDraft().GetChannelIds())

	at := site.URL + campaignsAt + portaltest.CheckedCampaign + "/check"
	_, before := get(t, hr, at)
	require.NotContains(t, before, "Annonces dans les canaux")
	site.Fakes.Set(func(s *portaltest.State) {
		s.Campaigns.All[portaltest.CheckedCampaign].Draft.ChannelIds = []string{portaltest.SlackChannel, portaltest.TeamsChannel}
	})
	_, before = get(t, hr, at)
	require.Contains(t, before, "#magasins, Siège, général")

	site.Fakes.Set(func(s *portaltest.State) {
		s.Campaigns.All[portaltest.RunningCampaign].Draft.ChannelIds = []string{portaltest.SlackChannel, portaltest.TeamsChannel, newOutgoing}
		s.Outgoing.Announcements = []*notificationsv1.Announcement{
			{ChannelId: portaltest.SlackChannel, State: notificationsv1.Announcement_STATE_UNKNOWN, At: "2026-11-03T09:00:00Z"},
			{
				ChannelId: portaltest.TeamsChannel, State: notificationsv1.Announcement_STATE_FAILED, At: "2026-11-03T09:00:00Z",
				Answer: &notificationsv1.Answer{Status: 404, Trouble: "status", Milliseconds: 12},
			},
		}
	})
	_, page := get(t, hr, site.URL+campaignsAt+portaltest.RunningCampaign)
	for _, told := range []string{"#magasins", "Incertain", "elle n&#39;est pas renvoyée", "Siège, général", "Non publiée", "Refusé, réponse 404", "Canal supprimé", "À venir"} {
		require.Contains(t, page, told)
	}
	site.Fakes.Set(func(s *portaltest.State) { s.Outgoing.Off = true })
	_, form = get(t, hr, site.URL+"/hr/campaigns/new")
	require.NotContains(t, form, "Annoncer dans un canal")
	require.Equal(t, momentsv1.Campaign_STATE_RUNNING, campaignNow(site, portaltest.RunningCampaign).GetState())
}

func TestWhereNothingLeavesThePageSaysWhyAndNothingCanBeAdded(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Outgoing.Off, s.Empty = true, true })
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, page := get(t, hr, site.URL+"/hr/outgoing")
	require.Contains(t, page, "JALON_OUTGOING_KEY")
	require.Contains(t, page, "Aucun logiciel n&#39;est prévenu")
	require.NotContains(t, page, "/receivers/new")
}

func TestOnlyHRDecidesWhatLeaves(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	for _, path := range []string{"/hr/outgoing", receiversAt + "new", receiversAt + portaltest.PayrollReceiver, channelsAt + portaltest.SlackChannel} {
		status, _ := get(t, lea, site.URL+path)
		require.Equal(t, http.StatusForbidden, status, path)
	}
	status, _, _ := send(t, lea, site.URL+receiversAt+portaltest.PayrollReceiver+"/rotate", nil)
	require.Equal(t, http.StatusForbidden, status)
}
