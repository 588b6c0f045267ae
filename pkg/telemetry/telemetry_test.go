package telemetry

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
)

func TestMetricsAreServedInPrometheusForm(t *testing.T) {
	tel, err := New(t.Context(), Config{Service: "moments"})
	require.NoError(t, err)
	counter, err := tel.Meter("test").Int64Counter("jalon.moments.opened")
	require.NoError(t, err)
	counter.Add(t.Context(), 3)

	w := httptest.NewRecorder()
	tel.MetricsHandler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), "jalon_moments_opened_total 3")
	require.Contains(t, w.Body.String(), "go_goroutines")

	require.NoError(t, tel.Shutdown(t.Context()))
	require.NoError(t, tel.Shutdown(t.Context()), "twice is safe")
}

func TestHowLongAnAnswerIsIsNotMeasured(t *testing.T) {
	tel, err := New(t.Context(), Config{Service: "moments"})
	require.NoError(t, err)
	for _, side := range []string{"server", "client"} {
		size, err := tel.Meter("test").Int64Histogram("rpc." + side + ".request.size")
		require.NoError(t, err)
		size.Record(t.Context(), 1234)
	}
	w := httptest.NewRecorder()
	tel.MetricsHandler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	require.NotContains(t, w.Body.String(), "request_size")
	require.NoError(t, tel.Shutdown(t.Context()))
}

func TestSpansHaveIDsEvenWhenNothingIsExported(t *testing.T) {
	tel, err := New(t.Context(), Config{Service: "moments"})
	require.NoError(t, err)
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()

	ctx, span := tel.Tracer("test").Start(t.Context(), "work")
	defer span.End()
	require.False(t, span.IsRecording())
	carrier := propagation.MapCarrier{}
	tel.Propagator.Inject(ctx, carrier)
	require.Contains(t, carrier, "traceparent")
	require.NotContains(t, carrier, "baggage")
}

func TestTwoProcessesInOneDoNotMeet(t *testing.T) {
	for range 2 {
		tel, err := New(t.Context(), Config{Service: "moments"})
		require.NoError(t, err)
		require.NoError(t, tel.Shutdown(t.Context()))
	}
}

func TestSpansLeaveForTheCollectorWhenAskedTo(t *testing.T) {
	received := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { received <- r.URL.Path }))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)

	tel, err := New(t.Context(), Config{Service: "moments", Export: true})
	require.NoError(t, err)
	_, span := tel.Tracer("test").Start(t.Context(), "work")
	span.End()
	require.NoError(t, tel.Shutdown(t.Context()), "what was not sent yet is sent now")
	require.Equal(t, "/v1/traces", <-received)
}
