package notifications_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap/zaptest"
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
	"jalon.dev/services/notifications"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// tuesday is 3 November 2026, 10:00 in Paris: the gate is open.
var tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// patience is how long a test waits for what must come.
const patience = time.Minute

// world is a running service with what surrounds it, at a time that stands still.
type world struct {
	t       *testing.T
	db      *mongo.Database
	server  *natstest.TestServer
	bus     *bus.Bus
	clock   *clock.Movable
	parts   service.Parts
	service *notifications.Service
	peers   rpc.Peers

	mu     sync.Mutex
	shown  []string // invitations, in the order in which the bus told of them
	remind []string
	closed []string
	events map[string]bool // ids of the events that told
}

// emptyDirectory knows nobody: tests tell of people by events.
type emptyDirectory struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
}

func (emptyDirectory) Snapshot(context.Context, *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	return &directoryv1.SnapshotResponse{}, nil
}

// GetContacts gives everybody a mailbox.
func (emptyDirectory) GetContacts(_ context.Context, req *directoryv1.GetContactsRequest) (*directoryv1.GetContactsResponse, error) {
	res := &directoryv1.GetContactsResponse{}
	for _, id := range req.GetIds() {
		res.Contacts = append(res.Contacts, &directoryv1.Contact{PersonId: id, GivenName: "Ada", FamilyName: "L", Email: id + "@example.com", Language: "fr"})
	}
	return res, nil
}

func start(t *testing.T, cfg notifications.Config) *world {
	t.Helper()
	w := &world{t: t, db: mongotest.Database(t), server: natstest.Server(t), clock: clock.NewFrozen(tuesday), events: map[string]bool{}}
	w.bus = w.server.Connect(t)
	signer, err := identity.NewSigner([]byte("a key that only this test ever signs with"))
	require.NoError(t, err)

	near := rpc.NewInProcess(nil)
	w.peers, err = rpc.NewPeers(near.Addresses(), near, signer, telemetry.Nothing())
	require.NoError(t, err)
	w.parts = service.Parts{
		Name: "notifications", DB: w.db, Bus: w.bus, Clock: w.clock, Log: zaptest.NewLogger(t),
		Signer: signer, Peers: w.peers, Telemetry: telemetry.Nothing(),
	}
	directory := w.parts
	directory.Name = "directory"
	options, err := directory.HandlerOptions()
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle(directoryv1connect.NewDirectoryServiceHandler(emptyDirectory{}, options...))
	near.Handle("directory", mux)

	w.listen()
	w.service = w.replica(cfg)
	near.Handle("notifications", w.service.Handler())
	return w
}

// replica runs one more of the service on the same database and bus.
func (w *world) replica(cfg notifications.Config) *notifications.Service {
	w.t.Helper()
	s, err := notifications.New(w.parts, cfg)
	require.NoError(w.t, err)
	require.NoError(w.t, service.Prepare(w.t.Context(), w.parts, s))
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		require.NoError(w.t, <-ended)
	})
	w.eventually("the service to be ready", func() bool { return s.Ready(ctx) == nil })
	return s
}

// listen notes what the service tells of prompts.
func (w *world) listen() {
	require.NoError(w.t, w.bus.EnsureStream(w.t.Context(), "notifications"))
	listener, err := w.bus.NewRouter("listener")
	require.NoError(w.t, err)
	bus.Handle(listener, "shown", func(_ context.Context, ev event.Event, msg *notificationsv1.PromptsShown) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, p := range msg.GetPrompts() {
			if p.GetReminder() {
				w.remind = append(w.remind, p.GetInvitationId())
			} else {
				w.shown = append(w.shown, p.GetInvitationId())
			}
		}
		w.events[ev.ID] = true
		return nil
	})
	bus.Handle(listener, "closed", func(_ context.Context, ev event.Event, msg *notificationsv1.PromptsClosed) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, p := range msg.GetPrompts() {
			w.closed = append(w.closed, p.GetInvitationId())
		}
		w.events[ev.ID] = true
		return nil
	})
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- listener.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		require.NoError(w.t, <-ended)
	})
	<-listener.Running()
}

func (w *world) eventually(what string, condition func() bool) {
	w.t.Helper()
	require.Eventually(w.t, condition, patience, 5*time.Millisecond, "waiting for %s", what)
}

