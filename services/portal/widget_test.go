package portal_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

const (
	intranet  = "https://intranet.example.com"
	widgetKey = "a key that the intranet and Jalon share"
	ownName   = "http://jalon.test"
)

// withWidget lets pages of the origins show prompts.
func withWidget(origins ...string) func(*portal.Config) {
	return func(cfg *portal.Config) {
		cfg.PublicURL, cfg.Widget = ownName, portal.Widget{Origins: origins, Key: widgetKey}
	}
}

// tokenOf is what the host's server says of its reader.
func tokenOf(t *testing.T, subject string) string {
	t.Helper()
	now := time.Now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject: subject, Audience: jwt.ClaimStrings{ownName}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Minute)),
	}).SignedString([]byte(widgetKey))
	require.NoError(t, err)
	return token
}

// hostPage asks as a page of an origin does.
type hostPage struct {
	t      *testing.T
	site   *portaltest.Portal
	origin string
}

func (p hostPage) ask(method, path, body string, headers ...string) (*http.Response, string) {
	p.t.Helper()
	answer := p.open(p.t.Context(), method, path, body, headers...)
	_, text := read(p.t, answer)
	return answer, text
}

func (p hostPage) open(ctx context.Context, method, path, body string, headers ...string) *http.Response {
	p.t.Helper()
	request, err := http.NewRequestWithContext(ctx, method, p.site.URL+path, strings.NewReader(body))
	require.NoError(p.t, err)
	request.Header.Set("Origin", p.origin)
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := p.site.Browser(p.t).Do(request)
	require.NoError(p.t, err)
	return answer
}

func (p hostPage) exchange(token string) (answer *http.Response, session, reason string) {
	p.t.Helper()
	answer, text := p.ask(http.MethodPost, "/widget/v1/session", `{"token":"`+token+`"}`, "Content-Type", "application/json")
	var said struct{ Session, Error string }
	require.NoError(p.t, json.Unmarshal([]byte(text), &said), text)
	return answer, said.Session, said.Error
}

func (p hostPage) listen(session, lastID, lang string) *liveStream {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	p.t.Cleanup(cancel)
	answer := p.open(ctx, http.MethodGet, "/widget/v1/prompts?lang="+lang, "", "Authorization", "Bearer "+session, "Last-Event-ID", lastID)
	p.t.Cleanup(func() { _ = answer.Body.Close() })
	require.Equal(p.t, http.StatusOK, answer.StatusCode)
	require.Equal(p.t, p.origin, answer.Header.Get("Access-Control-Allow-Origin"))
	return &liveStream{lines: bufio.NewScanner(answer.Body), cancel: cancel, lastID: lastID}
}

func TestAHostsPageShowsItsReadersPromptsComeAndGo(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withWidget(intranet))
	page := hostPage{t, site, intranet}
	for name, subject := range map[string]string{"person id": portaltest.Lea, "employee number": "001003"} {
		answer, session, _ := page.exchange(tokenOf(t, subject))
		require.Equal(t, http.StatusOK, answer.StatusCode, name)
		require.Equal(t, intranet, answer.Header.Get("Access-Control-Allow-Origin"))
		require.Empty(t, answer.Header.Get("Access-Control-Allow-Credentials"))
		require.Empty(t, answer.Cookies(), "a host's page gets no cookie")
		require.Contains(t, page.listen(session, "", "en").next(t, "prompts"), "/survey/"+portaltest.Invitation, name)
	}

	_, session, _ := page.exchange(tokenOf(t, portaltest.Lea))
	stream := page.listen(session, "", "fr")
	require.Contains(t, stream.next(t, "prompts"), "Comment se passe votre première semaine")
	second := portaltest.Prompt()
	second.InvitationId, second.FollowUp = event.ID("second"), "day_30"
	publish(t, site, promptShown(second))
	require.Contains(t, stream.next(t, "change"), "Un mois déjà")
	seen := stream.lastID
	stream.cancel()

	other := page.listen(session, "", "fr")
	other.next(t, "prompts")
	publish(t, site, promptClosed(portaltest.Lea, portaltest.Invitation))
	require.JSONEq(t, `{"closed":["`+portaltest.Invitation+`"]}`, other.next(t, "change"))
	require.Contains(t, page.listen(session, seen, "fr").next(t, "change"), portaltest.Invitation, "a page that was cut off misses nothing")
}

func TestATokenIsExchangedOnce(t *testing.T) {
	t.Parallel()
	page := hostPage{t, portaltest.Start(t, withWidget(intranet)), intranet}
	token := tokenOf(t, portaltest.Lea)
	answer, _, _ := page.exchange(token)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	answer, session, reason := page.exchange(token)
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
	require.Equal(t, "token_used", reason)
	require.Empty(t, session)
}

func TestAnotherOriginGetsNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withWidget(intranet))
	_, session, _ := hostPage{t, site, intranet}.exchange(tokenOf(t, portaltest.Lea))
	for _, origin := range []string{"https://evil.example", "null", "", intranet + ".evil.example", ownName} {
		stranger := hostPage{t, site, origin}
		answer, _, reason := stranger.exchange(tokenOf(t, portaltest.Lea))
		require.Equal(t, http.StatusForbidden, answer.StatusCode, origin)
		require.Equal(t, "origin_not_allowed", reason)
		require.Empty(t, answer.Header.Get("Access-Control-Allow-Origin"), "its page cannot even read the refusal")
		answer, _ = stranger.ask(http.MethodGet, "/widget/v1/prompts", "", "Authorization", "Bearer "+session)
		require.Equal(t, http.StatusForbidden, answer.StatusCode, origin)
		answer, _ = stranger.ask(http.MethodOptions, "/widget/v1/session", "", "Access-Control-Request-Method", "POST")
		require.Equal(t, http.StatusForbidden, answer.StatusCode, origin)
		require.Empty(t, answer.Header.Get("Access-Control-Allow-Origin"))
	}
}

