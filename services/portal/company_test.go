package portal_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

// company is a provider that speaks the real protocol over the network: discovery, codes with PKCE, signed tokens, and an
// address to sign out at.
func company(t *testing.T) *mockoidc.MockOIDC {
	t.Helper()
	provider, err := mockoidc.NewServer(nil)
	require.NoError(t, err)
	require.NoError(t, provider.AddMiddleware(withEndSession))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, provider.Start(listener, nil))
	t.Cleanup(func() { require.NoError(t, provider.Shutdown()) })
	return provider
}

// withEndSession adds what the library leaves out of its discovery document.
func withEndSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != mockoidc.DiscoveryEndpoint {
			next.ServeHTTP(w, r)
			return
		}
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, r)
		var document map[string]any
		_ = json.Unmarshal(recorded.Body.Bytes(), &document)
		document["end_session_endpoint"] = "http://" + r.Host + "/oidc/end-session"
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(document)
	})
}

func signInWith(provider *mockoidc.MockOIDC, change ...func(*portal.SignIn)) func(*portal.Config) {
	return func(cfg *portal.Config) {
		cfg.Demo = nil
		cfg.SignIn = portal.SignIn{Issuer: provider.Issuer(), ClientID: provider.ClientID, ClientSecret: provider.ClientSecret}
		for _, f := range change {
			f(&cfg.SignIn)
		}
	}
}

// surfer is a browser that goes wherever it is sent.
func surfer(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &http.Client{Jar: jar}
}

func lea() *mockoidc.MockUser {
	return &mockoidc.MockUser{Subject: "lea", Email: "lea.moreau@exemple-sport.fr", EmailVerified: true}
}

func TestTheCompanysAccountSignsThePersonInWhomDirectoryKnows(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	browser := surfer(t)
	_, body := get(t, browser, site.URL+"/signin")
	require.Contains(t, body, `href="/signin/company"`)
	require.Contains(t, body, "compte de l&#39;entreprise")

	provider.QueueUser(lea())
	status, body := get(t, browser, site.URL+"/signin/company")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Léa Moreau", "the address is hers in whatever case")
	require.NotContains(t, body, `href="/hr"`, "an account is no role")
}

func TestNobodyUnknownGetsIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user mockoidc.MockUser
		says string
	}{
		"an address that directory does not hold": {mockoidc.MockUser{Email: "eve@elsewhere.example", EmailVerified: true}, "Jalon ne vous connaît pas encore"},
		"an address that nobody verified":         {mockoidc.MockUser{Email: "lea.moreau@exemple-sport.fr"}, "n&#39;est pas vérifiée"},
		"an address of several people":            {mockoidc.MockUser{Email: "prenom.nom@exemple-sport.fr", EmailVerified: true}, "Plusieurs personnes"},
		"the beginning of a name":                 {mockoidc.MockUser{Email: "lea", EmailVerified: true}, "Jalon ne vous connaît pas encore"},
		"no address":                              {mockoidc.MockUser{EmailVerified: true}, "Jalon ne vous connaît pas encore"},
	} {
		t.Run(name, func(t *testing.T) {
			provider := company(t)
			site := portaltest.Start(t, signInWith(provider))
			browser := surfer(t)
			c.user.Subject = "somebody"
			provider.QueueUser(&c.user)
			status, body := get(t, browser, site.URL+"/signin/company")
			require.Equal(t, http.StatusForbidden, status)
			require.Contains(t, body, c.says)
			require.Empty(t, cookieOf(t, browser, site.URL))
		})
	}
}

func TestWhoeverHasLeftDoesNotEnterWithTheCompanysAccount(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	require.NoError(t, site.People.Apply(t.Context(), []*directoryv1.Employee{{Id: portaltest.Lea, Version: 2, TimeZone: "Europe/Paris", HiredOn: "2024-03-18", LeftOn: "2026-11-02"}}))
	provider.QueueUser(lea())
	status, _ := get(t, surfer(t), site.URL+"/signin/company")
	require.Equal(t, http.StatusForbidden, status)
}

type numbered struct{ *mockoidc.MockUser }

func (numbered) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	return struct {
		*mockoidc.IDTokenClaims
		Number string `json:"employee_number"`
	}{base, "001003"}, nil
}

func TestPeopleWithoutAnAddressAreFoundByEmployeeNumber(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider, func(s *portal.SignIn) { s.Claim = "employee_number" }))
	provider.QueueUser(numbered{&mockoidc.MockUser{Subject: "lea"}})
	_, body := get(t, surfer(t), site.URL+"/signin/company")
	require.Contains(t, body, "Léa Moreau")
}

// departure is where a browser is sent to sign in.
func departure(t *testing.T, browser *http.Client, site string) *url.URL {
	t.Helper()
	answer, err := browser.Get(site + "/signin/company")
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	address, err := answer.Location()
	require.NoError(t, err)
	return address
}

