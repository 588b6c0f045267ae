package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// openBrowser gives a test the one Chromium of all tests. Its people have cookies of their own, so that none meets another.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	browser, err := theBrowser()
	require.NoError(t, err)
	return browser
}

// theBrowser starts when it is first needed; main ends it.
var theBrowser = sync.OnceValues(func() (context.Context, error) {
	path := ""
	names := []string{os.Getenv("CHROME"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	for _, name := range names {
		if found, err := exec.LookPath(name); name != "" && err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, errors.New("no Chromium: run scripts/browser.sh, or set CHROME to one")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("renderer-process-limit", "2"), // as in the portal's tests
		chromedp.WSURLReadTimeout(patience))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	browser, closeBrowser := chromedp.NewContext(allocator)
	atTheEnd(func() { closeBrowser(); stop() })
	return browser, chromedp.Do(browser, chromedp.Navigate("about:blank"))
})

// tab is one open page.
type tab struct {
	t     *testing.T
	site  string
	page  context.Context
	looks []look // how it is examined
}

// newPerson opens a first tab with cookies of its own, of somebody who reads French; more tabs of the same person come from it.
func newPerson(t *testing.T, browser context.Context, site string, looks []look) *tab {
	t.Helper()
	p := openTab(t, browser, site, looks, chromedp.WithNewBrowserContext())
	_, err := chromedp.Call(p.page, network.SetCookie, network.SetCookieParams{Name: "jalon_language", Value: "fr", URL: site})
	require.NoError(t, err)
	return p
}

// another opens a second tab of the same person.
func (p *tab) another() *tab {
	p.t.Helper()
	return openTab(p.t, p.page, p.site, p.looks)
}

func openTab(t *testing.T, parent context.Context, site string, looks []look, options ...chromedp.ContextOption) *tab {
	t.Helper()
	page, closeTab := chromedp.NewContext(parent, options...)
	t.Cleanup(closeTab)
	p := &tab{t: t, site: site, page: page, looks: looks}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	p.dress(desk, "light")
	return p
}

// do runs steps, which take no longer than patience.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.page, patience)
	defer cancel()
	require.NoError(p.t, chromedp.Do(ctx, steps...))
}

// open goes to a path or an address.
func (p *tab) open(path string) {
	p.t.Helper()
	if path[0] == '/' {
		path = p.site + path
	}
	p.do(chromedp.Navigate(path))
	p.until(path, `document.querySelector("main")`)
}

func (p *tab) reload() {
	p.t.Helper()
	p.do(chromedp.Reload())
	p.until("the page again", `document.querySelector("main")`)
}

func (p *tab) click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

// twice clicks as whoever double-clicks on everything does.
func (p *tab) twice(selector string) {
	p.t.Helper()
	p.do(chromedp.DoubleClick(chromedp.CSS(selector)))
}

// choose takes the entry of a list that says so.
func (p *tab) choose(list, entry string) {
	p.t.Helper()
	require.True(p.t, ask[bool](p, fmt.Sprintf(`(() => {
		const list = document.querySelector(%q), entry = [...list.options].find((option) => option.text.trim() === %q);
		if (!entry) return false;
		list.focus();
		list.value = entry.value;
		return list.dispatchEvent(new Event("input", {bubbles: true})) && list.dispatchEvent(new Event("change", {bubbles: true}));
	})()`, list, entry)), "no %q in %s", entry, list)
}

// press types keys where the focus is.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// ask evaluates a JavaScript expression; promises are awaited.
func ask[T any](p *tab, expression string) T {
	p.t.Helper()
	answer, err := try[T](p, expression)
	require.NoError(p.t, err, expression)
	return answer
}

func try[T any](p *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.page, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// until waits for a JavaScript condition on a page that has arrived whole. Pages may come and go meanwhile.
func (p *tab) until(what, condition string) {
	p.t.Helper()
	waitFor(p.t, what, func() error {
		holds, err := try[bool](p, "document.readyState === 'complete' && Boolean("+condition+")")
		if err == nil && !holds {
			where, _ := try[string](p, "location.href + '\\n' + document.querySelector('main')?.innerText") // only to tell where
			err = errors.New("not so on " + where)
		}
		return err
	})
}

// reloadUntil loads the page again until the condition holds.
func (p *tab) reloadUntil(what, condition string) {
	p.t.Helper()
	waitFor(p.t, what, func() error {
		p.reload()
		if !ask[bool](p, "Boolean("+condition+")") {
			return errors.New("not so in: " + p.text("main"))
		}
		return nil
	})
}

// text is what a reader sees of an element.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return ask[string](p, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

func (p *tab) count(selector string) int {
	p.t.Helper()
	return ask[int](p, fmt.Sprintf("document.querySelectorAll(%q).length", selector))
}

// speak switches the language, as the menu does, and loads the page again.
func (p *tab) speak(language string) {
	p.t.Helper()
	ask[bool](p, fmt.Sprintf(`fetch("/language", {method: "POST", body: new URLSearchParams({language: %q, back: "/signin"})}).then((r) => r.ok)`, language))
	p.reload()
	require.Equal(p.t, language, ask[string](p, "document.documentElement.lang"))
}

type screen struct {
	width, height int64
	mobile        bool
}

var (
	phone = screen{390, 844, true}
	desk  = screen{1280, 900, false}
)

func (p *tab) dress(s screen, scheme string) {
	p.t.Helper()
	_, err := chromedp.Call(p.page, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: s.height, DeviceScaleFactor: 1, Mobile: s.mobile,
	})
	require.NoError(p.t, err)
	_, err = chromedp.Call(p.page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	require.NoError(p.t, err)
}

// look is one way of looking at a page.
type look struct {
	language string
	screen   screen
	scheme   string
}

var (
	// twoLooks have nothing in common but what the portal's own tests look at in the other two ways.
	twoLooks = []look{{"en", phone, "dark"}, {"fr", desk, "light"}}
	// noLook is for pages that another test examines.
	noLook []look
)

// examine looks at the page in every way and lets axe look too. It leaves a page that it looked at in French, on a light phone.
func (p *tab) examine(name string) {
	p.t.Helper()
	require.Zero(p.t, p.count("main b, header b"), "markup in a name must be text: %s", name)
	if len(p.looks) == 0 {
		return
	}
	start, language := time.Now(), ""
	for _, look := range p.looks {
		if look.language != language {
			language = look.language
			p.speak(language)
			p.bringAxe()
		}
		p.dress(look.screen, look.scheme)
		where := fmt.Sprintf("%s in %s, %s, %d wide", name, look.language, look.scheme, look.screen.width)
		require.Empty(p.t, ask[[]string](p, violations), where)
		require.False(p.t, ask[bool](p, "document.documentElement.scrollWidth > innerWidth"), "wider than the screen: %s", where)
		p.picture(where)
	}
	p.dress(phone, "light")
	p.t.Logf("looked at %s in %s", name, time.Since(start).Round(time.Millisecond))
}

// picture keeps what was looked at, for human eyes, in the folder that JALON_TEST_PICTURES names.
func (p *tab) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("JALON_TEST_PICTURES")
	if folder == "" {
		return
	}
	image, err := chromedp.Run(p.page, chromedp.FullScreenshot(100))
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(filepath.Join(folder, strings.NewReplacer(" ", "-", "/", "-", ",", "").Replace(name)+".png"), image, 0o600))
}

// violations lets what is in motion arrive first: colours half way from one scheme to the other are nobody's.
const violations = `document.getAnimations().forEach((motion) => motion.finish()); axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]}).then((r) =>
	r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary)).join(" | ")))`

// bringAxe makes axe known to a page. Its source is half a megabyte: a tab gets it once, and has it for the pages to come.
func (p *tab) bringAxe() {
	p.t.Helper()
	if !ask[bool](p, "'bringAxe' in globalThis") {
		source := "globalThis.bringAxe = () => {" + axe(p.t) + "}"
		_, err := chromedp.Call(p.page, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
		require.NoError(p.t, err)
		ask[bool](p, source+"; true")
	}
	ask[bool](p, "'axe' in globalThis || (bringAxe(), true)")
}

// axe is the source of axe-core, which the portal's assets bring along.
func axe(t *testing.T) string {
	t.Helper()
	root, err := repository()
	require.NoError(t, err)
	source, err := os.ReadFile(filepath.Join(root, "services", "portal", "web", "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err, "axe is not installed: run scripts/assets.sh")
	return string(source)
}
