package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func reminder() *notificationsv1.Prompt {
	again := portaltest.Prompt()
	again.Reminder = true
	return again
}

// hasHeard waits, as another page of the same session does, until the page's stream is open and has told the list.
const hasHeard = `new Promise((told) => {
	const channel = new BroadcastChannel("jalon-live-" + document.body.dataset.live);
	const again = setInterval(() => channel.postMessage({ kind: "hello" }), 50);
	channel.onmessage = (event) => { if (event.data.kind === "list") { clearInterval(again); channel.close(); told(true); } };
})`

// A page that has been open since the first time says that it reminds, once.
func TestAnOpenPageTellsOfAReminder(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	home, closeHome := chromedp.NewContext(browser)
	defer closeHome()
	home, cancel := context.WithTimeout(home, 60*time.Second)
	defer cancel()
	require.NoError(t, chromedp.Do(home, chromedp.Navigate("about:blank")))
	setCookie(t, home, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea))
	require.NoError(t, chromedp.Do(home, chromedp.Navigate(site.URL), chromedp.WaitVisible(chromedp.CSS("[data-prompt='"+portaltest.Invitation+"']"))))
	said := func() string {
		text, err := chromedp.Run(home, chromedp.Evaluate[string](`document.getElementById("announcer").textContent`))
		require.NoError(t, err)
		return text
	}
	heard, err := chromedp.Run(home, chromedp.Evaluate[bool](hasHeard, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.True(t, heard)
	require.Empty(t, said(), "what was there when the page was opened is no news")

	publish(t, site, promptShown(reminder()))
	require.Eventually(t, func() bool { return said() == "Rappel, une question vous attend\u00a0: "+firstWeek }, 30*time.Second, 50*time.Millisecond)

	// The same news once more, then other news: when that is heard, the first was not told again.
	_, err = chromedp.Run(home, chromedp.Evaluate[bool](`(document.getElementById("announcer").textContent = "") === ""`))
	require.NoError(t, err)
	publish(t, site, promptShown(reminder()), promptShown(monthly()))
	require.Eventually(t, func() bool { return said() != "" }, 30*time.Second, 50*time.Millisecond)
	require.Equal(t, "Une question vous attend\u00a0: "+oneMonth, said())

	publish(t, site, promptShown(secondReminder()))
	require.Eventually(t, func() bool { return said() == "Rappel, une question vous attend\u00a0: "+firstWeek }, 30*time.Second, 50*time.Millisecond, "each reminder is news")
}

func secondReminder() *notificationsv1.Prompt {
	again := reminder()
	again.ReminderNumber = 2
	return again
}

// Whoever put a question off on the intranet is reminded of it there too, and may put the reminder off.
func TestAReminderComesBackToThoseWhoPutTheQuestionOff(t *testing.T) {
	browser := openBrowser(t)
	h := startHost(t)
	h.prompts(portaltest.Prompt())
	tab := h.open(t, browser, "lang=fr")
	tab.shows("the question", firstWeek)
	later := inside + `.querySelector("[part=later]").click() ?? true`
	evaluate[bool](tab, later)
	tab.shows("it is put off")

	h.prompts(reminder())
	publish(t, h.site, promptShown(reminder()))
	tab.shows("the reminder is news", firstWeek)
	require.Contains(t, evaluate[string](tab, inside+`.querySelector("[role=status]").textContent`), "Rappel")
	evaluate[bool](tab, later)
	tab.shows("it is put off as well")
	require.NoError(t, chromedp.Do(tab.page, chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("main"))))
	h.prompts(reminder(), monthly())
	publish(t, h.site, promptShown(monthly()))
	tab.shows("and stays away", oneMonth)

	h.prompts(secondReminder(), monthly())
	publish(t, h.site, promptShown(secondReminder()))
	tab.shows("until the second reminder", oneMonth, firstWeek)
}
