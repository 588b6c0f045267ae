package portal_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestThePaperSaysWhatThereIsToVoteIn(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	paper := func(state barometerv1.GetBallotPaperResponse_State) string {
		site.Fakes.Set(func(s *portaltest.State) { s.Ballots = portaltest.Ballots{State: state, Merged: true} })
		status, body := get(t, lea, site.URL+"/barometer")
		require.Equal(t, http.StatusOK, status)
		return body
	}
	require.Contains(t, paper(barometerv1.GetBallotPaperResponse_STATE_NONE), "Aucun baromètre n&#39;est ouvert")

	none := paper(barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE)
	require.Contains(t, none, "Vous n&#39;étiez pas encore parmi nous")
	require.NotContains(t, none, "<form class=\"survey ballot\"")

	open := paper(barometerv1.GetBallotPaperResponse_STATE_OPEN)
	require.Contains(t, open, "Votre unité est trop petite pour voter seule")
	require.Equal(t, 46, strings.Count(open, "data-statement="))
	require.Equal(t, 7, strings.Count(open, "<textarea"))
	require.Less(t, strings.Index(open, "theme1.s7"), strings.Index(open, "theme2.s1"), "in the order of the contract")
	require.Contains(t, open, `data-cast="/ballots"`)
	require.NotContains(t, open, "data-issued")
	sum := sha256.Sum256([]byte(portaltest.Edition + portaltest.Lea))
	require.Contains(t, open, `data-voter="`+hex.EncodeToString(sum[:16])+`"`)
	require.NotContains(t, open, portaltest.Lea, "nor whose paper it is")

	require.Contains(t, paper(barometerv1.GetBallotPaperResponse_STATE_TOKEN_ISSUED), "data-issued")
}

func TestThePageOfTheBallotTellsNobodyWhereItWasReadAndMaySendItElsewhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ url, connect string }{
		"here":      {"", "connect-src 'self';"},
		"elsewhere": {"https://urne.exemple.fr/ballots", "connect-src 'self' https://urne.exemple.fr;"},
	} {
		t.Run(name, func(t *testing.T) {
			site := portaltest.Start(t, func(cfg *portal.Config) { cfg.BallotURL = c.url })
			lea := site.As(t, "employee:"+portaltest.Lea)
			answer, err := lea.Get(site.URL + "/barometer")
			require.NoError(t, err)
			_, body := read(t, answer)
			require.Equal(t, "no-referrer", answer.Header.Get("Referrer-Policy"))
			require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
			require.Contains(t, answer.Header.Get("Content-Security-Policy"), c.connect)
			require.NotContains(t, body, "data-live", "the page holds no stream of its session")

			other, err := lea.Get(site.URL + "/why")
			require.NoError(t, err)
			_, _ = read(t, other)
			require.Contains(t, other.Header.Get("Content-Security-Policy"), "connect-src 'self';", "on this page alone")
		})
	}
}

// A scanner that opens every link in mails takes nobody's token: only the page's button does (A14).
func TestOpeningThePageTakesNoToken(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	site.Fakes.Set(func(s *portaltest.State) { s.Ballots.State = barometerv1.GetBallotPaperResponse_STATE_OPEN })
	for range 3 {
		for _, path := range []string{"/barometer", "/barometer/token", "/ballots", "/barometer/trust"} {
			_, _ = get(t, lea, site.URL+path)
		}
	}
	require.Nil(t, site.Fakes.Now().Ballots.Blinded)
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_OPEN, site.Fakes.Now().Ballots.State)
}

// asks posts a request for a token as the page's script does.
func asks(t *testing.T, browser *http.Client, site *portaltest.Portal, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL+"/barometer/token", strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := browser.Do(request)
	require.NoError(t, err)
	require.Equal(t, "application/json", response.Header.Get("Content-Type"))
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	return read(t, response)
}

func tokenRequest(first byte) string {
	blinded := make([]byte, 256)
	blinded[255] = first
	return `{"edition":"` + portaltest.Edition + `","blinded":"` + base64.RawURLEncoding.EncodeToString(blinded) + `"}`
}

func TestATokenIsSignedOnceForEachPerson(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)

	status, first := asks(t, lea, site, tokenRequest(1))
	require.Equal(t, http.StatusOK, status)
	require.Regexp(t, `^{"signature":"[A-Za-z0-9_-]{342}"}`, first)
	status, again := asks(t, lea, site, tokenRequest(1))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, first, again, "the same, after a lost connection")

	status, body := asks(t, lea, site, tokenRequest(2))
	require.Equal(t, http.StatusConflict, status)
	require.JSONEq(t, `{"error":"token_issued"}`, body)

	// Taking part is no business of whoever reads the audit log.
	_, _ = get(t, lea, site.URL+"/barometer")
	recorded, err := site.DB.Collection("audit").CountDocuments(t.Context(), bson.M{})
	require.NoError(t, err)
	require.Zero(t, recorded)
}

func TestATokenIsRefusedInWordsOfAScript(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)

	status, body := asks(t, site.Browser(t), site, tokenRequest(1))
	require.Equal(t, http.StatusUnauthorized, status)
	require.JSONEq(t, `{"error":"sign_in_first"}`, body)

	for _, wrong := range []string{"", "{", `{"edition":"x","blinded":"AQ"}`, `{"edition":"` + portaltest.Edition + `","blinded":"?"}`, strings.Repeat(" ", 5000) + tokenRequest(1)} {
		status, body = asks(t, lea, site, wrong)
		require.Equal(t, http.StatusBadRequest, status)
		require.JSONEq(t, `{"error":"invalid"}`, body)
	}
	for want, failing := range map[string]error{
		`410 {"error":"closed"}`:      connect.NewError(connect.CodeFailedPrecondition, errors.New("not open")),
		`403 {"error":"denied"}`:      connect.NewError(connect.CodePermissionDenied, errors.New("not on the roll")),
		`503 {"error":"unavailable"}`: connect.NewError(connect.CodeUnavailable, errors.New("away")),
		`500 {"error":"failed"}`:      errors.New("broken"),
	} {
		site.Fakes.Set(func(s *portaltest.State) { s.Ballots.Failing = failing })
		status, body = asks(t, lea, site, tokenRequest(1))
		require.Equal(t, want, fmt.Sprint(status, " ", strings.TrimSpace(body)))
	}
}

// The source that the page's script is bundled from makes the tokens of the RFC's test vectors.
func TestTokensAreThoseOfRFC9474(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "no Node.js")
	}
	output, err := exec.CommandContext(t.Context(), node, filepath.Join("web", "test", "rfc9474.mjs")).CombinedOutput()
	require.NoError(t, err, string(output))
}
