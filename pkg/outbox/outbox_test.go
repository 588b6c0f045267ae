package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// aggregate is a document with an outbox, as services have them.
type aggregate struct {
	ID         string `bson:"_id"`
	Version    int64  `bson:"version"`
	outbox.Doc `bson:",inline"`
}

// fact is an event; the relay does not look into it.
func fact(id string) event.Event {
	return event.Event{ID: id, Type: "jalon.test.v1.Happened", Source: "test", Time: noon, Data: []byte(id)}
}

func facts(prefix string, n int) []event.Event {
	out := make([]event.Event, n)
	for i := range out {
		out[i] = fact(fmt.Sprintf("%s-%04d", prefix, i))
	}
	return out
}

// busStub records what was published, and fails as often as it is told.
type busStub struct {
	mu     sync.Mutex
	fail   int
	calls  int
	events []event.Event
}

func (b *busStub) PublishEvents(_ context.Context, events []event.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.fail > 0 {
		b.fail--
		b.events = append(b.events, events[:len(events)/2]...) // some got through before it broke
		return errors.New("bus is away")
	}
	b.events = append(b.events, events...)
	return nil
}

// ids are the published events in the order of their first arrival: consumers know repeated ones.
func (b *busStub) ids() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	seen := map[string]bool{}
	for _, e := range b.events {
		if !seen[e.ID] {
			seen[e.ID] = true
			out = append(out, e.ID)
		}
	}
	return out
}

// running starts a relay and stops it when the test ends.
func running(t *testing.T, db *mongo.Database, pub outbox.Publisher) *outbox.Relay {
	t.Helper()
	r := outbox.NewRelay(db, pub, zaptest.NewLogger(t), "aggregates")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	return r
}

// recorder appends and publishes nothing, as a process that dies at once.
func recorder(db *mongo.Database) *outbox.Relay { return outbox.NewRelay(db, nil, zap.NewNop()) }

// record appends events that their process does not publish.
func record(t *testing.T, db *mongo.Database, events ...event.Event) {
	t.Helper()
	require.NoError(t, recorder(db).Append(t.Context(), events...))
}

func drained(t *testing.T, r *outbox.Relay) {
	t.Helper()
	require.Eventually(t, func() bool {
		n, _, err := r.Pending(t.Context())
		return err == nil && n == 0
	}, 20*time.Second, 10*time.Millisecond)
}

func TestEventsOfADocumentArriveInOrderAndAreTakenOutOfIt(t *testing.T) {
	db, bus := mongotest.Database(t), &busStub{}
	coll := db.Collection("aggregates")
	var want []string
	for d := range 30 {
		doc := aggregate{ID: fmt.Sprint(d), Version: 7}
		require.NoError(t, doc.Record(facts(doc.ID, 1+d)...))
		for _, e := range doc.Events {
			want = append(want, e.ID)
		}
		_, err := coll.InsertOne(t.Context(), doc)
		require.NoError(t, err)
	}
	r := running(t, db, bus)
	drained(t, r)

	require.ElementsMatch(t, want, bus.ids())
	for d := range 30 {
		of := slices.DeleteFunc(bus.ids(), func(id string) bool { return !strings.HasPrefix(id, fmt.Sprint(d)+"-") })
		require.True(t, slices.IsSorted(of), "events of document %d: %v", d, of)
	}
	n, err := coll.CountDocuments(t.Context(), bson.D{{Key: "version", Value: 7}, {Key: "outbox", Value: bson.A{}}})
	require.NoError(t, err)
	require.EqualValues(t, 30, n, "nothing else of the documents changes")
}

func TestAppendedEventsArriveInOrderAndOnlyOnce(t *testing.T) {
	db, bus := mongotest.Database(t), &busStub{}
	all := facts("e", 1200)
	record(t, db, all...)
	r := running(t, db, bus)
	drained(t, r)
	record(t, db, all...)
	r.Wake()
	drained(t, r)

	require.Len(t, bus.events, 1200)
	require.True(t, slices.IsSorted(bus.ids()))
	require.Equal(t, 3, bus.calls, "published in bulk")
}

func TestAWokenRelayPublishesAtOnceAndASleepingOneSoon(t *testing.T) {
	db, bus := mongotest.Database(t), &busStub{}
	r := running(t, db, bus)
	record(t, db, fact("first"))
	drained(t, r) // the relay runs now and rests

	record(t, db, fact("woken"))
	r.Wake()
	drained(t, r)
	record(t, db, fact("swept"))
	drained(t, r)
	require.Equal(t, []string{"first", "woken", "swept"}, bus.ids())
}

func TestNothingIsLostWhileTheBusFails(t *testing.T) {
	db, bus := mongotest.Database(t), &busStub{fail: 2}
	doc := aggregate{ID: "a"}
	require.NoError(t, doc.Record(facts("a", 20)...))
	_, err := db.Collection("aggregates").InsertOne(t.Context(), doc)
	require.NoError(t, err)
	r := running(t, db, bus)

	n, oldest, err := r.Pending(t.Context())
	require.NoError(t, err)
	if n > 0 { // the relay may have been quicker
		require.Equal(t, noon, oldest)
	}
	drained(t, r)
	require.Len(t, bus.ids(), 20)
	require.True(t, slices.IsSorted(bus.ids()))
}

