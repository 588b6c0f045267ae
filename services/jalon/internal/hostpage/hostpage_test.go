package hostpage_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/jalon/internal/hostpage"
	"jalon.dev/services/portal"
)

const jalon = "http://localhost:8080"

var key = []byte("a key that the intranet and Jalon share")

type demo struct{ living bool }

func (demo) Personas(context.Context) ([]portal.Persona, error) {
	return []portal.Persona{{PersonID: "lea", Name: "Léa Moreau", JobTitle: "Vendeuse", Kind: portal.PersonaEmployee}}, nil
}
func (demo) Now() time.Time                  { return time.Time{} }
func (demo) Move(context.Context, int) error { return nil }
func (d demo) Progress() (done, total int) {
	if d.living {
		return 1, 2
	}
	return 2, 2
}

type directory struct {
	directoryv1connect.DirectoryServiceClient
}

func (directory) BatchGetPeople(_ context.Context, req *directoryv1.BatchGetPeopleRequest) (*directoryv1.BatchGetPeopleResponse, error) {
	answer := &directoryv1.BatchGetPeopleResponse{}
	if req.GetIds()[0] == "lea" {
		answer.People = append(answer.People, &directoryv1.PersonCard{Id: "lea", GivenName: "Léa", FamilyName: "<b>Moreau</b>", JobTitle: "Vendeuse"})
	}
	return answer, nil
}

// visit opens the intranet in a browser with cookies.
func visit(t *testing.T, d demo) func(path string) (status int, body string, header http.Header) {
	t.Helper()
	intranet, err := hostpage.New(hostpage.Config{Jalon: jalon, Key: key, Demo: d, People: directory{}, Log: zap.NewNop()})
	require.NoError(t, err)
	server := httptest.NewServer(intranet.Handler())
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	return func(path string) (int, string, http.Header) {
		t.Helper()
		answer, err := browser.Get(server.URL + path)
		require.NoError(t, err)
		defer func() { require.NoError(t, answer.Body.Close()) }()
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(body), answer.Header
	}
}

func TestTheIntranetKnowsItsReaderAndSignsWhoItIs(t *testing.T) {
	open := visit(t, demo{})
	_, body, header := open("/")
	require.Contains(t, body, "Léa Moreau, Vendeuse", "somebody to be")
	require.NotContains(t, body, "<jalon-prompt token-url", "nobody is there to be asked")
	require.Contains(t, header.Get("Content-Security-Policy"), "script-src "+jalon)
	status, _, _ := open("/jalon-token")
	require.Equal(t, http.StatusUnauthorized, status)

	_, body, _ = open("/be/lea")
	require.Contains(t, body, "Bonjour Léa &lt;b&gt;Moreau")
	require.Contains(t, body, `<jalon-prompt token-url="/jalon-token"></jalon-prompt>`)
	require.NotContains(t, strings.SplitAfter(body, "<jalon-prompt")[1], "lea", "no identifier in the page")
	status, token, header := open("/jalon-token")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	require.Empty(t, header.Get("Access-Control-Allow-Origin"))

	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"HS256"}))
	require.NoError(t, err)
	require.Equal(t, "lea", claims.Subject)
	require.Equal(t, jwt.ClaimStrings{jalon}, claims.Audience)
	require.LessOrEqual(t, time.Until(claims.ExpiresAt.Time), 5*time.Minute)
	_, another, _ := open("/jalon-token")
	require.NotEqual(t, token, another, "each token has an id of its own")

	_, body, _ = open("/leave")
	require.NotContains(t, body, "<jalon-prompt token-url")
}

func TestTheIntranetSpeaksBothLanguagesAndWaitsForTheSampleCompany(t *testing.T) {
	open := visit(t, demo{living: true})
	_, french, _ := open("/?lang=fr")
	require.Contains(t, french, "prend vie")
	_, english, _ := open("/?lang=en")
	require.Contains(t, english, `<html lang="en">`)
	require.Contains(t, english, "coming to life")
}

func TestSomebodyOfAnotherDemoIsNobody(t *testing.T) {
	open := visit(t, demo{})
	_, body, _ := open("/be/somebody-else")
	require.NotContains(t, body, "<jalon-prompt token-url")
}
