package portal_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// The results are opened with all that is inside, by a director, and above a company of 1,500 stores with long names.
func TestResultsAreAccessibleWhenTheyAreOpened(t *testing.T) {
	axe := axeCore(t)
	site := portaltest.Start(t)
	tab := ownTab(t, openBrowser(t))
	looks := []look{{screens[0], "light", "fr", false}, {screens[1], "dark", "en", false}}
	if os.Getenv("PORTAL_SCREENSHOTS") != "" {
		looks = append(looks, look{screens[0], "dark", "en", false}, look{screens[1], "light", "fr", false})
	}
	for _, l := range looks {
		t.Run("open-"+l.name(), func(t *testing.T) {
			lookAt(t, tab, site, axe, visit{"results-alike", "hr:" + portaltest.Jeanne, resultsOf + portaltest.AlikeStore}, l)
			require.NoError(t, chromedp.Do(tab, chromedp.Navigate(site.URL+resultsOf+portaltest.Nantes), chromedp.WaitReady(chromedp.CSS("#themes"))))
			_, err := chromedp.Run(tab, chromedp.Evaluate[bool](`(document.querySelectorAll("details.result-theme").forEach((d) => (d.open = true)), true)`))
			require.NoError(t, err)
			inspect(t, tab, axe, "results-open", l)
		})
	}
	site.Fakes.Set(func(s *portaltest.State) {
		s.Published.Stores = 1500
		s.Published.Change = func(res *barometerv1.GetResultsResponse) {
			for _, u := range res.GetBelow()[:3] {
				u.Unit.Name += strings.Repeat(" Saint-Rémy-de-Provence-Logistique", 3) + "-Anticonstitutionnellement"
			}
		}
	})
	t.Run("many", func(t *testing.T) {
		lookAt(t, tab, site, axe, visit{"results-many", "hr:" + portaltest.Jeanne, "/barometer/results"}, looks[0])
	})
}

// From the company down to a store, and to what people say of a theme, without a mouse; on a phone and at a desk.
func TestResultsAreReadByKeyboard(t *testing.T) {
	site := portaltest.Start(t)
	browser := openBrowser(t)
	for _, size := range screens {
		t.Run(size.name, func(t *testing.T) {
			page, cancel := context.WithTimeout(ownTab(t, browser), time.Minute)
			defer cancel()
			dress(t, page, size, "light")
			setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
			holds := func(script, why string) {
				t.Helper()
				require.Eventually(t, func() bool {
					is, err := chromedp.Run(page, chromedp.Evaluate[bool](`document.readyState === "complete" && (`+script+`)`))
					return err == nil && is
				}, 20*time.Second, 50*time.Millisecond, why)
			}
			press := func(selector, key string) {
				t.Helper()
				require.NoError(t, chromedp.Do(page, chromedp.Focus(chromedp.CSS(selector)), chromedp.KeyEvent(key)))
			}
			require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/barometer/results"), chromedp.WaitReady(chromedp.CSS("#below"))))
			press(`.heat a[href*="`+portaltest.Region+`"]`, kb.Enter)
			holds(`document.querySelector("h1").textContent === "Région Ouest"`, "down to the region")

			if size.name == "desk" { // a phone has the list instead of headings
				press("#sort-4", kb.Enter)
			} else {
				_, err := chromedp.Run(page, chromedp.Evaluate[bool](`(() => { const s = document.getElementById("theme"); s.value = "theme5"; return s.dispatchEvent(new Event("change", {bubbles: true})); })()`))
				require.NoError(t, err)
			}
			holds(`document.querySelector(".heat th[aria-sort]")?.textContent.trim() === "Ma rémunération"`, "in the order of a theme")
			holds(`document.getElementById("theme").value === "theme5"`, "both say which")
			holds(`new URLSearchParams(location.search).get("theme") === "theme5"`, "the address can be kept")
			if size.name == "desk" {
				holds(`document.activeElement.id === "sort-4"`, "the keyboard stays where it is")
			} else {
				holds(`[...document.querySelectorAll(".heat tbody tr:first-child td")].filter((c) => c.offsetParent).length === 1`, "one theme fits a phone")
			}
			require.NoError(t, chromedp.Do(page, chromedp.SendKeys(chromedp.CSS("#query"), "nantes")))
			holds(`document.querySelectorAll(".heat tbody tr").length === 1`, "found as one types")
			holds(`document.activeElement.id === "query"`, "typing goes on")

			press(".heat tbody a", kb.Enter)
			holds(`document.querySelector("h1").textContent === "Nantes Atlantis"`, "down to the store")
			press("details.result-theme:nth-of-type(5) > summary", kb.Enter)
			holds(`document.querySelector("details.result-theme:nth-of-type(5)").open && document.querySelector(".comments").checkVisibility()`, "what people say")
			press(".crumbs a", kb.Enter)
			holds(`document.querySelector("h1").textContent === "Exemple Sport"`, "and back to the top")

			_, err := chromedp.Run(page, chromedp.Evaluate[bool](`(() => { const s = document.getElementById("edition"); s.selectedIndex = 1; return s.dispatchEvent(new Event("change", {bubbles: true})); })()`))
			require.NoError(t, err)
			holds(`document.querySelector(".lead").textContent.includes("2025")`, "the year before")
		})
	}
}
