package portal_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

const cardsPage = "/hr/barometer/2027/cards"

func cardsOf(site *portaltest.Portal, edition string) string {
	return site.URL + strings.Replace(cardsPage, "2027", edition, 1)
}

// twelve are as many people as a fake needs to be asked for.
func twelve() (chosen url.Values) {
	chosen = url.Values{"unit": {portaltest.Nantes}}
	for _, card := range portaltest.Cards {
		chosen.Add("voter", card.GetId())
	}
	return chosen
}

func TestHRMakesCardsThatNameNobody(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	cards := cardsOf(site, portaltest.NextEdition)
	_, body := get(t, hr, cards)
	require.NotContains(t, body, `name="voter"`, "a group comes first")
	require.Contains(t, body, "sont-elles toutes sur papier")
	_, body = get(t, hr, cards+"?unit="+portaltest.Nantes)
	require.Equal(t, 2, strings.Count(body, `name="voter"`), "those without e-mail")
	_, body = get(t, hr, cards+"?everybody=yes&unit="+portaltest.Nantes)
	require.Equal(t, len(portaltest.Cards), strings.Count(body, `name="voter"`))
	_, body = get(t, hr, cardsOf(site, portaltest.Edition)+"?unit="+portaltest.Nantes)
	require.NotContains(t, body, `name="voter"`, "who is left once people vote would tell who took a token")

	answer, body := post(t, hr, cards, twelve())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.Equal(t, 12, strings.Count(body, portaltest.CardCode))
	require.NotContains(t, answer.Request.URL.String(), portaltest.CardCode[:3])
	for _, card := range portaltest.Cards {
		if card.GetId() != portaltest.Jeanne { // who prints
			require.NotContains(t, body, card.GetFamilyName()+"<")
		}
		require.NotContains(t, body, card.GetId()+`"`)
	}
	require.Contains(t, body, "Baromètre 2027 · Nantes Atlantis")
	require.Contains(t, body, `lang="en"`)
	picture, err := base64.StdEncoding.DecodeString(drawnCode.FindStringSubmatch(body)[1])
	require.NoError(t, err)
	require.Contains(t, string(picture), "<svg")
	require.Len(t, site.Fakes.Now().VoteCards.Asked, 1)
	require.Len(t, site.Fakes.Now().VoteCards.Asked[0].GetPersonIds(), len(portaltest.Cards))

	entries := auditEntries(t, site, "POST /hr/barometer/{id}/cards")
	require.Len(t, entries, 1)
	for _, secret := range []string{portaltest.Lea, portaltest.Karim, portaltest.CardCode} {
		require.NotContains(t, entries[0].String(), secret, "who gets a card is in no log")
	}
}

func TestHRDecidesOverASheetOnce(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	cards := cardsOf(site, portaltest.NextEdition)
	for _, what := range []string{"giveup", "confirm"} {
		answer, _ := post(t, hr, cards+"/"+what, url.Values{"sheet": {portaltest.PendingSheet}, "in_hands": {"yes"}})
		require.Equal(t, http.StatusSeeOther, answer.StatusCode)
		_, body := get(t, hr, site.URL+answer.Header.Get("Location"))
		require.Contains(t, body, map[string]string{"giveup": "Ces cartes sont détruites", "confirm": "les cartes servent dès que le vote est ouvert"}[what])
		require.Len(t, auditEntries(t, site, "POST /hr/barometer/{id}/cards/"+what), 1)
	}
	now := site.Fakes.Now().VoteCards
	require.Equal(t, [][]string{{portaltest.PendingSheet}, {portaltest.PendingSheet}}, [][]string{now.Confirmed, now.GivenUp})

	site.Fakes.CardsDecided()
	answer, body := post(t, hr, cards+"/confirm", url.Values{"sheet": {portaltest.PendingSheet}, "in_hands": {"yes"}})
	require.Equal(t, http.StatusConflict, answer.StatusCode)
	require.Contains(t, body, "déjà été confirmée ou abandonnée")
	for want, failing := range map[string]error{
		"Cochez de 10 à 200":   rpc.InvalidField("person_ids", "too few"),
		"a déjà une carte":     connect.NewError(connect.CodeAborted, errors.New("overtaken")),
		"Les cartes se créent": connect.NewError(connect.CodeFailedPrecondition, errors.New("open")),
	} {
		site.Fakes.Set(func(s *portaltest.State) { s.VoteCards.Failing = failing })
		answer, body := post(t, hr, cards, twelve())
		require.GreaterOrEqual(t, answer.StatusCode, http.StatusConflict)
		require.Contains(t, body, want)
	}

	site.Fakes.Set(func(s *portaltest.State) { s.VoteCards.Failing = rpc.InvalidField("person_ids", "too few") })
	_, body = post(t, hr, cards, url.Values{"unit": {portaltest.Nantes}, "everybody": {"yes"}, "voter": {portaltest.Lea, portaltest.Karim}})
	require.Equal(t, 2, strings.Count(body, "checked")-1, "what was ticked stays, beside who is shown")
}

