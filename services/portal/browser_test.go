package portal_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

type screen struct {
	name          string
	width, height int64
}

var screens = []screen{{"phone", 390, 844}, {"desk", 1280, 900}}

type visit struct{ name, persona, path string }

var visits = []visit{
	{"signin", "", "/signin"},
	{"signin-found", "", "/signin?q=Moreau"},
	{"signin-code", "", "/signin/code"},
	{"unsubscribe", "", "/unsubscribe/" + portaltest.MailToken},
	{"mailbox", "", "/demo/mail"},
	{"mail", "", "/demo/mail/7"},
	{"denied", "employee:" + portaltest.Lea, "/hr"},
	{"home", "employee:" + portaltest.Lea, "/"},
	{"home-calm", "employee:" + portaltest.Karim, "/"},
	{"survey", "employee:" + portaltest.Lea, "/survey/" + portaltest.Invitation},
	{"preferences", "employee:" + portaltest.Lea, "/preferences?saved"},
	{"why", "employee:" + portaltest.Lea, "/why"},
	{"person-why", "hr:" + portaltest.Jeanne, "/hr/people/" + portaltest.Lea + "/why"},
	{"team", "manager:" + portaltest.Karim, "/team"},
	{"team-empty", "employee:" + portaltest.Lea, "/team"},
	{"hr", "hr:" + portaltest.Jeanne, "/hr"},
	{"people", "hr:" + portaltest.Jeanne, "/hr/people"},
	{"person", "hr:" + portaltest.Jeanne, "/hr/people/" + portaltest.Lea},
	{"person-manager", "hr:" + portaltest.Jeanne, "/hr/people/" + portaltest.Karim},
	{"people-of-manager", "hr:" + portaltest.Jeanne, "/hr/people?manager=" + portaltest.Karim},
	{"erase", "hr:" + portaltest.Jeanne, "/hr/people/" + portaltest.Lea + "/erase"},
	{"erased", "hr:" + portaltest.Jeanne, "/hr/people/" + portaltest.Moment + "/erase?erased"}, // an id of nobody
	{"outgoing", "hr:" + portaltest.Jeanne, "/hr/outgoing"},
	{"receiver-new", "hr:" + portaltest.Jeanne, "/hr/outgoing/receivers/new"},
	{"receiver", "hr:" + portaltest.Jeanne, "/hr/outgoing/receivers/" + portaltest.PayrollReceiver},
	{"receiver-failing", "hr:" + portaltest.Jeanne, "/hr/outgoing/receivers/" + portaltest.FailingReceiver + "?failed"},
	{"channel-new", "hr:" + portaltest.Jeanne, "/hr/outgoing/channels/new"},
	{"channel", "hr:" + portaltest.Jeanne, "/hr/outgoing/channels/" + portaltest.TeamsChannel + "?saved"},
	{"moments", "hr:" + portaltest.Jeanne, "/hr/moments"},
	{"moment", "hr:" + portaltest.Jeanne, "/hr/moments/" + portaltest.Moment},
	{"catalogue", "hr:" + portaltest.Jeanne, "/hr/catalogue"},
	{"key-moment", "hr:" + portaltest.Jeanne, "/hr/catalogue/training?saved"},
	{"key-moment-edit", "hr:" + portaltest.Jeanne, "/hr/catalogue/training/edit"},
	{"team-moments", "manager:" + portaltest.Karim, "/team/moments?declared=" + portaltest.Moment},
	{"team-key-moment", "manager:" + portaltest.Karim, "/team/moments/training"},
	{"results", "hr:" + portaltest.Jeanne, "/hr/results"},
	{"team-results", "manager:" + portaltest.Karim, "/team/results"},
	{"team-results-none", "employee:" + portaltest.Lea, "/team/results"},
	{"barometer", "hr:" + portaltest.Jeanne, "/hr/barometer"},
	{"results-company", "hr:" + portaltest.Jeanne, "/barometer/results?theme=theme5"},
	{"results-store", "hr:" + portaltest.Jeanne, "/barometer/results?unit=" + portaltest.Nantes},
	{"results-small", "hr:" + portaltest.Jeanne, "/barometer/results?unit=" + portaltest.SmallStore},
	{"trust", "employee:" + portaltest.Lea, "/barometer/trust"},
	{"customers", "hr:" + portaltest.Jeanne, "/hr/customers?done"},
	{"customers-preview", "hr:" + portaltest.Jeanne, "panel"},
	{"benchmarks", "hr:" + portaltest.Jeanne, "/hr/benchmarks?change=" + portaltest.Benchmark},
	{"crossing", "hr:" + portaltest.Jeanne, "/barometer/results/customers?store=" + portaltest.Nantes},
	{"crossing-score", "hr:" + portaltest.Jeanne, "/barometer/results/customers?question=recommendation&theme=theme5&wave=2026-1"},
	{"crossing-store", "manager:" + portaltest.Karim, "/barometer/results/customers?unit=" + portaltest.Nantes},
	{"edition-new", "hr:" + portaltest.Jeanne, "/hr/barometer/new"},
	{"edition-draft", "hr:" + portaltest.Jeanne, "/hr/barometer/" + portaltest.DraftEdition + "?saved"},
	{"edition-preparing", "hr:" + portaltest.Jeanne, "/hr/barometer/" + portaltest.NextEdition},
	{"edition-open", "hr:" + portaltest.Jeanne, "/hr/barometer/" + portaltest.Edition},
	{"cards", "hr:" + portaltest.Jeanne, "/hr/barometer/" + portaltest.NextEdition + "/cards?everybody=yes&unit=" + portaltest.Nantes},
	{"cards-not-now", "hr:" + portaltest.Jeanne, "/hr/barometer/" + portaltest.Edition + "/cards?confirmed"},
	{"kiosk", "", "/kiosk"},
	{"units", "hr:" + portaltest.Jeanne, "/hr/units"},
	{"unit", "hr:" + portaltest.Jeanne, "/hr/units/" + portaltest.Nantes},
	{"unit-new", "hr:" + portaltest.Jeanne, "/hr/units/new?beneath=" + portaltest.Region},
	{"unit-merge", "hr:" + portaltest.Jeanne, "/hr/units/merge/" + portaltest.Depot},
	{"units-import", "hr:" + portaltest.Jeanne, "/hr/units/import?done=units-1"},
	{"people-of-unit", "hr:" + portaltest.Jeanne, "/hr/people?unit=" + portaltest.Nantes},
	{"import", "hr:" + portaltest.Jeanne, "/hr/import?done=import-1"},
	{"preview", "hr:" + portaltest.Jeanne, "upload"},
	{"access", "hr:" + portaltest.Jeanne, "/hr/access"},
	{"audit", "hr:" + portaltest.Jeanne, "/hr/audit"},
	{"reach", "hr:" + portaltest.Jeanne, "/hr/reach"},
	{"reach-small", "hr:" + portaltest.Jeanne, "/hr/reach?unit=" + portaltest.Depot},
	{"audiences", "hr:" + portaltest.Jeanne, "/hr/audiences"},
	{"audience-new", "hr:" + portaltest.Jeanne, "/hr/audiences/new"},
	{"audience", "hr:" + portaltest.Jeanne, "/hr/audiences/" + portaltest.Silent + "?saved"},
	{"campaigns", "hr:" + portaltest.Jeanne, "/hr/campaigns"},
	{"campaign-new", "hr:" + portaltest.Jeanne, "/hr/campaigns/new"},
	{"campaign-draft", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.DraftCampaign + "?checked"},
	{"campaign-check", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.CheckedCampaign + "/check"},
	{"campaign-forecast", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.CheckedCampaign + "/forecast"},
	{"campaign-recipient", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.CheckedCampaign + "/recipients/" + portaltest.Karim},
	{"campaign-recipient-message", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.DraftCampaign + "/recipients/" + portaltest.Lea},
	{"campaign-running", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.RunningCampaign},
	{"campaign-repeated", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.SeriesCampaign + "?edit"},
	{"campaign-person", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.PersonCampaign + "?edit"},
	{"campaign-series", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.SeriesCampaign},
	{"campaign-occurrence", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.OccurrenceCampaign},
	{"campaign-calendar", "hr:" + portaltest.Jeanne, "/hr/campaigns/calendar?month=2026-11"},
	{"campaign-tested", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.TestedCampaign},
	{"campaign-results", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.TestedCampaign + "/results"},
	{"campaign-results-unit", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.RunningCampaign + "/results?unit=" + portaltest.Team},
	{"campaign-test-check", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.CheckedTestCampaign + "/check"},
	{"campaign-test-draft", "hr:" + portaltest.Jeanne, "/hr/campaigns/" + portaltest.DraftTestCampaign + "?checked"},
	{"questionnaires", "hr:" + portaltest.Jeanne, "/hr/questionnaires"},
	{"questionnaire", "hr:" + portaltest.Jeanne, "/hr/questionnaires/" + portaltest.Draft + "?checked"},
	{"questionnaire-standard", "hr:" + portaltest.Jeanne, "/hr/questionnaires/" + portaltest.Standard},
	{"questionnaire-preview", "hr:" + portaltest.Jeanne, "/hr/questionnaires/" + portaltest.Draft + "/preview"},
	{"named", "hr:" + portaltest.Jeanne, "/hr/results/named?key_moment=onboarding"},
	{"nowhere", "hr:" + portaltest.Jeanne, "/nowhere"},
}

