package barometer_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/natstest"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/services/barometer"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// tuesday is 3 November 2026, 10:00 in Paris.
var tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// directory tells who is there by its snapshot.
type directory struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
	snapshot *directoryv1.SnapshotResponse
}

func (d directory) Snapshot(context.Context, *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	return d.snapshot, nil
}

// access is whom the portal has roles of.
type access struct {
	portalv1connect.UnimplementedAccessServiceHandler
	held []*portalv1.RoleHeld
}

func (a *access) ListRoles(context.Context, *portalv1.ListRolesRequest) (*portalv1.ListRolesResponse, error) {
	return &portalv1.ListRolesResponse{Roles: a.held}, nil
}

type world struct {
	t       *testing.T
	access  *access
	parts   service.Parts
	clock   *clock.Movable
	service *barometer.Service
}

func start(t *testing.T, snapshot *directoryv1.SnapshotResponse, change ...func(*service.Parts)) world {
	t.Helper()
	signer, err := identity.NewSigner([]byte("a key that only this test ever signs with"))
	require.NoError(t, err)
	near := rpc.NewInProcess(nil)
	peers, err := rpc.NewPeers(near.Addresses(), near, signer, telemetry.Nothing())
	require.NoError(t, err)
	w := world{t: t, access: &access{}, clock: clock.NewFrozen(tuesday), parts: service.Parts{
		Name: "barometer", DB: mongotest.Database(t), Bus: natstest.Start(t), Log: zap.NewNop(),
		Signer: signer, Peers: peers, Telemetry: telemetry.Nothing(),
	}}

	w.parts.Clock = w.clock
	for _, f := range change {
		f(&w.parts)
	}

	neighbour := func(name string) connect.HandlerOption {
		parts := w.parts
		parts.Name = name
		options, err := parts.HandlerOptions()
		require.NoError(t, err)
		return connect.WithHandlerOptions(options...)
	}
	serve := func(name, path string, handler http.Handler) {
		mux := http.NewServeMux()
		mux.Handle(path, handler)
		near.Handle(name, mux)
	}
	path, handler := directoryv1connect.NewDirectoryServiceHandler(directory{snapshot: snapshot}, neighbour("directory"))
	serve("directory", path, handler)
	path, handler = portalv1connect.NewAccessServiceHandler(w.access, neighbour("portal"))
	serve("portal", path, handler)

	s, err := barometer.New(w.parts, barometer.Config{Keys: "a master key that only this test ever seals with"})
	require.NoError(t, err)
	w.service = s
	require.NoError(t, service.Prepare(t.Context(), w.parts, s))
	near.Handle("barometer", s.Handler())
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	require.Eventually(t, func() bool { return s.Ready(ctx) == nil }, 20*time.Second, 5*time.Millisecond)
	require.Eventually(t, func() bool {
		n, err := people.NewRegister(w.parts.DB).Count(ctx)
		return err == nil && n == len(snapshot.GetPeople())
	}, 20*time.Second, 5*time.Millisecond)
	return w
}

func (w world) publish(messages ...proto.Message) {
	w.t.Helper()
	var events []event.Event
	for _, msg := range messages {
		ev, err := event.New(w.t.Context(), "directory", "", tuesday, msg)
		require.NoError(w.t, err)
		events = append(events, ev)
	}
	require.NoError(w.t, w.parts.Bus.PublishEvents(w.t.Context(), events))
	require.Eventually(w.t, func() bool {
		quiet, err := w.parts.Bus.Settled(w.t.Context())
		return err == nil && quiet
	}, 20*time.Second, 5*time.Millisecond)
}

func (w world) cells() *barometerv1.ListCellsResponse {
	w.t.Helper()
	hr := identity.NewContext(w.t.Context(), identity.Actor{PersonID: uuid.NewString(), Roles: []identity.Role{identity.HR}})
	res, err := w.parts.Peers.Barometer().ListCells(hr, &barometerv1.ListCellsRequest{})
	require.NoError(w.t, err)
	return res
}

// Two stores of a company; the smaller one has a team.
func units() *directoryv1.UnitsChanged {
	return &directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "co", Version: 1, Name: "Exemple Sport", Kind: "company"},
		{Id: "nantes", Version: 1, Name: "Nantes", Kind: "store", ParentId: "co"},
		{Id: "vitre", Version: 1, Name: "Vitré", Kind: "store", ParentId: "co"},
		{Id: "velo", Version: 1, Name: "Vélo", Kind: "team", ParentId: "vitre"},
	}}
}

