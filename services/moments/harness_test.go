package moments_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
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
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// patience is how long a test waits for what must come; it is never waited out when all is well.
const patience = 3 * time.Minute

// firstOfNovember is a Monday morning, Paris time: 2 November 2026.
var firstOfNovember = time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)

// installation is the service over a real bus and a real database, with a clock that stands still until it is moved.
type installation struct {
	t     *testing.T
	clock *clock.Movable
	db    *mongo.Database
	bus   *bus.Bus
	cfg   moments.Config
	parts service.Parts
	net   *rpc.InProcess

	service *moments.Service
	stop    func()

	mu          sync.Mutex
	events      []event.Event
	asked, shut map[string]int
}

func install(t *testing.T, cfg moments.Config) *installation {
	t.Helper()
	in := &installation{
		t: t, clock: clock.NewFrozen(firstOfNovember), db: mongotest.Database(t), bus: natstest.Start(t), cfg: cfg,
		net: rpc.NewInProcess(nil), asked: map[string]int{}, shut: map[string]int{},
	}
	signer, err := identity.NewSigner([]byte("a key of thirty-two bytes or more"))
	require.NoError(t, err)
	tel, err := telemetry.New(t.Context(), telemetry.Config{Service: "moments"})
	require.NoError(t, err)
	peers, err := rpc.NewPeers(in.net.Addresses(), in.net, signer, tel)
	require.NoError(t, err)
	in.parts = service.Parts{
		Name: "moments", DB: in.db, Bus: in.bus, Clock: in.clock, Log: zap.NewNop(),
		Signer: signer, Peers: peers, Telemetry: tel,
	}
	require.NoError(t, in.bus.EnsureStream(t.Context(), "directory"))
	require.NoError(t, in.bus.EnsureStream(t.Context(), "moments"))
	require.NoError(t, in.bus.EnsureStream(t.Context(), "notifications"))
	in.listen()
	in.start()
	return in
}

// listen notes every event that moments publishes.
func (in *installation) listen() {
	ctx, cancel := context.WithCancel(in.t.Context())
	done := make(chan struct{})
	ready := make(chan struct{})
	var once sync.Once
	go func() {
		defer close(done)
		_ = in.bus.Broadcast(ctx, []string{
			typeOf(&momentsv1.MomentsOpened{}), typeOf(&momentsv1.InvitationsRequested{}), typeOf(&momentsv1.InvitationsClosed{}),
			typeOf(&momentsv1.CampaignTestsDecided{}),
		}, func(ev event.Event, _ bus.Place) {
			if ev.Subject == "knock" {
				once.Do(func() { close(ready) })
				return
			}
			in.mu.Lock()
			defer in.mu.Unlock()
			in.events = append(in.events, ev)
			in.count(ev)
		})
	}()
	in.t.Cleanup(func() {
		cancel()
		<-done
	})
	// Broadcast begins with what is published from its start on: knock until somebody answers.
	knock, err := event.New(in.t.Context(), "moments", "knock", firstOfNovember, &momentsv1.MomentsOpened{})
	require.NoError(in.t, err)
	require.Eventually(in.t, func() bool {
		knock.ID = uuid.NewString()
		require.NoError(in.t, in.bus.PublishEvents(in.t.Context(), []event.Event{knock}))
		select {
		case <-ready:
			return true
		default:
			return false
		}
	}, patience, 20*time.Millisecond)
}

