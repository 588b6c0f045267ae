package portal_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

// openKiosk opens the page on a device of the store, whose clock the test moves on with pass(milliseconds).
func openKiosk(t *testing.T, browser context.Context, site *portaltest.Portal, l look) voter {
	t.Helper()
	tab := ownTab(t, browser)
	tab, cancel := context.WithTimeout(tab, 2*time.Minute)
	t.Cleanup(cancel)
	dress(t, tab, l.screen, l.scheme)
	_, err := chromedp.Call(tab, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{
		Source: `{ const now = Date.now; let ahead = 0; Date.now = () => now() + ahead; globalThis.pass = (ms) => (ahead += ms, true); }`,
	})
	require.NoError(t, err)
	v := voter{writer{t, tab, site}}
	v.open("/kiosk?lang=" + l.lang)
	v.at("start")
	return v
}

const wrongSaid = `[...document.querySelectorAll("[data-wrong]")].find((text) => !text.hidden)?.dataset.wrong`

func (v voter) code(typed string) {
	v.t.Helper()
	run(v.t, v.page, `document.querySelector("#code").select(), true`)
	v.writes("#code", typed)
}

// A whole vote with a card: slips are told before anybody is asked, what was left is forgotten, the ballot is one of the cell from
// nobody, and the next one finds the page as it was.
func TestAWholeVoteWithACardOnAPhone(t *testing.T) {
	box := portaltest.NewBox()
	var site *portaltest.Portal
	elsewhere := httptest.NewServer(box.Watch(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == rpc.CardsPath {
			site.Fakes.ReadCard(w, r)
			return
		}
		box.ServeHTTP(w, r)
	})))
	t.Cleanup(elsewhere.Close)
	site = portaltest.Start(t, func(cfg *portal.Config) { cfg.BallotURL = elsewhere.URL + rpc.BallotsPath })
	who := openKiosk(t, openBrowser(t), site, onAPhone)
	who.sees(`document.activeElement.id === "code"`, "one types at once")

	who.code("o")
	who.sees(wrongSaid+` === "character"`, "no card has an O")
	slipped := strings.Replace(portaltest.CardCode, "9S", "S9", 1)
	who.code(strings.ToLower(strings.ReplaceAll(slipped, " ", "")))
	who.sees(wrongSaid+` === "slip"`, "two changed places")
	who.sees(`document.querySelector("#code").value === "`+slipped+`"`, "in the groups of the card")
	require.NoError(t, chromedp.Do(who.page, chromedp.KeyEvent(kb.Enter)))
	require.Empty(t, site.Fakes.Now().VoteCards.Read, "nobody was asked")
	who.code(portaltest.OtherCode)
	require.NoError(t, chromedp.Do(who.page, chromedp.KeyEvent(kb.Enter)))
	who.sees(wrongSaid+` === "unknown"`, "a code that opens nothing")

	who.code(portaltest.CardCode)
	require.NoError(t, chromedp.Do(who.page, chromedp.KeyEvent(kb.Enter)))
	who.at("form")
	who.answers(4)
	who.writes("#comment-theme1", "Bien.")
	require.True(t, who.warns(), "whoever leaves is asked")

	// Somebody walks away.
	run(t, who.page, `pass(180000)`)
	who.sees(`document.querySelector("dialog").open && Number(document.querySelector("[data-seconds]").textContent) <= 20`, "three minutes")
	who.clicks("[data-stay]")
	who.sees(`!document.querySelector("dialog").open && document.querySelector("#comment-theme1").value === "Bien."`, "and is still there")
	run(t, who.page, `pass(180000)`)
	who.sees(`document.querySelector("dialog").open`, "and walks away")
	run(t, who.page, `pass(20000)`)
	who.at("start")
	who.sees(`!document.querySelector("dialog").open && !document.querySelector("[data-statement], textarea") && document.querySelector("#code").value === ""`, "nothing stays")

	who.code(portaltest.CardCode)
	who.clicks("[data-entry] button")
	who.at("form")
	who.sees(`document.querySelectorAll("[data-statement] input:checked").length === 0 && document.querySelector("#comment-theme1").value === ""`, "nor for the next")
	who.goesOn(3)
	who.answers(10)
	answers := make(chan struct{})
	box.Then(portaltest.Fate{Status: http.StatusServiceUnavailable}, portaltest.Fate{Status: http.StatusNoContent, Held: answers})
	who.clicks(step + "[data-send]")
	who.at("later")
	once := len(box.Seen())
	who.clicks("[data-view=later] [data-again]")
	require.Eventually(t, func() bool { return len(box.Seen()) > once }, 10*time.Second, 10*time.Millisecond, "it is sent again")
	who.clicks("[data-view=later] [data-start]")
	who.at("start") // with the card in the hand, and a ballot on its way
	who.code(portaltest.CardCode)
	who.clicks("[data-entry] button")
	who.at("form")
	close(answers)
	run(t, who.page, `dispatchEvent(new Event("online"))`)
	who.goesOn(3) // what became of that one is not shown to who stands here now
	who.answers(10)
	require.Len(t, box.Seen(), once+2, "that one and a card: nor is it sent any more")
	box.Then(portaltest.Fate{Status: http.StatusServiceUnavailable})
	who.clicks(step + "[data-send]")
	who.at("later")
	run(t, who.page, `pass(300000)`)
	who.clicks("[data-view=later] [data-again]")
	who.at("thanks") // whoever walked away has voted
	run(t, who.page, `pass(20000)`)
	who.at("start")

	require.Empty(t, box.Wrong())
	require.Len(t, box.Taken(), 1)
	given, err := base64.RawURLEncoding.DecodeString(box.Taken()[0].Answers)
	require.NoError(t, err)
	require.Equal(t, append(slices.Repeat([]byte{3}, 45), 10), given)
	for _, sent := range box.Seen() {
		tellsNothing(t, sent)
	}
	for _, read := range site.Fakes.Now().VoteCards.Read {
		require.Len(t, read, 69)
		require.NotContains(t, strings.ToUpper(read), strings.ReplaceAll(portaltest.CardCode, " ", "")[:6])
	}
	require.Empty(t, who.stored())
	who.sees(`document.cookie === "" && !location.hash`, "nor a cookie")

	who.code(portaltest.CardCode)
	who.clicks("[data-entry] button")
	who.at("form")
	who.goesOn(1)
	box.Then(portaltest.Fate{Status: http.StatusForbidden, Code: "forged"})
	who.clicks(step + "[data-send]")
	who.at("refused")
	run(t, who.page, `pass(180000)`)
	who.sees(`document.querySelector("dialog").open`, "whoever walks away from what was refused is waited for no longer")
	run(t, who.page, `pass(20000)`)
	who.at("start")
	sent := len(box.Seen())
	run(t, who.page, `document.querySelector("[data-view=refused] [data-again]").click(), true`)

	who.code(portaltest.CardCode)
	who.clicks("[data-entry] button")
	who.at("form")
	who.goesOn(1)
	who.clicks(step + "[data-send]")
	who.at("used")
	require.Len(t, box.Seen(), sent+2, "a card and a ballot: what was left is forgotten")
	who.clicks("[data-view=used] [data-start]")
	who.at("start")

	who.code(portaltest.CardCode)
	who.clicks("[data-entry] button")
	who.at("form")
	who.goesOn(1)
	box.Then(portaltest.Fate{Status: http.StatusForbidden, Code: "forged"})
	who.clicks(step + "[data-send]")
	who.at("refused")
	who.clicks("[data-view=refused] [data-start]")
	who.at("start")
}

