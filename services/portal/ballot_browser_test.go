package portal_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

// voter is somebody at the page on which one votes.
type voter struct{ writer }

// openBallot opens the page as Léa does, in a tab of a browser.
func openBallot(t *testing.T, browser context.Context, site *portaltest.Portal, l look) voter {
	t.Helper()
	tab, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	tab, cancel := context.WithTimeout(tab, 2*time.Minute)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(tab, chromedp.Navigate("about:blank")))
	dress(t, tab, l.screen, l.scheme)
	setCookie(t, tab, site, "jalon_language", l.lang)
	setCookie(t, tab, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea))
	v := voter{writer{t, tab, site}}
	v.open("/barometer")
	return v
}

var onAPhone = look{screens[0], "light", "fr", false}

// at waits for a view of the page.
func (v voter) at(view string) {
	v.t.Helper()
	v.sees(`Boolean(document.querySelector("[data-view=`+view+`]:not([hidden])"))`, view)
}

const step = "[data-step]:not([hidden]) "

// answers gives the step's statements these points, one after the other and from the first again; 0 leaves one out.
func (v voter) answers(points ...int) {
	v.t.Helper()
	given, err := json.Marshal(points)
	require.NoError(v.t, err)
	run(v.t, v.page, `{ const points = `+string(given)+`; document.querySelectorAll("`+step+`[data-statement]").forEach((statement, i) =>
		statement.querySelector("input[value='" + points[i % points.length] + "']")?.click()); true }`)
}

// goesOn answers every step from here to the last.
func (v voter) goesOn(points ...int) {
	v.t.Helper()
	for {
		v.answers(points...)
		last, err := chromedp.Run(v.page, chromedp.Evaluate[bool](`!document.querySelector("`+step+`[data-next]")`))
		require.NoError(v.t, err)
		if last {
			return
		}
		v.clicks(step + "[data-next]")
	}
}

// stored is everything that the browser keeps for the page, but for the address that htmx notes on every page while its tab is open.
func (v voter) stored() map[string]string {
	v.t.Helper()
	text, err := chromedp.Run(v.page, chromedp.Evaluate[string](`JSON.stringify({...localStorage, ...sessionStorage})`))
	require.NoError(v.t, err)
	var all map[string]string
	require.NoError(v.t, json.Unmarshal([]byte(text), &all))
	delete(all, "htmx-current-path-for-history")
	return all
}

// warns tells whether the browser would ask before the page is left.
func (v voter) warns() bool {
	v.t.Helper()
	is, err := chromedp.Run(v.page, chromedp.Evaluate[bool](`!dispatchEvent(new Event("beforeunload", {cancelable: true}))`))
	require.NoError(v.t, err)
	return is
}

// harmless are the headers by which a browser says what it is, and none who uses it.
var harmless = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Length", "Content-Type", "Origin", "Pragma", "Priority",
	"Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "User-Agent",
}

func tellsNothing(t *testing.T, sent http.Header) {
	t.Helper()
	for name := range sent {
		require.True(t, slices.Contains(harmless, name), "a ballot comes with %s: %s", name, sent.Get(name))
	}
	require.Equal(t, "text/plain", sent.Get("Content-Type"), "another origin is asked for no leave")
	require.Equal(t, "*", sent.Get("Accept-Language"))
}

