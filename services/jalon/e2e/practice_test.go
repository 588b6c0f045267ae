package e2e

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// The days of the practice. The talk is moved to a Thursday; the next one is four weeks later, and the audit on the second Tuesday of
// February.
var (
	talkDay  = time.Date(2026, time.November, 5, 15, 0, 0, 0, paris)
	nextDay  = time.Date(2026, time.December, 3, 15, 0, 0, 0, paris)
	auditDay = time.Date(2027, time.February, 9, 11, 0, 0, 0, paris)
	// gapDay: what was said on the day of the audit counts.
	gapDay = time.Date(2027, time.February, 10, 16, 0, 0, 0, paris)
)

// secrets are what the two write, each of which is read by them alone.
var secrets = struct{ pleasure, displeasure, expectation, decision, skill, shared, own string }{
	pleasure: "Jrvqzkwpxt les clients reviennent", displeasure: "Kzwxqjbvth la réserve est glacée", expectation: "Pqjbzxwkvd savoir mes horaires plus tôt",
	decision: "Vwkzqxjphb afficher le planning le jeudi", skill: "Xyqhzjwkvp la vente assistée", shared: "Bvjkxqzwpd un bon échange", own: "Wqzfxkjvbh à encourager",
}

// practice is a month of the four-weekly talk, walked by the two of them, up to the audit that HR reads.
type practice struct {
	*testing.T
	installed *installation
	zoe       *tab // on her telephone
	lead      *tab // at a desk
	hr        *tab
}

func TestAMonthOfThePractice(t *testing.T) {
	t.Parallel()
	p := &practice{T: t, installed: standalone(t, monday).ready()}
	p.imports("2026-10-01", octoberCompany())
	p.imports("2026-11-02", novemberCompany())
	browser := openBrowser(t)
	for _, who := range []**tab{&p.zoe, &p.lead, &p.hr} {
		*who = newPerson(t, browser, p.installed.url, twoLooks)
	}
	p.zoe.dress(phone, "light")

	p.everybodySignsIn()
	p.zoeProposesAnotherDay()
	p.theLeadAgrees()
	p.zoePrepares()
	p.theyTalk()
	p.zoeConfirms()
	p.theNextTalkOpensOnWhatWasDecided()
	p.everybodyIsAskedHowOftenTheyMet()
	p.hrReadsTheGap()
	p.nothingTheyWroteIsAnywhere()
}

func (p *practice) imports(asOf string, people []employee) {
	p.Helper()
	_, stderr, exit := p.installed.jalon("import", "people", export(p, "hris.csv", people), "--as-of", asOf)
	require.Zero(p, exit, stderr)
}

func (p *practice) everybodySignsIn() {
	p.Helper()
	for who, link := range map[*tab]string{
		p.zoe:  p.installed.signInLink("--name", "Zoé", "--employee", newcomer),
		p.lead: p.installed.signInLink("--name", "A lead", "--employee", cashLead),
		p.hr:   p.installed.signInLink("--name", "Jeanne Martin", "--hr"),
	} {
		who.open(link)
		who.click("main form button")
		who.until("to be signed in", `!location.pathname.startsWith("/signin")`)
	}
}

// at lets time pass; everybody signs in again.
func (p *practice) at(now time.Time) {
	p.Helper()
	p.installed.liveAt(now)
	p.everybodySignsIn()
}

func (p *practice) zoeProposesAnotherDay() {
	p.Helper()
	p.zoe.open("/talks")
	p.zoe.reloadUntil("the next talk", `document.querySelector(".next-talk")`)
	p.zoe.examine("a newcomer's first talk")
	p.zoe.click(".next-talk a[href*='?date']")
	p.zoe.until("the form of another day", `document.querySelector("#planned_on")?.offsetParent`)
	p.zoe.do(
		chromedp.SetValue(chromedp.CSS("#planned_on"), talkDay.Format(time.DateOnly)), chromedp.SetValue(chromedp.CSS("#starts_at"), "15:30"),
		chromedp.Click(chromedp.CSS("form[action$='/date'] button")),
	)
	p.zoe.until("what was proposed", `document.querySelector("button[name=withdraw]")`)
	p.zoe.examine("another day was proposed")
}

func (p *practice) theLeadAgrees() {
	p.Helper()
	p.lead.open("/team")
	p.lead.reloadUntil("the proposal on the desk", `document.querySelector(".rows .tag.accent")`)
	p.lead.examine("a desk with a proposal")
	p.opensTheTalkFromTheDesk()
	p.lead.do(chromedp.DoubleClick(chromedp.CSS("button[name=accept][value=yes]")))
	p.lead.until("the new day", `!document.querySelector("button[name=accept]") && document.querySelector(".appointment")?.innerText.includes("5 novembre")`)
}

