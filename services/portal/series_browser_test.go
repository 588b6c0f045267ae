package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// HR makes a campaign that comes again: only what belongs to the way of repeating is asked for, the next days follow each choice and
// the keyboard stays where it is; what never comes is said before anything is kept.
func TestHRMakesACampaignThatComesAgainAndSeesItsDays(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, closePage := chromedp.NewContext(browser)
	defer closePage()
	page, cancel := context.WithTimeout(page, 3*time.Minute)
	defer cancel()
	await := awaiting(t, page)
	choose := func(selector, value string) {
		t.Helper()
		run(t, page, `(() => { const field = document.querySelector("`+selector+`"); field.focus(); field.value = "`+value+`";
			return field.dispatchEvent(new Event("input", { bubbles: true })) })()`)
	}
	shown := func(ids ...string) string {
		script := `[...document.querySelectorAll("#when ~ div [id]")].filter(field => field.matches("input:not([type=radio]), select") && field.checkVisibility()).map(field => field.id).join() === "`
		for i, id := range ids {
			if i > 0 {
				script += ","
			}
			script += id
		}
		return script + `"`
	}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/campaigns/new")))
	await(shown("on", "at", "until"), "once asks for a day, an hour and an end")

	run(t, page, `document.getElementById("repeat_calendar").click(), true`)
	await(shown("on", "at", "every", "frequency", "by", "ends", "answer_days"), "again and again asks for a rhythm")
	await(`document.querySelector("#dates strong")?.textContent === "Chaque mois le premier mardi, à 10:00"`, "which is said in words")
	await(`document.querySelectorAll("#dates li").length === 6 && document.querySelector("#dates .left-out") !== null`, "with its next days")
	choose("#frequency", "weekly")
	await(shown("on", "at", "every", "frequency", "ends", "answer_days"), "a week has each weekday once")
	await(`document.querySelector("#dates strong")?.textContent === "Chaque semaine le mardi, à 10:00"`, "the days follow")
	await(`document.activeElement.id === "frequency"`, "and the keyboard stays")
	choose("#ends", "count")
	await(`document.querySelector("#dates strong")?.textContent === "Chaque semaine le mardi, à 10:00, 6 fois" && document.getElementById("count").checkVisibility()`, "an end is asked for where one is wanted")
	choose("#on", "2026-11-08")
	await(`document.querySelector("#dates")?.textContent.includes("Aucun jour ne serait jamais retenu")`, "what never comes is said")

	run(t, page, `document.getElementById("repeat_person").click(), true`)
	await(shown("after", "unit_of_time", "anchor", "on", "at", "answer_days"), "a day of each person asks which, and how long after")
	await(`document.querySelector("#dates")?.textContent.includes("le tour de 12 personnes")`, "and says how many come due")
	await(`[...document.querySelectorAll("#count span")].filter(said => said.checkVisibility()).map(said => said.textContent).join().includes("regardé à nouveau")`, "the group is looked at anew")
	choose("#name", "Trois mois après")
	choose("#questionnaire", portaltest.Standard+".v1")
	run(t, page, `document.querySelector("[value=check]").click(), true`)
	await(`location.pathname.endsWith("/check") && document.body.textContent.includes("30 jours après son premier jour")`, "HR sees it before the launch")
	run(t, page, `document.querySelector("form[action$='/launch'] button").click(), true`)
	await(`document.querySelector("#figures .tag")?.textContent === "Programmée"`, "and launches it")
}
