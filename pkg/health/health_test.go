package health

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

func ask(t *testing.T, h *Health, path string) (int, string) {
	t.Helper()
	mux := http.NewServeMux()
	h.Register(mux)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func fine(context.Context) error { return nil }

func TestAProcessIsReadyWhenAllChecksPass(t *testing.T) {
	status, body := ask(t, New(zap.NewNop(), Check{"bus", fine}, Check{"mongodb", fine}), "/readyz")
	require.Equal(t, http.StatusOK, status)
	require.JSONEq(t, `{"status":"ready","checks":{"bus":"ok","mongodb":"ok"}}`, body)
}

func TestAFailingCheckIsNamedWithoutItsReason(t *testing.T) {
	away := func(context.Context) error { return errors.New("mongodb://user:secret@db is away") }
	status, body := ask(t, New(zap.NewNop(), Check{"bus", fine}, Check{"mongodb", away}), "/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.JSONEq(t, `{"status":"not ready","checks":{"bus":"ok","mongodb":"failing"}}`, body)
}

func TestAProcessIsAliveWhateverIsAway(t *testing.T) {
	away := func(context.Context) error { return errors.New("away") }
	status, _ := ask(t, New(zap.NewNop(), Check{"mongodb", away}), "/healthz")
	require.Equal(t, http.StatusOK, status)
}

func TestAStoppingProcessIsNotReady(t *testing.T) {
	h := New(zap.NewNop(), Check{"bus", fine})
	h.Drain()
	status, _ := ask(t, h, "/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
}
