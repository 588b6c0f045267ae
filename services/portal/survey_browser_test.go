package portal_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// A survey of every kind of question is filled in on a phone: questions come and go, what is entered outlives the page and the
// network, and the page stays accessible all along.
func TestASurveyIsFilledInOnAPhone(t *testing.T) {
	axe := axeCore(t)
	browser := openBrowser(t)
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Survey = portaltest.EveryKind() })
	phone, closePhone := chromedp.NewContext(browser)
	defer closePhone()
	phone, cancel := context.WithTimeout(phone, 60*time.Second)
	defer cancel()
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		require.NoError(t, chromedp.Do(phone, actions...))
	}
	click := func(id string) {
		t.Helper()
		run(t, phone, `document.getElementById("`+id+`").click(), true`)
	}
	shown := func(field string) bool {
		t.Helper()
		is, err := chromedp.Run(phone, chromedp.Evaluate[bool](`document.querySelector("[name='`+field+`']").checkVisibility()`))
		require.NoError(t, err)
		return is
	}
	examine := func(name string) {
		t.Helper()
		if folder := os.Getenv("PORTAL_SCREENSHOTS"); folder != "" {
			picture, err := chromedp.Run(phone, chromedp.FullScreenshot(100))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600))
		}
		bring(t, phone, axe)
		violations, err := chromedp.Run(phone, chromedp.Evaluate[[]string](findings, chromedp.EvalAwaitPromise))
		require.NoError(t, err)
		require.Empty(t, violations)
		width, err := chromedp.Run(phone, chromedp.Evaluate[int64]("document.documentElement.scrollWidth"))
		require.NoError(t, err)
		require.LessOrEqual(t, width, screens[0].width, "the page is wider than the screen")
	}
	do(chromedp.Navigate("about:blank"))
	dress(t, phone, screens[0], "light")
	setCookie(t, phone, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea))
	address := site.URL + "/survey/" + portaltest.Invitation
	do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("[data-draft-state]")))

	require.False(t, shown("multiple-why"))
	require.False(t, shown("text-pay"))
	click("rating-recommend_4")
	require.True(t, shown("multiple-why"))
	click("multiple-why_2")
	require.True(t, shown("text-pay"))
	examine("survey-kinds-phone")
	click("rating-recommend_9")
	require.False(t, shown("multiple-why"))
	require.False(t, shown("text-pay"), "nor what depends on a question that is not asked")
	click("rating-recommend_0")

	drafts := func() int { return len(site.Fakes.Now().Drafts) }
	require.Eventually(t, func() bool { return drafts() > 0 }, 20*time.Second, 20*time.Millisecond)
	do(chromedp.WaitVisible(chromedp.CSS("[data-draft-state]:not(:empty)")))

	online := func(is bool) {
		t.Helper()
		_, err := chromedp.Call(phone, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Offline: !is, DownloadThroughput: -1, UploadThroughput: -1,
		})
		require.NoError(t, err)
	}
	online(false)
	click("single-main_1")
	run(t, phone, `document.querySelector("form[data-survey] button.wide").click(), true`)
	said, err := chromedp.Run(phone, chromedp.Evaluate[string](`document.querySelector("[data-draft-state]").textContent`))
	require.NoError(t, err)
	require.Contains(t, said, "Pas de réseau", "the page stays, with what was entered")
	require.Empty(t, site.Fakes.Now().Stored)
	online(true)
	require.Eventually(t, func() bool { return len(site.Fakes.Now().Drafts[drafts()-1].GetAnswers()) == 3 }, 20*time.Second, 20*time.Millisecond)

	do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("[data-draft-state]")))
	restored, err := chromedp.Run(phone, chromedp.Evaluate[bool](`document.getElementById("rating-recommend_0").checked && document.getElementById("multiple-why_2").checked`))
	require.NoError(t, err)
	require.True(t, restored)
	require.True(t, shown("text-pay"))
	examine("survey-restored-phone")
}

func run(t *testing.T, page context.Context, script string) {
	t.Helper()
	_, err := chromedp.Run(page, chromedp.Evaluate[bool](script))
	require.NoError(t, err)
}

// awaiting returns what waits until a script says yes on a page.
func awaiting(t *testing.T, page context.Context) func(script, why string) {
	t.Helper()
	return func(script, why string) {
		t.Helper()
		require.Eventually(t, func() bool {
			yes, err := chromedp.Run(page, chromedp.Evaluate[bool](script))
			return err == nil && yes // the page may just be on its way to another
		}, time.Minute, 50*time.Millisecond, why)
	}
}
