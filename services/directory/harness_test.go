package directory_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/natstest"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

const patience = time.Minute

// now is a Monday morning, Paris time.
var now = time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)

// installation is directory over a real bus and a real database.
type installation struct {
	db     *mongo.Database
	bus    *bus.Bus
	client directoryv1connect.DirectoryServiceClient
	svc    *directory.Service
}

func install(t *testing.T) *installation {
	t.Helper()
	in := &installation{db: mongotest.Database(t), bus: natstest.Start(t)}
	net := rpc.NewInProcess(nil)
	signer, err := identity.NewSigner([]byte("a key of thirty-two bytes or more"))
	require.NoError(t, err)
	tel, err := telemetry.New(t.Context(), telemetry.Config{Service: "directory"})
	require.NoError(t, err)
	peers, err := rpc.NewPeers(net.Addresses(), net, signer, tel)
	require.NoError(t, err)
	in.client = peers.Directory()
	parts := service.Parts{Name: "directory", DB: in.db, Bus: in.bus, Clock: clock.NewFrozen(now), Log: zap.NewNop(), Signer: signer, Peers: peers, Telemetry: tel}
	in.svc, err = directory.New(parts, directory.DefaultConfig())
	require.NoError(t, err)
	net.Handle("directory", in.svc.Handler())
	require.NoError(t, service.Prepare(t.Context(), parts, in.svc))
	in.run(t)
	return in
}

func (in *installation) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- in.svc.Run(ctx) }()
	var once sync.Once
	t.Cleanup(func() {
		once.Do(func() {
			cancel()
			require.NoError(t, <-ended)
		})
	})
}

// events returns what was published in all, once nothing waits any more.
func (in *installation) events(t *testing.T) []event.Event {
	t.Helper()
	require.Eventually(t, func() bool {
		settled, err := in.svc.Settled(t.Context())
		return err == nil && settled
	}, patience, 10*time.Millisecond)
	var seen []event.Event
	require.NoError(t, in.bus.Tail(t.Context(), 10_000, "", true, func(e event.Event) error {
		seen = append(seen, e)
		return nil
	}))
	return seen
}

// types counts the events by the last word of their type.
func types(events []event.Event) map[string]int {
	count := map[string]int{}
	for _, e := range events {
		count[e.Type[strings.LastIndexByte(e.Type, '.')+1:]]++
	}
	return count
}

func hr(ctx context.Context) context.Context {
	return identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
}

func (in *installation) take(t *testing.T, file string, edit ...func(*directoryv1.ImportPeopleRequest)) *directoryv1.ImportReport {
	t.Helper()
	req := &directoryv1.ImportPeopleRequest{File: []byte(file), FileName: "people.csv"}
	for _, e := range edit {
		e(req)
	}
	res, err := in.client.ImportPeople(hr(t.Context()), req)
	require.NoError(t, err)
	return res.GetReport()
}

func asOf(date string) func(*directoryv1.ImportPeopleRequest) {
	return func(r *directoryv1.ImportPeopleRequest) { r.AsOf = date }
}

const header = "Matricule;Nom;Prénom;E-mail professionnel;Matricule du manager;Établissement;Service;Intitulé du poste;Date d'entrée;Date de sortie\n"

// october has a director and three people; november moves one, ends one, renames one's job and hires one.
const (
	october = header +
		"001;PICARD;Jeanne;jeanne@exemple.fr;;Nantes;Direction;Directrice;16/11/2015;\n" +
		"002;O'BRIEN;Léa;lea@exemple.fr;001;Nantes;Vélo;Vendeuse;14/09/2017;\n" +
		"003;NOËL;Benoît;benoit@exemple.fr;001;Nantes;Vélo;Vendeur;24/08/2020;\n" +
		"004;<b>JOLY</b>;=1+1;;001;Rennes;Vélo;Vendeuse;13/02/2021;\n"
	november = header +
		"001;PICARD;Jeanne;jeanne@exemple.fr;;Nantes;Direction;Directrice;16/11/2015;\n" +
		"002;O'Brien;Léa;lea@exemple.fr;001;Rennes;Vélo;Vendeuse;14/09/2017;\n" +
		"003;NOËL;Benoît;benoit@exemple.fr;001;Nantes;Vélo;Vendeur;24/08/2020;31/10/2026\n" +
		"004;<b>JOLY</b>;=1+1;;001;Rennes;Vélo;Responsable Vélo;13/02/2021;\n" +
		"005;NEUF;Zoé;zoe@exemple.fr;001;Nantes;Vélo;Vendeuse;09/11/2026;\n"
)

// crowd writes a file of n people under one director.
func crowd(n int, job string) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range n {
		boss := "000000"
		if i == 0 {
			boss = ""
		}
		fmt.Fprintf(&b, "%06d;NOM%d;Prénom;p%d@exemple.fr;%s;Magasin %d;Service %d;%s;14/09/2017;\n", i, i, i, boss, i%40, i%7, job)
	}
	return b.String()
}
