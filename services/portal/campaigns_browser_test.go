package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// HR makes a campaign: the group is counted as filters change and the keyboard stays where it is, what is missing is said, what will
// be sent is looked at and launched; and while it runs, its figures follow by themselves.
func TestHRMakesACampaignAndWatchesIt(t *testing.T) {
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
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/campaigns/new")))

	await(`document.querySelector("#count strong")?.textContent.replace(/\s/g, "") === "1234personnes"`, "everybody is counted")
	choose("#unit", portaltest.Nantes)
	await(`document.querySelector("#count").textContent.includes("Nantes")`, "the count follows the filter")
	await(`document.querySelector("#count strong").textContent === "617 personnes"`, "with its number")
	await(`document.activeElement.id === "unit" && document.getElementById("unit").value === "`+portaltest.Nantes+`"`, "the form is as it was")
	run(t, page, `document.querySelector("[name=job][value=Vendeur]").click(), true`)
	await(`document.querySelector("#count").textContent.includes("Vendeur")`, "so it does with a tick")

	// The texts of a message appear where one says something instead of asking.
	await(`!document.getElementById("title.fr").checkVisibility()`, "they are out of the way before")
	run(t, page, `document.getElementById("kind_message").click(), true`)
	await(`document.getElementById("title.fr").checkVisibility() && !document.getElementById("questionnaire").checkVisibility()`, "and there then")
	run(t, page, `document.getElementById("kind_survey").click(), true`)

	run(t, page, `document.querySelector("[value=check]").click(), true`)
	await(`location.search === "?checked" && document.querySelector("[aria-invalid]")?.id === "name"`, "what is missing is said beside its field")
	choose("#name", "Pouls de novembre")
	choose("#questionnaire", portaltest.Standard+".v1")
	run(t, page, `document.querySelector("[value=check]").click(), true`)
	await(`location.pathname.endsWith("/check") && document.querySelector("iframe")?.contentDocument?.querySelector("h1")?.textContent === "Votre première semaine"`, "HR sees what people will see")
	run(t, page, `document.querySelector("form[action$='/launch'] button").click(), true`)
	await(`document.querySelector("#figures .tag")?.textContent === "Programmée"`, "it waits for its time")

	var id string
	for _, c := range site.Fakes.Now().Campaigns.All {
		if c.GetDraft().GetName() == "Pouls de novembre" {
			id = c.GetId()
		}
	}
	site.Fakes.Set(func(s *portaltest.State) {
		c := s.Campaigns.All[id]
		s.Campaigns.All[id] = &momentsv1.Campaign{
			Id: id, Version: c.GetVersion() + 1, State: momentsv1.Campaign_STATE_RUNNING, Draft: c.GetDraft(), StartedAt: "2026-11-03T09:00:00Z",
		}
	})
	await(`document.querySelector("#figures .tag").textContent === "En cours" && document.querySelector("#figures").textContent.includes("60 personnes invitées sur 120")`, "its figures come by themselves")
	run(t, page, `document.getElementById("pause").click(), true`)
	await(`document.getElementById("resume") != null`, "it is paused")
	require.Equal(t, momentsv1.Campaign_STATE_PAUSED, site.Fakes.Now().Campaigns.All[id].GetState())
}
