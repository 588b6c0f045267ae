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

// HR writes an A/B test: only the fields of what is tested are there. While it runs both sides stand side by side; it is decided before HR's eyes, and
// the results are read from there.
func TestHRTriesTwoLinesAndWatchesTheBetterOneWin(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, closePage := chromedp.NewContext(browser)
	defer closePage()
	page, cancel := context.WithTimeout(page, 3*time.Minute)
	defer cancel()
	await := awaiting(t, page)
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/campaigns/new")))

	line := `document.getElementById("test.subject_b.fr")`
	await(`!!`+line+` && !`+line+`.checkVisibility()`, "a test is out of the way at first")
	run(t, page, `document.querySelector("#test_none").closest("details").open = true`)
	await(`document.getElementById("test_none").checked && !`+line+`.checkVisibility()`, "nothing is tested")
	run(t, page, `document.getElementById("test_time").click(), true`)
	await(`document.getElementById("test_at_b").checkVisibility() && !`+line+`.checkVisibility()`, "the other time")
	run(t, page, `document.getElementById("test_subject").click(), true`)
	await(`!document.getElementById("test_at_b").checkVisibility() && `+line+`.checkVisibility()`, "the lines")
	run(t, page, `(() => { for (const [name, value] of Object.entries({
		name: "Mes deux lignes", questionnaire: "`+portaltest.Standard+`.v1", "test.subject_a.fr": "Deux minutes ?", "test.subject_a.en": "Two minutes?",
		"test.subject_b.fr": "Votre avis", "test.subject_b.en": "Your view" })) document.getElementById(name).value = value; return true })()`)
	run(t, page, `document.querySelector("[value=check]").click(), true`)
	await(`location.pathname.endsWith("/check") && document.querySelector(".variants")?.textContent.includes("Votre avis")`, "it is looked at before the launch")
	run(t, page, `document.querySelector("form[action$='/launch'] button").click(), true`)
	await(`document.querySelector("#figures .tag")?.textContent === "Programmée"`, "it waits for its time")

	var id string
	for _, c := range site.Fakes.Now().Campaigns.All {
		if c.GetDraft().GetName() == "Mes deux lignes" {
			id = c.GetId()
		}
	}
	becomes := func(decision *momentsv1.CampaignDecision) {
		site.Fakes.Set(func(s *portaltest.State) {
			c := s.Campaigns.All[id]
			s.Campaigns.All[id] = &momentsv1.Campaign{
				Id: id, Version: c.GetVersion() + 1, State: momentsv1.Campaign_STATE_RUNNING, Draft: c.GetDraft(), StartedAt: "2026-11-03T09:00:00Z", Decision: decision,
			}
		})
	}
	becomes(nil)
	await(`document.querySelector(".variants-table")?.textContent.includes("Variante B") && document.querySelector("#figures").textContent.includes("une seule fois")`, "both stand side by side")
	becomes(site.Fakes.Now().Campaigns.All[portaltest.TestedCampaign].GetDecision())
	await(`document.querySelector(".variants-table .tag.good")?.textContent === "Gagnante"`, "the winner shows by itself")
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+campaignsAt+id)))
	await(`!!document.querySelector("a[href$='`+id+`/results']")`, "it leads to what it brought")
	run(t, page, `document.querySelector("a[href$='`+id+`/results']").click(), true`)
	await(`location.pathname.endsWith("/results") && !!document.querySelector("a[href$='.xlsx'][download]")`, "which can be taken along")
}