// Every page passes axe on phone and desk, light and dark, in both languages, full and empty. With PORTAL_SCREENSHOTS set to
// a folder, it looks in more ways and leaves a picture of each there for a person to look at.
func TestPagesAreAccessible(t *testing.T) {
	axe := axeCore(t)
	browser := openBrowser(t)
	site := portaltest.Start(t, func(c *portal.Config) { c.Mailbox = caught() })
	give(t, site.As(t, "hr:"+portaltest.Jeanne), site, "001002", "local_hr", portaltest.Nantes)
	_, err := portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL).
		CreateSignInLink(t.Context(), &portalv1.CreateSignInLinkRequest{Name: "Anne Martin", Roles: []string{"hr"}})
	require.NoError(t, err)
	karimLeads(t, site)

	looks := []look{{screens[0], "light", "fr", false}, {screens[1], "dark", "en", false}, {screens[0], "dark", "fr", true}}
	if os.Getenv("PORTAL_SCREENSHOTS") != "" {
		looks = append(looks, look{screens[0], "dark", "en", false}, look{screens[1], "light", "fr", false}, look{screens[1], "light", "en", true})
	}
	emptier := emptyVisits(t, site)
	for _, l := range looks {
		site.Fakes.Set(func(s *portaltest.State) { s.Empty = l.empty })
		t.Run(l.name(), func(t *testing.T) {
			next := make(chan visit, len(visits))
			for _, v := range visits {
				if !l.empty || emptier[v.name] {
					next <- v
				}
			}
			close(next)
			var looking sync.WaitGroup
			for range 2 {
				tab := ownTab(t, browser)
				looking.Go(func() {
					for v := range next {
						t.Run(v.name, func(t *testing.T) { lookAt(t, tab, site, axe, v, l) })
					}
				})
			}
			looking.Wait()
		})
	}
}

