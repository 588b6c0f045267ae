package portal_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

var talkVisits = []visit{
	{"talks", "employee:" + portaltest.Lea, "/talks"},
	{"talks-none", "employee:" + portaltest.Karim, "/talks"},
	{"talks-nobody", "employee:" + portaltest.Jeanne, "/talks"},
	{"talks-export", "employee:" + portaltest.Lea, "/talks/export"},
	{"talk-ahead", "employee:" + portaltest.Lea, "/talks/" + portaltest.NextTalk},
	{"talk-now", "manager:" + portaltest.Karim, "/talks/" + portaltest.NextTalk + "?now&done=started"},
	{"talk-said", "employee:" + portaltest.Lea, "/talks/" + portaltest.SaidTalk},
	{"talk-past", "employee:" + portaltest.Lea, "/talks/" + portaltest.PastTalk},
	{"talk-started", "manager:" + portaltest.Karim, "/talks/" + portaltest.StartedTalk + "?date"},
	{"desk", "manager:" + portaltest.Karim, "/team"},
	{"start", "manager:" + portaltest.Karim, "/team/start"},
	{"start-reframing", "manager:" + portaltest.Karim, "/team/start?kind=reframing"},
	{"start-recruitment", "manager:" + portaltest.Karim, "/team/start?kind=recruitment"},
}

// The pages of talks pass axe on phone and desk, light and dark, in both languages, with nothing in them and with a proposal.
func TestTalkPagesAreAccessible(t *testing.T) {
	axe := axeCore(t)
	site := portaltest.Start(t)
	tab := ownTab(t, openBrowser(t))
	site.Fakes.Set(func(s *portaltest.State) {
		prepared := s.Talks.Talk(portaltest.NextTalk)
		*prepared.Written("preparation/" + portaltest.Lea) = portaltest.FakeText{Version: 1, Points: []*interviewsv1.Point{
			{Id: "p1", Kind: interviewsv1.Point_KIND_PLEASURE, Text: "Le nouveau mur d'escalade attire du monde.", Skill: "Animation"},
			{Id: "p2", Kind: interviewsv1.Point_KIND_EXPECTATION, Text: "Savoir deux jours avant quel rayon je tiens."},
		}}
		*prepared.Written("preparation/" + portaltest.Karim) = portaltest.FakeText{Version: 2, SharedAt: "2026-11-02T17:05:00Z", Points: []*interviewsv1.Point{
			{Id: "k1", Kind: interviewsv1.Point_KIND_PLEASURE, Text: "L'accueil des groupes scolaires."},
			{Id: "k2", Kind: interviewsv1.Point_KIND_SUBJECT, Text: "Le planning de décembre."},
		}}
		prepared.Proposal = &interviewsv1.Proposal{By: portaltest.Karim, PlannedOn: "2026-11-06", StartsAt: "14:30"}
	})
	looks := []look{{screens[0], "light", "fr", false}, {screens[1], "dark", "en", false}, {screens[0], "dark", "fr", true}}
	if os.Getenv("PORTAL_SCREENSHOTS") != "" {
		looks = append(looks, look{screens[0], "dark", "en", false}, look{screens[1], "light", "fr", false})
	}
	for _, l := range looks {
		site.Fakes.Set(func(s *portaltest.State) { s.Empty = l.empty })
		for _, v := range talkVisits {
			t.Run(v.name+"-"+l.name(), func(t *testing.T) { lookAt(t, tab, site, axe, v, l) })
		}
	}
}

// writer is somebody at a talk's page on a phone.
type writer struct {
	t    *testing.T
	page context.Context
	site *portaltest.Portal
}

func openTalk(browser context.Context, t *testing.T, site *portaltest.Portal, persona, path string) writer {
	t.Helper()
	page, cancel := context.WithTimeout(ownTab(t, browser), 90*time.Second)
	t.Cleanup(cancel)
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, persona))
	w := writer{t, page, site}
	w.open(path)
	return w
}

func (w writer) open(path string) {
	w.t.Helper()
	require.NoError(w.t, chromedp.Do(w.page, chromedp.Navigate(w.site.URL+path), chromedp.WaitReady(chromedp.CSS("main"))))
}

// writes types into a field of a kept form, as a person would.
func (w writer) writes(field, text string) {
	w.t.Helper()
	require.NoError(w.t, chromedp.Do(w.page, chromedp.SendKeys(chromedp.CSS(field), text)))
}

