package portal_test

import (
	"net/http"
	"os"
	"testing"

	"connectrpc.com/connect"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// The page on which one votes passes axe in each of its states, on a phone and at a desk, light and dark, in both languages.
func TestEveryStateOfTheBallotIsAccessible(t *testing.T) {
	axe := axeCore(t)
	browser := openBrowser(t)
	site := portaltest.Start(t)
	looks := []look{onAPhone, {screens[1], "dark", "en", false}}
	if os.Getenv("PORTAL_SCREENSHOTS") != "" {
		looks = append(looks, look{screens[0], "dark", "en", false}, look{screens[1], "light", "fr", false})
	}
	set := func(state barometerv1.GetBallotPaperResponse_State, merged bool) {
		site.Fakes.Set(func(s *portaltest.State) { s.Ballots = portaltest.Ballots{State: state, Merged: merged} })
	}
	for _, l := range looks {
		t.Run(l.name(), func(t *testing.T) {
			set(barometerv1.GetBallotPaperResponse_STATE_NONE, false)
			lea := openBallot(t, browser, site, l)
			examine := func(name string) {
				t.Helper()
				inspect(t, lea.page, axe, "ballot-"+name, l)
			}
			examine("none")
			set(barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE, false)
			lea.open("/barometer")
			examine("not-on-roll")

			set(barometerv1.GetBallotPaperResponse_STATE_OPEN, l.lang == "en")
			lea.open("/barometer")
			lea.at("begin")
			if os.Getenv("PORTAL_SCREENSHOTS") != "" {
				examine("begin")
			}
			lea.clicks("details.data summary")
			site.Fakes.Set(func(s *portaltest.State) { s.Ballots.Failing = connect.NewError(connect.CodeUnavailable, nil) })
			lea.clicks("[data-begin=own]")
			lea.sees(`document.querySelector("[data-problem=offline]").checkVisibility()`, "a problem")
			examine("problem")
			site.Fakes.Set(func(s *portaltest.State) { s.Ballots.Failing = nil })
			lea.clicks("[data-begin=own]")
			lea.at("form")
			lea.answers(4, 2, 5, 4, 3, 0, 0)
			lea.clicks(step + "[data-next]")
			examine("missing")
			lea.open("/barometer")
			lea.at("resume")
			examine("resume")
			lea.clicks("[data-begin=resume]")
			lea.at("form")
			lea.goesOn(4, 2, 5)
			examine("last")
			site.Box.Then(portaltest.Fate{Status: http.StatusServiceUnavailable}, portaltest.Fate{Status: http.StatusForbidden, Code: "forged"})
			lea.clicks(step + "[data-send]")
			lea.at("later")
			examine("later")
			lea.clicks("[data-view=later] [data-again]")
			lea.at("refused")
			examine("refused")
			lea.clicks("[data-view=refused] [data-again]")
			lea.at("thanks")
			examine("thanks")
			lea.open("/barometer")
			lea.at("lost")
			examine("lost")
		})
	}
}

// Without what hides a token nobody votes, and the page says what to do.
func TestWhoeverCannotVoteHereIsToldWhatToDo(t *testing.T) {
	site := portaltest.Start(t)
	browser := openBrowser(t)
	lea := openBallot(t, browser, site, onAPhone)
	_, err := chromedp.Call(lea.page, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `Object.defineProperty(Crypto.prototype, "subtle", {value: undefined})`, // as at a plain address
	})
	require.NoError(t, err)
	lea.open("/barometer")
	lea.at("insecure")
	picture(t, lea.page, "ballot-insecure")

	without := openBallot(t, browser, site, onAPhone)
	_, err = chromedp.Call(without.page, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(t, err)
	without.open("/barometer")
	without.at("needs")
	without.sees(`getComputedStyle(document.querySelector("[data-view=needs]")).opacity === "1"`, "a moment later")
	without.sees(`document.querySelectorAll("[data-view]:not([hidden])").length === 1 && document.body.innerText.includes("JavaScript")`, "and nothing else")
	picture(t, without.page, "ballot-needs")
}