// emptyVisits are the pages that are others where there is nothing: what is the same is not looked at again.
func emptyVisits(t *testing.T, site *portaltest.Portal) map[string]bool {
	t.Helper()
	pages := map[bool]map[string]string{false: {}, true: {}}
	for empty, texts := range pages {
		site.Fakes.Set(func(s *portaltest.State) { s.Empty = empty })
		for _, v := range visits {
			if !strings.HasPrefix(v.path, "/") {
				texts[v.name] = strconv.FormatBool(empty) // it is reached by a form
				continue
			}
			reader := http.DefaultClient
			if v.persona != "" {
				reader = site.As(t, v.persona)
			}
			_, body := get(t, reader, site.URL+v.path)
			_, texts[v.name], _ = strings.Cut(body, "<main")
		}
	}
	others := map[string]bool{}
	for name, text := range pages[false] {
		others[name] = text != pages[true][name]
	}
	require.True(t, others["home"], "or nothing would be looked at")
	return others
}

// ownTab opens a tab with cookies of its own.
func ownTab(t *testing.T, browser context.Context) context.Context {
	t.Helper()
	tab, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	require.NoError(t, chromedp.Do(tab, chromedp.Navigate("about:blank")))
	return tab
}

// look is how a page is looked at.
type look struct {
	screen       screen
	scheme, lang string
	empty        bool
}

