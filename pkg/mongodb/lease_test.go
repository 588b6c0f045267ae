package mongodb

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// shortLease is a lease that runs out soon.
func shortLease(t *testing.T) *Lease {
	t.Helper()
	l := NewLease(LeaseDatabase(t), "work")
	l.ttl = 400 * time.Millisecond
	return l
}

func TestOneHolderAtATime(t *testing.T) {
	l := shortLease(t)
	var inside, most, turns atomic.Int32
	var holders sync.WaitGroup
	for range 3 {
		holders.Go(func() {
			err := l.Hold(t.Context(), func(context.Context) error {
				most.Store(max(most.Load(), inside.Add(1)))
				turns.Add(1)
				inside.Add(-1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	holders.Wait()
	require.EqualValues(t, 3, turns.Load())
	require.EqualValues(t, 1, most.Load())
}

func TestALeaseIsRenewedWhileItsHolderWorks(t *testing.T) {
	l := shortLease(t)
	err := l.Hold(t.Context(), func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(3 * l.ttl):
			return nil
		}
	})
	require.NoError(t, err)
}

func TestALostLeaseEndsTheWorkAndIsWonAgain(t *testing.T) {
	l := shortLease(t)
	times := 0
	err := l.Hold(t.Context(), func(ctx context.Context) error {
		times++
		if times == 2 {
			return errors.New("the second time")
		}
		steal(t, l, time.Second)
		<-ctx.Done()
		require.ErrorIs(t, context.Cause(ctx), ErrLeaseLost)
		return ctx.Err()
	})
	require.EqualError(t, err, "the second time")
}

func TestTheLeaseOfADeadHolderRunsOut(t *testing.T) {
	l := shortLease(t)
	steal(t, l, 300*time.Millisecond) // by one that will never renew it
	began := time.Now()
	require.NoError(t, l.Hold(t.Context(), func(context.Context) error { return nil }))
	require.GreaterOrEqual(t, time.Since(began), 250*time.Millisecond)
}

func TestWaitingForALeaseEndsWithItsContext(t *testing.T) {
	l := shortLease(t)
	steal(t, l, time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, l.Hold(ctx, func(context.Context) error { return nil }), context.DeadlineExceeded)
}

// steal gives the lease to somebody else, as happens to a holder that is paused for longer than the lease.
func steal(t *testing.T, l *Lease, d time.Duration) {
	t.Helper()
	_, err := l.coll.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: l.name}})
	require.NoError(t, err)
	_, err = l.coll.InsertOne(t.Context(), bson.D{
		{Key: "_id", Value: l.name}, {Key: "owner", Value: "thief"}, {Key: "until", Value: time.Now().Add(d)},
	})
	require.NoError(t, err)
}
