package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// The two moments in which the path is walked. Both lie in the hours in which people may be asked; on the second, the first
// day of those who were hired on the first is over.
var (
	monday  = time.Date(2026, time.November, 2, 15, 0, 0, 0, paris)
	tuesday = time.Date(2026, time.November, 3, 10, 30, 0, 0, paris)
	// wednesday: the answers of a day count when it is over everywhere on Earth.
	wednesday = time.Date(2026, time.November, 4, 15, 30, 0, 0, paris)
	paris     = func() *time.Location {
		zone, err := time.LoadLocation("Europe/Paris")
		if err != nil {
			panic(err)
		}
		return zone
	}()
)

// walk is one walk along the path, from an empty installation to the results.
type walk struct {
	*testing.T
	installed *installation
	hr        *tab    // at her desk
	zoe       [2]*tab // a newcomer's phone, with two pages open
}

// A hire becomes a moment, a live prompt, an answer, a result.
func TestThePath(t *testing.T) {
	t.Parallel()
	for name, start := range waysOfRunning {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			looks := twoLooks
			if name != "standalone" {
				looks = noLook // the pages are the same
			}
			w := &walk{T: t, installed: start(t, monday).ready()}
			browser := openBrowser(t)
			w.hr = newPerson(t, browser, w.installed.url, looks)

			w.signsIn()
			w.findsCalmEmptyPages()
			w.importsTheBaseline()
			w.importsAMonthLater()
			w.opensTwoTabs(newPerson(t, browser, w.installed.url, looks))
			w.letsANightPass()
			w.isAskedLive()
			w.seesTooFewAnswers()
			w.answers()
			w.othersAnswer()
			w.seesResults()
			w.seesTheTimelineAndWhy()
			w.seesCells()
			w.managersSeeTheirTeams(newPerson(t, browser, w.installed.url, looks))
			w.launchesABarometer()
			w.votesOnAPhone()
			w.othersVote()
			w.seesParticipation()
			w.worksCouncilLooks()
			w.seesTheBarometersResults()
			w.worksCouncilLooks()
		})
	}
}

// signsIn: HR uses the operator's link, which serves once.
func (w *walk) signsIn() {
	w.Helper()
	link := w.installed.signInLink("--name", "Jeanne Martin", "--hr")
	w.hr.open("/hr/people")
	require.Equal(w, "/signin", w.hr.path(), "nobody sees anything before signing in")
	w.hr.examine("the sign-in page")
	w.hr.open(link)
	w.hr.examine("a sign-in link")
	w.hr.click("main form button")
	w.hr.until("the page that was asked for", `location.pathname === "/hr/people"`)
	status, _ := w.installed.stranger().post(link, nil)
	require.Equal(w, http.StatusGone, status, "the link served already")
}

func (w *walk) findsCalmEmptyPages() {
	w.Helper()
	for _, path := range []string{"/hr", "/hr/people", "/hr/moments", "/hr/results", "/hr/barometer", "/hr/import"} {
		w.hr.open(path)
		w.hr.examine("the empty " + path)
	}
	w.hr.open("/nowhere")
	w.hr.examine("a page that does not exist")
}

// imports hands a file in and says yes to what it would change.
func (w *walk) imports(file, asOf string) {
	w.Helper()
	w.hr.open("/hr/import")
	w.hr.do(
		chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}),
		chromedp.SetValue(chromedp.CSS("#as_of"), asOf),
		chromedp.Click(chromedp.CSS("form[action='/hr/import'] button")),
	)
	w.hr.until("what the file would change", `document.querySelector("form[action^='/hr/import/']")`)
	w.hr.examine("what " + asOf + " would change")
	w.hr.click("form[action^='/hr/import/'] button")
	w.hr.until("the report of what was done", `location.search.startsWith("?done=") && document.querySelector("#done")`)
	w.hr.examine("what " + asOf + " changed")
}

// figures are the tiles of a page, by their label.
func (p *tab) figures() map[string]string {
	p.t.Helper()
	return ask[map[string]string](p, `Object.fromEntries([...document.querySelectorAll(".tile")].map((tile) =>
		[tile.querySelector("dt").innerText, tile.querySelector(".figure").innerText]))`)
}

func (w *walk) importsTheBaseline() {
	w.Helper()
	people := octoberCompany()
	w.imports(export(w, "hris-2026-10.csv", people), "2026-10-01")
	figures := w.hr.figures()
	require.Equal(w, strconv.Itoa(len(people)), figures["Ajoutées"], "%v", figures)
	w.hr.open("/hr/people")
	require.Contains(w, w.hr.text("main"), fmt.Sprintf("%d personnes", len(people)))
}

