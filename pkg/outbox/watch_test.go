package outbox_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/natstest"
	"jalon.dev/pkg/outbox"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

var _ outbox.Streams = (*bus.Bus)(nil)

// mortalBus is a bus whose stream can be lost and whose server can be started again.
type mortalBus struct {
	busStub
	stream, server atomic.Value
}

func newMortalBus() *mortalBus {
	b := &mortalBus{}
	b.stream.Store("stream 1")
	b.server.Store("server 1")
	return b
}

func (b *mortalBus) Incarnation(_ context.Context, service string) (stream, server string, err error) {
	if service != "test" {
		return "", "", event.ErrInvalid
	}
	return b.stream.Load().(string), b.server.Load().(string), nil
}

func (b *mortalBus) times(id string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		if e.ID == id {
			n++
		}
	}
	return n
}

// published puts an event among those that are kept as published.
func published(id string, at time.Time) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "event", Value: fact(id)}, {Key: "kept_at", Value: at}, {Key: "published", Value: true}}
}

func TestWhatTheBusLostIsPublishedAgain(t *testing.T) {
	db, bus := mongotest.Database(t), newMortalBus()
	_, err := db.Collection("events").InsertMany(t.Context(), []any{
		published("old", time.Now().Add(-20*24*time.Hour)), published("recent", time.Now().Add(-time.Second)),
	})
	require.NoError(t, err)
	_, err = db.Collection("relay").InsertOne(t.Context(),
		bson.D{{Key: "_id", Value: "bus"}, {Key: "stream", Value: "stream 1"}, {Key: "server", Value: "server 1"}})
	require.NoError(t, err)
	becomes := func(old, recent int) {
		t.Helper()
		require.Eventually(t, func() bool { return bus.times("old") >= old && bus.times("recent") >= recent }, 20*time.Second, 10*time.Millisecond)
		require.Equal(t, old, bus.times("old"))
		require.Equal(t, recent, bus.times("recent"))
	}

	r := running(t, db, bus)
	record(t, db, fact("new"))
	drained(t, r)
	becomes(0, 0) // the bus is the one that has everything

	bus.server.Store("server 2")
	becomes(0, 1) // its last moments may be missing

	bus.stream.Store("stream 2")
	becomes(1, 2)
	require.Equal(t, 3, bus.times("new"))
}

func TestALossWhileNobodyLookedIsMadeUpFor(t *testing.T) {
	db := mongotest.Database(t)
	before := newMortalBus()
	record(t, db, fact("a"), fact("b"))
	r := outbox.NewRelay(db, before, zaptest.NewLogger(t))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	require.Eventually(t, func() bool {
		n, err := db.Collection("relay").CountDocuments(t.Context(), bson.D{})
		return err == nil && n == 1
	}, 20*time.Second, 10*time.Millisecond)
	stop()
	require.NoError(t, <-done)

	empty := newMortalBus()
	empty.stream.Store("stream 2")
	running(t, db, empty)
	require.Eventually(t, func() bool { return len(empty.ids()) == 2 }, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, []string{"a", "b"}, empty.ids())
}

func TestARealBusThatLostItsDataGetsItBack(t *testing.T) {
	db, server := mongotest.Database(t), natstest.ListeningServer(t)
	connection := server.Connect(t)
	running(t, db, connection)
	ev, err := event.New(t.Context(), "directory", "", noon, &directoryv1.PeopleHired{})
	require.NoError(t, err)
	record(t, db, ev)
	kept := func() bool {
		found := false
		err := connection.Tail(t.Context(), 1, ev.Type, true, func(e event.Event) error { found = e.ID == ev.ID; return nil })
		return err == nil && found
	}
	marked := func() bool {
		n, err := db.Collection("relay").CountDocuments(t.Context(), bson.D{})
		return err == nil && n == 1
	}
	require.Eventually(t, kept, 20*time.Second, 20*time.Millisecond)
	require.Eventually(t, marked, 20*time.Second, 20*time.Millisecond)

	server.Wipe(t)
	require.Eventually(t, kept, 30*time.Second, 20*time.Millisecond)
}