// The kiosk passes axe in its states, and so does the page that HR prints.
func TestTheKioskIsAccessible(t *testing.T) {
	axe := axeCore(t)
	browser := openBrowser(t)
	site := portaltest.Start(t)
	looks := []look{onAPhone, {screens[1], "dark", "en", false}}
	if os.Getenv("PORTAL_SCREENSHOTS") != "" {
		looks = append(looks, look{screens[0], "dark", "en", false}, look{screens[1], "light", "fr", false})
	}
	for _, l := range looks {
		t.Run(l.name(), func(t *testing.T) {
			who := openKiosk(t, browser, site, l)
			examine := func(name string) {
				t.Helper()
				inspect(t, who.page, axe, "kiosk-"+name, l)
			}
			who.code(strings.Replace(portaltest.CardCode, "9S", "S9", 1))
			who.sees(wrongSaid+` === "slip"`, "a slip")
			examine("slip")
			who.code(portaltest.CardCode)
			who.clicks("[data-entry] button")
			who.at("form")
			who.sees(`[...document.querySelectorAll("textarea")].every((text) => text.getAttribute("spellcheck") === "false" && text.getAttribute("autocorrect") === "off")`, "a keyboard learns nothing")
			examine("form")
			run(t, who.page, `pass(180000)`)
			who.sees(`document.querySelector("dialog").open`, "a question")
			examine("idle")
			who.clicks("[data-stay]")
			who.goesOn(4, 5, 3)
			site.Box.Then(portaltest.Fate{Status: http.StatusServiceUnavailable}, portaltest.Fate{Status: http.StatusNoContent})
			who.clicks(step + "[data-send]")
			who.at("later")
			examine("later")
			who.clicks("[data-view=later] [data-again]")
			who.at("thanks")
			examine("thanks")

			hr := voter{writer{t, ownTab(t, browser), site}}
			dress(t, hr.page, l.screen, l.scheme)
			setCookie(t, hr.page, site, "jalon_language", l.lang)
			setCookie(t, hr.page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
			hr.open("/hr/barometer/" + portaltest.NextEdition + "/cards?everybody=yes&unit=" + portaltest.Nantes)
			told := `document.querySelector("[data-ticked]:not([hidden]) [data-when]:not([hidden])")?.dataset.when`
			hr.sees(told+` === "few" && document.querySelector("[data-count]").textContent === "2"`, "two without e-mail")
			run(t, hr.page, `[...document.querySelectorAll("[name=voter]:not(:checked)")].map((box) => box.click()).length > 0`)
			hr.sees(told+` === "right" && document.querySelector("[data-count]").textContent === String(document.querySelectorAll("[name=voter]").length)`, "all")
			hr.clicks("#voters form .button")
			hr.sees(`Boolean(document.querySelector(".vote-cards"))`, "the cards")
			inspect(t, hr.page, axe, "cards-printed", l)
			if os.Getenv("PORTAL_SCREENSHOTS") != "" {
				_, err := chromedp.Call(hr.page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
				require.NoError(t, err)
				picture(t, hr.page, "cards-paper-"+l.name())
			}
			run(t, hr.page, `dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true})), true`)
			hr.sees(`!document.querySelector("[data-once] .typed")`, "codes are gone with their page")
			run(t, hr.page, `dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true})), true`)
			hr.sees(`Boolean(document.querySelector("select[name=unit]")) && !document.querySelector(".vote-cards")`, "and Back leads to what is to be decided")
		})
	}
}
