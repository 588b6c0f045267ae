package rpc_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/telemetry"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// directory answers with what a test sets.
type directory struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
	find      func(ctx context.Context, number string) (*directoryv1.FindPersonResponse, error)
	imported  func(file []byte) error
	listUnits func(ctx context.Context) error
}

func (d *directory) FindPerson(ctx context.Context, req *directoryv1.FindPersonRequest) (*directoryv1.FindPersonResponse, error) {
	return d.find(ctx, req.GetNumber())
}

func (d *directory) ImportPeople(_ context.Context, req *directoryv1.ImportPeopleRequest) (*directoryv1.ImportPeopleResponse, error) {
	return &directoryv1.ImportPeopleResponse{}, d.imported(req.GetFile())
}

func (d *directory) ListUnits(ctx context.Context, _ *directoryv1.ListUnitsRequest) (*directoryv1.ListUnitsResponse, error) {
	return &directoryv1.ListUnitsResponse{}, d.listUnits(ctx)
}

// operator streams what a test sets.
type operator struct {
	portalv1connect.UnimplementedOperatorServiceHandler
	tail func(ctx context.Context, send func(string) error) error
}

func (o *operator) TailEvents(
	ctx context.Context, _ *portalv1.TailEventsRequest, stream *connect.ServerStream[portalv1.TailEventsResponse],
) error {
	return o.tail(ctx, func(e string) error { return stream.Send(&portalv1.TailEventsResponse{CloudEvent: e}) })
}

// world is two services and somebody who calls them.
type world struct {
	directory directory
	operator  operator
	peers     rpc.Peers
	logs      *observer.ObservedLogs
	spans     *tracetest.SpanRecorder
	signer    *identity.Signer
	handler   http.Handler // directory's
}

// eachTransport runs the test over both ways in which services reach each other.
func eachTransport(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("in process", func(t *testing.T) {
		w, handlers := newWorld(t)
		inProcess := rpc.NewInProcess(handlers)
		w.connect(t, inProcess.Addresses(), inProcess)
		test(t, w)
	})
	t.Run("over the network", func(t *testing.T) {
		w, handlers := newWorld(t)
		addresses := rpc.Addresses{}
		for name, h := range handlers {
			server := httptest.NewServer(h)
			t.Cleanup(server.Close)
			addresses[name] = server.URL
		}
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		w.connect(t, addresses, transport)
		test(t, w)
	})
}

func newWorld(t *testing.T) (*world, map[string]http.Handler) {
	t.Helper()
	signer, err := identity.NewSigner(bytes.Repeat([]byte("k"), identity.MinKeyBytes))
	require.NoError(t, err)
	core, logs := observer.New(zapcore.DebugLevel)
	w := &world{logs: logs, signer: signer, spans: tracetest.NewSpanRecorder()}

	handlers := map[string]http.Handler{}
	mount := func(name string, build func(...connect.HandlerOption) (string, http.Handler)) {
		options, err := rpc.Interceptors(name, signer, zap.New(core), w.telemetry())
		require.NoError(t, err)
		path, h := build(options...)
		mux := http.NewServeMux()
		mux.Handle(path, h)
		handlers[name] = mux
	}
	mount("directory", func(o ...connect.HandlerOption) (string, http.Handler) {
		return directoryv1connect.NewDirectoryServiceHandler(&w.directory, o...)
	})
	mount("portal", func(o ...connect.HandlerOption) (string, http.Handler) {
		return portalv1connect.NewOperatorServiceHandler(&w.operator, o...)
	})
	w.handler = handlers["directory"]
	return w, handlers
}

func (w *world) telemetry() *telemetry.Telemetry {
	tel := telemetry.Nothing()
	tel.Tracers = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(w.spans))
	return tel
}

func (w *world) connect(t *testing.T, addresses rpc.Addresses, transport http.RoundTripper) {
	t.Helper()
	peers, err := rpc.NewPeers(addresses, transport, w.signer, w.telemetry())
	require.NoError(t, err)
	w.peers = peers
}

func (w *world) findPerson(ctx context.Context) error {
	_, err := w.peers.Directory().FindPerson(ctx, &directoryv1.FindPersonRequest{Number: "4711"})
	return err
}

func as(ctx context.Context, roles ...identity.Role) context.Context {
	return identity.NewContext(ctx, identity.Actor{PersonID: "ada", Roles: roles})
}

