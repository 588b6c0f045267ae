package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// HR keeps an audience: it is counted as its conditions change, and what would tell who is refused in words; then a campaign begins from
// it, its conditions are in the form, and the keyboard stays where it was.
func TestHRKeepsAnAudienceAndBeginsACampaignFromIt(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, closePage := chromedp.NewContext(browser)
	defer closePage()
	page, cancel := context.WithTimeout(page, 3*time.Minute)
	defer cancel()
	await := awaiting(t, page)
	choose := func(selector, value, event string) {
		t.Helper()
		run(t, page, `(() => { const field = document.querySelector("`+selector+`"); field.focus(); field.value = "`+value+`";
			return field.dispatchEvent(new Event("`+event+`", { bubbles: true })) })()`)
	}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/audiences/new")))

	await(`document.querySelector("#count strong")?.textContent.replace(/\s/g, "") === "1234personnes"`, "everybody is counted")
	run(t, page, `document.querySelector("details summary").click(), true`)
	choose("#reaction_about", "campaign/"+portaltest.RunningCampaign, "input")
	choose("#reaction", "not_answered", "input")
	await(`document.querySelector("#count strong").textContent === "environ 40 personnes"`, "who answered is told in tens")
	choose("#unit", portaltest.Nantes, "input")
	await(`document.querySelector("#count strong").textContent === "non dit"`, "and not of few")
	await(`document.activeElement.id === "unit"`, "the keyboard is where it was")
	choose("#unit", "", "input")
	choose("#name", "Sans réponse", "input")
	run(t, page, `document.querySelector("form.campaign-form button.button:not(.quiet)").click(), true`)
	await(`location.search === "?saved" && document.querySelector("h1").textContent === "Sans réponse"`, "it is kept")

	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/campaigns/new")))
	await(`document.getElementById("pick") != null`, "a campaign can begin from it")
	choose("#pick", portaltest.Newcomers, "change")
	await(`document.getElementById("origin")?.textContent.includes("nouveaux")`, "it says from which")
	await(`document.getElementById("months_below").value === "3" && document.getElementById("unit").value === "`+portaltest.Nantes+`"`, "the conditions are in the form")
	await(`document.querySelector("[name=saved_version]").value === "2"`, "with the version")
	await(`document.activeElement.id === "pick"`, "and the keyboard is where it was")
}