func (w writer) clicks(what string) {
	w.t.Helper()
	run(w.t, w.page, `document.querySelector("`+what+`").click(), true`)
}

func (w writer) sees(script, why string) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		is, err := chromedp.Run(w.page, chromedp.Evaluate[bool](script))
		return err == nil && is
	}, 20*time.Second, 30*time.Millisecond, why)
}

// says waits for what the page says about the form being kept.
func (w writer) says(form, words string) {
	w.t.Helper()
	w.sees(`document.querySelector("`+form+` [data-keep-state]").textContent.includes("`+words+`")`, words)
}

func (w writer) online(is bool) {
	w.t.Helper()
	_, err := chromedp.Call(w.page, network.OverrideNetworkState, network.OverrideNetworkStateParams{
		Offline: !is, DownloadThroughput: -1, UploadThroughput: -1,
	})
	require.NoError(w.t, err)
}

const preparationForm = "form[action$='/preparation']"

func preparationOf(site *portaltest.Portal, person string) (text portaltest.FakeText) {
	site.Fakes.Set(func(s *portaltest.State) { text = *s.Talks.Talk(portaltest.NextTalk).Written("preparation/" + person) })
	return text
}

// What is prepared on a phone in a store is kept as it is typed: while the service is away, without a network, and over the page.
func TestAPreparationIsKeptAsItIsTyped(t *testing.T) {
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Talks.Failing = 1 })
	lea := openTalk(openBrowser(t), t, site, "employee:"+portaltest.Lea, "/talks/"+portaltest.NextTalk)
	lea.sees(`document.querySelector("`+preparationForm+` [data-without-script]").hidden`, "the script saves, so the button goes")

	lea.writes("[data-points] textarea", "Le mur d'escalade")
	lea.says(preparationForm, "Pas encore enregistré")
	lea.says(preparationForm, "Enregistré. Vous seulement")
	require.Equal(t, "Le mur d'escalade", preparationOf(site, portaltest.Lea).Points[0].GetText())

	lea.online(false)
	lea.writes("[data-points] textarea", " attire du monde")
	lea.says(preparationForm, "Pas de réseau")
	lea.clicks("[data-points]:nth-of-type(2) [data-point-add]")
	lea.writes("[data-points]:nth-of-type(2) [data-point]:last-of-type textarea", "Trop de caisse")
	require.Equal(t, "Le mur d'escalade", preparationOf(site, portaltest.Lea).Points[0].GetText())
	lea.online(true)
	lea.says(preparationForm, "Enregistré. Vous seulement")
	require.Eventually(t, func() bool { return len(preparationOf(site, portaltest.Lea).Points) == 2 }, 20*time.Second, 20*time.Millisecond)
	stored, err := chromedp.Run(lea.page, chromedp.Evaluate[string](`JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})`))
	require.NoError(t, err)
	require.NotContains(t, stored, "escalade", "a phone may be shared: nothing of it is left there")

	lea.open("/talks/" + portaltest.NextTalk)
	lea.sees(`[...document.querySelectorAll("[data-point] textarea")].map((t) => t.value).join("|").startsWith("Le mur d'escalade attire du monde|")`, "it is there again")
	lea.clicks("[data-point] [data-point-remove]")
	require.Eventually(t, func() bool { return len(preparationOf(site, portaltest.Lea).Points) == 1 }, 20*time.Second, 20*time.Millisecond)
}

// Sharing right after typing shares what was typed last, once.
func TestSharingSavesWhatWasJustTyped(t *testing.T) {
	site := portaltest.Start(t)
	lea := openTalk(openBrowser(t), t, site, "employee:"+portaltest.Lea, "/talks/"+portaltest.NextTalk)
	lea.writes("[data-points]:nth-of-type(3) textarea", "Connaître mon planning")
	run(t, lea.page, `{ const b = document.querySelector("[formaction$='/share']"); b.click(); b.click(); true }`)
	lea.sees(`document.body.textContent.includes("Partagé avec Karim le")`, "it is shared")
	kept := preparationOf(site, portaltest.Lea)
	require.NotEmpty(t, kept.SharedAt)
	require.Equal(t, "Connaître mon planning", kept.Points[0].GetText())
	karim := openTalk(lea.page, t, site, "manager:"+portaltest.Karim, "/talks/"+portaltest.NextTalk)
	karim.sees(`document.body.textContent.includes("Connaître mon planning")`, "the other one reads it")
}

