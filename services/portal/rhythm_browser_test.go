package portal_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// The board is looked at as HR looks at it: five units or fifteen hundred, with and without figures.
var rhythmVisits = []visit{
	{"rhythm", "hr:" + portaltest.Jeanne, "/hr/rhythm"},
	{"rhythm-store", "hr:" + portaltest.Jeanne, "/hr/rhythm?saved&unit=" + portaltest.Rennes},
	{"rhythm-team", "hr:" + portaltest.Jeanne, "/hr/rhythm?unit=" + portaltest.Team},
	{"guide-ei2d", "employee:" + portaltest.Lea, "/talks/guides/ei2d"},
	{"guide-congratulation", "manager:" + portaltest.Karim, "/talks/guides/congratulation"},
	{"guide-first-steps", "manager:" + portaltest.Karim, "/talks/guides/first_steps_as_manager"},
	{"talk-about", "employee:" + portaltest.Lea, "/talks/about"},
}

func TestTheBoardTheGuidesAndThePromisesAreAccessible(t *testing.T) {
	axe := axeCore(t)
	site := portaltest.Start(t)
	tab := ownTab(t, openBrowser(t))
	looks := []look{{screens[0], "light", "fr", false}, {screens[1], "dark", "en", false}, {screens[0], "dark", "fr", true}}
	if os.Getenv("PORTAL_SCREENSHOTS") != "" {
		looks = append(looks, look{screens[0], "dark", "en", false}, look{screens[1], "light", "fr", false})
	}
	for _, l := range looks {
		site.Fakes.Set(func(s *portaltest.State) { s.Empty = l.empty })
		for _, v := range rhythmVisits {
			if l.empty && v.name != "rhythm" {
				continue
			}
			t.Run(v.name+"-"+l.name(), func(t *testing.T) { lookAt(t, tab, site, axe, v, l) })
		}
	}
	site.Fakes.Set(func(s *portaltest.State) { s.Empty, s.Rhythm.Boards[""] = false, portaltest.ManyUnits(1500) })
	for _, l := range looks[:2] {
		t.Run("rhythm-many-"+l.name(), func(t *testing.T) {
			lookAt(t, tab, site, axe, visit{"rhythm-many", "hr:" + portaltest.Jeanne, "/hr/rhythm"}, l)
		})
	}
	long := portaltest.ManyUnits(3)
	for _, unit := range long.GetUnits() {
		unit.Name += strings.Repeat(" Saint-Rémy-de-Provence-Logistique", 3) + "-Anticonstitutionnellement"
	}
	site.Fakes.Set(func(s *portaltest.State) { s.Rhythm.Boards[""] = long })
	t.Run("rhythm-long-names", func(t *testing.T) {
		lookAt(t, tab, site, axe, visit{"rhythm-long", "hr:" + portaltest.Jeanne, "/hr/rhythm"}, looks[0])
	})
	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = append(s.Prompts, talkPrompt(portaltest.Lea, "prepare", 3)) })
	for _, l := range looks[:2] {
		t.Run("home-talks-"+l.name(), func(t *testing.T) {
			lookAt(t, tab, site, axe, visit{"home-talks", "employee:" + portaltest.Lea, "/"}, l)
		})
	}
}

// One finds a store among fifteen hundred as one types, and the keyboard stays where it is.
func TestAStoreIsFoundAsOneTypes(t *testing.T) {
	site := portaltest.Start(t)
	many := portaltest.ManyUnits(1500)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Rhythm.Boards[""], s.Rhythm.Boards[portaltest.Company] = many, many
	})
	page, cancel := context.WithTimeout(ownTab(t, openBrowser(t)), time.Minute)
	defer cancel()
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	holds := func(script, why string) {
		t.Helper()
		require.Eventually(t, func() bool {
			is, err := chromedp.Run(page, chromedp.Evaluate[bool](script))
			return err == nil && is
		}, 20*time.Second, 50*time.Millisecond, why)
	}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/rhythm"), chromedp.WaitReady(chromedp.CSS("#units"))))
	holds(`document.querySelectorAll(".rhythms > li").length === 25`, "a first page")
	require.NoError(t, chromedp.Do(page, chromedp.SendKeys(chromedp.CSS("#query"), "n° 1234,")))
	holds(`document.querySelectorAll(".rhythms > li").length === 1`, "the store is found")
	holds(`document.activeElement.id === "query"`, "typing goes on")
	holds(`new URLSearchParams(location.search).get("q") === "n° 1234,"`, "the address can be kept")

	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/rhythm"), chromedp.WaitReady(chromedp.CSS("#sort"))))
	_, err := chromedp.Run(page, chromedp.Evaluate[bool](`(() => { const s = document.getElementById("sort"); s.value = "name"; return s.dispatchEvent(new Event("change", {bubbles: true})); })()`))
	require.NoError(t, err)
	holds(`document.querySelector(".rhythms a").textContent.includes("n° 1,")`, "in the order of their names")
}
