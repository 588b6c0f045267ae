package intake_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/intake"
	"jalon.dev/services/barometer/internal/spool"
)

// polls knows one edition with one key, whose tokens are all good.
type polls struct{ failing error }

func (p polls) Cell(_ context.Context, edition, key string) (intake.Cell, error) {
	if p.failing != nil {
		return intake.Cell{}, p.failing
	}
	if edition != "edition" || key != "key" {
		return intake.Cell{}, intake.ErrUnknown
	}
	return intake.Cell{
		ID: "nantes", Verify: func(_, _ []byte) error { return nil }, Spent: func(message []byte) string { return fmt.Sprintf("%x", message) },
	}, nil
}

// taker keeps what it is given, unless it fails.
type taker struct {
	taken   []spool.Cast
	failing error
}

func (t *taker) Take(_ context.Context, c spool.Cast) (bool, error) {
	if t.failing != nil {
		return false, t.failing
	}
	if slices.ContainsFunc(t.taken, func(other spool.Cast) bool { return other.Spent == c.Spent }) {
		return false, nil
	}
	t.taken = append(t.taken, c)
	return true, nil
}

func newIntake(p polls, to *taker) (intake.Handler, *observer.ObservedLogs) {
	core, logs := observer.New(zapcore.DebugLevel)
	return intake.Handler{Polls: p, Spool: to, Log: zap.New(core)}, logs
}

func cast(h http.Handler, body []byte) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/ballots", bytes.NewReader(body)))
	return w
}

func padded(content string) []byte {
	return append([]byte(content), bytes.Repeat([]byte{' '}, max(0, intake.BodyBytes-len(content)))...)
}

// codes are all that the intake ever says, beside nothing.
var codes = []string{"malformed", "answers", "forged", "unknown", "spent", "closed", "later"}

// Whatever is sent, in whatever shape, is answered in a word and never logged (A30).
func TestWhateverIsSentIsAnsweredInAWordAndNeverLogged(t *testing.T) {
	h, logs := newIntake(polls{}, &taker{})
	rapid.Check(t, func(t *rapid.T) {
		var body []byte
		if rapid.Bool().Draw(t, "shaped") {
			values := rapid.SampledFrom([]any{"", "edition", "key", "AAAA", "!", nil, 3, []int{1}, map[string]string{"theme": "pay"}, strings.Repeat("x", 600)})
			request := map[string]any{}
			for _, field := range []string{"edition", "key", "message", "signature", "answers", "comments", "person", "at"} {
				if rapid.Bool().Draw(t, field) {
					request[field] = values.Draw(t, field+" is")
				}
			}
			content, err := json.Marshal(request)
			require.NoError(t, err)
			body = padded(string(content))
		} else {
			body = rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "body")
			if rapid.Bool().Draw(t, "padded") {
				body = padded(string(body))
			}
		}
		answer := cast(h, body)
		require.Contains(t, []int{400, 403, 404}, answer.Code)
		var said struct {
			Error string `json:"error"`
		}
		require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &said))
		require.Contains(t, codes, said.Error)
	})
	require.Zero(t, logs.Len())
}

// good is a ballot that this intake takes.
func good(message string) []byte {
	answers := append(bytes.Repeat([]byte{4}, 45), 9)
	content, _ := json.Marshal(map[string]any{
		"edition": "edition", "key": "key", "message": message, "signature": "AAAA",
		"answers": base64.RawURLEncoding.EncodeToString(answers), "comments": []map[string]string{{"theme": "pay", "text": "La réserve est froide"}},
	})
	return padded(string(content))
}

// When something of Jalon's is broken, that is logged and nothing of the ballot (A30).
func TestABrokenSpoolIsLoggedAndNoBallot(t *testing.T) {
	broken := errors.New("no primary")
	for name, h := range map[string]func() (intake.Handler, *observer.ObservedLogs){
		"polls": func() (intake.Handler, *observer.ObservedLogs) { return newIntake(polls{failing: broken}, &taker{}) },
		"spool": func() (intake.Handler, *observer.ObservedLogs) {
			return newIntake(polls{}, &taker{failing: broken})
		},
	} {
		t.Run(name, func(t *testing.T) {
			handler, logs := h()
			require.Equal(t, http.StatusServiceUnavailable, cast(handler, good("QUJD")).Code)
			require.Equal(t, 1, logs.Len())
			entry := logs.All()[0]
			said := fmt.Sprint(entry.Message, entry.ContextMap())
			require.Contains(t, said, "no primary")
			for _, secret := range []string{"réserve", "QUJD", "414243", "BAQEB", "edition", "nantes"} {
				require.NotContains(t, said, secret)
			}
		})
	}
}

func TestAGoodBallotIsTakenOnceAndNothingElseOfTheRequest(t *testing.T) {
	to := &taker{}
	h, logs := newIntake(polls{}, to)
	require.Equal(t, http.StatusNoContent, cast(h, good("QUJD")).Code)
	require.Equal(t, http.StatusConflict, cast(h, good("QUJD")).Code)
	require.Len(t, to.taken, 1)
	require.Equal(t, "La réserve est froide", to.taken[0].Comments[0].Text)
	require.Zero(t, logs.Len())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/ballots", nil))
	require.Equal(t, http.StatusMethodNotAllowed, w.Code, "whoever follows a link changes nothing")
}
