package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/jalon/internal/voter"
)

// The barometer opens on the day on which it is launched, and closes on Friday night.
const opensOn, closesOn = "2026-11-04", "2026-11-06"

var saturday = time.Date(2026, time.November, 7, 10, 0, 0, 0, paris)

// launchesABarometer: HR prepares an edition and launches it; its keys are made, and it opens by itself.
func (w *walk) launchesABarometer() {
	w.Helper()
	w.hr.open("/hr/barometer/new")
	w.hr.examine("a new edition")
	w.hr.do(
		chromedp.SetValue(chromedp.CSS("#name"), "2026"),
		chromedp.SetValue(chromedp.CSS("#opens_on"), opensOn), chromedp.SetValue(chromedp.CSS("#closes_on"), closesOn),
		chromedp.Click(chromedp.CSS("form[action='/hr/barometer'] button")),
	)
	w.hr.until("the draft", `document.querySelector("form[action$='/launch']")`)
	w.hr.examine("the draft of an edition")
	w.hr.click("form[action$='/launch'] button")
	w.hr.until("the edition is open, on a page that looks again by itself", `document.querySelector("#participation")`)
}

// votesOnAPhone: a newcomer answers the 45 questions; nothing of it stays in her browser.
func (w *walk) votesOnAPhone() {
	w.Helper()
	p := w.zoe[0]
	p.open("/barometer")
	p.until("where to begin", `document.querySelector("[data-view=begin]:not([hidden])")`)
	p.examine("before one votes")
	p.click("[data-begin=shared]")
	p.until("the first step", `document.querySelector("[data-step]:not([hidden])")`)
	p.answersAll()
	p.until("thanks", `document.querySelector("[data-view=thanks]:not([hidden])")`)
	p.examine("after one voted")
	require.Empty(w, ask[[]string](p, `Object.keys(localStorage).filter((key) => key.includes("ballot"))`))
	p.open("/barometer")
	p.until("that a token was issued", `document.querySelector("[data-view=lost]:not([hidden]), [data-view=used]:not([hidden])")`)
}

// answersAll gives every statement the same answer and sends the ballot.
func (p *tab) answersAll() {
	p.t.Helper()
	for {
		ask[bool](p, `(document.querySelectorAll("[data-step]:not([hidden]) [data-statement]").forEach((s) => s.querySelector("input[value='4']").click()), true)`)
		if p.count("[data-step]:not([hidden]) [data-next]") == 0 {
			break
		}
		p.click("[data-step]:not([hidden]) [data-next]")
	}
	p.click("[data-step]:not([hidden]) [data-send]")
}

var attribute = regexp.MustCompile(`data-(edition|key|fingerprint|cast)="([^"]*)"`)

// paper is what the page tells its script of the edition.
func (v *visitor) paper() map[string]string {
	v.t.Helper()
	status, body := v.get("/barometer")
	require.Equal(v.t, http.StatusOK, status)
	paper := map[string]string{}
	for _, found := range attribute.FindAllStringSubmatch(body, -1) {
		paper[found[1]] = html.UnescapeString(found[2])
	}
	require.Len(v.t, paper, 4, "the page has a paper to vote on")
	return paper
}

// draws draws a token for the cell of the paper.
func (v *visitor) draws(paper map[string]string) voter.Secret {
	v.t.Helper()
	key, err := base64.RawURLEncoding.DecodeString(paper["key"])
	require.NoError(v.t, err)
	secret, err := voter.Draw(paper["edition"], key, paper["fingerprint"])
	require.NoError(v.t, err)
	return secret
}

// asks asks for the signature of a token. It fails where nobody answers, or something is answered that is none.
func (v *visitor) asks(paper map[string]string, secret voter.Secret) (voter.Token, error) {
	content, err := json.Marshal(map[string]string{"edition": paper["edition"], "blinded": base64.RawURLEncoding.EncodeToString(secret.Blinded)})
	if err != nil {
		return voter.Token{}, err
	}
	response, err := v.client.Post(v.url+"/barometer/token", "application/json", bytes.NewReader(content))
	if err != nil {
		return voter.Token{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return voter.Token{}, &unexpected{response.Status}
	}
	var issued struct {
		Signature string `json:"signature"`
	}
	if err := json.NewDecoder(response.Body).Decode(&issued); err != nil {
		return voter.Token{}, err
	}
	signed, err := base64.RawURLEncoding.DecodeString(issued.Signature)
	if err != nil {
		return voter.Token{}, err
	}
	return secret.Unblind(signed)
}

// casts brings a ballot, as nobody: without the visitor's cookies.
func (v *visitor) casts(paper map[string]string, ballot []byte) (status int, err error) {
	response, err := http.Post(v.url+paper["cast"], "text/plain", bytes.NewReader(ballot))
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// votes does what the page's script does.
func (v *visitor) votes(answers []byte, comments ...voter.Comment) {
	v.t.Helper()
	paper := v.paper()
	token, err := v.asks(paper, v.draws(paper))
	require.NoError(v.t, err)
	ballot, err := token.Ballot(answers, comments...)
	require.NoError(v.t, err)
	status, err := v.casts(paper, ballot)
	require.NoError(v.t, err)
	require.Equal(v.t, http.StatusNoContent, status)
}

// marking is what somebody writes who tries whether the page believes it.
const marking = `<img src=x onerror=alert(1)> La réserve est froide`

func (w *walk) othersVote() {
	w.Helper()
	content := append(slices.Repeat([]byte{5}, 45), 9)
	doubtful := append(slices.Repeat([]byte{2}, 45), 5)
	for i, e := range novemberCompany()[:11] {
		answers := content
		if i%3 == 0 {
			answers = doubtful
		}
		var comments []voter.Comment
		if i == 0 {
			comments = append(comments, voter.Comment{Theme: "setting", Text: marking})
		}
		w.installed.employee(e.number).votes(answers, comments...)
	}
}

func (w *walk) seesParticipation() {
	w.Helper()
	w.hr.reloadUntil("participation in steps of five", `[...document.querySelectorAll(".tile .figure")].some((f) => f.innerText.trim() === "10")`)
	w.hr.examine("participation")
}

// worksCouncilLooks at what is stored and served, from the command line.
func (w *walk) worksCouncilLooks() {
	w.Helper()
	said, wrong, exit := w.installed.jalon("ballots", "check", "--lang", "en")
	require.Zero(w, exit, said+wrong)
	require.Contains(w, said, "Everything that can be seen from here is as promised.")
}

// seesTheBarometersResults: after the close, what was said.
func (w *walk) seesTheBarometersResults() {
	w.Helper()
	w.installed.liveAt(saturday)
	w.hr.reloadUntil("the way to the results", `document.querySelector("main a[href^='/barometer/results']")`)
	w.hr.click("main a[href^='/barometer/results']")
	w.hr.until("the results", `document.querySelector("#themes")`)
	for _, said := range []string{"12 bulletins", "La réserve est froide"} {
		require.True(w, ask[bool](w.hr, fmt.Sprintf(`document.querySelector("main").textContent.includes(%q)`, said)), said)
	}
	require.Zero(w, w.hr.count("main img"), "what somebody wrote is a text")
	w.hr.examine("the barometer's results")
}