func TestTheHandlerLearnsWhoAsksFromTheTokenAlone(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		type key struct{}
		w.directory.find = func(ctx context.Context, number string) (*directoryv1.FindPersonResponse, error) {
			actor, _ := identity.FromContext(ctx)
			require.Equal(t, identity.Actor{PersonID: "ada", Roles: []identity.Role{identity.HR}}, actor)
			require.Nil(t, ctx.Value(key{}), "the caller's context stays with the caller")
			_, limited := ctx.Deadline()
			require.True(t, limited, "no call is without an end")
			return &directoryv1.FindPersonResponse{Person: &directoryv1.PersonCard{Number: number}}, nil
		}
		ctx := context.WithValue(as(t.Context(), identity.HR), key{}, "leaked")
		res, err := w.peers.Directory().FindPerson(ctx, &directoryv1.FindPersonRequest{Number: "4711"})
		require.NoError(t, err)
		require.Equal(t, "4711", res.GetPerson().GetNumber())
	})
}

func TestACallIsRefusedBeforeTheHandler(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		t.Run("when nobody asks", func(t *testing.T) {
			require.True(t, rpc.Is(w.findPerson(t.Context()), connect.CodeUnauthenticated))
		})
		t.Run("when the one who asks is nobody", func(t *testing.T) {
			ctx := identity.NewContext(t.Context(), identity.Actor{})
			require.True(t, rpc.Is(w.findPerson(ctx), connect.CodeUnauthenticated))
		})
		t.Run("when no role allows it", func(t *testing.T) {
			require.True(t, rpc.Is(w.findPerson(as(t.Context())), connect.CodePermissionDenied))
		})
		t.Run("when a rule of the contract is broken", func(t *testing.T) {
			_, err := w.peers.Directory().FindPerson(as(t.Context(), identity.HR), &directoryv1.FindPersonRequest{})
			require.True(t, rpc.Is(err, connect.CodeInvalidArgument))
			violations := rpc.Violations(err)
			require.Len(t, violations, 1)
			require.Equal(t, "number", violations[0].Field)
		})
		t.Run("even with a large body that nobody reads", func(t *testing.T) {
			_, err := w.peers.Directory().ImportPeople(as(t.Context()),
				&directoryv1.ImportPeopleRequest{File: bytes.Repeat([]byte("x"), 8<<20)})
			require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
		})
	})
}

func TestATokenForAnotherServiceIsRefused(t *testing.T) {
	w, _ := newWorld(t)
	for name, audience := range map[string]string{"another": "moments", "forged": ""} {
		t.Run(name, func(t *testing.T) {
			token := "forged"
			if audience != "" {
				var err error
				token, err = w.signer.Sign(identity.Actor{Roles: []identity.Role{identity.Operator}}, audience)
				require.NoError(t, err)
			}
			req := httptest.NewRequestWithContext(t.Context(), http.MethodPost,
				directoryv1connect.DirectoryServiceFindPersonProcedure, strings.NewReader(`{"number":"1"}`))
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "Bearer "+token)
			answer := httptest.NewRecorder()
			w.handler.ServeHTTP(answer, req)
			require.Equal(t, http.StatusUnauthorized, answer.Code)
			require.NotContains(t, answer.Body.String(), "audience", "why is for the log")
		})
	}
}

func TestWhatBrokeStaysBehindAndIsLogged(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		for name, broken := range map[string]func() error{
			"an error":         func() error { return errors.New("secret: mongodb://user:pw@db") },
			"a panic":          func() error { panic("secret") },
			"a driver's error": func() error { return connect.NewError(connect.CodeUnknown, errors.New("secret")) },
		} {
			t.Run(name, func(t *testing.T) {
				w.directory.listUnits = func(context.Context) error { return broken() }
				_, err := w.peers.Directory().ListUnits(as(t.Context(), identity.HR), &directoryv1.ListUnitsRequest{})
				require.True(t, rpc.Is(err, connect.CodeInternal))
				require.NotContains(t, err.Error(), "secret")
				require.Equal(t, 1, w.logs.FilterMessage("call failed").Len())
				w.logs.TakeAll()
			})
		}
	})
}

func TestKnownErrorsArriveWithTheirCode(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		w.directory.find = func(context.Context, string) (*directoryv1.FindPersonResponse, error) {
			return nil, mongodb.ErrNotFound
		}
		require.True(t, rpc.Is(w.findPerson(as(t.Context(), identity.HR)), connect.CodeNotFound))
		require.Zero(t, w.logs.Len(), "nothing broke")
	})
}

