package interviews_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/natstest"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/services/interviews"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// tuesday is 3 November 2026, 10:00 in Paris.
var tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

const masterKey = "a master key that only this test ever seals with"

// directory tells who was there before by its snapshot.
type directory struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
	people []*directoryv1.Employee
}

func (d directory) Snapshot(context.Context, *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	return &directoryv1.SnapshotResponse{People: d.people}, nil
}

// world is a running service with what surrounds it, at a time that stands still.
type world struct {
	t       *testing.T
	parts   service.Parts
	service *interviews.Service
	clock   *clock.Movable
	logs    *observer.ObservedLogs
	spans   *tracetest.SpanRecorder

	mu    sync.Mutex
	talks []*interviewsv1.Talk // as the bus told of them
	heard []proto.Message      // everything else that the bus told
}

func start(t *testing.T, before []*directoryv1.Employee) *world {
	t.Helper()
	signer, err := identity.NewSigner([]byte("a key that only this test ever signs with"))
	require.NoError(t, err)
	near := rpc.NewInProcess(nil)
	core, logs := observer.New(zapcore.DebugLevel)
	spans, traced := tracetest.NewSpanRecorder(), telemetry.Nothing()
	traced.Tracers = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	peers, err := rpc.NewPeers(near.Addresses(), near, signer, traced)
	require.NoError(t, err)
	now := clock.NewFrozen(tuesday)
	w := &world{t: t, clock: now, logs: logs, spans: spans, parts: service.Parts{
		Name: "interviews", DB: mongotest.Database(t), Bus: natstest.Start(t), Clock: now, Log: zap.New(core),
		Signer: signer, Peers: peers, Telemetry: traced,
	}}

	neighbour := w.parts
	neighbour.Name = "directory"
	options, err := neighbour.HandlerOptions()
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle(directoryv1connect.NewDirectoryServiceHandler(directory{people: before}, options...))
	near.Handle("directory", mux)

	w.service, err = interviews.New(w.parts, interviews.Config{Keys: masterKey})
	require.NoError(t, err)
	require.NoError(t, service.Prepare(t.Context(), w.parts, w.service))
	near.Handle("interviews", w.service.Handler())

	listener, err := w.parts.Bus.NewRouter("listener")
	require.NoError(t, err)
	bus.Handle(listener, "planned", func(_ context.Context, _ event.Event, msg *interviewsv1.TalksPlanned) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.talks = append(w.talks, msg.GetTalks()...)
		return nil
	})
	hear(w, listener, "cancelled", &interviewsv1.TalksCancelled{})
	hear(w, listener, "delicate-planned", &interviewsv1.DelicateTalksPlanned{})
	hear(w, listener, "delicate-cancelled", &interviewsv1.DelicateTalksCancelled{})
	hear(w, listener, "held", &interviewsv1.TalksHeld{})
	hear(w, listener, "delicate-held", &interviewsv1.DelicateTalksHeld{})
	hear(w, listener, "contested", &interviewsv1.TalksContested{})
	hear(w, listener, "reminders", &interviewsv1.RemindersRequested{})
	hear(w, listener, "reminders-closed", &interviewsv1.RemindersClosed{})
	hear(w, listener, "audit", &interviewsv1.AuditDue{})
	w.run(listener.Run)
	<-listener.Running()
	w.run(w.service.Run)
	w.eventually("the service to be ready", func() bool { return w.service.Ready(t.Context()) == nil })
	w.eventually("those who were there before to be planned", func() bool {
		n, err := w.parts.DB.Collection("planning").CountDocuments(t.Context(), bson.D{{Key: "_id", Value: "snapshot"}})
		return err == nil && n == 1
	})
	return w
}

// hear keeps what the bus tells of a type.
func hear[M proto.Message](w *world, router *bus.Router, name string, _ M) {
	bus.Handle(router, name, func(_ context.Context, _ event.Event, msg M) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.heard = append(w.heard, msg)
		return nil
	})
}

// heardOf returns what the bus told of a type.
func heardOf[M proto.Message](w *world) (messages []M) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, msg := range w.heard {
		if m, ok := msg.(M); ok {
			messages = append(messages, m)
		}
	}
	return messages
}

// advance moves the clock and waits until what came due is done.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	w.settle()
}

func (w *world) run(run func(context.Context) error) {
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		require.NoError(w.t, <-ended)
	})
}

func (w *world) eventually(what string, condition func() bool) {
	w.t.Helper()
	require.Eventually(w.t, condition, 20*time.Second, 5*time.Millisecond, "waiting for %s", what)
}

func (w *world) publish(messages ...proto.Message) {
	w.t.Helper()
	var events []event.Event
	for _, msg := range messages {
		ev, err := event.New(w.t.Context(), "directory", "", w.clock.Now(), msg)
		require.NoError(w.t, err)
		events = append(events, ev)
	}
	require.NoError(w.t, w.parts.Bus.PublishEvents(w.t.Context(), events))
	w.settle()
}

func (w *world) settle() {
	w.t.Helper()
	w.eventually("everything to settle", func() bool {
		for range 2 { // the second look sees what was handed on between the two parts of the first
			quiet, err := w.parts.Bus.Settled(w.t.Context())
			if err != nil || !quiet {
				return false
			}
			done, err := w.service.Settled(w.t.Context())
			if err != nil || !done {
				return false
			}
		}
		return true
	})
}

func (w *world) told() []*interviewsv1.Talk {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.talks)
}

func (w *world) as(personID string, roles ...identity.Role) context.Context {
	return identity.NewContext(w.t.Context(), identity.Actor{PersonID: personID, Roles: roles})
}

// next returns the next talk of the employee as the asker sees it; nil for none.
func (w *world) next(asker, employeeID string, roles ...identity.Role) *interviewsv1.Talk {
	w.t.Helper()
	res, err := w.parts.Peers.Interviews().GetNextTalk(w.as(asker, roles...), &interviewsv1.GetNextTalkRequest{EmployeeId: employeeID})
	require.NoError(w.t, err)
	return res.GetTalk()
}

func (w *world) list(asker, managerID string, roles ...identity.Role) []*interviewsv1.Talk {
	w.t.Helper()
	res, err := w.parts.Peers.Interviews().ListTalks(w.as(asker, roles...), &interviewsv1.ListTalksRequest{ManagerId: managerID})
	require.NoError(w.t, err)
	return res.GetTalks()
}

func bySoonest(x, y *interviewsv1.Talk) int {
	return strings.Compare(x.GetPlannedOn(), y.GetPlannedOn())
}

func employee(managerID string) *directoryv1.Employee {
	return &directoryv1.Employee{
		Id: uuid.NewString(), Version: 1, UnitId: "store", UnitPath: []string{"company", "store"}, ManagerId: managerID,
		Language: "fr", TimeZone: "Europe/Paris", HiredOn: "2020-01-06",
	}
}
