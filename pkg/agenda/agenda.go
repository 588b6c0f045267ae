package agenda

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

// Agenda is what is due in one database.
type Agenda struct {
	coll     *mongo.Collection
	clock    clock.Clock
	log      *zap.Logger
	inserter *mongodb.Inserter
	lease    *mongodb.Lease
	kinds    []*kind
	wake     chan struct{}
	batch    int
	pace     int
	attempts int
}

// Option changes how an agenda works.
type Option func(*Agenda)

// Collection keeps the items in the collection with the name instead of "agenda".
func Collection(name string) Option {
	return func(a *Agenda) { a.coll = a.coll.Database().Collection(name) }
}

// Pace hands out at most so many items of each kind per second of real time: what piled up while the service was away
// then burdens nobody. Zero is no limit.
func Pace(perSecond int) Option { return func(a *Agenda) { a.pace = perSecond } }

// Batch is how many items are handed to a handler at once; 1,000 unless set.
func Batch(size int) Option { return func(a *Agenda) { a.batch = size } }

// Attempts is how often an item may fail by itself before it is marked as failed; 30 unless set, which takes a day.
func Attempts(n int) Option { return func(a *Agenda) { a.attempts = n } }

// New is the agenda of the database.
func New(db *mongo.Database, clk clock.Clock, log *zap.Logger, opts ...Option) *Agenda {
	a := &Agenda{
		coll: db.Collection("agenda"), clock: clk, log: log,
		wake: make(chan struct{}, 1), batch: 1000, attempts: 30,
	}
	for _, opt := range opts {
		opt(a)
	}
	a.inserter = mongodb.NewInserter(a.coll)
	a.lease = mongodb.NewLease(db, a.coll.Name())
	return a
}

// Schedule adds the items that are not in the agenda yet. One that is there stays as it is, whatever its state. Past due
// instants are welcome: such items are done late.
func (a *Agenda) Schedule(ctx context.Context, items ...Item) error {
	docs := make([]any, len(items))
	for i, item := range items {
		prepared, err := item.prepare()
		if err != nil {
			return err
		}
		docs[i] = prepared
	}
	if _, err := a.inserter.Insert(ctx, docs...); err != nil {
		return fmt.Errorf("scheduling: %w", err)
	}
	a.Wake()
	return nil
}

// Cancel settles the items that still wait; others stay as they are. An item that is being handled at this moment may
// take effect all the same.
func (a *Agenda) Cancel(ctx context.Context, reason string, ids ...string) error {
	return a.change(ctx, StateWaiting, ids, bson.D{
		{Key: "$set", Value: bson.D{
			{Key: "state", Value: StateCancelled}, {Key: "reason", Value: reason}, {Key: "done_at", Value: a.clock.Now()},
		}},
		{Key: "$unset", Value: bson.D{{Key: "wake", Value: ""}}},
	})
}

// Forget removes everything about the subjects, whatever became of it: for people who are erased, and for nothing else.
func (a *Agenda) Forget(ctx context.Context, subjects ...string) error {
	if _, err := a.coll.DeleteMany(ctx, bson.D{{Key: "subject", Value: bson.D{{Key: "$in", Value: subjects}}}}); err != nil {
		return fmt.Errorf("forgetting what concerns %d subjects: %w", len(subjects), err)
	}
	return nil
}

// Retry makes failed items due again at once.
func (a *Agenda) Retry(ctx context.Context, ids ...string) error {
	err := a.change(ctx, StateFailed, ids, bson.D{
		{Key: "$set", Value: bson.D{{Key: "state", Value: StateWaiting}, {Key: "wake", Value: a.clock.Now()}}},
		{Key: "$unset", Value: bson.D{{Key: "attempts", Value: ""}, {Key: "done_at", Value: ""}}},
	})
	a.Wake()
	return err
}

func (a *Agenda) change(ctx context.Context, from State, ids []string, update bson.D) error {
	if len(ids) == 0 {
		return nil
	}
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "state", Value: from}}
	if _, err := a.coll.UpdateMany(ctx, filter, update); err != nil {
		return fmt.Errorf("changing %d %s items: %w", len(ids), from, err)
	}
	return nil
}

// Get returns the items with the ids, by id; unknown ones are left out.
func (a *Agenda) Get(ctx context.Context, ids ...string) (map[string]Item, error) {
	found := make(map[string]Item, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	items, err := a.find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find())
	for _, item := range items {
		found[item.ID] = item
	}
	return found, err
}

// NextDue is when the next item of the kinds handled here comes up, which may have passed; false when none waits.
func (a *Agenda) NextDue(ctx context.Context) (time.Time, bool, error) {
	first, err := a.first(ctx, a.kinds, 1)
	if err != nil || len(first) == 0 {
		return time.Time{}, false, err
	}
	return first[0].Wake, true, nil
}

// DueNow counts the items of the kinds handled here that are due and not settled. An item that failed and rests until
// its next attempt does not count.
func (a *Agenda) DueNow(ctx context.Context) (int, error) {
	n, err := a.coll.CountDocuments(ctx, dueOf(a.clock.Now(), a.kinds...))
	if err != nil {
		return 0, fmt.Errorf("counting due items: %w", err)
	}
	return int(n), nil
}

// index makes what finds the next waiting item of a kind among any number of settled ones: it holds no others.
func (a *Agenda) index(ctx context.Context) error {
	_, err := a.coll.Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: "kind", Value: 1}, {Key: "wake", Value: 1}},
		Options: options.Index().SetName("waiting").
			SetPartialFilterExpression(bson.D{{Key: "wake", Value: bson.D{{Key: "$exists", Value: true}}}}),
	})
	if err != nil {
		return fmt.Errorf("indexing the agenda: %w", err)
	}
	return nil
}

// due reads the items of a kind that have come up, those that wait longest first.
func (a *Agenda) due(ctx context.Context, k *kind, now time.Time, limit int) ([]Item, error) {
	return a.find(ctx, dueOf(now, k), options.Find().SetSort(byWake).SetLimit(int64(limit)).SetBatchSize(int32(limit)))
}

var byWake = bson.D{{Key: "wake", Value: 1}}

func dueOf(now time.Time, kinds ...*kind) bson.D {
	return bson.D{ofKinds(kinds), {Key: "wake", Value: bson.D{{Key: "$lte", Value: now}}}}
}

func ofKinds(kinds []*kind) bson.E {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return bson.E{Key: "kind", Value: bson.D{{Key: "$in", Value: names}}}
}

// first are the items of the kinds that come up first, or did. The engine merges the kinds' orders: it reads few entries of each.
func (a *Agenda) first(ctx context.Context, kinds []*kind, limit int) ([]Item, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	return a.find(ctx, bson.D{ofKinds(kinds), {Key: "wake", Value: bson.D{{Key: "$gt", Value: time.Time{}}}}},
		options.Find().SetSort(byWake).SetLimit(int64(limit)))
}

func (a *Agenda) find(ctx context.Context, filter bson.D, opts *options.FindOptionsBuilder) ([]Item, error) {
	cursor, err := a.coll.Find(ctx, filter, opts)
	if err != nil {
		return nil, fmt.Errorf("reading the agenda: %w", err)
	}
	items, err := mongodb.All[Item](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading the agenda: %w", err)
	}
	return items, nil
}