// opensTheTalkFromTheDesk goes by the name: others have the same family name.
func (p *practice) opensTheTalkFromTheDesk() {
	p.Helper()
	p.lead.open("/team")
	ask[bool](p.lead, fmt.Sprintf(`[...document.querySelectorAll(".rows a.cover")].find((a) => a.innerText.includes(%q)).click() ?? true`, marked))
	p.lead.until("the talk", `location.pathname.startsWith("/talks/") && document.querySelector(".talk")`)
}

// zoePrepares on her telephone: what she types is kept by itself, and read by nobody else until she shares it.
func (p *practice) zoePrepares() {
	p.Helper()
	p.zoe.open("/talks")
	p.zoe.click(".next-talk a.button")
	p.zoe.until("the preparation", `document.querySelectorAll("fieldset.points").length === 3`)
	p.zoe.examine("an empty preparation")
	for i, text := range []string{secrets.pleasure, secrets.displeasure, secrets.expectation} {
		p.zoe.do(chromedp.SendKeys(chromedp.CSS(fmt.Sprintf("fieldset.points:nth-of-type(%d) textarea", i+1)), text))
	}
	p.zoe.reloadUntil("what was typed to be kept", fmt.Sprintf(`[...document.querySelectorAll("fieldset.points textarea")].some((area) => area.value === %q)`, secrets.expectation))
	p.lead.reload()
	require.NotContains(p, p.lead.text("main"), secrets.pleasure, "it is not shared yet")

	p.zoe.examine("a preparation")
	p.zoe.click("button[formaction$='/share']")
	p.zoe.until("it to be shared", `document.querySelector(".sharing .note.good")`)
	p.lead.reloadUntil("what was shared", fmt.Sprintf(`document.querySelector("main").innerText.includes(%q)`, secrets.pleasure))
	p.lead.examine("a talk that the other one has prepared")
}

func (p *practice) theyTalk() {
	p.Helper()
	p.at(talkDay)
	p.opensTheTalkFromTheDesk()
	p.lead.examine("the page for two")
	for kind, text := range map[string]string{"decision": secrets.decision, "skill": secrets.skill} {
		p.lead.do(
			chromedp.Click(chromedp.CSS(fmt.Sprintf("#commit label:has([name=kind][value=%s])", kind))),
			chromedp.SendKeys(chromedp.CSS("#commit-text"), text),
			chromedp.SetValue(chromedp.CSS("#commit-due"), "2026-11-26"),
			chromedp.Click(chromedp.CSS("#commit button")),
		)
		p.lead.until(text, fmt.Sprintf(`document.querySelector(".commitments")?.innerText.includes(%q)`, text))
	}
	p.lead.do(chromedp.SendKeys(chromedp.CSS("#notes"), secrets.shared), chromedp.SendKeys(chromedp.CSS("#own"), secrets.own))
	p.lead.reloadUntil("both notes to be kept", fmt.Sprintf(`document.querySelector("#notes").value === %q && document.querySelector("#own").value === %q`, secrets.shared, secrets.own))
	p.lead.do(chromedp.DoubleClick(chromedp.CSS("form[action$='/held'] button")))
	p.lead.until("it to be said", `!document.querySelector("form[action$='/held']") && document.querySelector(".talk .note")`)
	p.lead.examine("a talk that one of the two says took place")
}

// zoeConfirms, and sees what both wrote, but not what the other one noted alone.
func (p *practice) zoeConfirms() {
	p.Helper()
	p.zoe.open("/talks")
	p.zoe.reloadUntil("the question whether it took place", `document.querySelector("button[name=confirm]")`)
	p.zoe.examine("a talk to confirm")
	p.zoe.click("button[name=confirm][value=yes]")
	p.zoe.until("when the next one is", `[...document.querySelectorAll(".note.good a")].some((a) => a.innerText.includes("3 décembre"))`)
	text := ask[string](p.zoe, `document.querySelector("main").innerHTML`) // what is in fields too
	require.Contains(p, text, secrets.decision)
	require.Contains(p, text, secrets.shared)
	require.NotContains(p, text, secrets.own)
	p.zoe.examine("a talk that took place")
}

