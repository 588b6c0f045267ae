package outbox

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

// keptCollection holds events on their way (pending) and events that were published.
const keptCollection = "events"

// expiryBatch bounds one deletion: deleting hundreds of thousands at once outlasts any timeout.
const expiryBatch = 1000

// kept is an event in the collection "events".
type kept struct {
	ID    string      `bson:"_id"`
	Event event.Event `bson:"event"`
	// KeptAt is real time: how long events are kept, and since when the bus lost them, concerns machines. It is when the
	// event was recorded and, from then on, when it was published; the order of events of the same instant is that of
	// their recording.
	KeptAt time.Time `bson:"kept_at"`
	// Pending orders what is not published yet; absent afterwards, so that a sparse index holds only what is to be done.
	Pending   int64 `bson:"pending,omitempty"`
	Published bool  `bson:"published"`
}

// Append records events that belong to no single document, in their order, and has them published at once where the relay
// runs, by another process a moment later where it does not. An event whose id is known already is left as it is.
// ErrTooBig says that an event exceeds MaxEventBytes; none is recorded then.
func (r *Relay) Append(ctx context.Context, events ...event.Event) error {
	now := time.Now().UTC()
	docs := make([]any, 0, len(events))
	for i, e := range events {
		if err := check(e); err != nil {
			return err
		}
		docs = append(docs, kept{ID: e.ID, Event: e, KeptAt: now, Pending: now.UnixNano() + int64(i)})
	}
	inserted, err := r.inserter.Insert(ctx, docs...)
	if err != nil {
		return err
	}
	if inserted == len(docs) { // or else which of them are new is not known, and the sweep finds out
		r.express.hand(events)
	}
	return nil
}

// Recorded returns which of the events are recorded, as far back as events are kept.
func (r *Relay) Recorded(ctx context.Context, ids ...string) (map[string]bool, error) {
	cursor, err := r.events().Find(ctx, in("_id", ids), options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("looking %d events up: %w", len(ids), err)
	}
	found := map[string]bool{}
	for e, err := range mongodb.Each[kept](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("looking %d events up: %w", len(ids), err)
		}
		found[e.ID] = true
	}
	return found, nil
}

// keep records events as published that were embedded in documents.
func (r *Relay) keep(ctx context.Context, events []event.Event) error {
	now := time.Now().UTC()
	docs := make([]any, len(events))
	for i, e := range events {
		docs[i] = kept{ID: e.ID, Event: e, KeptAt: now, Published: true}
	}
	_, err := mongodb.InsertNew(ctx, r.events(), docs)
	return err
}

// markPublished turns pending events into published ones. It does not wait for the journal: what a crash unmarks is
// published again, and the bus drops the repetition.
func (r *Relay) markPublished(ctx context.Context, events []event.Event) error {
	_, err := mongodb.Unjournaled(r.events()).UpdateMany(ctx, in("_id", ids(events)), bson.D{
		{Key: "$set", Value: bson.D{{Key: "published", Value: true}, {Key: "kept_at", Value: time.Now().UTC()}}},
		{Key: "$unset", Value: bson.D{{Key: "pending", Value: ""}}},
	})
	if err != nil {
		return fmt.Errorf("marking %d events as published: %w", len(events), err)
	}
	return nil
}

// Republish publishes again, oldest first, what was published since the instant, which is real time. It says how many
// events those were. The relay does it by itself when its publisher is a Streams; consumers that still know an event
// ignore it.
func (r *Relay) Republish(ctx context.Context, since time.Time) (int, error) {
	cursor, err := r.events().Find(ctx,
		bson.D{{Key: "kept_at", Value: bson.D{{Key: "$gte", Value: since}}}, {Key: "published", Value: true}},
		options.Find().SetSort(bson.D{{Key: "kept_at", Value: 1}}).SetBatchSize(chunkEvents))
	if err != nil {
		return 0, fmt.Errorf("reading kept events: %w", err)
	}
	return r.publishKept(ctx, cursor, nil)
}

// publishKept publishes what the cursor yields, calls done (unless nil) after each chunk and closes the cursor.
func (r *Relay) publishKept(ctx context.Context, cursor *mongo.Cursor, done settle) (int, error) {
	out := chunk{relay: r, done: done}
	for k, err := range mongodb.Each[kept](ctx, cursor) {
		if err != nil {
			return out.sent, fmt.Errorf("reading kept events: %w", err)
		}
		if err := out.add(ctx, k.Event); err != nil {
			return out.sent, err
		}
	}
	return out.sent, out.flush(ctx)
}

// expire deletes events that were kept for their time.
func (r *Relay) expire(ctx context.Context) error {
	old := bson.D{
		{Key: "kept_at", Value: bson.D{{Key: "$lt", Value: time.Now().Add(-Retention)}}},
		{Key: "published", Value: true},
	}
	for {
		cursor, err := r.events().Find(ctx, old, options.Find().SetLimit(expiryBatch).SetProjection(bson.D{{Key: "_id", Value: 1}}))
		if err != nil {
			return fmt.Errorf("reading expired events: %w", err)
		}
		found, err := mongodb.All[kept](ctx, cursor)
		if err != nil {
			return fmt.Errorf("reading expired events: %w", err)
		}
		if len(found) == 0 {
			return nil
		}
		gone := make([]string, len(found))
		for i, k := range found {
			gone[i] = k.ID
		}
		if _, err := r.events().DeleteMany(ctx, in("_id", gone)); err != nil {
			return fmt.Errorf("deleting expired events: %w", err)
		}
	}
}

func in(field string, values []string) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: values}}}}
}

func ids(events []event.Event) []string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = e.ID
	}
	return out
}