// importsAMonthLater: the month's changes become moments. Whoever has a page open is asked at once, and a stream that was
// cut tells only what was missed.
func (w *walk) importsAMonthLater() {
	w.Helper()
	leaving := w.installed.employee(leaver)
	live := leaving.listen("")
	require.Equal(w, "prompts", live.next().name, "a stream begins with the whole list")

	w.imports(export(w, "hris-2026-11.csv", novemberCompany()), "2026-11-02")
	figures := w.hr.figures()
	require.Equal(w, []string{"6", "1", "1"}, []string{figures["Ajoutées"], figures["Mutées"], figures["Parties"]}, "%v", figures)

	asked := live.next()
	shown, _ := asked.change(w.T)
	require.Len(w, shown, 1, "who leaves in three days is asked now")
	require.NotEmpty(w, asked.id)
	live.cut()

	leaving.answer(shown[0])
	waitFor(w, "the prompt to be over", func() error {
		if open := leaving.invitations(); len(open) > 0 {
			return fmt.Errorf("%d are open", len(open))
		}
		return nil
	})
	again := leaving.listen(asked.id)
	shown, closed := again.next().change(w.T)
	again.cut()
	require.Empty(w, shown, "what was seen is not sent again")
	require.Len(w, closed, 1, "what was missed is")

	w.hr.open("/hr/moments")
	w.hr.reloadUntil("a moment for each hire, the move and the departure", `document.querySelectorAll("#moments .rows > li").length === 8`)
	w.hr.examine("the moments")
}

// opensTwoTabs: a newcomer signs in on a phone, and nothing is asked yet.
func (w *walk) opensTwoTabs(zoe *tab) {
	w.Helper()
	zoe.open(w.installed.signInLink("--name", marked+" L'Hostis", "--employee", newcomer))
	zoe.dress(phone, "light")
	require.Contains(w, zoe.text("h1"), marked, "markup in a name is text")
	zoe.click("main form button")
	zoe.until("the newcomer's own page", `location.pathname === "/" && document.querySelector("#for-you")`)
	// Four weeks ahead, give or take what spares a manager with six newcomers.
	zoe.reloadUntil("the next talk", `/dans (2[4-9]|3[0-8]) jours/.test(document.querySelector("[aria-labelledby=talk]")?.innerText)`)
	require.Contains(w, zoe.text("[aria-labelledby=talk]"), octoberCompany()[1].family, "the talk is with the manager")
	zoe.examine("a calm page of one's own")

	w.zoe = [2]*tab{zoe, zoe.another()}
	w.zoe[1].open("/")
	w.zoe[1].dress(phone, "light")
	for _, page := range w.zoe {
		require.Zero(w, page.count("[data-prompts] [data-prompt]"))
		ask[bool](page, "window.sameAsBefore = true")
	}
}

func (w *walk) letsANightPass() {
	w.Helper()
	w.installed.liveAt(tuesday)
}

// isAskedLive: the prompt comes into both pages, which were open all the time.
func (w *walk) isAskedLive() {
	w.Helper()
	for _, page := range w.zoe {
		page.until("the prompt", `document.querySelectorAll("[data-prompts]:not([hidden]) [data-prompt]").length === 1`)
		require.Equal(w, "Comment s'est passé votre premier jour\u00a0?", page.text("[data-prompt] h3"))
		require.True(w, ask[bool](page, "window.sameAsBefore"), "the page was not loaded again")
		require.Equal(w, "1", ask[string](page, "document.querySelector('[data-prompt-count]').firstChild.textContent"))
	}
}

func (w *walk) seesTooFewAnswers() {
	w.Helper()
	w.hr.open("/hr/results?key_moment=onboarding&follow_up=day_1")
	require.Contains(w, w.hr.text("#results"), "Trop peu de réponses")
	w.hr.examine("results of too few")
}

// answers: the newcomer answers in one page, by mouse and keyboard, and the prompt leaves the other.
func (w *walk) answers() {
	w.Helper()
	page, other := w.zoe[0], w.zoe[1]
	page.click("[data-prompt] a")
	page.until("the survey", `document.querySelector("form.survey")`)
	page.examine("a survey")
	page.do(chromedp.Click(chromedp.CSS("form.survey button")))
	page.until("what is missing", `document.querySelector(".has-error") && document.querySelector("[data-focus]") === document.activeElement`)
	page.bringAxe()
	require.Empty(w, ask[[]string](page, violations), "a survey with something missing")

	page.click("label.emotion")
	for range 3 {
		page.press(kb.Tab)
		page.press(" ")
		page.press(kb.ArrowRight + kb.ArrowRight + kb.ArrowRight)
	}
	page.press(kb.Tab)
	page.press("Un <i>plan</i> du magasin")
	require.Equal(w, []string{"4", "4", "4"}, ask[[]string](page, `[...document.querySelectorAll(".scale input:checked")].map((i) => i.value)`))
	page.press(kb.Tab)
	page.press(kb.Enter)
	page.until("thanks", `location.search === "?thanks"`)
	page.examine("thanks")

	other.until("the prompt to leave the other page", `!document.querySelector("[data-prompts] [data-prompt]") && !document.querySelector("[data-prompts-empty]").hidden`)
	require.True(w, ask[bool](other, "window.sameAsBefore"), "the page was not loaded again")
	page.open(page.path())
	page.examine("a survey that is answered")
}

func (w *walk) othersAnswer() {
	w.Helper()
	for _, hire := range hires(5, "02/11/2026")[1:] {
		v := w.installed.employee(hire.number)
		v.answer(v.awaitInvitation())
	}
}

