package portal_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/assets"
	"jalon.dev/services/portal/internal/portaltest"
)

// host is a company's intranet on an origin of its own, with the policy of a careful one.
type host struct {
	origin string
	reader atomic.Value // whom its own sign-in knows
	site   *portaltest.Portal
}

func startHost(t *testing.T) *host {
	t.Helper()
	files, err := assets.Load()
	require.NoError(t, err)
	if files.Address("jalon-prompt.js") == "" {
		missing(t, "the scripts are not built: run scripts/assets.sh")
	}
	h := &host{}
	h.reader.Store(portaltest.Lea)
	server := httptest.NewUnstartedServer(nil)
	// The other of this machine's names makes it another site, too.
	h.origin = strings.Replace("http://"+server.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	h.site = portaltest.Start(t, withWidget(h.origin))

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; img-src data:; script-src %[1]s; connect-src 'self' %[1]s", h.site.URL))
		_, _ = fmt.Fprintf(w, `<!DOCTYPE html><html lang=%q><head><meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
			<title>Intranet</title><link rel="icon" href="data:,"><script async crossorigin src="%s/widget/v1/jalon-prompt.js"></script></head>
			<body><main><h1>Intranet</h1><p>Lundi, la cantine ferme.</p></main><jalon-prompt token-url="/jalon-token" %s></jalon-prompt></body></html>`,
			r.FormValue("lang"), h.site.URL, r.FormValue("as"))
	})
	mux.HandleFunc("GET /jalon-token", func(w http.ResponseWriter, _ *http.Request) {
		reader, _ := h.reader.Load().(string)
		if reader == "" {
			http.Error(w, "nobody is signed in", http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(tokenOf(t, reader)))
	})
	server.Config.Handler = mux
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// hostTab is one open page of the intranet.
type hostTab struct {
	t    *testing.T
	page context.Context
	shut func()
}

func (h *host) open(t *testing.T, browser context.Context, query string) *hostTab {
	t.Helper()
	page, shut := chromedp.NewContext(browser)
	t.Cleanup(shut)
	tab := &hostTab{t: t, page: page, shut: shut}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(h.origin+"/?"+query), chromedp.WaitReady(chromedp.CSS("main"))))
	return tab
}

func evaluate[T any](p *hostTab, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.page, 20*time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(p.t, err, expression)
	return value
}

const inside = `document.querySelector("jalon-prompt").shadowRoot`

// titles are the prompts that the reader sees.
func (p *hostTab) titles() []string {
	p.t.Helper()
	return evaluate[[]string](p, `[...(`+inside+`?.querySelectorAll("section:not([hidden]) [part=title]") ?? [])].map((e) => e.innerText)`)
}

func (p *hostTab) shows(what string, titles ...string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		return strings.Join(p.titles(), "|") == strings.Join(titles, "|")
	}, 20*time.Second, 50*time.Millisecond, what)
}

func (h *host) prompts(prompts ...*notificationsv1.Prompt) {
	h.site.Fakes.Set(func(s *portaltest.State) { s.Prompts = prompts })
}

const (
	firstWeek = "Comment se passe votre première semaine\u00a0?"
	oneMonth  = "Un mois déjà\u00a0: comment allez-vous\u00a0?"
)

func monthly() *notificationsv1.Prompt {
	second := portaltest.Prompt()
	second.InvitationId, second.FollowUp = event.ID("second"), "day_30"
	return second
}

