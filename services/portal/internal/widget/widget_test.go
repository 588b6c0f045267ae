package widget_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/portal/internal/assets"
	"jalon.dev/services/portal/internal/widget"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

const (
	jalon    = "https://jalon.example.com"
	intranet = "https://intranet.example.com"
	key      = "a key that the intranet and Jalon share"
)

var now = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

func verifier() *widget.Verifier {
	return widget.NewVerifier([]byte(key), jalon, clock.NewFrozen(now))
}

// claims of a good token, with changes.
func claims(changes map[string]any) jwt.MapClaims {
	c := jwt.MapClaims{"sub": "001003", "aud": jalon, "jti": "0123456789abcdef", "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix()}
	for name, value := range changes {
		if value == nil {
			delete(c, name)
		} else {
			c[name] = value
		}
	}
	return c
}

func signed(t *testing.T, method jwt.SigningMethod, with any, c jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, c).SignedString(with)
	require.NoError(t, err)
	return token
}

func TestAGoodTokenSaysWhoReads(t *testing.T) {
	token, err := verifier().Verify(signed(t, jwt.SigningMethodHS256, []byte(key), claims(nil)))
	require.NoError(t, err)
	require.Equal(t, "001003", token.Subject)
	require.Equal(t, "0123456789abcdef", token.ID)
	require.WithinDuration(t, now.Add(2*time.Minute), token.Expires, 0)
}

func TestATokenIsRefused(t *testing.T) {
	for name, changes := range map[string]map[string]any{
		"for another installation":        {"aud": "https://jalon.elsewhere.example"},
		"for no installation":             {"aud": nil},
		"of nobody":                       {"sub": nil},
		"of a name without end":           {"sub": strings.Repeat("1", 101)},
		"without an id":                   {"jti": nil},
		"with an id that others may have": {"jti": "1"},
		"with an id without end":          {"jti": strings.Repeat("x", 129)},
		"from the future":                 {"iat": now.Add(10 * time.Minute).Unix()},
		"that is not valid yet":           {"nbf": now.Add(10 * time.Minute).Unix()},
		"that never ends":                 {"exp": nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier().Verify(signed(t, jwt.SigningMethodHS256, []byte(key), claims(changes)))
			require.ErrorIs(t, err, widget.ErrBadToken)
		})
	}
	for name, exp := range map[string]time.Time{
		"that is over":             now.Add(-time.Minute),
		"that would live too long": now.Add(10 * time.Minute),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier().Verify(signed(t, jwt.SigningMethodHS256, []byte(key), claims(map[string]any{"exp": exp.Unix()})))
			require.ErrorIs(t, err, widget.ErrExpired)
		})
	}
}

func TestAForgedTokenIsRefused(t *testing.T) {
	good := signed(t, jwt.SigningMethodHS256, []byte(key), claims(nil))
	other := signed(t, jwt.SigningMethodHS256, []byte(strings.Repeat("x", 40)), claims(map[string]any{"sub": "001002"}))
	a, b := strings.Split(good, "."), strings.Split(other, ".")
	for name, token := range map[string]string{
		"signed with another key":        other,
		"with another's content":         a[0] + "." + b[1] + "." + a[2],
		"without its signature":          a[0] + "." + a[1] + ".",
		"that says it needs none":        signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(nil)),
		"by an algorithm of its choice":  signed(t, jwt.SigningMethodHS512, []byte(key), claims(nil)),
		"that is no token":               "001003",
		"that is empty":                  "",
		"that is expired and forged too": signed(t, jwt.SigningMethodHS256, []byte(strings.Repeat("x", 40)), claims(map[string]any{"exp": now.Add(-time.Hour).Unix()})),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier().Verify(token)
			require.ErrorIs(t, err, widget.ErrBadToken)
		})
	}
}

func store(t *testing.T) (*widget.Store, *clock.Movable) {
	t.Helper()
	clk := clock.NewFrozen(now)
	return widget.NewStore(mongotest.Database(t), clk), clk
}

func token(id string) widget.Token {
	return widget.Token{Subject: "001003", ID: id, Expires: now.Add(2 * time.Minute)}
}

func TestATokenServesOnceHoweverManyCome(t *testing.T) {
	sessions, _ := store(t)
	var served, used atomic.Int32
	var coming sync.WaitGroup
	for range 8 {
		coming.Go(func() {
			_, _, err := sessions.Begin(t.Context(), token("the same"), "lea", intranet)
			if err == nil {
				served.Add(1)
			} else if errors.Is(err, widget.ErrUsed) {
				used.Add(1)
			}
		})
	}
	coming.Wait()
	require.EqualValues(t, 1, served.Load())
	require.EqualValues(t, 7, used.Load())
}