func TestASessionIsOfItsOriginEvenAmongThoseAllowed(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withWidget(intranet, "https://portal.example.com"))
	_, session, _ := hostPage{t, site, intranet}.exchange(tokenOf(t, portaltest.Lea))
	answer, _ := hostPage{t, site, "https://portal.example.com"}.ask(http.MethodGet, "/widget/v1/prompts", "", "Authorization", "Bearer "+session)
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
}

func TestWhomNoTokenNamesSeesNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withWidget(intranet))
	page := hostPage{t, site, intranet}
	for _, subject := range []string{"999999", event.ID("person", "nobody"), `001003" or "1`} {
		answer, _, reason := page.exchange(tokenOf(t, subject))
		require.Equal(t, http.StatusForbidden, answer.StatusCode, subject)
		require.Equal(t, "nobody", reason)
	}
	for _, bearer := range []string{"", tokenOf(t, portaltest.Lea), portaltest.Lea, strings.Repeat("0", 64) + ".x"} {
		answer, _ := page.ask(http.MethodGet, "/widget/v1/prompts?person="+portaltest.Lea, "", "Authorization", "Bearer "+bearer)
		require.Equal(t, http.StatusUnauthorized, answer.StatusCode, "a token is no session, and an identifier is nothing")
	}
	// Whoever is signed in on Jalon's own pages is nobody on a host's.
	lea := cookieOf(t, site.As(t, "employee:"+portaltest.Lea), site.URL)
	answer, _ := page.ask(http.MethodGet, "/widget/v1/prompts", "", "Cookie", "jalon="+lea)
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
	answer, _ = page.ask(http.MethodPost, "/widget/v1/session", "{}", "Cookie", "jalon="+lea)
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
}

func TestAWidgetsSessionOpensNothingElse(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withWidget(intranet))
	page := hostPage{t, site, intranet}
	_, session, _ := page.exchange(tokenOf(t, portaltest.Lea))
	for _, path := range []string{"/", "/live", "/team", "/hr", "/survey/" + portaltest.Invitation} {
		answer, text := page.ask(http.MethodGet, path, "", "Authorization", "Bearer "+session, "Cookie", "jalon="+session)
		require.Contains(t, []int{http.StatusSeeOther, http.StatusUnauthorized}, answer.StatusCode, path)
		require.NotContains(t, text, "Léa", path)
		require.Empty(t, answer.Header.Get("Access-Control-Allow-Origin"), path)
	}
	answer, _ := page.ask(http.MethodPost, "/survey/"+portaltest.Invitation, "", "Authorization", "Bearer "+session)
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	require.Empty(t, site.Fakes.Now().Stored)
}

func TestWhoLeftLosesTheStreamAndGetsNoOther(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withWidget(intranet))
	page := hostPage{t, site, intranet}
	_, session, _ := page.exchange(tokenOf(t, portaltest.Lea))
	stream := page.listen(session, "", "fr")
	stream.next(t, "prompts")
	require.NoError(t, site.People.Apply(t.Context(), []*directoryv1.Employee{{
		Id: portaltest.Lea, Version: 2, Language: "fr", TimeZone: "Europe/Paris", HiredOn: "2024-03-18", LeftOn: "2026-11-02",
	}}))
	stream.next(t, "bye")
	answer, _, reason := page.exchange(tokenOf(t, portaltest.Lea))
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	require.Equal(t, "nobody", reason)
	require.Eventually(t, func() bool {
		answer, _ := page.ask(http.MethodGet, "/widget/v1/prompts", "", "Authorization", "Bearer "+session)
		return answer.StatusCode == http.StatusForbidden
	}, 30*time.Second, 20*time.Millisecond)
}

func TestABrowserIsToldWhatAHostsPageMayAsk(t *testing.T) {
	t.Parallel()
	page := hostPage{t, portaltest.Start(t, withWidget(intranet)), intranet}
	answer, _ := page.ask(http.MethodOptions, "/widget/v1/prompts", "", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization,last-event-id")
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
	require.Equal(t, intranet, answer.Header.Get("Access-Control-Allow-Origin"))
	require.Contains(t, answer.Header.Get("Access-Control-Allow-Headers"), "Authorization")
	require.Contains(t, answer.Header.Get("Access-Control-Allow-Headers"), "Last-Event-ID")
	require.Contains(t, answer.Header.Values("Vary"), "Origin")
	for _, body := range []string{"", "not json", `{"token":"` + strings.Repeat("x", 5000) + `"}`} {
		answer, _ := page.ask(http.MethodPost, "/widget/v1/session", body)
		require.Equal(t, http.StatusBadRequest, answer.StatusCode)
	}
}

func TestWithoutOriginsThereIsNoWidget(t *testing.T) {
	t.Parallel()
	page := hostPage{t, portaltest.Start(t), intranet}
	for route, method := range map[string]string{
		"/widget/v1/jalon-prompt.js": http.MethodGet, "/widget/v1/prompts": http.MethodGet,
		"/widget/v1/session": http.MethodPost,
	} {
		answer, _ := page.ask(method, route, "")
		require.Equal(t, http.StatusNotFound, answer.StatusCode, route)
		require.Empty(t, answer.Header.Get("Access-Control-Allow-Origin"))
	}
}