func (l look) name() string {
	name := l.screen.name + "-" + l.scheme + "-" + l.lang
	if l.empty {
		name += "-empty"
	}
	return name
}

func lookAt(t *testing.T, tab context.Context, site *portaltest.Portal, axe string, v visit, l look) {
	t.Helper()
	page, cancel := context.WithTimeout(tab, 2*time.Minute)
	defer cancel()
	dress(t, page, l.screen, l.scheme)
	setCookie(t, page, site, "jalon_language", l.lang)
	setCookie(t, page, site, "jalon", sessionOf(t, site, v.persona))
	if where := map[string]string{"upload": "/hr/import", "panel": "/hr/customers"}[v.path]; where != "" {
		file := filepath.Join(t.TempDir(), "hris-2026-11.csv")
		require.NoError(t, os.WriteFile(file, []byte("Matricule;Nom;known;wrong\n"), 0o600))
		require.NoError(t, chromedp.Do(page,
			chromedp.Navigate(site.URL+where),
			chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}),
			chromedp.Click(chromedp.CSS("form.form button.wide")),
			chromedp.WaitVisible(chromedp.CSS("form[action^='"+where+"/']"))))
	} else {
		require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+v.path)))
	}
	require.NoError(t, chromedp.Do(page, chromedp.WaitReady(chromedp.CSS("main"))))
	inspect(t, page, axe, v.name, l)
}

// inspect examines the page as it is now, and leaves a picture of it where one is asked for.
func inspect(t *testing.T, page context.Context, axe, name string, l look) {
	t.Helper()
	if folder := os.Getenv("PORTAL_SCREENSHOTS"); folder != "" {
		picture, err := chromedp.Run(page, chromedp.FullScreenshot(100))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+"-"+l.name()+".png"), picture, 0o600))
	}
	bring(t, page, axe)
	violations, err := chromedp.Run(page, chromedp.Evaluate[[]string](findings, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.Empty(t, violations)
	width, err := chromedp.Run(page, chromedp.Evaluate[int64]("document.documentElement.scrollWidth"))
	require.NoError(t, err)
	require.LessOrEqual(t, width, l.screen.width, "the page is wider than the screen")
}

// bring makes axe known to a page. Its source is half a megabyte: a tab gets it once, and has it for the pages to come.
func bring(t *testing.T, page context.Context, axe string) {
	t.Helper()
	known, err := chromedp.Run(page, chromedp.Evaluate[bool]("'bringAxe' in globalThis"))
	require.NoError(t, err)
	if !known {
		source := "globalThis.bringAxe = () => {" + axe + "}"
		_, err = chromedp.Call(page, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: source})
		require.NoError(t, err)
		_, err = chromedp.Run(page, chromedp.Evaluate[bool](source+"; true"))
		require.NoError(t, err)
	}
	_, err = chromedp.Run(page, chromedp.Evaluate[bool]("'axe' in globalThis || (bringAxe(), true)"))
	require.NoError(t, err)
}