func TestAnImportMayBeLargeAndNothingElse(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		var size int
		w.directory.imported = func(file []byte) error { size = len(file); return nil }
		hr := as(t.Context(), identity.HR)

		_, err := w.peers.Directory().ImportPeople(hr, &directoryv1.ImportPeopleRequest{File: bytes.Repeat([]byte("x"), 10<<20)})
		require.NoError(t, err)
		require.Equal(t, 10<<20, size)

		_, err = w.peers.Directory().FindPerson(hr, &directoryv1.FindPersonRequest{Number: strings.Repeat("x", rpc.MaxMessageBytes+1)})
		require.True(t, rpc.Is(err, connect.CodeResourceExhausted), "%v", err)
	})
}

func TestACallEndsWhenItsCallerGivesUp(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		begun, ended := make(chan struct{}), make(chan struct{})
		w.directory.listUnits = func(ctx context.Context) error {
			close(begun)
			<-ctx.Done()
			close(ended)
			return ctx.Err()
		}
		ctx, cancel := context.WithCancel(as(t.Context(), identity.HR))
		go func() { <-begun; cancel() }()
		_, err := w.peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
		require.True(t, rpc.Is(err, connect.CodeCanceled), "%v", err)
		<-ended
	})
}

func TestAStreamIsReadWhileItIsWritten(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		next, ended := make(chan string), make(chan struct{})
		w.operator.tail = func(ctx context.Context, send func(string) error) error {
			defer close(ended)
			for {
				select {
				case e := <-next:
					if err := send(e); err != nil {
						return err
					}
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		ctx, cancel := context.WithCancel(identity.AsOperator(t.Context()))
		defer cancel()
		go func() { next <- "first" }() // nothing arrives, not even a header, before the first event
		stream, err := w.peers.Operator().TailEvents(ctx, &portalv1.TailEventsRequest{})
		require.NoError(t, err)
		require.True(t, stream.Receive())
		require.Equal(t, "first", stream.Msg().GetCloudEvent())
		next <- "second"
		require.True(t, stream.Receive())
		require.Equal(t, "second", stream.Msg().GetCloudEvent())

		cancel()
		require.False(t, stream.Receive())
		require.NoError(t, stream.Close())
		<-ended
	})
}

func TestAStreamWithoutAnActorIsRefusedBeforeItLeaves(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		stream, err := w.peers.Operator().TailEvents(t.Context(), &portalv1.TailEventsRequest{})
		if err == nil {
			require.False(t, stream.Receive())
			err = stream.Err()
		}
		require.True(t, rpc.Is(err, connect.CodeUnauthenticated), "%v", err)
	})
}

func TestAServiceWithoutAnAddressSaysWhichSettingIsMissing(t *testing.T) {
	w, _ := newWorld(t)
	w.connect(t, rpc.Addresses{}, http.DefaultTransport)
	err := w.findPerson(as(t.Context(), identity.HR))
	require.True(t, rpc.Is(err, connect.CodeUnavailable))
	require.ErrorContains(t, err, "set JALON_DIRECTORY_URL")
}

func TestAServiceThatIsNotInTheProcessYetIsAnErrorAndLaterIsNot(t *testing.T) {
	w, handlers := newWorld(t)
	inProcess := rpc.NewInProcess(nil)
	w.connect(t, inProcess.Addresses(), inProcess)
	w.directory.find = func(context.Context, string) (*directoryv1.FindPersonResponse, error) {
		return &directoryv1.FindPersonResponse{}, nil
	}
	require.ErrorContains(t, w.findPerson(as(t.Context(), identity.HR)), `no service "directory" in this process`)
	inProcess.Handle("directory", handlers["directory"])
	require.NoError(t, w.findPerson(as(t.Context(), identity.HR)))
}

func TestSpansOfBothSidesBelongTogetherAndTellNothingOfPeople(t *testing.T) {
	eachTransport(t, func(t *testing.T, w *world) {
		t.Helper()
		w.directory.find = func(context.Context, string) (*directoryv1.FindPersonResponse, error) {
			return &directoryv1.FindPersonResponse{}, nil
		}
		require.NoError(t, w.findPerson(as(t.Context(), identity.HR)))
		// The server's span ends after its answer was sent.
		require.Eventually(t, func() bool { return len(w.spans.Ended()) == 2 }, 30*time.Second, time.Millisecond)
		spans := w.spans.Ended()
		require.Equal(t, spans[0].SpanContext().TraceID(), spans[1].SpanContext().TraceID())
		for _, span := range spans {
			require.Empty(t, span.Events())
			for _, kv := range span.Attributes() {
				require.NotContains(t, string(kv.Key), "peer")
				require.NotContains(t, kv.Value.String(), "4711")
				require.NotEqual(t, attribute.Key("client.address"), kv.Key)
			}
		}
	})
}
