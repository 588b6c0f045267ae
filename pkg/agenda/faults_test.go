package agenda_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
)

func TestAHandlerThatBreaksHalfWayIsCalledAgain(t *testing.T) {
	db, c := mongotest.Database(t), clock.NewFrozen(monday)
	world, calls := db.Collection("world"), 0
	a := newAgenda(t, db, c, func(ctx context.Context, _ time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		calls++
		written := items
		if calls < 3 {
			written = items[:len(items)/2]
		}
		var docs []any
		for _, i := range written {
			docs = append(docs, bson.D{{Key: "_id", Value: "effect of " + i.ID}})
		}
		if _, err := mongodb.InsertNew(ctx, world, docs); err != nil {
			return nil, err
		}
		if calls < 3 {
			return nil, errors.New("crashed after half of the writes")
		}
		return agenda.DoneAll(items), nil
	})
	for i := range 100 {
		require.NoError(t, a.Schedule(t.Context(), item(fmt.Sprint(i), monday)))
	}
	running(t, a)
	settled(t, a)
	n, err := world.CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.EqualValues(t, 100, n)
}

func TestOutcomesBesideAnErrorCount(t *testing.T) {
	did := &effects{}
	a := newAgenda(t, mongotest.Database(t), clock.NewFrozen(monday), func(_ context.Context, _ time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		did.add(items[0])
		return agenda.DoneAll(items[:1]), errors.New("the others later")
	})
	for i := range 4 {
		require.NoError(t, a.Schedule(t.Context(), item(fmt.Sprint(i), monday)))
	}
	running(t, a)
	settled(t, a)
	require.Len(t, did.count, 4)
	require.Len(t, did.ids(), 4, "and are not asked for again")
}

func TestAPoisonedItemIsIsolatedAndMarkedAndBlocksNobody(t *testing.T) {
	for name, poison := range map[string]func() ([]agenda.Outcome, error){
		"error":           func() ([]agenda.Outcome, error) { return nil, errors.New("poisoned") },
		"panic":           func() ([]agenda.Outcome, error) { panic("poisoned") },
		"foreign outcome": func() ([]agenda.Outcome, error) { return []agenda.Outcome{agenda.Done("poisoned")}, nil },
		"past postponement": func() ([]agenda.Outcome, error) {
			return []agenda.Outcome{agenda.Postpone("7", monday, "to where it is")}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, did := clock.NewFrozen(monday), &effects{}
			broken := atomic.Bool{}
			broken.Store(true)
			handle := func(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
				for _, i := range items {
					if i.ID == "7" && broken.Load() {
						return poison()
					}
				}
				return did.handle(ctx, now, items)
			}
			a := newAgenda(t, mongotest.Database(t), c, handle, agenda.Batch(16), agenda.Attempts(2))
			for i := range 40 {
				require.NoError(t, a.Schedule(t.Context(), item(fmt.Sprint(i), monday)))
			}
			running(t, a)
			settled(t, a)
			require.Len(t, did.ids(), 39, "every other item is done, once")
			got := state(t, a, "7")
			require.Equal(t, agenda.StateWaiting, got.State)
			require.Equal(t, 1, got.Attempts)
			require.True(t, got.Wake.After(monday), "it rests by the injected clock")

			c.Advance(time.Hour)
			require.Eventually(t, func() bool { return state(t, a, "7").State == agenda.StateFailed }, 30*time.Second, 5*time.Millisecond)
			require.NotEmpty(t, state(t, a, "7").Reason, "says why")

			broken.Store(false)
			require.NoError(t, a.Retry(t.Context(), "7"))
			settled(t, a)
			require.Len(t, did.ids(), 40)
			require.Equal(t, agenda.StateDone, state(t, a, "7").State)
			require.Empty(t, state(t, a, "7").Reason)
		})
	}
}

func TestTwoReplicasDoEachThingOnce(t *testing.T) {
	db, c, did := mongotest.Database(t), clock.NewFrozen(monday), &effects{}
	a := newAgenda(t, db, c, did.handle, agenda.Batch(50))
	b := newAgenda(t, db, c, did.handle, agenda.Batch(50))
	running(t, a)
	running(t, b)
	for i := range 20 {
		var items []agenda.Item
		for j := range 50 {
			items = append(items, item(fmt.Sprintf("%d-%d", i, j), monday.Add(time.Duration(i)*time.Hour)))
		}
		require.NoError(t, b.Schedule(t.Context(), items...))
		c.Advance(time.Hour)
	}
	settled(t, a)
	require.Len(t, did.count, 1000)
	require.Len(t, did.ids(), 1000)
}

func TestTheNextReplicaTakesOverAtOnceFromOneThatStops(t *testing.T) {
	db, c, did := mongotest.Database(t), clock.NewFrozen(monday), &effects{}
	started, finish := make(chan struct{}), make(chan struct{})
	a := newAgenda(t, db, c, func(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		close(started)
		<-finish
		require.NoError(t, ctx.Err(), "the batch in hand is finished")
		return did.handle(ctx, now, items)
	})
	require.NoError(t, a.Schedule(t.Context(), item("in hand", monday)))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	<-started
	b := running(t, newAgenda(t, db, c, did.handle))
	require.NoError(t, b.Schedule(t.Context(), item("next", monday)))
	stop()
	close(finish)
	require.NoError(t, <-done)
	settled(t, b)
	require.ElementsMatch(t, []string{"in hand", "next"}, did.ids())
	require.Equal(t, agenda.StateDone, state(t, b, "in hand").State)
}

func TestAZombieChangesNothing(t *testing.T) {
	db, c := mongotest.Database(t), clock.NewFrozen(monday)
	asleep, wake := make(chan struct{}), make(chan struct{})
	zombie := newAgenda(t, db, c, func(_ context.Context, _ time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		close(asleep)
		<-wake
		return agenda.DoneAll(items), nil
	})
	require.NoError(t, zombie.Schedule(t.Context(), item("postponed", monday), item("expired", monday)))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- zombie.Run(ctx) }()
	<-asleep

	// Its lease runs out while it sleeps, and a successor decides.
	_, err := db.Collection("leases").DeleteMany(t.Context(), bson.D{})
	require.NoError(t, err)
	until := monday.Add(time.Hour)
	heir := running(t, newAgenda(t, db, c, func(context.Context, time.Time, []agenda.Item) ([]agenda.Outcome, error) {
		return []agenda.Outcome{agenda.Postpone("postponed", until, "later"), agenda.Expire("expired", "no use")}, nil
	}))
	settled(t, heir)
	stop()
	close(wake)
	require.NoError(t, <-done)

	require.Equal(t, agenda.StateWaiting, state(t, heir, "postponed").State)
	require.Equal(t, until, state(t, heir, "postponed").Due)
	require.Equal(t, agenda.StateExpired, state(t, heir, "expired").State)
}