// start starts the service, as a new process would.
func (in *installation) start() {
	in.t.Helper()
	svc, err := moments.New(in.parts, in.cfg)
	require.NoError(in.t, err)
	require.NoError(in.t, svc.Migrate(in.t.Context()))
	in.net.Handle("moments", svc.Handler())
	ctx, cancel := context.WithCancel(context.WithoutCancel(in.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- svc.Run(ctx) }()
	var once sync.Once
	in.stop = func() {
		once.Do(func() {
			cancel()
			require.NoError(in.t, <-ended)
		})
	}
	in.t.Cleanup(in.stop)
	in.service = svc
	require.Eventually(in.t, func() bool { return svc.Ready(ctx) == nil }, patience, 5*time.Millisecond)
}

// tell publishes a directory event.
func (in *installation) tell(msg proto.Message) event.Event {
	in.t.Helper()
	ev, err := event.New(in.t.Context(), "directory", "", in.clock.Now(), msg)
	require.NoError(in.t, err)
	in.publish(ev)
	return ev
}

func (in *installation) publish(ev event.Event) {
	in.t.Helper()
	require.NoError(in.t, in.bus.PublishEvents(in.t.Context(), []event.Event{ev}))
}

// settle waits until everything that was told has had all its effects.
func (in *installation) settle() {
	in.t.Helper()
	require.Eventually(in.t, func() bool {
		heard, err := in.bus.Settled(in.t.Context())
		require.NoError(in.t, err)
		settled, err := in.service.Settled(in.t.Context())
		require.NoError(in.t, err)
		return heard && settled
	}, patience, 10*time.Millisecond)
}

// moveTo moves the clock and waits for what that causes.
func (in *installation) moveTo(when string) {
	in.t.Helper()
	at, err := time.Parse(time.RFC3339, when)
	require.NoError(in.t, err)
	in.clock.Set(at)
	in.settle()
}

// count notes what an event says of invitations.
func (in *installation) count(ev event.Event) {
	var requested momentsv1.InvitationsRequested
	var closed momentsv1.InvitationsClosed
	switch ev.Type {
	case typeOf(&requested):
		if err := ev.Decode(&requested); err != nil {
			in.t.Error(err)
		}
		for _, i := range requested.GetInvitations() {
			in.asked[i.GetPersonId()+" "+i.GetFollowUp()]++
		}
	case typeOf(&closed):
		if err := ev.Decode(&closed); err != nil {
			in.t.Error(err)
		}
		for _, c := range closed.GetInvitations() {
			in.shut[c.GetInvitationId()]++
		}
	}
}

// invitations counts how often each invitation was asked for, by person and follow-up.
func (in *installation) invitations() map[string]int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return maps.Clone(in.asked)
}

// awaitInvitations waits until so many different invitations were asked for.
func (in *installation) awaitInvitations(n int) map[string]int {
	in.t.Helper()
	require.Eventually(in.t, func() bool { return len(in.invitations()) >= n }, patience, 5*time.Millisecond)
	return in.invitations()
}

// closed counts how often each invitation was closed.
func (in *installation) closed() map[string]int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return maps.Clone(in.shut)
}

func (in *installation) client() momentsv1connect.MomentsServiceClient {
	return in.parts.Peers.Moments()
}

func (in *installation) hr() context.Context {
	return identity.NewContext(in.t.Context(), identity.Actor{Roles: []identity.Role{identity.HR}})
}

func (in *installation) as(personID string) context.Context {
	return identity.NewContext(in.t.Context(), identity.Actor{PersonID: personID})
}

// moments lists what HR sees of a person.
func (in *installation) momentsOf(personID string) []*momentsv1.MomentView {
	in.t.Helper()
	res, err := in.client().ListMoments(in.hr(), &momentsv1.ListMomentsRequest{PersonId: personID})
	require.NoError(in.t, err)
	return res.GetMoments()
}

func typeOf(msg proto.Message) string { return string(msg.ProtoReflect().Descriptor().FullName()) }

// Fixed ids make failures readable.
func personID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// employee was hired on a day into a team of a store.
func employee(n int, hiredOn string, path ...string) *directoryv1.Employee {
	if len(path) == 0 {
		path = []string{"company", "store-1"}
	}
	return &directoryv1.Employee{
		Id: personID(n), Version: 1, UnitId: path[len(path)-1], UnitPath: path, Language: "fr", TimeZone: "Europe/Paris",
		HiredOn: hiredOn,
	}
}

func employees(from, n int, hiredOn string, path ...string) []*directoryv1.Employee {
	out := make([]*directoryv1.Employee, n)
	for i := range out {
		out[i] = employee(from+i, hiredOn, path...)
	}
	return out
}
