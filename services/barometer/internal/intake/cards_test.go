package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/barometer/internal/card"
	"jalon.dev/services/barometer/internal/intake"
)

// shelf has one card, at one place of one edition.
type shelf struct {
	edition, place      string
	sealed              []byte
	open, find, secrecy error
}

func newShelf() *shelf {
	return &shelf{edition: uuid.NewString(), place: strings.Repeat("0a", 16), sealed: bytes.Repeat([]byte{7}, card.SealedBytes)}
}

func (s *shelf) intake() (intake.Cards, *observer.ObservedLogs) {
	core, logs := observer.New(zapcore.DebugLevel)
	return intake.Cards{
		Open: func(context.Context, string) error { return s.open },
		Find: func(_ context.Context, edition, place string) ([]byte, error) {
			switch {
			case s.find != nil:
				return nil, s.find
			case edition != s.edition || place != s.place:
				return nil, fmt.Errorf("reading a card: %w", mongodb.ErrNotFound)
			}
			return s.sealed, nil
		},
		Secret: func(_ context.Context, edition string) ([]byte, error) {
			return []byte("secret of " + edition), s.secrecy
		},
		Log: zap.New(core),
	}, logs
}

func asks(h http.Handler, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/ballots/card", strings.NewReader(body)))
	return w
}

// Nothing about an answer tells whether there is a card, but that it opens: not its length, its status, its headers, nor asking twice.
func TestAPlaceWithoutACardIsAnsweredLikeAnyOther(t *testing.T) {
	s := newShelf()
	h, logs := s.intake()
	there := asks(h, s.edition+"/"+s.place)
	require.Equal(t, s.sealed, there.Body.Bytes())
	nowhere := s.edition + "/" + strings.Repeat("0b", 16)
	for _, answer := range []*httptest.ResponseRecorder{asks(h, nowhere), asks(h, nowhere)} {
		require.Equal(t, there.Code, answer.Code)
		require.Equal(t, there.Header(), answer.Header())
		require.Len(t, answer.Body.Bytes(), card.SealedBytes)
		require.Equal(t, asks(h, nowhere).Body.Bytes(), answer.Body.Bytes())
	}
	require.NotEqual(t, asks(h, nowhere).Body.Bytes(), asks(h, s.edition+"/"+strings.Repeat("0c", 16)).Body.Bytes())
	require.NotEqual(t, asks(h, nowhere).Body.Bytes(), asks(h, uuid.NewString()+"/"+strings.Repeat("0b", 16)).Body.Bytes())
	require.Zero(t, logs.Len())
}

func TestWhatIsAskedForACardIsAnsweredInAWordAndNeverLogged(t *testing.T) {
	s := newShelf()
	h, logs := s.intake()
	for _, body := range []string{
		"", s.edition, s.edition + "/" + s.place + "0", s.edition + "/" + s.place[1:], s.edition + "/" + strings.ToUpper(s.place), strings.Repeat("x", 69),
		strings.Repeat("x", 100_000),
	} {
		answer := asks(h, body)
		require.Equal(t, http.StatusBadRequest, answer.Code)
		require.JSONEq(t, `{"error":"malformed"}`, answer.Body.String())
	}
	for err, want := range map[error]int{intake.ErrUnknown: http.StatusNotFound, intake.ErrClosed: http.StatusGone} {
		s.open = err
		require.Equal(t, want, asks(h, s.edition+"/"+s.place).Code)
	}
	require.Zero(t, logs.Len())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/ballots/card", nil))
	require.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

func TestBrokenShelvesAreLoggedAndNoPlace(t *testing.T) {
	broken := errors.New("no primary")
	for _, s := range []*shelf{{open: broken}, {find: broken}, {secrecy: broken}} {
		h, logs := s.intake()
		edition, place := uuid.NewString(), strings.Repeat("0d", 16)
		answer := asks(h, edition+"/"+place)
		require.Equal(t, http.StatusServiceUnavailable, answer.Code)
		require.Equal(t, 1, logs.Len())
		said := fmt.Sprint(logs.All()[0].Message, logs.All()[0].ContextMap())
		require.Contains(t, said, "no primary")
		require.NotContains(t, said, place)
		require.NotContains(t, said, edition)
	}
}
