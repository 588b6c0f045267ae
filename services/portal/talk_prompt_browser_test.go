package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// A reminder of talks that arrives on an open page is told as one, and its card leads to the talks, not to a survey.
func TestAReminderOfTalksArrivesOnAnOpenPage(t *testing.T) {
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = nil })
	home, cancel := context.WithTimeout(ownTab(t, openBrowser(t)), time.Minute)
	defer cancel()
	setCookie(t, home, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea))
	require.NoError(t, chromedp.Do(home, chromedp.Navigate(site.URL), chromedp.WaitVisible(chromedp.CSS("[data-prompts-empty]"))))

	arrives := talkPrompt(portaltest.Lea, "prepare", 3)
	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = []*notificationsv1.Prompt{arrives} })
	publish(t, site, promptShown(arrives))
	card := "[data-prompt='" + arrives.GetInvitationId() + "']"
	require.NoError(t, chromedp.Do(home, chromedp.WaitVisible(chromedp.CSS(card))))
	says := func(script string) string {
		text, err := chromedp.Run(home, chromedp.Evaluate[string](script))
		require.NoError(t, err)
		return text
	}
	require.Equal(t, "Un rappel pour vous\u00a0: 3 entretiens à préparer cette semaine", says(`document.getElementById("announcer").textContent`))
	require.Equal(t, "/talks Voir mes entretiens", says(`(() => { const a = document.querySelector("`+card+` a"); return a.getAttribute("href") + " " + a.textContent; })()`))
}

// The widget on an intranet page tells it apart from a question too.
func TestTheWidgetShowsAReminderOfTalks(t *testing.T) {
	h := startHost(t)
	arrives := talkPrompt(portaltest.Lea, "late", 2)
	h.prompts(arrives)
	tab := h.open(t, openBrowser(t), "lang=fr")
	tab.shows("the reminder", "2 entretiens en retard")
	require.Equal(t, "Un rappel pour vous", evaluate[string](tab, inside+`.querySelector("[part=heading]").innerText`))
	link := evaluate[[]string](tab, `(() => { const a = `+inside+`.querySelector("[part=link]"); return [new URL(a.href).pathname, a.firstChild.textContent]; })()`)
	require.Equal(t, []string{"/talks", "Voir mes entretiens"}, link)
	require.Contains(t, evaluate[string](tab, inside+`.querySelector("[role=status]").textContent`), "Un rappel pour vous")

	h.prompts(arrives, portaltest.Prompt())
	publish(t, h.site, promptShown(portaltest.Prompt()))
	tab.shows("both", "2 entretiens en retard", firstWeek)
	require.Equal(t, "2 messages pour vous", evaluate[string](tab, inside+`.querySelector("[part=heading]").innerText`))
}

// What comes between the making of a page and the opening of its stream is told like what comes later.
func TestAPromptThatComesBeforeTheStreamIsOpenIsToldToo(t *testing.T) {
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = nil })
	home, cancel := context.WithTimeout(ownTab(t, openBrowser(t)), time.Minute)
	defer cancel()
	setCookie(t, home, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea))
	// The page is made without it, and the stream, which waits for its turn among the pages, begins with it.
	_, err := chromedp.Call(home, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		const request = navigator.locks.request.bind(navigator.locks);
		navigator.locks.request = (name, lead) => new Promise((turn) => { window.turn = turn; }).then(() => request(name, lead));`})
	require.NoError(t, err)
	require.NoError(t, chromedp.Do(home, chromedp.Navigate(site.URL), chromedp.WaitVisible(chromedp.CSS("[data-prompts-empty]"))))
	arrives := talkPrompt(portaltest.Lea, "prepare", 3)
	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = []*notificationsv1.Prompt{arrives} })
	_, err = chromedp.Run(home, chromedp.Evaluate[bool]("(turn(), true)"))
	require.NoError(t, err)
	require.NoError(t, chromedp.Do(home, chromedp.WaitVisible(chromedp.CSS("[data-prompt='"+arrives.GetInvitationId()+"']"))))
	text, err := chromedp.Run(home, chromedp.Evaluate[string](`document.getElementById("announcer").textContent`))
	require.NoError(t, err)
	require.Contains(t, text, "Un rappel pour vous")
}
