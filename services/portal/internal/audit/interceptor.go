package audit

import (
	"context"

	"connectrpc.com/connect"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
)

// Interceptor records the calls of the operator's command line and of outside systems, and those of HR where a call carries HR's
// rights.
func Interceptor(keep *Log, log *zap.Logger) connect.Interceptor { return interceptor{keep, log} }

type interceptor struct {
	keep *Log
	log  *zap.Logger
}

func (i interceptor) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		ctx, subject := WithSubject(ctx)
		res, err := next(ctx, req)
		if message, ok := req.Any().(proto.Message); ok {
			AboutMessage(ctx, message.ProtoReflect())
		}
		i.record(ctx, req.Spec(), subject, err)
		return res, err
	}
}

// WrapStreamingHandler records a stream when it ends: one that goes on for days is one look.
func (i interceptor) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		ctx, subject := WithSubject(ctx)
		err := next(ctx, conn)
		i.record(ctx, conn.Spec(), subject, err)
		return err
	}
}

// WrapStreamingClient leaves calls to others alone.
func (i interceptor) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

func (i interceptor) record(ctx context.Context, spec connect.Spec, subject *Subject, err error) {
	actor, _ := identity.FromContext(ctx)
	if As(actor) == "" {
		return
	}
	outcome := OutcomeOf(err, func(err error) bool { return connect.CodeOf(err) == connect.CodePermissionDenied })
	write := i.keep.Act
	if spec.IdempotencyLevel == connect.IdempotencyNoSideEffects {
		write = i.keep.Read
	}
	if err := write(ctx, actor, spec.Procedure, subject.IDs(), outcome); err != nil {
		i.log.Error("the audit log lacks an entry", zap.String("procedure", spec.Procedure), zap.Error(err))
	}
}