func TestASessionIsOfOnePersonOnOneOriginForHalfAnHour(t *testing.T) {
	sessions, clk := store(t)
	bearer, _, err := sessions.Begin(t.Context(), token("one"), "lea", intranet)
	require.NoError(t, err)

	found, err := sessions.Find(t.Context(), bearer, intranet)
	require.NoError(t, err)
	require.Equal(t, "lea", found.PersonID)
	require.NotContains(t, bearer, found.Secret, "what the database holds gives no access")

	id, _, _ := strings.Cut(bearer, ".")
	for _, wrong := range []string{"", ".", id, id + ".", id + "." + found.Secret, bearer + "x", "0" + bearer[1:]} {
		_, err = sessions.Find(t.Context(), wrong, intranet)
		require.ErrorIs(t, err, widget.ErrNone, "%q", wrong)
	}
	_, err = sessions.Find(t.Context(), bearer, "https://elsewhere.example.com")
	require.ErrorIs(t, err, widget.ErrNone, "a session is of its origin")

	clk.Advance(widget.SessionLife)
	_, err = sessions.Find(t.Context(), bearer, intranet)
	require.ErrorIs(t, err, widget.ErrNone)
}

func TestATokenStaysUsedForLongerThanItIsValid(t *testing.T) {
	sessions, clk := store(t)
	_, _, err := sessions.Begin(t.Context(), token("one"), "lea", intranet)
	require.NoError(t, err)
	clk.Advance(widget.MaxTokenLife + time.Minute)
	require.NoError(t, sessions.Sweep(t.Context()))
	_, _, err = sessions.Begin(t.Context(), token("one"), "lea", intranet)
	require.ErrorIs(t, err, widget.ErrUsed)

	clk.Advance(widget.SessionLife)
	require.NoError(t, sessions.Sweep(t.Context()))
	_, _, err = sessions.Begin(t.Context(), token("one"), "lea", intranet)
	require.NoError(t, err, "the sweep forgot it, long after it expired")
}

func TestOnlyTheVeryOriginIsAllowed(t *testing.T) {
	w, err := widget.New(mongotest.Database(t), clock.System(), widget.Settings{Origins: []string{intranet}, Key: key}, jalon)
	require.NoError(t, err)
	require.True(t, w.Allows(intranet))
	for _, origin := range []string{
		"", "null", "*", "http://intranet.example.com", intranet + ":8443", intranet + "/", intranet + ".evil.example",
		"https://evil.example?" + intranet, "https://INTRANET.example.com", "https://sub.intranet.example.com", jalon,
	} {
		require.False(t, w.Allows(origin), "%q", origin)
	}
}

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	require.NoError(t, widget.Settings{}.Check(""), "no widget needs nothing")
	require.NoError(t, widget.Settings{Origins: []string{intranet, "http://localhost:8081"}, Key: key}.Check(jalon))
	for _, origin := range []string{"*", "null", "intranet.example.com", intranet + "/", intranet + "/path", intranet + ":443", "HTTPS://intranet.example.com", "ftp://intranet.example.com", "https://user@intranet.example.com", "https://*.example.com"} {
		require.ErrorContains(t, widget.Settings{Origins: []string{origin}, Key: key}.Check(jalon), "JALON_WIDGET_ORIGINS", origin)
	}
	err := widget.Settings{Origins: []string{intranet}, Key: "short"}.Check("")
	require.ErrorContains(t, err, "JALON_WIDGET_KEY")
	require.ErrorContains(t, err, "JALON_PUBLIC_URL")
	require.NotContains(t, err.Error(), "short")
	require.ErrorContains(t, widget.Settings{Key: key}.Check(jalon), "JALON_WIDGET_ORIGINS")
}

// budget is what an intranet would accept on every page, in bytes on the way.
const budget = 6 * 1024

func TestTheScriptWeighsWhatAnIntranetAccepts(t *testing.T) {
	files, err := assets.Load()
	require.NoError(t, err)
	code := files.Content("jalon-prompt.js")
	if code == nil && os.Getenv("CI") == "" {
		t.Skip("the scripts are not built: run scripts/assets.sh")
	}
	require.NotNil(t, code, "the scripts are not built: run scripts/assets.sh")
	script := widget.NewScript(code)
	require.LessOrEqual(t, script.Size(), budget)
	t.Logf("%d bytes, %d gzipped", len(code), script.Size())
}

func TestTheScriptIsForEveryOriginAndAskedForAgain(t *testing.T) {
	script := widget.NewScript([]byte(strings.Repeat("code ", 100)))
	load := func(headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/widget/v1/jalon-prompt.js", nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		script.ServeHTTP(w, r)
		return w
	}
	plain, small := load(), load("Accept-Encoding", "br, gzip")
	for _, answer := range []*httptest.ResponseRecorder{plain, small} {
		require.Equal(t, http.StatusOK, answer.Code)
		require.Equal(t, "*", answer.Header().Get("Access-Control-Allow-Origin"))
		require.Equal(t, "cross-origin", answer.Header().Get("Cross-Origin-Resource-Policy"))
		require.Contains(t, answer.Header().Get("Content-Type"), "text/javascript")
		require.Contains(t, answer.Header().Get("Cache-Control"), "stale-while-revalidate")
	}
	require.Equal(t, "gzip", small.Header().Get("Content-Encoding"))
	require.NotEqual(t, plain.Header().Get("ETag"), small.Header().Get("ETag"))
	require.Equal(t, http.StatusNotModified, load("If-None-Match", plain.Header().Get("ETag")).Code)
	require.Equal(t, http.StatusNotModified, load("Accept-Encoding", "gzip", "If-None-Match", small.Header().Get("ETag")).Code)
}