// publish sends events as another service would, and waits until everything they cause is done.
func (w *world) publish(source string, messages ...proto.Message) {
	w.t.Helper()
	events := make([]event.Event, len(messages))
	for i, msg := range messages {
		var err error
		events[i], err = event.New(w.t.Context(), source, "", w.clock.Now(), msg)
		require.NoError(w.t, err)
	}
	require.NoError(w.t, w.bus.PublishEvents(w.t.Context(), events))
	w.settle()
}

// forget makes the bus forget what the service has handled of the stream: all of it is delivered again.
func (w *world) forget(stream, durable string) {
	w.t.Helper()
	nc, err := nats.Connect("", nats.InProcessServer(w.server))
	require.NoError(w.t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(w.t, err)
	require.NoError(w.t, js.DeleteConsumer(w.t.Context(), stream, durable))
	w.eventually("the durable to be made again", func() bool {
		consumer, err := js.Consumer(w.t.Context(), stream, durable)
		return err == nil && consumer.CachedInfo().NumPending == 0 && consumer.CachedInfo().NumAckPending == 0
	})
	w.settle()
}

// settle waits until nobody has anything left to do.
func (w *world) settle() {
	w.t.Helper()
	w.eventually("everything to settle", func() bool {
		for range 2 { // the second look sees what was handed on between the two parts of the first
			quiet, err := w.bus.Settled(w.t.Context())
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

// move moves the clock on to the instant and waits for what becomes due.
func (w *world) move(to time.Time) {
	w.t.Helper()
	w.clock.Set(to)
	w.settle()
}

// hire makes people known.
func (w *world) hire(change func(*directoryv1.Employee), ids ...string) {
	w.t.Helper()
	for some := range slices.Chunk(ids, 1000) {
		hired := &directoryv1.PeopleHired{AsOf: "2026-11-01"}
		for _, id := range some {
			e := &directoryv1.Employee{
				Id: id, Version: 1, UnitId: "store", UnitPath: []string{"company", "store"},
				Language: "fr", TimeZone: "Europe/Paris", HiredOn: "2026-10-01",
			}
			change(e)
			hired.People = append(hired.People, e)
		}
		w.publish("directory", hired)
	}
}

func asIs(*directoryv1.Employee) {}

// invite returns an invitation for each person, to be requested; they expire in two weeks.
func (w *world) invite(people ...string) *momentsv1.InvitationsRequested {
	msg := &momentsv1.InvitationsRequested{}
	for _, person := range people {
		msg.Invitations = append(msg.Invitations, &momentsv1.Invitation{
			Id: uuid.NewString(), PersonId: person, MomentId: uuid.NewString(), KeyMoment: "onboarding", FollowUp: "day_7",
			ExpiresAt: w.clock.Now().AddDate(0, 0, 14).Format(time.RFC3339),
		})
	}
	return msg
}

func closing(msg *momentsv1.InvitationsRequested) *momentsv1.InvitationsClosed {
	closed := &momentsv1.InvitationsClosed{}
	for _, i := range msg.GetInvitations() {
		closed.Invitations = append(closed.Invitations,
			&momentsv1.InvitationsClosed_Closed{InvitationId: i.GetId(), PersonId: i.GetPersonId()})
	}
	return closed
}

// told returns what the bus told of so far.
func (w *world) told() (shown, closed []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.shown), slices.Clone(w.closed)
}

// reminded returns the reminders that the bus told of so far.
func (w *world) reminded() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.remind)
}

func (w *world) as(personID string, roles ...identity.Role) context.Context {
	return identity.NewContext(w.t.Context(), identity.Actor{PersonID: personID, Roles: roles})
}

// prompts returns the invitations that the person sees.
func (w *world) prompts(personID string) []string {
	w.t.Helper()
	res, err := w.peers.Notifications().ListPrompts(w.as(personID), &notificationsv1.ListPromptsRequest{PersonId: personID})
	require.NoError(w.t, err)
	var ids []string
	for _, p := range res.GetPrompts() {
		ids = append(ids, p.GetInvitationId())
	}
	return ids
}

// why returns the message of the invitation as the person is told of it.
func (w *world) why(personID, invitationID string) *notificationsv1.Message {
	w.t.Helper()
	res, err := w.peers.Notifications().ExplainMessages(w.as(personID),
		&notificationsv1.ExplainMessagesRequest{PersonId: personID, InvitationId: invitationID})
	require.NoError(w.t, err)
	require.Len(w.t, res.GetMessages(), 1)
	return res.GetMessages()[0]
}
