package outbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"

	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
)

func TestWhatWaitsIsCountedAndItsAgeMeasured(t *testing.T) {
	db, reader := mongotest.Database(t), metric.NewManualReader()
	r := outbox.NewRelay(db, &busStub{}, zap.NewNop(), "aggregates") // it does not run
	meter := metric.NewMeterProvider(metric.WithReader(reader)).Meter("test")
	require.NoError(t, r.Observe(meter, func() time.Time { return noon.Add(time.Minute) }))

	require.Equal(t, map[string]float64{"jalon.outbox.pending": 0, "jalon.outbox.age": 0}, collect(t, reader))

	doc := aggregate{ID: "a"}
	younger := fact("younger")
	younger.Time = noon.Add(30 * time.Second)
	require.NoError(t, doc.Record(fact("oldest"), younger))
	_, err := db.Collection("aggregates").InsertOne(t.Context(), doc)
	require.NoError(t, err)
	other := fact("appended")
	other.Time = younger.Time
	record(t, db, other)

	require.Equal(t, map[string]float64{"jalon.outbox.pending": 3, "jalon.outbox.age": 60}, collect(t, reader))
}

func collect(t *testing.T, reader *metric.ManualReader) map[string]float64 {
	t.Helper()
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
	return values
}
