package portal_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// The crossing of five stores and of 1,500 with long names, and of a company that has no wave yet.
func TestACrossingIsAccessibleFromFiveStoresToMany(t *testing.T) {
	axe := axeCore(t)
	site := portaltest.Start(t)
	tab := ownTab(t, openBrowser(t))
	phone, desk := look{screens[0], "light", "fr", false}, look{screens[1], "dark", "en", false}
	set := func(stores int, none bool) {
		site.Fakes.Set(func(s *portaltest.State) { s.Published.Stores, s.Customers.None = stores, none })
	}
	set(5, false)
	lookAt(t, tab, site, axe, visit{"crossing-few", "hr:" + portaltest.Jeanne, "/barometer/results/customers"}, phone)
	set(0, true)
	lookAt(t, tab, site, axe, visit{"crossing-none", "hr:" + portaltest.Jeanne, "/barometer/results/customers"}, phone)
	lookAt(t, tab, site, axe, visit{"customers-none", "hr:" + portaltest.Jeanne, "/hr/customers"}, phone)
	set(1500, false)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Customers.Change = func(res *barometerv1.GetCrossingResponse) {
			for _, p := range res.GetPositions()[:3] {
				p.Store.Name += strings.Repeat(" Saint-Rémy-de-Provence-Logistique", 3) + "-Anticonstitutionnellement"
			}
		}
	})
	lookAt(t, tab, site, axe, visit{"crossing-many", "hr:" + portaltest.Jeanne, "/barometer/results/customers"}, desk)
	lookAt(t, tab, site, axe, visit{"crossing-many", "hr:" + portaltest.Jeanne, "/barometer/results/customers"}, phone)
}

// The chart is walked through with arrows, what is crossed is chosen, and a store is found, without a mouse.
func TestACrossingIsReadByKeyboard(t *testing.T) {
	site := portaltest.Start(t)
	page, cancel := context.WithTimeout(ownTab(t, openBrowser(t)), time.Minute)
	defer cancel()
	dress(t, page, screens[1], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	holds := func(script, why string) {
		t.Helper()
		require.Eventually(t, func() bool {
			is, err := chromedp.Run(page, chromedp.Evaluate[bool](`document.readyState === "complete" && (`+script+`)`))
			return err == nil && is
		}, 20*time.Second, 50*time.Millisecond, why)
	}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/barometer/results/customers"), chromedp.WaitReady(chromedp.CSS("[data-scatter][tabindex]"))))
	told := `document.querySelector("[data-scatter-told]").textContent`
	require.NoError(t, chromedp.Do(page, chromedp.Focus(chromedp.CSS("[data-scatter]")), chromedp.KeyEvent(kb.ArrowRight)))
	holds(told+`.startsWith("Dépôt d'Élancourt <annexe>")`, "the store farthest to the left")
	require.NoError(t, chromedp.Do(page, chromedp.KeyEvent(kb.ArrowRight)))
	holds(`!`+told+`.startsWith("Dépôt") && /équipes \d+/.test(`+told+`)`, "the next one")

	choose := func(id, value string) {
		t.Helper()
		_, err := chromedp.Run(page, chromedp.Evaluate[bool](`(() => { const s = document.getElementById("`+id+`"); s.value = "`+value+`"; return s.dispatchEvent(new Event("change", {bubbles: true})); })()`))
		require.NoError(t, err)
	}
	choose("question", "recommendation")
	holds(`document.querySelector(".verdict").textContent.includes("NPS") && new URLSearchParams(location.search).get("question") === "recommendation"`, "another question, at an address to keep")
	holds(`document.querySelector("[data-scatter]").tabIndex === 0`, "the new chart is walked through too")
	choose("wave", "2026-1")
	holds(`document.querySelector(".verdict").textContent.includes("pas de lien net")`, "another wave")
	require.NoError(t, chromedp.Do(page, chromedp.SendKeys(chromedp.CSS("#query"), "nantes")))
	holds(`document.querySelectorAll(".crossed tbody tr").length === 1`, "found as one types")
	require.NoError(t, chromedp.Do(page, chromedp.Focus(chromedp.CSS(".crossed tbody a")), chromedp.KeyEvent(kb.Enter)))
	holds(`document.querySelector("h1").textContent === "Nantes Atlantis"`, "to the store")
}
