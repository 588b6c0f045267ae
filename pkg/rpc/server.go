package rpc

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"connectrpc.com/otelconnect"
	"connectrpc.com/validate"
	"go.opentelemetry.io/otel/attribute"
	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
)

const (
	// MaxMessageBytes bounds a message.
	MaxMessageBytes = 4 << 20
	// MaxImportBytes bounds the requests that carry a whole company or all its customers, and the report on them.
	MaxImportBytes = 64 << 20

	// Below this, compressing an answer costs more than sending it.
	compressFrom = 16 << 10

	bearer = "Bearer "
)

// Interceptors returns what every handler of the named service is built with. A request passes, in this order:
//
//  1. identity and role: the token is checked and the table asked before the body is read, so that nobody uploads 64 MiB
//     for nothing;
//  2. size: what is too large is refused while being read;
//  3. telemetry: a span and the usual metrics, without addresses, headers or content;
//  4. errors: coded, and emptied of what is not for the caller;
//  5. panics: one request's panic is that request's error;
//  6. validation by the rules of the contract;
//  7. the handler, which asks policy.Allow again with the subject that its data names.
func Interceptors(
	service string, signer *identity.Signer, log *zap.Logger, tel *telemetry.Telemetry,
) ([]connect.HandlerOption, error) {
	tracing, err := otelInterceptor(tel)
	if err != nil {
		return nil, err
	}
	return []connect.HandlerOption{
		connect.WithRequestGate(gate(service, signer, log)),
		connect.WithConditionalHandlerOptions(sizes),
		connect.WithCompressMinBytes(compressFrom),
		connect.WithInterceptors(tracing, errorInterceptor{log: log}),
		connect.WithRecover(recovered),
		connect.WithInterceptors(validate.NewInterceptor()),
	}, nil
}

func gate(service string, signer *identity.Signer, log *zap.Logger) connect.RequestGateFunc {
	return func(ctx context.Context, spec connect.Spec, _ connect.Peer, header http.Header) (context.Context, error) {
		var actor identity.Actor
		if token, ok := strings.CutPrefix(header.Get("Authorization"), bearer); ok {
			var err error
			if actor, err = signer.Verify(token, service); err != nil {
				log.Warn("token refused", zap.String("procedure", spec.Procedure), zap.Error(err))
				coded, _ := Error(err)
				return ctx, coded
			}
		}
		if err := policy.AllowRole(actor, spec.Procedure); err != nil {
			log.Info("call refused", zap.String("procedure", spec.Procedure), zap.Error(err))
			coded, _ := Error(err)
			return ctx, coded
		}
		return identity.NewContext(ctx, actor), nil
	}
}

func sizes(spec connect.Spec) []connect.HandlerOption {
	switch spec.Procedure {
	case directoryv1connect.DirectoryServiceImportPeopleProcedure, barometerv1connect.CustomersServiceImportCustomersProcedure:
		return []connect.HandlerOption{connect.WithReadMaxBytes(MaxImportBytes)}
	}
	return []connect.HandlerOption{connect.WithReadMaxBytes(MaxMessageBytes)}
}

func otelInterceptor(tel *telemetry.Telemetry) (*otelconnect.Interceptor, error) {
	i, err := otelconnect.NewInterceptor(
		otelconnect.WithTracerProvider(tel.Tracers),
		otelconnect.WithMeterProvider(tel.Meters),
		otelconnect.WithPropagator(tel.Propagator),
		// Callers are Jalon's own services: their span is the parent, not a mere link.
		otelconnect.WithTrustRemote(),
		otelconnect.WithoutServerPeerAttributes(),
		otelconnect.WithoutTraceEvents(),
		otelconnect.WithAttributeFilter(func(_ connect.Spec, kv attribute.KeyValue) bool {
			key := string(kv.Key)
			return !strings.HasPrefix(key, "net.peer.") && !strings.HasPrefix(key, "network.peer.") && key != "client.address"
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("preparing call telemetry: %w", err)
	}
	return i, nil
}

// panicError keeps what was panicked with until it is logged; its text may hold anything.
type panicError struct{ value any }

func (p panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func recovered(_ context.Context, _ connect.Spec, _ http.Header, value any) error {
	return panicError{value: value}
}

// errorInterceptor maps what handlers return by Error, and logs what it hides.
type errorInterceptor struct{ log *zap.Logger }

func (e errorInterceptor) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		res, err := next(ctx, req)
		if err != nil {
			return nil, e.coded(req.Spec(), err)
		}
		return res, nil
	}
}

func (e errorInterceptor) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		if err := next(ctx, conn); err != nil {
			return e.coded(conn.Spec(), err)
		}
		return nil
	}
}

func (e errorInterceptor) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

func (e errorInterceptor) coded(spec connect.Spec, err error) error {
	coded, known := Error(err)
	if !known {
		e.log.Error("call failed", zap.String("procedure", spec.Procedure), zap.Error(err))
	}
	return coded
}
