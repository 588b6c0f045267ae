package portal_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// The pages of people without an account, and what HR does for them, pass axe on phone and desk, in both languages.
func TestPagesForPeopleWithoutAnAccountAreAccessible(t *testing.T) {
	axe := axeCore(t)
	browser := openBrowser(t)
	site := portaltest.Start(t)
	give(t, site.As(t, "hr:"+portaltest.Jeanne), site, "001002", "local_hr", portaltest.Nantes)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Survey.AsksContact, s.Guests.Survey.AsksContact, s.Guests.Survey.KeyMoment = true, true, "recruitment_interview"
	})
	hr := "hr:" + portaltest.Jeanne
	visits := []visit{
		{"guest-survey", "", "/g/" + portaltest.GuestToken},
		{"guest-early", "", "/g/" + portaltest.EarlyToken},
		{"guest-gone", "", "/g/nowhere"},
		{"guest-declare", hr, "/hr/guests"},
		{"contacts", hr, "/hr/contacts"},
		{"contact-question", "employee:" + portaltest.Lea, "/survey/" + portaltest.Invitation},
		{"codes", hr, "/hr/codes?everybody=yes&unit=" + portaltest.Nantes},
		{"codes-first", hr, "/hr/codes"},
		{"signin-code", "", "/signin/code"},
		{"contact-edit", hr, "/hr/catalogue/training/edit"},
	}
	looks := []look{{screens[0], "light", "fr", false}, {screens[1], "dark", "en", false}, {screens[0], "dark", "en", true}}
	if os.Getenv("PORTAL_SCREENSHOTS") != "" {
		looks = append(looks, look{screens[1], "light", "fr", false})
	}
	for _, l := range looks {
		site.Fakes.Set(func(s *portaltest.State) { s.Empty = l.empty })
		t.Run(l.name(), func(t *testing.T) {
			tab := ownTab(t, browser)
			for _, v := range visits {
				t.Run(v.name, func(t *testing.T) { lookAt(t, tab, site, axe, v, l) })
			}
			if !l.empty {
				t.Run("shown once", func(t *testing.T) { lookAtWhatIsShownOnce(t, tab, site, axe, l) })
			}
		})
	}
}

// lookAtWhatIsShownOnce declares a candidate and prints cards as HR does.
func lookAtWhatIsShownOnce(t *testing.T, tab context.Context, site *portaltest.Portal, axe string, l look) {
	t.Helper()
	page, cancel := context.WithTimeout(tab, 2*time.Minute)
	defer cancel()
	dress(t, page, l.screen, l.scheme)
	setCookie(t, page, site, "jalon_language", l.lang)
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))

	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/guests"), chromedp.WaitReady(chromedp.CSS("#unit"))))
	run(t, page, `document.getElementById("unit").value = "`+portaltest.Nantes+`", true`)
	run(t, page, `(document.querySelector("form.card button").click(), document.querySelector("form.card button").click(), true)`)
	require.NoError(t, chromedp.Do(page, chromedp.WaitVisible(chromedp.CSS("[data-copy]"))))
	inspect(t, page, axe, "guest-links", l)

	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/codes?unit="+portaltest.Nantes), chromedp.WaitReady(chromedp.CSS("#person-1"))))
	run(t, page, `(document.querySelector("form.stack button").click(), true)`)
	require.NoError(t, chromedp.Do(page, chromedp.WaitVisible(chromedp.CSS(".code-card img")), chromedp.WaitVisible(chromedp.CSS("[data-print]"))))
	drawn, err := chromedp.Run(page, chromedp.Evaluate[bool](`document.querySelector(".code-card img").decode().then(() => true)`, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.True(t, drawn, "the page's policy lets the picture through")
	inspect(t, page, axe, "code-cards", l)
}

// A form that is sent by two quick presses declares one candidate.
func TestTwoPressesDeclareOneCandidate(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, closePage := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer closePage()
	page, cancel := context.WithTimeout(page, time.Minute)
	defer cancel()
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/guests"), chromedp.WaitReady(chromedp.CSS("#unit"))))
	run(t, page, `document.getElementById("unit").value = "`+portaltest.Nantes+`", true`)
	run(t, page, `(document.querySelector("form.card button").click(), document.querySelector("form.card button").click(), true)`)
	require.NoError(t, chromedp.Do(page, chromedp.WaitVisible(chromedp.CSS("[data-copy]"))))
	ids := map[string]bool{}
	for _, declared := range site.Fakes.Now().Guests.Declared {
		ids[declared.GetRequestId()] = true
	}
	require.Len(t, ids, 1)

	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/g/"+portaltest.GuestToken), chromedp.WaitReady(chromedp.CSS("form.survey"))))
	for _, q := range site.Fakes.Now().Guests.Survey.GetQuestions() {
		if q.GetKind() == momentsv1.Question_KIND_SCALE {
			run(t, page, `document.getElementById("scale-`+q.GetId()+`_3").click(), true`)
		}
	}
	run(t, page, `document.getElementById("emotion-feeling_1").click(), true`)
	run(t, page, `(document.querySelector("form.survey .button.wide").click(), document.querySelector("form.survey .button.wide").click(), true)`)
	require.NoError(t, chromedp.Do(page, chromedp.WaitNotPresent(chromedp.CSS("form.survey"))))
	require.Len(t, site.Fakes.Now().Guests.Stored, 1)
}
