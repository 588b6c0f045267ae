package bus

import (
	"errors"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"jalon.dev/pkg/event"
)

const scope = "jalon.dev/pkg/bus"

type instruments struct {
	tracer      trace.Tracer
	published   metric.Int64Counter
	handled     metric.Int64Counter
	deadLetters metric.Int64Counter
	duration    metric.Float64Histogram
}

func newInstruments(tracers trace.TracerProvider, meters metric.MeterProvider) (instruments, error) {
	meter := meters.Meter(scope)
	var failures [4]error
	t := instruments{tracer: tracers.Tracer(scope)}
	t.published, failures[0] = meter.Int64Counter("jalon.bus.published",
		metric.WithDescription("Events published and acknowledged."))
	t.handled, failures[1] = meter.Int64Counter("jalon.bus.handled",
		metric.WithDescription("Messages dealt with, by handler and outcome."))
	t.deadLetters, failures[2] = meter.Int64Counter("jalon.bus.dead_letters",
		metric.WithDescription("Messages put aside as dead letters, by handler."))
	t.duration, failures[3] = meter.Float64Histogram("jalon.bus.handle.duration", metric.WithUnit("s"),
		metric.WithDescription("Time to deal with a message, tries included."),
		metric.WithExplicitBucketBoundaries(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30))
	if err := errors.Join(failures[:]...); err != nil {
		return instruments{}, fmt.Errorf("making the bus's metrics: %w", err)
	}
	return t, nil
}

// middleware goes on with the trace that caused the event, and counts.
func (t instruments) middleware(next message.HandlerFunc) message.HandlerFunc {
	return func(msg *message.Message) ([]*message.Message, error) {
		handler := attribute.String("handler", message.HandlerNameFromCtx(msg.Context()))
		cause := propagation.TraceContext{}.Extract(msg.Context(), propagation.MapCarrier{"traceparent": event.TraceParentOf(msg)})
		ctx, span := t.tracer.Start(cause, "handle "+event.TypeOf(msg),
			trace.WithSpanKind(trace.SpanKindConsumer),
			trace.WithAttributes(handler, attribute.String("messaging.system", "nats"),
				attribute.String("messaging.message.id", msg.UUID)))
		defer span.End()
		msg.SetContext(ctx)

		start := time.Now()
		produced, err := next(msg)
		outcome := "done"
		if err != nil {
			outcome = "given back"
			span.RecordError(err)
			span.SetStatus(codes.Error, outcome)
		}
		t.handled.Add(ctx, 1, metric.WithAttributes(handler, attribute.String("outcome", outcome)))
		t.duration.Record(ctx, time.Since(start).Seconds(), metric.WithAttributes(handler))
		return produced, err
	}
}
