package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// leaseTTL is how long the work of a holder that died stands still.
	leaseTTL   = 5 * time.Second
	leaseRenew = leaseTTL / 4
	leaseTry   = 500 * time.Millisecond
)

// Lease is a right that at most one holder has at a time, kept as one document in the collection "leases". Its time is
// real and the server's, so replicas need not agree on the hour.
//
// A holder that is paused for longer than the lease may believe for a moment that it still holds it (a zombie). What is
// written under a lease must therefore be guarded by the documents themselves; the lease only spares replicas from
// doing the same work twice.
type Lease struct {
	coll *mongo.Collection
	name string
	ttl  time.Duration
}

// NewLease is the lease with the name in the database.
func NewLease(db *mongo.Database, name string) *Lease {
	return &Lease{coll: db.Collection("leases"), name: name, ttl: leaseTTL}
}

// ErrLeaseLost is the cause of the end of a holder's context when the lease could not be renewed.
var ErrLeaseLost = errors.New("lease lost")

// Hold waits for the lease, runs fn while holding it, and gives it back. The context of fn ends when the lease is lost;
// Hold then waits for the lease again. It returns what fn returned, or the context's error once that has ended.
func (l *Lease) Hold(ctx context.Context, fn func(ctx context.Context) error) error {
	for {
		owner := uuid.NewString()
		until, err := l.await(ctx, owner)
		if err != nil {
			return err
		}
		err = l.while(ctx, owner, until, fn)
		if ctx.Err() != nil || !errors.Is(err, ErrLeaseLost) {
			return err
		}
	}
}

// await returns once the owner has the lease, with the real time at which it ends here at the latest. A database that
// does not answer is asked again.
func (l *Lease) await(ctx context.Context, owner string) (time.Time, error) {
	for {
		until, held, err := l.acquire(ctx, owner)
		if err == nil && held {
			return until, nil
		}
		select {
		case <-time.After(leaseTry):
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// while runs fn with a context that ends when the lease does.
func (l *Lease) while(ctx context.Context, owner string, until time.Time, fn func(ctx context.Context) error) error {
	held, lose := context.WithCancelCause(ctx)
	renewing := make(chan struct{})
	go func() {
		defer close(renewing)
		l.renew(held, owner, until, lose)
	}()
	err := fn(held)
	if errors.Is(context.Cause(held), ErrLeaseLost) {
		err = errors.Join(ErrLeaseLost, err)
	}
	lose(context.Canceled)
	<-renewing
	l.release(ctx, owner)
	return err
}

// renew prolongs the lease until ctx ends, and calls lose when it cannot.
func (l *Lease) renew(ctx context.Context, owner string, until time.Time, lose context.CancelCauseFunc) {
	ticker := time.NewTicker(min(leaseRenew, l.ttl/4))
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		attempt, cancel := context.WithDeadline(ctx, until)
		next, held, err := l.acquire(attempt, owner)
		cancel()
		switch {
		case err == nil && held:
			until = next
		case err == nil || !time.Now().Before(until):
			lose(ErrLeaseLost)
			return
		}
	}
}

// acquire takes or prolongs the lease. The end that it returns is reckoned from before the call: the server's is later.
func (l *Lease) acquire(ctx context.Context, owner string) (until time.Time, held bool, err error) {
	until = time.Now().Add(l.ttl)
	free := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "$eq", Value: bson.A{"$owner", owner}}},
		bson.D{{Key: "$lte", Value: bson.A{bson.D{{Key: "$ifNull", Value: bson.A{"$until", "$$NOW"}}}, "$$NOW"}}},
	}}}
	ifFree := func(then, otherwise any) bson.D {
		return bson.D{{Key: "$cond", Value: bson.A{free, then, otherwise}}}
	}
	update := mongo.Pipeline{{{Key: "$set", Value: bson.D{
		{Key: "owner", Value: ifFree(owner, "$owner")},
		{Key: "until", Value: ifFree(bson.D{{Key: "$add", Value: bson.A{"$$NOW", l.ttl.Milliseconds()}}}, "$until")},
	}}}}
	var doc struct {
		Owner string `bson:"owner"`
	}
	err = l.coll.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: l.name}}, update,
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)).Decode(&doc)
	if IsDuplicate(err) {
		return until, false, nil // somebody else made the document at the same moment
	}
	if err != nil {
		return until, false, fmt.Errorf("acquiring lease %s: %w", l.name, err)
	}
	return until, doc.Owner == owner, nil
}

// release gives the lease back, so that the next holder need not wait for its end. It works on a context that has ended,
// as it has when a service stops. When it fails the lease runs out by itself.
func (l *Lease) release(ctx context.Context, owner string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_, _ = l.coll.DeleteOne(ctx, bson.D{{Key: "_id", Value: l.name}, {Key: "owner", Value: owner}})
}