// company is a snapshot of Nantes and Vitré; four of the latter are the team Vélo. Their ids follow from their places.
func company(nantes, vitre int) *directoryv1.SnapshotResponse {
	res := &directoryv1.SnapshotResponse{Units: units().GetUnits()}
	add := func(unit string, people []*directoryv1.Employee) {
		for i, p := range people {
			p.Id = event.ID(unit, fmt.Sprint(i))
			res.People = append(res.People, p)
		}
	}
	add("nantes", staff(nantes, "co", "nantes"))
	add("vitre", staff(vitre-4, "co", "vitre"))
	add("velo", staff(4, "co", "vitre", "velo"))
	return res
}

func (w world) nantes(i int) string { return event.ID("nantes", fmt.Sprint(i)) }
func (w world) vitre(i int) string  { return event.ID("vitre", fmt.Sprint(i)) }
func (w world) velo() string        { return event.ID("velo", "0") }

func staff(n int, path ...string) []*directoryv1.Employee {
	people := make([]*directoryv1.Employee, n)
	for i := range people {
		people[i] = &directoryv1.Employee{
			Id: uuid.NewString(), Version: 1, UnitId: path[len(path)-1], UnitPath: path, TimeZone: "Europe/Paris", HiredOn: "2020-01-06",
		}
	}
	return people
}

func summary(res *barometerv1.ListCellsResponse) (out []string) {
	for _, c := range res.GetCells() {
		line := fmt.Sprintf("%s %d", c.GetUnitName(), c.GetEligible())
		for _, m := range c.GetMerged() {
			line += " +" + m.GetUnitName()
		}
		out = append(out, line)
	}
	return out
}

func TestCellsFollowTheOrganisation(t *testing.T) {
	w := start(t, &directoryv1.SnapshotResponse{})
	team := staff(9, "co", "vitre", "velo")
	w.publish(
		&directoryv1.PeopleRegistered{People: staff(14, "co", "nantes")},
		&directoryv1.PeopleHired{People: append(staff(6, "co", "vitre"), team...)},
		units(),
	)
	res := w.cells()
	require.Equal(t, []string{"Nantes 14", "Vitré 15 +Vélo"}, summary(res))
	require.EqualValues(t, 29, res.GetEligible())
	require.EqualValues(t, 10, res.GetMinimum())
	require.Equal(t, []string{"co", "vitre"}, res.GetCells()[1].GetUnitPath())

	// Somebody joins the team: it is a cell of its own, and the store's six go to the company, which takes it in.
	w.publish(&directoryv1.PeopleHired{People: staff(1, "co", "vitre", "velo")})
	require.Equal(t, []string{"Exemple Sport 16 +Vitré +Vélo", "Nantes 14"}, summary(w.cells()))

	// Somebody leaves it today, another left yesterday.
	team[0].Version, team[0].LeftOn = 2, "2026-11-03"
	team[1].Version, team[1].LeftOn = 2, "2026-11-02"
	w.publish(&directoryv1.PeopleLeft{People: team[:2]})
	require.Equal(t, []string{"Nantes 14", "Vitré 15 +Vélo"}, summary(w.cells()))
}

func TestPeopleWhoWereThereBeforeTheServiceCount(t *testing.T) {
	w := start(t, &directoryv1.SnapshotResponse{People: staff(11, "co", "nantes"), Units: units().GetUnits()})
	require.Eventually(t, func() bool { return len(w.cells().GetCells()) == 1 }, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, []string{"Nantes 11"}, summary(w.cells()))
}

func TestACompanyOfFewIsToldThatItIsTooSmallAndNoNumber(t *testing.T) {
	w := start(t, &directoryv1.SnapshotResponse{})
	w.publish(&directoryv1.PeopleRegistered{People: staff(9, "co", "nantes")}, units())
	res := w.cells()
	require.True(t, res.GetTooFew())
	require.Empty(t, res.GetCells())
	require.Zero(t, res.GetEligible())
}

func TestOnlyHRSeesCells(t *testing.T) {
	w := start(t, &directoryv1.SnapshotResponse{})
	somebody := identity.NewContext(t.Context(), identity.Actor{PersonID: uuid.NewString()})
	_, err := w.parts.Peers.Barometer().ListCells(somebody, &barometerv1.ListCellsRequest{})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
}
