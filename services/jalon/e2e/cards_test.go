package e2e

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// Who has no telephone draws a card by lot, and votes with it at a device of the store: HR makes and confirms the cards, the edition opens,
// a code is typed and votes once, and nothing that a works council can see on the running system says whose it was.
func TestACardThatWasDrawnVotesOnceAtTheKiosk(t *testing.T) {
	t.Parallel()
	i := standalone(t, time.Date(2026, time.November, 3, 10, 10, 0, 0, paris)).ready()
	books := auditor{test: t, client: connectTo(t, i.engineSocket())}
	people := make([]employee, electorate)
	for n := range people {
		people[n] = employee{number: fmt.Sprintf("V%02d", n), given: givenNames[n%len(givenNames)], family: "Riou", store: stores[0], service: services[0], hired: "01/03/2020"}
	}
	stdout, stderr, exit := i.jalon("import", "people", export(t, "voters.csv", people), "--as-of", "2026-11-02")
	require.Zero(t, exit, stdout+stderr)
	waitFor(t, "the barometer to know everybody", func() error {
		return errors.Join(books.expect("people", electorate, "barometer", "people"), books.expect("units", 3, "barometer", "units"))
	})

	w := &walk{T: t, installed: i}
	browser := openBrowser(t)
	w.hr = newPerson(t, browser, i.url, noLook)
	w.hr.open(i.signInLink("--name", "Jeanne Martin", "--hr"))
	w.hr.click("main form button")
	w.hr.until("the console", `location.pathname === "/hr"`)
	codes := w.makesCards()
	w.hr.click("form[action$='/confirm'] button")
	w.hr.until("that the cards work", `location.search === "?confirmed"`)

	i.liveAt(time.Date(2026, time.November, 4, 10, 10, 0, 0, paris))
	waitFor(t, "the edition to open", func() error {
		now := auditor{test: t, client: connectTo(t, i.engineSocket())}
		return now.expect("open editions", 1, "barometer", "editions", bson.E{Key: "state", Value: "open"})
	})
	kiosk := newPerson(t, browser, i.url, noLook)
	kiosk.open("/kiosk?lang=fr")
	for _, end := range []string{"thanks", "used"} { // whoever lost track of whether they voted tries again
		kiosk.votesWith(codes[0])
		kiosk.until(end, fmt.Sprintf(`document.querySelector("[data-view=%s]:not([hidden])")`, end))
		kiosk.click("section[data-view]:not([hidden]) [data-start]")
	}
	kiosk.votesWith(codes[1])
	kiosk.until("thanks", `document.querySelector("[data-view=thanks]:not([hidden])")`)
	require.Empty(t, ask[string](kiosk, `document.cookie.replace("jalon_language=fr", "")`))
	require.Zero(t, ask[int](kiosk, `localStorage.length + sessionStorage.length`))

	now := auditor{test: t, client: connectTo(t, i.engineSocket())}
	require.NoError(t, now.expect("ballots", 2, "barometer", "spool"))
	w.worksCouncilLooks()
}

// makesCards has HR launch an edition that opens tomorrow, and make cards for everybody of the one cell.
func (w *walk) makesCards() (codes []string) {
	w.Helper()
	w.hr.open("/hr/barometer/new")
	w.hr.do(
		chromedp.SetValue(chromedp.CSS("#name"), "2026"),
		chromedp.SetValue(chromedp.CSS("#opens_on"), opensOn), chromedp.SetValue(chromedp.CSS("#closes_on"), closesOn),
		chromedp.Click(chromedp.CSS("form[action='/hr/barometer'] button")),
	)
	w.hr.until("the draft", `document.querySelector("form[action$='/launch']")`)
	w.hr.click("form[action$='/launch'] button")
	w.hr.until("the way to the cards", `document.querySelector("main a[href$='/cards']")`)
	w.hr.click("main a[href$='/cards']")
	w.hr.until("the groups", `document.querySelector("#unit option:nth-child(2)")`)
	ask[bool](w.hr, `(document.querySelector("#everybody").click(), document.querySelector("#unit").selectedIndex = 1, document.querySelector("#unit").dispatchEvent(new Event("change", {bubbles: true})), true)`)
	w.hr.until("who may get a card", fmt.Sprintf(`document.querySelectorAll("input[name=voter]").length === %d`, electorate))
	ask[bool](w.hr, `(document.querySelectorAll("input[name=voter]").forEach((box) => (box.checked = true)), true)`)
	w.hr.click("#voters form button")
	w.hr.until("the cards", `document.querySelector(".vote-cards")`)
	codes = ask[[]string](w.hr, `[...document.querySelectorAll(".vote-cards .typed")].map((code) => code.textContent)`)
	require.Len(w, codes, electorate)
	return codes
}

// votesWith types a code, and gives every statement the same answer.
func (p *tab) votesWith(code string) {
	p.t.Helper()
	p.until("the start", `document.querySelector("[data-view=start]:not([hidden])")`)
	p.do(chromedp.SendKeys(chromedp.CSS("#code"), code))
	p.click("[data-entry] button")
	p.until("the first step", `document.querySelector("[data-step]:not([hidden])")`)
	p.answersAll()
}
