package health

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
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

func TestTheLogTellsChangesAndNotEachLook(t *testing.T) {
	core, logged := observer.New(zap.InfoLevel)
	down := errors.New("away")
	h := New(zap.New(core), Check{"bus", fine}, Check{"mongodb", func(context.Context) error { return down }})
	for range 3 {
		ask(t, h, "/readyz")
	}
	down = nil
	for range 3 {
		ask(t, h, "/readyz")
	}
	var told []string
	for _, entry := range logged.All() {
		told = append(told, entry.Message+" "+entry.ContextMap()["check"].(string))
	}
	require.Equal(t, []string{"not ready mongodb", "ready mongodb"}, told)
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