const findings = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	rules: {"label-content-name-mismatch": {enabled: true}}, resultTypes: ["violations"]}).then((r) =>
	r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary)).join(" | ")))`

func dress(t *testing.T, page context.Context, size screen, scheme string) {
	t.Helper()
	_, err := chromedp.Call(page, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: size.width, Height: size.height, DeviceScaleFactor: 1, Mobile: size.name == "phone",
	})
	require.NoError(t, err)
	_, err = chromedp.Call(page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	require.NoError(t, err)
}

func setCookie(t *testing.T, page context.Context, site *portaltest.Portal, name, value string) {
	t.Helper()
	_, err := chromedp.Call(page, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: site.URL})
	require.NoError(t, err)
}

func sessionOf(t *testing.T, site *portaltest.Portal, persona string) string {
	t.Helper()
	if persona == "" {
		return "none"
	}
	client := site.As(t, persona)
	return cookieOf(t, client, site.URL)
}

// openBrowser gives a test cookies of its own in the one Chromium of all tests. Tabs that a test opens from it share them.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	browser, err := theBrowser()
	if errors.Is(err, exec.ErrNotFound) {
		missing(t, "no Chromium: set CHROME to one")
	}
	require.NoError(t, err)
	own, closeOwn := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeOwn)
	require.NoError(t, chromedp.Do(own, chromedp.Navigate("about:blank")))
	return own
}

// theBrowser starts when it is first needed; closeBrowser ends it.
var (
	theBrowser = sync.OnceValues(func() (context.Context, error) {
		path := ""
		for _, name := range []string{os.Getenv("CHROME"), "chromium-headless-shell", "chromium", "google-chrome", "chromium-browser"} {
			if found, err := exec.LookPath(name); name != "" && err == nil {
				path = found
				break
			}
		}
		if path == "" {
			return nil, exec.ErrNotFound
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("renderer-process-limit", "2"), // a process for each window's own bars is a tenth of all work here
			chromedp.WSURLReadTimeout(time.Minute))
		allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
		browser, closeTabs := chromedp.NewContext(allocator)
		closeBrowser = func() { closeTabs(); stop() }
		return browser, chromedp.Do(browser, chromedp.Navigate("about:blank"))
	})
	closeBrowser = func() {}
)

// axeCore is the source of what looks at pages for people who see, hear or move differently.
func axeCore(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		missing(t, "axe is not installed: run `npm ci` in services/portal/web")
	}
	return string(source)
}

// missing skips a test for want of what it needs, and fails it where everything has to be there.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		require.FailNow(t, what)
	}
	t.Skip(what)
}

// One page of a browser holds the stream and tells the others: both see a prompt come, and both see it go.
func TestOpenPagesShowPromptsComeAndGo(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = nil })
	card, badge := chromedp.CSS("[data-prompt='"+portaltest.Invitation+"']"), chromedp.CSS("[data-prompt-count]:not([hidden])")

	home, closeHome := chromedp.NewContext(browser)
	defer closeHome()
	home, cancel := context.WithTimeout(home, 40*time.Second)
	defer cancel()
	require.NoError(t, chromedp.Do(home, chromedp.Navigate("about:blank")))
	setCookie(t, home, site, "jalon", sessionOf(t, site, "employee:"+portaltest.Lea))
	require.NoError(t, chromedp.Do(home, chromedp.Navigate(site.URL), chromedp.WaitVisible(chromedp.CSS("[data-prompts-empty]"))))
	team, closeTeam := chromedp.NewContext(browser)
	defer closeTeam()
	team, cancelTeam := context.WithTimeout(team, 40*time.Second)
	defer cancelTeam()
	require.NoError(t, chromedp.Do(team, chromedp.Navigate(site.URL+"/team")))

	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = []*notificationsv1.Prompt{portaltest.Prompt()} })
	publish(t, site, promptShown(portaltest.Prompt()))
	require.NoError(t, chromedp.Do(home, chromedp.WaitVisible(card), chromedp.WaitNotVisible(chromedp.CSS("[data-prompts-empty]"))))
	require.NoError(t, chromedp.Do(team, chromedp.WaitVisible(badge), chromedp.Navigate(site.URL+"/survey/"+portaltest.Invitation),
		chromedp.WaitVisible(chromedp.CSS("form[data-survey]")), chromedp.WaitVisible(badge)))

	// Answered elsewhere: the card goes, and the survey page says so.
	site.Fakes.Set(func(s *portaltest.State) {
		s.Prompts = nil
		s.Survey = &momentsv1.GetSurveyResponse{InvitationId: portaltest.Invitation, State: momentsv1.GetSurveyResponse_STATE_ANSWERED}
	})
	publish(t, site, promptClosed(portaltest.Lea, portaltest.Invitation))
	require.NoError(t, chromedp.Do(home, chromedp.WaitNotPresent(card), chromedp.WaitVisible(chromedp.CSS("[data-prompts-empty]"))))
	require.NoError(t, chromedp.Do(team, chromedp.WaitNotPresent(chromedp.CSS("form[data-survey]"))))
	title, err := chromedp.Run(team, chromedp.Title())
	require.NoError(t, err)
	require.Equal(t, "Vous avez déjà répondu · Jalon", title)
}