func TestEventsSavedWhilePublishingWaitForTheNextRound(t *testing.T) {
	db := mongotest.Database(t)
	coll := db.Collection("aggregates")
	doc := aggregate{ID: "a"}
	require.NoError(t, doc.Record(fact("one")))
	_, err := coll.InsertOne(t.Context(), doc)
	require.NoError(t, err)

	bus := &busStub{}
	var once sync.Once
	r := running(t, db, publish(func(ctx context.Context, events []event.Event) error {
		once.Do(func() {
			push := bson.D{{Key: "$push", Value: bson.D{{Key: "outbox", Value: fact("two")}}}}
			if _, err := coll.UpdateOne(ctx, bson.D{{Key: "_id", Value: "a"}}, push); err != nil {
				t.Error(err)
			}
		})
		return bus.PublishEvents(ctx, events)
	}))
	drained(t, r)
	require.Equal(t, []string{"one", "two"}, bus.ids())
}

func TestTwoRelaysPublishEverythingAndOneAtATime(t *testing.T) {
	db, first, second := mongotest.Database(t), &busStub{}, &busStub{}
	a, b := running(t, db, first), running(t, db, second)
	for i := range 40 {
		record(t, db, facts(fmt.Sprintf("%02d", i), 10)...)
		a.Wake()
		b.Wake()
	}
	drained(t, a)
	require.Len(t, append(first.ids(), second.ids()...), 400)
	require.True(t, first.calls == 0 || second.calls == 0, "the other relay holds no lease")
}

func TestAStoppedRelaySaysFarewellAndTheNextTakesOver(t *testing.T) {
	db, bus := mongotest.Database(t), &busStub{}
	r := outbox.NewRelay(db, bus, zaptest.NewLogger(t), "aggregates")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	record(t, db, fact("before"))
	drained(t, r)

	record(t, db, fact("last"))
	stop()
	require.NoError(t, <-done)
	require.Equal(t, []string{"before", "last"}, bus.ids(), "what was saved before the end is sent")

	record(t, db, fact("after"))
	began := time.Now()
	drained(t, running(t, db, bus))
	require.Less(t, time.Since(began), 2*time.Second, "without waiting for the lease to run out")
}

func TestPublishedEventsCanBePublishedAgain(t *testing.T) {
	db, bus := mongotest.Database(t), &busStub{}
	doc := aggregate{ID: "a"}
	require.NoError(t, doc.Record(facts("embedded", 3)...))
	_, err := db.Collection("aggregates").InsertOne(t.Context(), doc)
	require.NoError(t, err)
	record(t, db, facts("appended", 700)...)
	drained(t, running(t, db, bus))

	empty := &busStub{}
	again := outbox.NewRelay(db, empty, zaptest.NewLogger(t), "aggregates")
	n, err := again.Republish(t.Context(), time.Now().Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, 703, n)
	require.ElementsMatch(t, bus.ids(), empty.ids())

	n, err = again.Republish(t.Context(), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestEventsAreKeptThirtyDaysAndNeverDeletedUnpublished(t *testing.T) {
	db := mongotest.Database(t)
	old, recent := time.Now().Add(-31*24*time.Hour), time.Now().Add(-29*24*time.Hour)
	_, err := db.Collection("events").InsertMany(t.Context(), []any{
		bson.D{{Key: "_id", Value: "old"}, {Key: "kept_at", Value: old}, {Key: "published", Value: true}},
		bson.D{{Key: "_id", Value: "recent"}, {Key: "kept_at", Value: recent}, {Key: "published", Value: true}},
		bson.D{{Key: "_id", Value: "waiting"}, {Key: "kept_at", Value: old}, {Key: "published", Value: false}, {Key: "event", Value: fact("waiting")}},
	})
	require.NoError(t, err)
	running(t, db, &busStub{})
	require.Eventually(t, func() bool {
		n, err := db.Collection("events").CountDocuments(t.Context(), bson.D{{Key: "_id", Value: "old"}})
		return err == nil && n == 0
	}, 30*time.Second, 10*time.Millisecond)
	n, err := db.Collection("events").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
}

func TestAnOutboxIsBounded(t *testing.T) {
	var doc outbox.Doc
	require.NoError(t, doc.Record(facts("a", outbox.MaxEvents)...))
	require.ErrorIs(t, doc.Record(fact("one more")), outbox.ErrFull)
	require.Len(t, doc.Events, outbox.MaxEvents)

	big := fact("big")
	big.Data = make([]byte, outbox.MaxEventBytes)
	doc = outbox.Doc{}
	require.ErrorIs(t, doc.Record(slices.Repeat([]event.Event{big}, 9)...), outbox.ErrFull)
	require.Empty(t, doc.Events)
	require.NoError(t, doc.Record(big))

	big.Data = make([]byte, outbox.MaxEventBytes+1)
	require.ErrorIs(t, doc.Record(big), outbox.ErrTooBig)
	require.ErrorIs(t, recorder(mongotest.Database(t)).Append(t.Context(), fact("small"), big), outbox.ErrTooBig)
}

// publish is a Publisher made of a function.
type publish func(ctx context.Context, events []event.Event) error

func (p publish) PublishEvents(ctx context.Context, events []event.Event) error {
	return p(ctx, events)
}
