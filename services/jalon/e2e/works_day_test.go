package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// aWorksDay is a day in the life of HR, a manager and an employee of the sample company, with three months of things on their
// screens.
func aWorksDay(t *testing.T, i *installation, personas map[string]string) {
	t.Helper()
	browser := openBrowser(t)
	theEmployeesBreak(i.inBrowser(t, browser, personas["employee"]))
	declared := theManagersMorning(i.inBrowser(t, browser, personas["manager"]))
	hrsDay(i.inBrowser(t, browser, personas["hr"]), declared)
}

// inBrowser is somebody of the demo at a browser of their own.
func (i *installation) inBrowser(t *testing.T, browser context.Context, who string) *tab {
	t.Helper()
	p := newPerson(t, browser, i.url, twoLooks)
	p.open("/signin")
	p.click(`button[value="` + who + `"]`)
	p.until("to be "+who, `location.pathname !== "/signin" && document.querySelector("main")`)
	return p
}

// inABreak is how long three questions may take on a telephone, from the tap that opens them to the thanks.
const inABreak = 40 * time.Second

// theEmployeesBreak: what is asked is answered with a tap for each question and one to send; then the hours are chosen.
func theEmployeesBreak(p *tab) {
	p.t.Helper()
	p.dress(phone, "light")
	p.open("/")
	p.examine("an employee's page with something to answer")
	start := time.Now()
	p.click(`[data-prompt] a[href^="/survey/"]`)
	p.until("the survey", `document.querySelector("form.survey")`)
	taps := 0
	for range p.count("form.survey fieldset") {
		const next = `[...document.querySelectorAll("form.survey fieldset")].find((f) => f.offsetParent && f.querySelector("input[type=radio]") && !f.querySelector(":checked"))`
		if !ask[bool](p, "Boolean("+next+")") {
			break
		}
		ask[bool](p, next+`.querySelector("label").setAttribute("data-tap", "")`+" ?? true")
		p.click("[data-tap]")
		ask[bool](p, `document.querySelector("[data-tap]").removeAttribute("data-tap") ?? true`)
		taps++
	}
	p.click("form.survey button:not([type=button])")
	p.until("thanks", `!document.querySelector("form.survey") && document.querySelector("main .calm h1")`)
	took := time.Since(start)
	p.t.Logf("%d questions answered and sent in %s by %d taps", taps, took.Round(time.Millisecond), taps+1)
	require.GreaterOrEqual(p.t, taps, 3, "a shorter one would prove less")
	require.LessOrEqual(p.t, taps, 5, "a survey that comes by itself is short")
	require.Less(p.t, took, inABreak)
	p.examine("thanks")

	p.open("/preferences")
	p.examine("how one wants to be asked")
	p.do(chromedp.SetValue(chromedp.CSS("[name=from]"), "10:00"), chromedp.SetValue(chromedp.CSS("[name=to]"), "12:00"))
	p.click("main form button:not([type=button])")
	p.until("the choice to be kept", `location.search.includes("saved")`)
	require.Equal(p.t, "10:00", ask[string](p, `document.querySelector("[name=from]").value`))
	p.open("/why")
	p.examine("why one was asked, or not")
}

// theManagersMorning: the next talks, then a congratulation is prepared and declared, on a phone, for somebody of the team. It
// returns who that is.
func theManagersMorning(p *tab) string {
	p.t.Helper()
	p.dress(phone, "light")
	p.open("/team")
	require.NotZero(p.t, p.count(".rows > li"), "a manager has a team")
	p.examine("a manager's desk")
	p.click("a[href='/team/moments']")
	p.until("what to prepare", `document.querySelectorAll(".key-moment").length > 8`)
	p.examine("what a manager prepares")
	p.click("a[href='/team/moments/congratulation']")
	p.until("what a congratulation needs", `document.querySelector("#person option")`)
	require.NotZero(p.t, p.count("[aria-labelledby=prepare] li"))
	p.examine("how to prepare a congratulation")
	who := ask[string](p, `document.querySelector("#person").selectedOptions[0].innerText`)
	p.do(chromedp.DoubleClick(chromedp.CSS("[aria-labelledby=declare] form button")))
	// The second click may load the page once more.
	p.until("what was declared", fmt.Sprintf(`location.search.includes("declared=") && document.querySelector("[role=status]")?.innerText.includes(%q)`, who))
	p.examine("what was declared")
	return who
}

// hrsDay: HR sees what the manager declared, declares and takes back, meets a broken file, and reads results; all of it is in the log.
func hrsDay(p *tab, declared string) {
	p.t.Helper()
	p.open("/hr")
	p.examine("HR's overview of a living company")
	p.open("/hr/moments?key_moment=congratulation")
	require.Equal(p.t, 1, strings.Count(p.text("main .rows"), declared), "a double click declares once")
	p.examine("the moments of a living company")

	p.open("/hr/people")
	p.examine("everybody")
	p.click("#people .rows > li a")
	p.until("somebody's page", `document.querySelector("[aria-labelledby=facts]")`)
	p.examine("somebody's page")
	number := ask[string](p, `(document.querySelector("[aria-labelledby=facts]").innerText.match(/[A-Z]*\d{4,}/) ?? [""])[0]`)
	require.NotEmpty(p.t, number)
	p.open("/hr/catalogue/training")
	p.examine("a training in the catalogue")
	p.do(chromedp.SetValue(chromedp.CSS("#number"), "nobody's"))
	p.click("[aria-labelledby=declare] form button")
	p.until("what is wrong with the number", `document.querySelector("#who-problem")`)
	p.do(chromedp.SetValue(chromedp.CSS("#number"), number))
	p.click("[aria-labelledby=declare] form button")
	p.until("the training", `location.pathname.startsWith("/hr/moments/")`)
	p.click("main details summary")
	p.do(chromedp.SendKeys(chromedp.CSS("#reason"), "Reportée à l'été"))
	p.click("form[action$='/cancel'] button")
	p.until("the training to be called off", `document.querySelector("main").innerText.includes("Reportée à l'été")`)
	p.examine("a moment that was called off")

	p.open("/hr/results")
	p.until("charts", `document.querySelector(".chart-canvas:not([hidden]) canvas")`)
	p.examine("results of three months")
	require.Equal(p.t, http.StatusOK, ask[int](p, `fetch(document.querySelector("a[href^='/hr/results.csv']").href).then((r) => r.status)`))

	broken := export(p.t, "export cassé.csv", []employee{
		{given: "Zoé", family: "Lefèvre", store: "Brest", service: "Caisse", hired: "01/10/2026"},
		{number: "7", given: "<i>Ana</i>", family: "Çelik", store: "Brest", service: "Caisse", hired: "31/02/2026"},
	})
	p.open("/hr/import")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{broken}))
	p.click("form[action='/hr/import'] button")
	p.until("what is wrong with the file", `location.pathname.startsWith("/hr/import/") && document.querySelector("main").innerText.includes("31/02/2026")`)
	require.Equal(p.t, "2", p.figures()["Lignes refusées"])
	p.examine("a broken file")

	p.open("/hr/audit")
	require.GreaterOrEqual(p.t, p.count("main .rows > li"), 3, "what HR did is in the log")
	require.NotContains(p.t, p.text("main"), "Reportée", "but no words of it")
	p.examine("the log")
}