// A whole ballot is voted on one's own phone, with what is missing, a page that was left and an impatient thumb; and what is cast at
// another origin is a ballot of the cell, from nobody.
func TestAWholeBallotIsVotedOnAPhone(t *testing.T) {
	box := portaltest.NewBox()
	elsewhere := httptest.NewServer(box.Watch(box))
	t.Cleanup(elsewhere.Close)
	site := portaltest.Start(t, func(cfg *portal.Config) { cfg.BallotURL = elsewhere.URL + rpc.BallotsPath })
	lea := openBallot(t, openBrowser(t), site, onAPhone)
	run(t, lea.page, `localStorage.setItem("jalon.ballot.of-last-year.somebody", "{}"), localStorage.setItem("another", "page"), true`)
	lea.open("/barometer")
	lea.at("begin")
	require.Equal(t, map[string]string{"another": "page"}, lea.stored(), "what belongs to other editions goes")
	run(t, lea.page, `localStorage.clear(), true`)

	run(t, lea.page, `{ const b = document.querySelector("[data-begin=own]"); b.click(); b.click(); true }`)
	lea.at("form")
	require.Len(t, lea.stored(), 1)
	require.False(t, lea.warns(), "it waits here")
	taken := site.Fakes.Now().Ballots.Blinded

	lea.answers(4, 4, 0, 4, 4, 0, 4)
	lea.clicks(step + "[data-next]")
	lea.sees(`document.querySelectorAll("`+step+`.has-error").length === 2`, "what is missing is pointed out")
	lea.sees(`document.activeElement === document.querySelector("`+step+`.has-error input")`, "and led to")
	lea.sees(`document.querySelector("#announcer").textContent === "Il manque 2 réponses à cette étape."`, "and told")
	require.NoError(t, chromedp.Do(lea.page, chromedp.KeyEvent(kb.ArrowRight)))
	lea.sees(`document.activeElement.checked && document.activeElement.value === "2" && document.querySelectorAll("`+step+`.has-error").length === 1`, "by the arrows too")
	lea.answers(4, 4, 1, 4, 4, 5, 4)
	lea.writes("#comment-theme1", "Bien.\nTrès bien.")
	lea.clicks(step + "[data-next]")
	lea.sees(`document.activeElement.textContent === "Mes responsabilités"`, "the next step begins at its heading")
	lea.answers(3, 0)

	lea.open("/barometer")
	lea.at("resume")
	lea.clicks("[data-begin=resume]")
	lea.at("form")
	lea.sees(`document.querySelectorAll("`+step+`input:checked").length === 3 && document.activeElement.textContent === "Mes responsabilités"`, "one goes on where one was")
	lea.clicks(step + "[data-back]")
	lea.sees(`document.querySelector("#comment-theme1").value === "Bien.\nTrès bien." && document.querySelectorAll("`+step+`input:checked").length === 7`, "and back")
	lea.clicks(step + "[data-next]")

	// Comments as long as they may be, of letters that take most room, and of what is no letter.
	run(t, lea.page, `{ document.querySelectorAll("textarea").forEach((area, i) => { if (i < 2) return;
		area.value = ["漢", '"', "\u0007\ud800", "😀"][i % 4].repeat(500).slice(0, 500); area.dispatchEvent(new Event("input", {bubbles: true})); }); true }`)
	lea.goesOn(3)
	lea.answers(10)
	lea.sees(`document.querySelector("progress").value === document.querySelector("progress").max`, "all of it is answered")
	before, err := chromedp.Run(lea.page, chromedp.Evaluate[int64]("history.length"))
	require.NoError(t, err)
	run(t, lea.page, `{ const b = document.querySelector("`+step+`[data-send]"); b.click(); b.click(); b.click(); true }`)
	lea.at("thanks")

	require.Empty(t, box.Wrong())
	require.Len(t, box.Taken(), 1, "however often the button is pressed")
	require.Len(t, box.Seen(), 1)
	tellsNothing(t, box.Seen()[0])
	require.Equal(t, site.URL, box.Seen()[0].Get("Origin"), "and no address of the page")
	cast := box.Taken()[0]
	given, err := base64.RawURLEncoding.DecodeString(cast.Answers)
	require.NoError(t, err)
	require.Equal(t, append([]byte{4, 4, 1, 4, 4, 5, 4}, append(slices.Repeat([]byte{3}, 38), 10)...), given)
	require.Len(t, cast.Comments, 4, "but for those that say nothing")
	require.Equal(t, "theme1", cast.Comments[0].Theme)
	require.Equal(t, "Bien. Très bien.", cast.Comments[0].Text)
	require.NotContains(t, cast.Message+cast.Signature, base64.RawURLEncoding.EncodeToString(taken)[:20], "what was signed is not what is cast")
	require.Equal(t, taken, site.Fakes.Now().Ballots.Blinded)

	require.Empty(t, lea.stored())
	lea.sees(`!document.querySelector("form[data-view], [data-statement], textarea") && location.href.endsWith("/barometer")`, "nothing stays")
	after, err := chromedp.Run(lea.page, chromedp.Evaluate[int64]("history.length"))
	require.NoError(t, err)
	require.Equal(t, before, after)
	lea.open("/barometer")
	lea.at("lost")
}