// A launch is final, and cards are made after it and before people vote: what is left of that time is told before.
func TestALaunchTellsWhatItLeavesOfTheTimeForCards(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	for _, launch := range []struct {
		at   time.Time
		told string
	}{
		{portaltest.Today, "<li>Les cartes de vote à imprimer se créent entre"},
		{time.Date(2028, time.June, 1, 21, 59, 0, 0, time.UTC), "Il ne resterait que la journée d&#39;aujourd&#39;hui"},
		{time.Date(2028, time.June, 1, 22, 0, 0, 0, time.UTC), "Aucune carte de vote ne pourrait être créée"},
	} {
		site.Clock.Set(launch.at)
		_, body := get(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/hr/barometer/"+portaltest.DraftEdition)
		require.Contains(t, body, launch.told, "by the clock of Paris")
	}
}

// Who lost the page to print comes to the list of sheets: a yes that was pressed there by mistake would take votes for good.
func TestAYesNeedsTheCardsInHand(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	answer, body := post(t, site.As(t, "hr:"+portaltest.Jeanne), cardsOf(site, portaltest.NextEdition)+"/confirm", url.Values{"sheet": {portaltest.PendingSheet}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Cochez que vous avez ces cartes en main")
	require.Contains(t, body, "J&#39;ai les 12 cartes imprimées en main")
	require.Empty(t, site.Fakes.Now().VoteCards.Confirmed)
}

// The kiosk is nobody's: it reads no session, sets no cookie, and speaks the language of its address.
func TestTheKioskKnowsNobody(t *testing.T) {
	t.Parallel()
	elsewhere := "https://ballots.example.com/ballots"
	site := portaltest.Start(t, func(cfg *portal.Config) { cfg.BallotURL = elsewhere })
	lea := site.As(t, "employee:"+portaltest.Lea)
	for lang, words := range map[string]string{"fr": "Le code de votre carte", "en": "The code on your card"} {
		answer, err := lea.Get(site.URL + "/kiosk?lang=" + lang)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusOK, answer.StatusCode)
		require.Empty(t, answer.Header.Values("Set-Cookie"))
		require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
		require.Equal(t, "no-referrer", answer.Header.Get("Referrer-Policy"))
		require.Contains(t, answer.Header.Get("Content-Security-Policy"), "connect-src 'self' https://ballots.example.com")
		_, body := get(t, lea, site.URL+"/kiosk?lang="+lang)
		require.Contains(t, body, words)
		require.Contains(t, body, `data-card="`+elsewhere+`/card"`)
		require.NotContains(t, body, "Léa")
		require.NotContains(t, body, "app.js")
	}
	site.Fakes.Set(func(s *portaltest.State) { s.VoteCards.NoEdition = true })
	_, body := get(t, site.Browser(t), site.URL+"/kiosk")
	require.Contains(t, body, "Aucun baromètre n&#39;est ouvert")
	require.NotContains(t, body, "data-entry")
}

// The source that the kiosk's script is bundled from reads cards as barometer makes them.
func TestCardsAreReadAsTheyAreMade(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "no Node.js")
	}
	output, err := exec.CommandContext(t.Context(), node, filepath.Join("web", "test", "card.mjs")).CombinedOutput()
	require.NoError(t, err, string(output))
}
