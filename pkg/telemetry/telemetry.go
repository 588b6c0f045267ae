// Package telemetry holds the traces and metrics of one process. Nothing in it is global: whoever measures is given the
// Telemetry, so that tests and the services of one process do not meet in a hidden place.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	noopmetric "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	nooptrace "go.opentelemetry.io/otel/trace/noop"
)

// Config says what the process is called and where its traces go.
type Config struct {
	// Service names the process in traces: "moments", or "jalon" for the standalone.
	Service string
	// Version of the program; may be empty.
	Version string
	// Export sends traces by OTLP over HTTP; the exporter reads the standard OTEL_EXPORTER_OTLP_* variables itself.
	Export bool
}

// Telemetry is what code needs to trace and measure.
type Telemetry struct {
	Tracers    trace.TracerProvider
	Meters     metric.MeterProvider
	Propagator propagation.TextMapPropagator

	metrics  http.Handler
	shutdown []func(context.Context) error
}

// New starts telemetry. Without Export spans are not recorded, yet they have ids: events still carry a traceparent by which
// logs of several services can be joined.
func New(ctx context.Context, cfg Config) (*Telemetry, error) {
	about := resource.NewSchemaless(
		attribute.String("service.name", cfg.Service),
		attribute.String("service.version", cfg.Version),
	)
	t := &Telemetry{Propagator: W3C()}

	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reader, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, fmt.Errorf("starting metrics: %w", err)
	}
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader), sdkmetric.WithResource(about), withoutSizes())
	t.Meters = meters
	t.metrics = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})

	options := []sdktrace.TracerProviderOption{sdktrace.WithResource(about)}
	if cfg.Export {
		exporter, err := otlptracehttp.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("starting the trace exporter: %w", err)
		}
		options = append(options, sdktrace.WithBatcher(exporter), sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.AlwaysSample())))
	} else {
		options = append(options, sdktrace.WithSampler(sdktrace.NeverSample()))
	}
	tracers := sdktrace.NewTracerProvider(options...)
	t.Tracers = tracers
	t.shutdown = []func(context.Context) error{tracers.Shutdown, meters.Shutdown}
	return t, nil
}

// withoutSizes leaves out how long requests are: the length of an answer says whether somebody wrote a comment, and how much.
func withoutSizes() sdkmetric.Option {
	return sdkmetric.WithView(sdkmetric.NewView(
		sdkmetric.Instrument{Name: "rpc.*.request.size"}, sdkmetric.Stream{Aggregation: sdkmetric.AggregationDrop{}}))
}

// Nothing returns a Telemetry that measures nothing, for tests and short commands.
func Nothing() *Telemetry {
	return &Telemetry{
		Tracers:    nooptrace.NewTracerProvider(),
		Meters:     noopmetric.NewMeterProvider(),
		Propagator: W3C(),
		metrics:    http.NotFoundHandler(),
	}
}

// W3C is the one propagator of all of Jalon: traceparent and tracestate. Baggage stays out: it would carry whatever a caller
// puts there into every event.
func W3C() propagation.TextMapPropagator { return propagation.TraceContext{} }

// Tracer returns the tracer of a part of the program, named by its import path.
func (t *Telemetry) Tracer(name string) trace.Tracer { return t.Tracers.Tracer(name) }

// Meter returns the meter of a part of the program, named by its import path.
func (t *Telemetry) Meter(name string) metric.Meter { return t.Meters.Meter(name) }

// MetricsHandler serves the metrics in Prometheus's form.
func (t *Telemetry) MetricsHandler() http.Handler { return t.metrics }

// Shutdown sends what was measured and not yet sent. Nothing is measured afterwards.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	var errs []error
	for _, stop := range t.shutdown {
		errs = append(errs, stop(ctx))
	}
	t.shutdown = nil
	return errors.Join(errs...)
}
