package service

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/natstest"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// probe is a service that notes what happens to it.
type probe struct {
	parts  Parts
	broken error

	mu    sync.Mutex
	lines []string
}

func (p *probe) note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, line)
}

func (p *probe) noted() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.lines...)
}

func (p *probe) build(parts Parts) (Service, error) {
	p.parts = parts
	return p, nil
}

func (p *probe) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
}

func (p *probe) Migrate(context.Context) error {
	p.note("migrated")
	return nil
}

// Run relays one event after its context ended, as a service does with what is pending: bus and database are still there.
func (p *probe) Run(ctx context.Context) error {
	if p.broken != nil {
		return p.broken
	}
	<-ctx.Done()
	ctx = context.WithoutCancel(ctx)
	hired, err := event.New(ctx, "directory", "imports", time.Now(), &directoryv1.PeopleHired{})
	if err != nil {
		return err
	}
	if err := p.parts.Bus.PublishEvents(ctx, []event.Event{hired}); err != nil {
		return err
	}
	if _, err := p.parts.DB.Collection("relayed").InsertOne(ctx, bson.D{{Key: "_id", Value: hired.ID}}); err != nil {
		return err
	}
	p.note("relayed")
	return nil
}

func (p *probe) Ready(context.Context) error           { return nil }
func (p *probe) Settled(context.Context) (bool, error) { return true, nil }

// database is the test's own; leaving it is noted, as the last thing that happens to the service.
func (p *probe) database(t *testing.T) (name string, connect dial) {
	t.Helper()
	db := mongotest.Database(t)
	return db.Name(), func(context.Context, string, string) (*mongo.Client, func(context.Context) error, error) {
		return db.Client(), func(context.Context) error { p.note("left the database"); return nil }, nil
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

func environ(nats, database, addr string) []string {
	return []string{
		"JALON_ADDR=" + addr, "JALON_SERVICE_KEY=" + strings.Repeat("k", 32), "JALON_LOG_LEVEL=error",
		"NATS_URL=" + nats, "MONGODB_URI=mongodb://in-memory", "JALON_DATABASE=" + database,
	}
}

func TestAProcessServesUntilItIsAskedToStopAndStopsInOrder(t *testing.T) {
	var p probe
	addr := freeAddress(t)
	name, connect := p.database(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	metrics := freeAddress(t)
	env := append(environ(natstest.ListeningServer(t).URL(), name, addr), "JALON_METRICS_ADDR="+metrics)
	ended := make(chan error, 1)
	go func() { ended <- command(ctx, "directory", nil, env, p.build, connect) }()

	c := client(t)
	for _, address := range []string{addr + "/readyz", metrics + "/metrics"} { // which open one after the other
		require.Eventually(t, func() bool {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address, nil)
			require.NoError(t, err)
			res, err := c.Do(req)
			if err != nil {
				return false
			}
			return res.Body.Close() == nil && res.StatusCode == http.StatusOK
		}, 20*time.Second, 20*time.Millisecond)
	}

	for address, content := range map[string]string{
		addr + "/": "hello", addr + "/healthz": "alive", addr + "/metrics": "hello", metrics + "/metrics": "go_goroutines",
	} {
		res := get(t, c, "http://"+address)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Contains(t, string(body), content)
	}

	cancel()
	require.NoError(t, <-ended)
	require.Equal(t, []string{"migrated", "relayed", "left the database"}, p.noted())
}

func TestMigrateMigratesAndEnds(t *testing.T) {
	var p probe
	name, connect := p.database(t)
	env := environ(natstest.ListeningServer(t).URL(), name, "127.0.0.1:0")
	require.NoError(t, command(t.Context(), "directory", []string{"migrate"}, env, p.build, connect))
	require.Equal(t, []string{"migrated", "left the database"}, p.noted())
}

func TestWithAutomaticMigrationOffServingChangesNothing(t *testing.T) {
	p := probe{broken: errors.New("enough")}
	name, connect := p.database(t)
	env := append(environ(natstest.ListeningServer(t).URL(), name, "127.0.0.1:0"), "JALON_AUTO_MIGRATE=false")
	require.Error(t, command(t.Context(), "directory", []string{"serve"}, env, p.build, connect))
	require.Equal(t, []string{"left the database"}, p.noted())
}

func TestAServiceThatFailsEndsTheProcessAndIsNamed(t *testing.T) {
	p := probe{broken: errors.New("no more leases")}
	name, connect := p.database(t)
	env := environ(natstest.ListeningServer(t).URL(), name, "127.0.0.1:0")
	require.EqualError(t, command(t.Context(), "directory", nil, env, p.build, connect), "directory: no more leases")
	require.Equal(t, []string{"migrated", "left the database"}, p.noted())
}

func TestAServiceThatCannotBeBuiltClosesWhatWasOpened(t *testing.T) {
	var p probe
	name, connect := p.database(t)
	env := environ(natstest.ListeningServer(t).URL(), name, "127.0.0.1:0")
	unbuildable := func(Parts) (Service, error) { return nil, errors.New("no catalogue") }
	require.ErrorContains(t, command(t.Context(), "moments", nil, env, unbuildable, connect), "no catalogue")
	require.Equal(t, []string{"left the database"}, p.noted())
}

func TestAnUnusableConfigurationIsToldAtOnce(t *testing.T) {
	err := Command(t.Context(), "moments", nil, []string{"JALON_SERVICE_KEY=short", "JALON_DIRECTORY_URL=directory:8080"}, nil)
	for _, problem := range []string{
		"MONGODB_URI is not set", "NATS_URL is not set", "JALON_SERVICE_KEY: has 5 bytes",
		"JALON_DIRECTORY_URL: must look like http://directory:8080",
	} {
		require.ErrorContains(t, err, "\n  - "+problem)
	}
}

func TestAnUnknownCommandShowsTheUsage(t *testing.T) {
	require.EqualError(t, Command(t.Context(), "moments", []string{"fly"}, nil, nil), "usage: moments [serve|migrate]")
}
