package portal_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/services/portal/internal/portaltest"
)

// Names as long as companies have them make no page of the console wider than a phone.
func TestLongNamesMakeNoPageWiderThanAPhone(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) {
		for i, unit := range s.Units {
			unit = proto.CloneOf(unit)
			unit.Name += " " + strings.Repeat("Saint-Rémy-de-Provence-Logistique-", 3) + "Anticonstitutionnellement"
			unit.Code = strings.Repeat("X", 40)
			s.Units[i] = unit
		}
	})
	page, closePage := chromedp.NewContext(browser)
	defer closePage()
	page, cancel := context.WithTimeout(page, 3*time.Minute)
	defer cancel()
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	for _, path := range []string{
		"/hr", "/hr/people", "/hr/people?unit=" + portaltest.Nantes, "/hr/people/" + portaltest.Lea, "/hr/moments", "/hr/moments/" + portaltest.Moment,
		"/hr/results", "/hr/barometer", "/hr/units", "/hr/units/" + portaltest.Team, "/hr/units/new", "/hr/units/merge/" + portaltest.Depot, "/hr/units/import?done=units-1", "/hr/import?done=import-1", "/hr/access",
		"/hr/audit", "/barometer/trust", "/hr/customers", "/hr/benchmarks", "/barometer/results/customers?store=" + portaltest.Nantes,
	} {
		require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+path), chromedp.WaitReady(chromedp.CSS("main"))))
		width, err := chromedp.Run(page, chromedp.Evaluate[int64](`(document.querySelectorAll("details").forEach((d) => (d.open = true)), document.scrollingElement.scrollWidth)`))
		require.NoError(t, err)
		require.LessOrEqual(t, width, screens[0].width, path)
	}
}

// The menu of the console shows where one is on a phone, and still does when a wide window becomes a narrow one.
func TestMenusShowWhereOneIs(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, cancel := context.WithTimeout(browser, time.Minute)
	defer cancel()
	dress(t, page, screens[1], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/audit"), chromedp.WaitReady(chromedp.CSS("main"))))
	dress(t, page, screens[0], "light")
	_, err := chromedp.Run(page, chromedp.PollFunction[bool](`() => {
		const menu = document.querySelector(".tabs .wrap").getBoundingClientRect();
		const here = document.querySelector(".tabs a[aria-current]").getBoundingClientRect();
		return here.left >= menu.left && here.right <= menu.right;
	}`))
	require.NoError(t, err)
}