// On a shared device nothing is ever kept, the page warns whoever leaves it, and it sends its ballot until it is in, once.
func TestABallotOnASharedDeviceIsSentUntilItIsIn(t *testing.T) {
	site := portaltest.Start(t)
	lea := openBallot(t, openBrowser(t), site, onAPhone)
	require.False(t, lea.warns())
	failing := func(err error) { site.Fakes.Set(func(s *portaltest.State) { s.Ballots.Failing = err }) }
	failing(connect.NewError(connect.CodeUnavailable, nil))
	lea.clicks("[data-begin=shared]")
	lea.sees(`document.querySelector("[data-problem=offline]").checkVisibility()`, "the server is away")
	failing(nil)
	lea.clicks("[data-begin=shared]")
	lea.at("form")
	require.True(t, lea.warns())
	lea.writes("#comment-theme1", " \n ") // says nothing
	lea.goesOn(2)
	require.Empty(t, lea.stored())

	site.Box.Then(portaltest.Fate{Status: http.StatusServiceUnavailable}, portaltest.Fate{Lost: true})
	lea.clicks(step + "[data-send]")
	lea.at("later")
	require.True(t, lea.warns())
	require.Empty(t, lea.stored())
	require.Eventually(t, func() bool { return len(site.Box.Seen()) == 2 }, 20*time.Second, 20*time.Millisecond, "by itself")
	lea.sees(`!document.querySelector("[data-view=later] [data-again]").ariaDisabled`, "it waits again, longer")
	lea.clicks("[data-view=later] [data-again]")
	lea.at("thanks") // what was lost on the way back was in

	require.Empty(t, site.Box.Wrong())
	require.Len(t, site.Box.Taken(), 1)
	require.Empty(t, site.Box.Taken()[0].Comments)
	require.Len(t, site.Box.Seen(), 3)
	for _, sent := range site.Box.Seen() {
		tellsNothing(t, sent)
	}
	require.Empty(t, lea.stored())
	require.False(t, lea.warns())
}

// The answer to the request for the token is lost, and so is the one to the ballot; the phone is put away in between. It is one token
// and one ballot all the same.
func TestABallotOutlivesLostAnswersOnOnesOwnDevice(t *testing.T) {
	site := portaltest.Start(t)
	browser := openBrowser(t)
	lea := openBallot(t, browser, site, onAPhone)
	run(t, lea.page, `{ const send = fetch; window.fetch = (...all) => send(...all).then(() => { throw new TypeError("cut"); }); true }`)
	lea.clicks("[data-begin=own]")
	lea.sees(`document.querySelector("[data-problem=offline]").checkVisibility()`, "the connection is cut")
	require.NotEmpty(t, site.Fakes.Now().Ballots.Blinded, "and the token signed")
	lea.open("/barometer")
	lea.at("resume")
	lea.clicks("[data-begin=resume]")
	lea.at("form")

	other := openBallot(t, browser, site, onAPhone)
	other.at("resume")
	lea.goesOn(5)
	site.Box.Then(portaltest.Fate{Lost: true})
	lea.clicks(step + "[data-send]")
	lea.at("later")
	require.Len(t, lea.stored(), 1)
	lea.open("/barometer")
	lea.at("later") // nothing can be changed any more
	lea.clicks("[data-view=later] [data-again]")
	lea.at("thanks")
	other.at("used")
	require.Empty(t, other.stored())
	require.Empty(t, site.Box.Wrong())
	require.Len(t, site.Box.Taken(), 1)
}

// A ballot that is not taken is said to be so, and why. One that comes too late is forgotten; any other is kept.
func TestABallotThatIsNotTakenIsSaidToBeSo(t *testing.T) {
	site := portaltest.Start(t)
	lea := openBallot(t, openBrowser(t), site, look{screens[1], "light", "en", false})
	lea.clicks("[data-begin=own]")
	lea.at("form")
	lea.goesOn(1)
	site.Box.Then(portaltest.Fate{Status: http.StatusForbidden, Code: "forged"}, portaltest.Fate{Status: http.StatusGone, Code: "closed"})
	lea.clicks(step + "[data-send]")
	lea.at("refused")
	said, err := chromedp.Run(lea.page, chromedp.Evaluate[string](`document.querySelector("[data-view=refused]").innerText`))
	require.NoError(t, err)
	require.Contains(t, said, "did not recognise your token")
	require.NotContains(t, said, "damaged")
	require.Contains(t, strings.ToLower(said), "forged")
	require.Len(t, lea.stored(), 1)
	lea.clicks("[data-view=refused] [data-again]")
	lea.at("closed")
	require.Empty(t, lea.stored())
	require.Empty(t, site.Box.Taken())
}
