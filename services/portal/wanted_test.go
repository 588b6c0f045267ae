package portal_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

const survey = "/survey/" // what links in mails and on other pages lead to

// opens follows a link as a stranger, who is sent to sign in.
func opens(t *testing.T, browser *http.Client, address string) {
	t.Helper()
	answer, err := browser.Get(address)
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, "/signin", answer.Header.Get("Location"))
}

func beLea() url.Values { return url.Values{"person": {"employee:" + portaltest.Lea}} }

func TestALinkToASurveyLeadsThereAfterSigningIn(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	wanted := survey + portaltest.Invitation + "?from=mail"
	for name, enter := range map[string]func(*testing.T, *http.Client) *http.Response{
		"chosen in the demo": func(t *testing.T, browser *http.Client) *http.Response {
			t.Helper()
			answer, _ := post(t, browser, site.URL+"/signin/demo", beLea())
			return answer
		},
		"by the operator's link": func(t *testing.T, browser *http.Client) *http.Response {
			t.Helper()
			cli := portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL)
			link, err := cli.CreateSignInLink(t.Context(), &portalv1.CreateSignInLinkRequest{EmployeeNumber: "001003"})
			require.NoError(t, err)
			get(t, browser, site.URL+link.GetPath())
			answer, _ := post(t, browser, site.URL+link.GetPath(), nil)
			return answer
		},
		"by the code of a card": func(t *testing.T, browser *http.Client) *http.Response {
			t.Helper()
			_, cards := post(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/hr/codes", url.Values{"person": {portaltest.Lea}})
			answer, _ := post(t, browser, site.URL+"/signin/code", url.Values{"code": {typedCode.FindStringSubmatch(cards)[1]}})
			return answer
		},
	} {
		t.Run(name, func(t *testing.T) {
			browser := site.Browser(t)
			opens(t, browser, site.URL+wanted)
			answer := enter(t, browser)
			require.Equal(t, wanted, answer.Header.Get("Location"))
			again, _ := post(t, browser, site.URL+"/signin/demo", beLea())
			require.Equal(t, "/", again.Header.Get("Location"), "it leads there once")
		})
	}
}

func TestALinkToASurveyLeadsThereAfterTheCompanysSignIn(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	browser := surfer(t)
	_, body := get(t, browser, site.URL+survey+portaltest.Invitation)
	require.Contains(t, body, `href="/signin/company"`)
	provider.QueueUser(lea())
	_, body = get(t, browser, site.URL+"/signin/company")
	require.Contains(t, body, `data-survey="`+portaltest.Invitation+`"`)
}

func TestWhatIsRememberedIsAPageOfThisSiteThatTheReaderMayOpen(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	parsed, err := url.Parse(site.URL)
	require.NoError(t, err)
	for name, address := range map[string]string{
		"another site":             "https://elsewhere.example/",
		"another site, in short":   "//elsewhere.example/",
		"with a backslash":         `/\elsewhere.example/`,
		"no page":                  "/nowhere",
		"a page for others":        "/hr/people",
		"a form's address":         "/signout",
		"nothing":                  "",
		"a script":                 "javascript:alert(1)",
		"this site with its start": "/",
	} {
		t.Run(name, func(t *testing.T) {
			browser := site.Browser(t)
			forged := base64.RawURLEncoding.EncodeToString([]byte(address))
			browser.Jar.SetCookies(parsed, []*http.Cookie{{Name: "jalon_wanted", Value: forged}})
			answer, _ := post(t, browser, site.URL+"/signin/demo", beLea())
			require.Equal(t, "/", answer.Header.Get("Location"))
		})
	}
}

func TestWhatIsRememberedStaysInTheBrowserForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, func(cfg *portal.Config) { cfg.PublicURL = "https://jalon.example" })
	answer, err := site.Browser(t).Get(site.URL + survey + portaltest.Invitation)
	require.NoError(t, err)
	read(t, answer)
	cookie := answer.Cookies()[0]
	require.Equal(t, "__Host-jalon_wanted", cookie.Name)
	require.True(t, cookie.HttpOnly)
	require.True(t, cookie.Secure)
	require.Equal(t, 15*60, cookie.MaxAge)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
}

func TestAFormThatNobodySentIsNotSentAfterSigningIn(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	browser := site.Browser(t)
	post(t, browser, site.URL+survey+portaltest.Invitation, url.Values{"emotion-feeling": {"curious"}})
	answer, _ := post(t, browser, site.URL+"/signin/demo", beLea())
	require.Equal(t, "/", answer.Header.Get("Location"))
	require.Empty(t, site.Fakes.Now().Stored)
}
