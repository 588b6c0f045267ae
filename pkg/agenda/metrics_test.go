package agenda_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongotest"
)

func TestTheBacklogIsMeasured(t *testing.T) {
	c, reader := clock.NewFrozen(monday), metric.NewManualReader()
	a := newAgenda(t, mongotest.Database(t), c, (&effects{}).handle) // it does not run
	require.NoError(t, a.Observe(metric.NewMeterProvider(metric.WithReader(reader)).Meter("test")))
	require.NoError(t, a.Schedule(t.Context(), item("a", monday), item("b", monday.Add(time.Minute)), item("c", monday.Add(time.Hour))))
	c.Advance(10 * time.Minute)

	var got metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &got))
	values := map[string]float64{}
	for _, m := range got.ScopeMetrics[0].Metrics {
		switch data := m.Data.(type) {
		case metricdata.Gauge[int64]:
			values[m.Name] = float64(data.DataPoints[0].Value)
		case metricdata.Gauge[float64]:
			values[m.Name] = data.DataPoints[0].Value
		}
	}
	require.Equal(t, map[string]float64{"jalon.agenda.due": 2, "jalon.agenda.lateness": 600}, values)
}