func (w *walk) seesResults() {
	w.Helper()
	w.installed.liveAt(wednesday)
	w.hr.open("/hr/results?key_moment=onboarding&follow_up=day_1")
	w.hr.reloadUntil("results", `document.querySelector(".result")`)
	require.Contains(w, w.hr.text("#results .lead"), "5 réponses comptent")
	require.Contains(w, w.hr.text("#results"), "Sur 6 personnes interrogées pendant cette période, 5 ont une réponse qui compte")
	w.hr.until("a chart for each question that is not free text", `document.querySelectorAll(".chart-canvas:not([hidden]) canvas").length === 4`)
	require.Equal(w, 4, w.hr.count("figure[data-chart] table"), "each chart has its figures")
	require.Contains(w, w.hr.text("#results"), "Les commentaires se lisent à partir de dix réponses")
	require.NotContains(w, w.hr.text("#results"), "plan", "comments are read from ten answers on")
	w.hr.examine("results")
}

// finds opens what a row of a list leads to. The list may just be replaced by a newer one, and then it looks again.
func (p *tab) finds(text string) {
	p.t.Helper()
	before := p.path()
	waitFor(p.t, "the row of "+text, func() error {
		seen, err := try[string](p, fmt.Sprintf(`(() => {
			if (location.pathname !== %q) return "left";
			const row = [...document.querySelectorAll(".rows li")].find((li) => li.innerText.includes(%q));
			row?.querySelector("a").setAttribute("data-found", "");
			return row ? "found" : ""; })()`, before, text))
		switch {
		case err != nil:
			return err
		case seen == "left":
			return nil
		case seen == "":
			return errors.New("there is none")
		}
		return p.tryClick("[data-found]")
	})
	p.until("the next page", fmt.Sprintf("location.pathname !== %q && document.querySelector('main')", before))
}

// tryClick clicks on what is there now.
func (p *tab) tryClick(selector string) error {
	ctx, cancel := context.WithTimeout(p.page, 2*time.Second)
	defer cancel()
	return chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector)))
}

func (w *walk) seesTheTimelineAndWhy() {
	w.Helper()
	w.hr.open("/hr/moments?key_moment=onboarding")
	w.hr.finds(marked)
	require.Equal(w, []string{"Moment ouvert", "Jour 1 — Demandé", "Jour 7 — Prévu", "Jour 30 — Prévu", "Jour 90 — Prévu"},
		ask[[]string](w.hr, `[...document.querySelectorAll(".timeline > li")].map((li) => [...li.querySelectorAll("h3, .tag")].map((e) => e.innerText).join(" — "))`))
	w.hr.examine("a moment's timeline")

	w.hr.open("/hr/people")
	w.hr.click("#query")
	w.hr.press("Zoé")
	w.hr.until("one find", `document.querySelectorAll("#people .rows > li").length === 1`)
	w.hr.finds(marked)
	require.Contains(w, w.hr.text("h1"), marked)
	require.Contains(w, w.hr.text("[aria-labelledby=asked] .decisions"), "Laissée passer", "why the newcomer was asked")
	require.Contains(w, w.hr.text("[aria-labelledby=asked]"), "jamais si la personne a répondu", "HR does not learn who answered")
	require.Contains(w, w.hr.text("[aria-labelledby=facts]"), newcomer)
	w.hr.examine("a person's page")

	w.hr.open("/hr")
	w.hr.examine("the console")
}

var digits = regexp.MustCompile(`\d+`)

func (w *walk) seesCells() {
	w.Helper()
	w.hr.open("/hr/barometer")
	w.hr.reloadUntil("the cells", `document.querySelectorAll(".cells > li").length > 1`)
	eligible := 0
	for _, cell := range ask[[]string](w.hr, `[...document.querySelectorAll(".cells .number")].map((e) => e.innerText)`) {
		n, err := strconv.Atoi(digits.FindString(cell))
		require.NoError(w, err, cell)
		require.GreaterOrEqual(w, n, 10, "a cell protects its people")
		eligible += n
	}
	require.Equal(w, len(novemberCompany()), eligible, "everybody votes somewhere; who leaves on Thursday is still here")
	w.hr.examine("the barometer's cells")
}

func (w *walk) managersSeeTheirTeams(lead *tab) {
	w.Helper()
	lead.open(w.installed.signInLink("--name", "A lead", "--employee", cashLead))
	lead.click("main form button")
	lead.until("the manager's own page", `location.pathname === "/"`)
	lead.open("/team")
	text := lead.text("main")
	for _, hire := range hires(6, "02/11/2026") {
		require.Contains(w, text, hire.given+" "+hire.family)
	}
	require.NotContains(w, text, octoberCompany()[9].given+" "+octoberCompany()[9].family, "who moved is another's now")
	require.Equal(w, len(hires(6, ""))+teamSize-1, strings.Count(ask[string](lead, `[...document.querySelectorAll(".rows > li")].map(() => "x").join("")`), "x"))
	lead.examine("a manager's team")

	w.zoe[0].open("/team")
	w.zoe[0].examine("the team of nobody")
}

func (p *tab) path() string {
	p.t.Helper()
	return ask[string](p, "location.pathname")
}
