package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

const (
	// sweep is how often documents and left-behind events are looked for.
	sweep = time.Second
	// leftBehind is the age at which an appended event's own process is taken to have failed to publish it.
	leftBehind = time.Second
	// slowest is the longest pause after the bus or the database failed again and again.
	slowest = 10 * time.Second
	// farewell is what is left for publishing when the service stops; less than the lease still runs.
	farewell = 3 * time.Second
	// expiry is how often old events are looked for.
	expiry = time.Hour
)

// Publisher sends events, and returns when all of them are safe with the bus. It keeps their order.
type Publisher interface {
	PublishEvents(ctx context.Context, events []event.Event) error
}

// Relay publishes the events that wait in a database. Any number may run: each publishes what was appended through it, and
// one at a time all the rest.
type Relay struct {
	db          *mongo.Database
	pub         Publisher
	log         *zap.Logger
	inserter    *mongodb.Inserter
	collections []string
	wake        chan struct{}
	express     express
	expired     time.Time // when old events were last looked for
	looked      time.Time // when the bus was last seen to have everything
	mark        mark      // that bus
}

// NewRelay is the relay of the database. The collections are those whose documents embed a Doc. While it does not run, what
// is appended is recorded only, and pub may be nil.
func NewRelay(db *mongo.Database, pub Publisher, log *zap.Logger, collections ...string) *Relay {
	return &Relay{
		db: db, pub: pub, log: log, inserter: mongodb.NewInserter(db.Collection(keptCollection)),
		collections: collections, wake: make(chan struct{}, 1), express: newExpress(),
	}
}

func (r *Relay) events() *mongo.Collection { return r.db.Collection(keptCollection) }

// Wake tells the relay that documents with events were saved. It never blocks.
func (r *Relay) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Run publishes until the context ends, and then what waits at that moment. It returns nil then, and an error only when
// the indexes it needs cannot be made.
func (r *Relay) Run(ctx context.Context) error {
	err := r.index(ctx)
	if err == nil {
		ended := make(chan struct{})
		go func() { defer close(ended); r.runExpress(ctx) }()
		err = mongodb.NewLease(r.db, "outbox").Hold(ctx, r.relay)
		<-ended
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // it was told to end, which is no failure
	}
	return err
}

// index makes what finds waiting events among any number of documents: sparse indexes hold nothing else.
func (r *Relay) index(ctx context.Context) error {
	for _, name := range r.collections {
		if err := r.indexOne(ctx, r.db.Collection(name), "outbox.id", true); err != nil {
			return err
		}
	}
	return errors.Join(
		r.indexOne(ctx, r.events(), "pending", true),
		r.indexOne(ctx, r.events(), "kept_at", false),
	)
}

func (r *Relay) indexOne(ctx context.Context, coll *mongo.Collection, field string, sparse bool) error {
	_, err := coll.Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: field, Value: 1}}, Options: options.Index().SetSparse(sparse),
	})
	if err != nil {
		return fmt.Errorf("indexing %s by %s: %w", coll.Name(), field, err)
	}
	return nil
}

// relay publishes while this process holds the lease.
func (r *Relay) relay(ctx context.Context) error {
	pause := sweep
	for ctx.Err() == nil {
		wake := r.wake
		if err := r.drain(ctx, time.Now().Add(-leftBehind)); err != nil && ctx.Err() == nil {
			r.log.Warn("events wait: publishing failed", zap.Error(err), zap.Duration("retry_in", pause))
			wake = nil // more events are no reason to hurry
		} else {
			pause = sweep
		}
		timer := time.NewTimer(pause)
		select {
		case <-wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if wake == nil {
			pause = min(2*pause, slowest)
		}
	}
	if errors.Is(context.Cause(ctx), mongodb.ErrLeaseLost) {
		return nil
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := r.drain(last, time.Now()); err != nil {
		r.log.Warn("stopping while events wait", zap.Error(err))
	}
	return nil
}

// drain publishes what waits in documents, what was appended until the instant, and what the bus lost.
func (r *Relay) drain(ctx context.Context, until time.Time) error {
	if err := r.watch(ctx); err != nil {
		return err
	}
	for _, name := range r.collections {
		if err := again(func() (int, error) { return r.drainEmbedded(ctx, r.db.Collection(name)) }); err != nil {
			return fmt.Errorf("relaying events of %s: %w", name, err)
		}
	}
	if err := again(func() (int, error) { return r.drainAppended(ctx, until) }); err != nil {
		return fmt.Errorf("relaying appended events: %w", err)
	}
	if time.Since(r.expired) < expiry {
		return nil
	}
	r.expired = time.Now()
	return r.expire(ctx)
}

// again repeats a pass until it finds nothing more.
func again(pass func() (int, error)) error {
	for {
		if sent, err := pass(); err != nil || sent == 0 {
			return err
		}
	}
}

// drainEmbedded publishes events embedded in documents of the collection, and takes out of each document what was
// published. Events saved meanwhile stay.
func (r *Relay) drainEmbedded(ctx context.Context, coll *mongo.Collection) (int, error) {
	cursor, err := coll.Find(ctx, waiting(), options.Find().
		SetProjection(bson.D{{Key: "outbox", Value: 1}}).SetLimit(passDocs).SetBatchSize(chunkEvents))
	if err != nil {
		return 0, fmt.Errorf("reading outboxes: %w", err)
	}
	out := chunk{relay: r, done: func(ctx context.Context, events []event.Event) error {
		if err := r.keep(ctx, events); err != nil {
			return err
		}
		return pull(ctx, coll, ids(events))
	}}
	for doc, err := range mongodb.Each[Doc](ctx, cursor) {
		if err != nil {
			return out.sent, fmt.Errorf("reading an outbox: %w", err)
		}
		if err := out.add(ctx, doc.Events...); err != nil {
			return out.sent, err
		}
	}
	return out.sent, out.flush(ctx)
}

// waiting selects documents whose outbox holds something, through the sparse index.
func waiting() bson.D {
	return bson.D{{Key: "outbox.id", Value: bson.D{{Key: "$gt", Value: ""}}}}
}

func pull(ctx context.Context, coll *mongo.Collection, gone []string) error {
	_, err := coll.UpdateMany(ctx, in("outbox.id", gone),
		bson.D{{Key: "$pull", Value: bson.D{{Key: "outbox", Value: in("id", gone)}}}})
	if err != nil {
		return fmt.Errorf("taking %d published events out of their outboxes: %w", len(gone), err)
	}
	return nil
}

// drainAppended publishes events that Append recorded until the instant.
func (r *Relay) drainAppended(ctx context.Context, until time.Time) (int, error) {
	cursor, err := r.events().Find(ctx, bson.D{{Key: "pending", Value: bson.D{{Key: "$gt", Value: 0}, {Key: "$lte", Value: until.UnixNano()}}}},
		options.Find().SetSort(bson.D{{Key: "pending", Value: 1}}).SetLimit(passDocs).SetBatchSize(chunkEvents))
	if err != nil {
		return 0, fmt.Errorf("reading appended events: %w", err)
	}
	return r.publishKept(ctx, cursor, r.markPublished)
}