func (p *practice) theNextTalkOpensOnWhatWasDecided() {
	p.Helper()
	p.at(nextDay)
	p.zoe.open("/talks")
	p.zoe.click(".next-talk a.button")
	p.zoe.until("the next talk", `document.querySelector("#earlier")`)
	first := ask[string](p.zoe, `document.querySelector(".talk section:not(.page-head) h2").id`)
	require.Equal(p, "earlier", first, "it opens on what became of the last decisions")
	earlier := p.zoe.text("section[aria-labelledby=earlier]")
	require.Contains(p, earlier, secrets.decision)
	require.Contains(p, earlier, secrets.skill)
	p.zoe.examine("a talk that opens on the last decisions")

	p.zoe.click("section[aria-labelledby=earlier] li:first-child details:has([value=settle]) summary")
	p.zoe.click("section[aria-labelledby=earlier] li:first-child label:has([value=done])")
	p.zoe.click("section[aria-labelledby=earlier] li:first-child form:has([value=settle]) button")
	p.zoe.until("a decision to be done", `document.querySelector("section[aria-labelledby=earlier] .settled .tag.good")`)
	p.zoe.click("form[action$='/held'] button")
	p.zoe.until("it to be said", `!document.querySelector("form[action$='/held']")`)
	p.lead.open("/team")
	p.lead.reloadUntil("the question whether it took place", `document.querySelector("button[name=confirm]")`)
	p.lead.click("button[name=confirm][value=yes]")
	p.lead.until("it to be confirmed", `location.pathname.startsWith("/talks/") && !document.querySelector("button[name=confirm]")`)
}

// everybodyIsAskedHowOftenTheyMet: Zoé counts the two, her colleagues none.
func (p *practice) everybodyIsAskedHowOftenTheyMet() {
	p.Helper()
	p.at(auditDay)
	const audit = `[...document.querySelectorAll("[data-prompt]")].find((card) => card.innerText.includes("entretiens"))`
	p.zoe.open("/")
	p.zoe.reloadUntil("the audit", audit)
	ask[bool](p.zoe, audit+`.querySelector("a").click() ?? true`)
	p.zoe.until("its questions", `document.querySelector("[name=single-talks_held][value='2']")`)
	p.zoe.examine("the audit")
	p.zoe.click("label:has([name=single-talks_held][value='2'])")
	for _, question := range []string{"scale-talks_decisions", "scale-talks_skills"} {
		p.zoe.until(question, fmt.Sprintf(`document.querySelector("[name=%s]")?.closest("fieldset").offsetParent`, question))
		p.zoe.click(fmt.Sprintf("label:has([name=%s][value='5'])", question))
	}
	p.zoe.click("form.survey button:not([type=button])")
	p.zoe.until("thanks", `document.querySelector("main .calm h1")`)

	answered := 0
	for _, colleague := range novemberCompany() {
		if !slices.Contains([]string{cashLead, "E0032"}, colleague.manager) || colleague.number == newcomer || colleague.left != "" {
			continue
		}
		v := p.installed.employee(colleague.number)
		for _, invitation := range v.invitations() {
			if _, body := v.get("/survey/" + invitation); bytes.Contains([]byte(body), []byte(`name="single-talks_held"`)) {
				v.answer(invitation)
				answered++
			}
		}
	}
	require.GreaterOrEqual(p, answered, 20, "both stores have enough answers to be told of")
}

func (p *practice) hrReadsTheGap() {
	p.Helper()
	p.at(gapDay)
	p.hr.open("/hr/rhythm")
	p.hr.speak("fr")
	p.hr.reloadUntil("what people say", `document.querySelector("main").innerText.includes("Entretiens que les personnes comptent")`)
	p.hr.examine("the rhythm of talks, and the gap of the audit")
	require.NotContains(p, p.hr.text("main"), secrets.decision)
}

// nothingTheyWroteIsAnywhere: the engine's and the bus's files, and the log, hold people's names, and nothing of what they wrote.
func (p *practice) nothingTheyWroteIsAnywhere() {
	p.Helper()
	p.installed.process("jalon").stop()
	told := map[string]int{}
	words := []string{
		"L'Hostis", secrets.pleasure, secrets.displeasure, secrets.expectation, secrets.decision, secrets.skill, secrets.shared, secrets.own,
	}
	require.NoError(p, filepath.WalkDir(p.installed.data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, text := range words {
			// Its first word is of no language, and is long enough to be no accident.
			token, _, _ := bytes.Cut([]byte(text), []byte(" "))
			told[text] += bytes.Count(content, token)
		}
		return err
	}))
	require.NotZero(p, told["L'Hostis"], "a name is found, so that the search finds something")
	delete(told, "L'Hostis")
	for text, times := range told {
		require.Zero(p, times, "%q is found in clear", text)
	}
}