// Two tabs write the same preparation: the second is shown the first one's beside its own, chooses, and nothing is lost.
func TestTwoVersionsAreShownSideBySide(t *testing.T) {
	site := portaltest.Start(t)
	lea := openTalk(openBrowser(t), t, site, "employee:"+portaltest.Lea, "/talks/"+portaltest.NextTalk)
	site.Fakes.Set(func(s *portaltest.State) {
		*s.Talks.Talk(portaltest.NextTalk).Written("preparation/" + portaltest.Lea) = portaltest.FakeText{
			Version: 1, Points: []*interviewsv1.Point{{Id: "elsewhere", Kind: interviewsv1.Point_KIND_PLEASURE, Text: "Écrit sur l'ordinateur"}},
		}
	})
	lea.writes("[data-points] textarea", "Écrit sur le téléphone")
	lea.says(preparationForm, "une autre version existe")
	lea.sees(`document.querySelector("[data-conflict]").textContent.includes("Écrit sur l'ordinateur")`, "the other version is shown")
	inspect(t, lea.page, axeCore(t), "talk-conflict", look{screens[0], "light", "fr", false})
	require.Equal(t, "Écrit sur l'ordinateur", preparationOf(site, portaltest.Lea).Points[0].GetText(), "and it is not overwritten")
	lea.clicks("[data-conflict] [value=both]")
	lea.sees(`!document.querySelector("[data-conflict]") && document.querySelectorAll("[data-point]").length >= 2`, "both are there")
	points := preparationOf(site, portaltest.Lea).Points
	require.Len(t, points, 2)
	require.Equal(t, "Écrit sur le téléphone", points[0].GetText())
	require.Equal(t, "Écrit sur l'ordinateur", points[1].GetText())
}

// The two write shared notes at the same time: whoever comes second sees the other's words.
func TestSharedNotesOfTwoPeopleMeet(t *testing.T) {
	site := portaltest.Start(t)
	browser := openBrowser(t)
	address := "/talks/" + portaltest.NextTalk + "?now"
	lea := openTalk(browser, t, site, "employee:"+portaltest.Lea, address)
	karim := openTalk(browser, t, site, "manager:"+portaltest.Karim, address)
	lea.writes("#notes", "Former les saisonniers.")
	lea.says(".notes", "Enregistré. Karim peut le lire")
	karim.writes("#notes", "Voir l'atelier.")
	karim.says(".notes", "une autre version existe")
	karim.sees(`document.querySelector(".notes [data-conflict]").textContent.includes("Former les saisonniers.")`, "the other one's words")
	karim.clicks(".notes [data-conflict] [value=both]")
	karim.sees(`document.querySelector("#notes").value === "Voir l'atelier.\n\nFormer les saisonniers."`, "both are there")
	karim.sees(`location.search.includes("now")`, "and the page is the one for talking")
}

// A talk is lived by both on their phones: decided, said to be held with an impatient thumb, and confirmed.
func TestATalkIsHeldOnceHoweverOftenTheButtonIsPressed(t *testing.T) {
	site := portaltest.Start(t)
	browser := openBrowser(t)
	karim := openTalk(browser, t, site, "manager:"+portaltest.Karim, "/talks/"+portaltest.NextTalk+"?now")
	karim.writes("#own", "À l'écoute.")
	karim.writes("#commit-text", "Tester le rayon vélo en décembre")
	run(t, karim.page, `{ const b = document.querySelector("#commit button"); b.click(); b.click(); true }`)
	karim.sees(`[...document.querySelectorAll(".commitment .said")].filter((c) => c.textContent.includes("Tester le rayon vélo")).length === 1`, "it is decided once")
	karim.sees(`document.querySelector("#own").value === "À l'écoute."`, "what was being written was saved first")
	run(t, karim.page, `{ const b = document.querySelector("form[action$='/held'] button"); b.click(); b.click(); b.click(); true }`)
	karim.sees(`document.body.textContent.includes("C'est noté, merci.")`, "it is said")
	require.Equal(t, 1, site.Fakes.Now().Talks.Held)

	lea := openTalk(browser, t, site, "employee:"+portaltest.Lea, "/talks/"+portaltest.NextTalk)
	lea.clicks("form[action$='/answer'] [value=yes]")
	lea.sees(`document.body.textContent.includes("C'est confirmé, merci.")`, "and confirmed")
	lea.sees(`!document.querySelector("[data-keep]") && document.querySelector(".commitment details") !== null`, "what was written stays, what was decided goes on")
}