func TestASignInBelongsToTheBrowserThatBeganItAndServesOnce(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	lea1, eve := site.Browser(t), site.Browser(t)
	to := departure(t, lea1, site.URL)
	require.Equal(t, "S256", to.Query().Get("code_challenge_method"))
	require.NotEmpty(t, to.Query().Get("nonce"))
	departure(t, eve, site.URL)

	provider.QueueUser(lea())
	answer, err := lea1.Get(to.String())
	require.NoError(t, err)
	read(t, answer)
	back := answer.Header.Get("Location")
	require.True(t, strings.HasPrefix(back, site.URL+"/signin/company/return?"))

	status, body := get(t, eve, back)
	require.Equal(t, http.StatusBadRequest, status, "a stolen answer is of no use in another browser")
	require.Contains(t, body, "plus valable")
	status, _ = get(t, site.Browser(t), back)
	require.Equal(t, http.StatusBadRequest, status)
	status, _ = get(t, lea1, back)
	require.Equal(t, http.StatusSeeOther, status)
	status, _ = get(t, lea1, back)
	require.Equal(t, http.StatusBadRequest, status, "the attempt is used up")
}

func TestAnAnswerMadeForAnotherSignInIsRefused(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	for name, change := range map[string]func(url.Values){
		"another nonce":    func(q url.Values) { q.Set("nonce", "of-another") },
		"another verifier": func(q url.Values) { q.Set("code_challenge", "of-another") },
	} {
		t.Run(name, func(t *testing.T) {
			browser := site.Browser(t)
			to := departure(t, browser, site.URL)
			query := to.Query()
			change(query)
			to.RawQuery = query.Encode()
			provider.QueueUser(lea())
			answer, err := browser.Get(to.String())
			require.NoError(t, err)
			read(t, answer)
			status, body := get(t, browser, answer.Header.Get("Location"))
			require.Equal(t, http.StatusForbidden, status)
			require.Contains(t, body, "pas abouti")
		})
	}
}

func TestATokenSignedByAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	browser := site.Browser(t)
	status, _ := get(t, browser, site.URL+"/signin/company")
	require.Equal(t, http.StatusSeeOther, status)
	to := departure(t, browser, site.URL)
	provider.QueueUser(lea())
	answer, err := browser.Get(to.String())
	require.NoError(t, err)
	read(t, answer)

	forger, err := mockoidc.RandomKeypair(2048)
	require.NoError(t, err)
	// The forger signs; the keys that are published stay the provider's.
	honest := *provider.Keypair
	published, err := honest.JWKS()
	require.NoError(t, err)
	require.NotEmpty(t, published)
	provider.Keypair.PrivateKey = forger.PrivateKey
	status, _ = get(t, browser, answer.Header.Get("Location"))
	require.Equal(t, http.StatusForbidden, status)
}

func TestWhoeverGivesUpAtTheProviderMayTryAgain(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	browser := site.Browser(t)
	state := departure(t, browser, site.URL).Query().Get("state")
	status, body := get(t, browser, site.URL+"/signin/company/return?error=access_denied&state="+state)
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, body, `href="/signin"`)
}

func TestAProviderThatIsDownStopsNothingAndIsFoundLater(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	provider, err := mockoidc.NewServer(nil)
	require.NoError(t, err)
	site := portaltest.Start(t, func(cfg *portal.Config) {
		cfg.Demo = nil
		cfg.SignIn = portal.SignIn{Issuer: "http://" + address + "/oidc", ClientID: provider.ClientID, ClientSecret: provider.ClientSecret}
	})
	browser := surfer(t)
	status, body := get(t, browser, site.URL+"/signin/company")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, "ne répond pas")

	listener, err = net.Listen("tcp", address)
	require.NoError(t, err)
	require.NoError(t, provider.Start(listener, nil))
	t.Cleanup(func() { require.NoError(t, provider.Shutdown()) })
	require.Eventually(t, func() bool {
		provider.QueueUser(lea())
		_, body := get(t, browser, site.URL+"/signin/company")
		return strings.Contains(body, "Léa Moreau")
	}, 30*time.Second, 100*time.Millisecond)
}

func TestSigningOutEndsTheCompanysSessionToo(t *testing.T) {
	t.Parallel()
	provider := company(t)
	site := portaltest.Start(t, signInWith(provider))
	provider.QueueUser(lea())
	browser := surfer(t)
	get(t, browser, site.URL+"/signin/company")
	answer, err := browser.Get(site.URL + "/")
	require.NoError(t, err)
	read(t, answer)
	require.Contains(t, answer.Header.Get("Content-Security-Policy"), "form-action 'self' "+provider.Addr()+";", "or the browser would not follow")

	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, _ = post(t, browser, site.URL+"/signout", nil)
	to, err := answer.Location()
	require.NoError(t, err)
	require.Equal(t, "/oidc/end-session", to.Path)
	require.Equal(t, site.URL+"/signin", to.Query().Get("post_logout_redirect_uri"))
	require.NotEmpty(t, to.Query().Get("id_token_hint"))
	status, _ := get(t, browser, site.URL+"/")
	require.Equal(t, http.StatusSeeOther, status, "and Jalon's own, whatever the provider does")
}

func TestWithoutAProviderItsPagesAreNotThere(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withoutDemo)
	for _, path := range []string{"/signin/company", "/signin/company/return"} {
		status, _ := get(t, site.Browser(t), site.URL+path)
		require.Equal(t, http.StatusNotFound, status)
	}
}