func TestPagesOfAnotherOriginShareOneStreamOfPrompts(t *testing.T) {
	browser := openBrowser(t)
	h := startHost(t)
	h.prompts()
	first := h.open(t, browser, "lang=fr")
	require.Eventually(t, func() bool { return exchanges(first) == 1 }, 20*time.Second, 50*time.Millisecond)
	second := h.open(t, browser, "lang=fr")
	for _, tab := range []*hostTab{first, second} {
		require.Empty(t, tab.titles())
	}

	h.prompts(portaltest.Prompt())
	publish(t, h.site, promptShown(portaltest.Prompt()))
	for _, tab := range []*hostTab{first, second} {
		tab.shows("the prompt comes by itself", firstWeek)
		require.Equal(t, []string{"_blank", "noopener", h.site.URL + "/survey/" + portaltest.Invitation},
			evaluate[[]string](tab, `(() => { const a = `+inside+`.querySelector("[part=link]"); return [a.target, a.rel, a.href]; })()`))
		require.Zero(t, evaluate[float64](tab, `new Promise((done) => { let sum = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; }).observe({type: "layout-shift", buffered: true}); setTimeout(() => done(sum), 100); })`), "the page does not move")
	}
	require.Equal(t, []int{1, 0}, []int{exchanges(first), exchanges(second)}, "one page holds the stream for both")
	third := h.open(t, browser, "lang=fr")
	third.shows("who comes later is told by whoever leads", firstWeek)

	first.shut()
	h.prompts(portaltest.Prompt(), monthly())
	publish(t, h.site, promptShown(monthly()))
	for _, tab := range []*hostTab{second, third} {
		tab.shows("another page took the stream over", firstWeek, oneMonth)
	}
	require.Equal(t, 1, exchanges(second)+exchanges(third))

	h.prompts(monthly())
	publish(t, h.site, promptClosed(portaltest.Lea, portaltest.Invitation))
	for _, tab := range []*hostTab{second, third} {
		tab.shows("what is answered goes", oneMonth)
	}
	evaluate[bool](second, inside+`.querySelector("[part=later]").click() ?? true`)
	for _, tab := range []*hostTab{second, third} {
		tab.shows("what is put off goes from all pages")
	}
	require.NoError(t, chromedp.Do(second.page, chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("main"))))
	h.prompts(portaltest.Prompt(), monthly())
	publish(t, h.site, promptShown(portaltest.Prompt()))
	second.shows("and stays away, unlike what is new", firstWeek)
}

// exchanges is how many sessions a page asked for.
func exchanges(p *hostTab) int {
	p.t.Helper()
	return evaluate[int](p, `performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/widget/v1/session")).length`)
}

func TestPagesOfTwoReadersOfOneComputerShareNothing(t *testing.T) {
	browser := openBrowser(t)
	h := startHost(t)
	lea := h.open(t, browser, "lang=fr")
	lea.shows("her prompt", firstWeek)
	h.reader.Store(portaltest.Karim)
	karim := h.open(t, browser, "lang=fr")
	require.Eventually(t, func() bool { return exchanges(karim) == 1 }, 20*time.Second, 50*time.Millisecond, "his page has a stream of its own")
	require.Empty(t, karim.titles())
	h.reader.Store("")
	nobody := h.open(t, browser, "lang=fr")
	require.Zero(t, exchanges(nobody))
	require.Empty(t, nobody.titles())
}

func TestTheWidgetIsAccessible(t *testing.T) {
	axe := axeCore(t)
	browser := openBrowser(t)
	h := startHost(t)
	h.prompts(portaltest.Prompt(), monthly())
	for _, look := range []struct {
		screen              screen
		scheme, lang, query string
		heading             string
		shown               int
	}{
		{screens[0], "light", "fr", "", "2 questions pour vous", 1},
		{screens[1], "dark", "en", "", "2 questions for you", 2},
		{screens[0], "dark", "fr", "inline", "2 questions pour vous", 2},
		{screens[1], "light", "en", `theme="dark"`, "2 questions for you", 2},
	} {
		name := fmt.Sprintf("widget-%s-%s-%s%s", look.screen.name, look.scheme, look.lang, strings.Map(letters, look.query))
		t.Run(name, func(t *testing.T) {
			tab := h.open(t, browser, "lang="+look.lang+"&as="+strings.ReplaceAll(look.query, `"`, "%22"))
			defer tab.shut()
			dress(t, tab.page, look.screen, look.scheme)
			require.NoError(t, chromedp.Do(tab.page, chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("main"))))
			require.Eventually(t, func() bool { return len(tab.titles()) == look.shown }, 20*time.Second, 50*time.Millisecond)
			require.Equal(t, look.heading, evaluate[string](tab, inside+`.querySelector("[part=heading]").innerText`))
			require.Contains(t, evaluate[string](tab, inside+`.querySelector("[role=status]").textContent`), "?", "a screen reader is told")
			if folder := os.Getenv("PORTAL_SCREENSHOTS"); folder != "" {
				picture, err := chromedp.Run(tab.page, chromedp.FullScreenshot(100))
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600))
			}
			bring(t, tab.page, axe)
			require.Empty(t, evaluate[[]string](tab, findings))
			require.LessOrEqual(t, evaluate[int64](tab, "document.documentElement.scrollWidth"), look.screen.width)
		})
	}
}

func letters(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}
