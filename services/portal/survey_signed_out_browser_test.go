package portal_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// held keeps what the page sends from leaving until it is let go, so that a session can end in between.
const held = `(() => { const send = window.fetch, go = new Promise((r) => (window.letGo = r));
	window.fetch = (...all) => { window.holding = true; return go.then(() => send(...all)); }; return true; })()`

// A session ends while somebody writes. Nothing that was written goes from the page, which says so; and once its writer has
// signed in again elsewhere, it is saved.
func TestWhatIsBeingWrittenOutlivesTheSession(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	phone, closePhone := chromedp.NewContext(browser)
	defer closePhone()
	phone, cancel := context.WithTimeout(phone, 60*time.Second)
	defer cancel()
	require.NoError(t, chromedp.Do(phone, chromedp.Navigate("about:blank")))
	dress(t, phone, screens[0], "light")
	setCookie(t, phone, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea))
	const wish = "[name='text-wish']"
	require.NoError(t, chromedp.Do(phone, chromedp.Navigate(site.URL+survey+portaltest.Invitation),
		chromedp.SendKeys(chromedp.CSS(wish), "Un casier"), chromedp.WaitVisible(chromedp.CSS("[data-draft-state]:not(:empty)"))))
	require.Len(t, site.Fakes.Now().Drafts, 1)

	run(t, phone, held)
	require.NoError(t, chromedp.Do(phone, chromedp.SendKeys(chromedp.CSS(wish), " et un banc")))
	require.Eventually(t, func() bool {
		holding, err := chromedp.Run(phone, chromedp.Evaluate[bool]("Boolean(window.holding)"))
		return err == nil && holding
	}, 30*time.Second, 20*time.Millisecond)
	require.NoError(t, site.DB.Collection("sessions").Drop(t.Context()))
	run(t, phone, "window.letGo(), true")
	require.NoError(t, chromedp.Do(phone, chromedp.WaitVisible(chromedp.CSS("[data-draft-state] a"))))
	text, err := chromedp.Run(phone, chromedp.Evaluate[string](`document.querySelector("[data-draft-state]").innerText`))
	require.NoError(t, err)
	require.Contains(t, text, "Vous n'êtes plus connecté")
	require.Regexp(t, `Enregistré jusqu'à \d\d:\d\d`, text)
	picture(t, phone, "survey-signed-out")

	// Sending would lose it as well.
	run(t, phone, `document.querySelector("form.survey").requestSubmit(), true`)
	where, err := chromedp.Run(phone, chromedp.Evaluate[string](`location.pathname + " " + document.querySelector("`+wish+`").value`))
	require.NoError(t, err)
	require.Equal(t, survey+portaltest.Invitation+" Un casier et un banc", where)

	setCookie(t, phone, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea)) // in another tab
	run(t, phone, `document.dispatchEvent(new Event("visibilitychange")), true`)
	require.NoError(t, chromedp.Do(phone, chromedp.WaitNotPresent(chromedp.CSS("[data-draft-state] a"))))
	drafts := site.Fakes.Now().Drafts
	require.Equal(t, "Un casier et un banc", drafts[len(drafts)-1].GetAnswers()[0].GetText())
}

// picture leaves a picture for a person to look at, where PORTAL_SCREENSHOTS names a folder.
func picture(t *testing.T, page context.Context, name string) {
	t.Helper()
	folder := os.Getenv("PORTAL_SCREENSHOTS")
	if folder == "" {
		return
	}
	shot, err := chromedp.Run(page, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), shot, 0o600))
}
