package mongodb

import (
	"context"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// loaded is how many documents are read together at most.
	loaded = 500
	// readers is how many reads may be under way: one would leave the database idle while its answer is dealt with.
	readers = 2
	// loadTimeout bounds the reading of documents that nobody may be waiting for any more.
	loadTimeout = 10 * time.Second
)

// Loader reads single documents by id for many callers: what is asked for while reads are under way is read together by the
// next. Somebody alone waits for nobody, and in a rush a document costs a fraction of a query. What Get returns was read
// after it was asked for.
type Loader[T any] struct {
	coll    *mongo.Collection
	mu      sync.Mutex
	waiting map[string][]chan<- outcome[T]
	readers int
}

type outcome[T any] struct {
	doc T
	err error
}

// NewLoader reads from the collection, whose ids are strings.
func NewLoader[T any](coll *mongo.Collection) *Loader[T] {
	return &Loader[T]{coll: coll, waiting: map[string][]chan<- outcome[T]{}}
}

// Get returns the document of the id, or ErrNotFound.
func (l *Loader[T]) Get(ctx context.Context, id string) (T, error) {
	answer := make(chan outcome[T], 1)
	l.mu.Lock()
	l.waiting[id] = append(l.waiting[id], answer)
	if l.readers < readers {
		l.readers++
		go l.read()
	}
	l.mu.Unlock()
	select {
	case got := <-answer:
		return got.doc, got.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// read reads until nobody waits.
func (l *Loader[T]) read() {
	for {
		asked := l.take()
		if len(asked) == 0 {
			return
		}
		l.load(asked)
		for _, callers := range asked {
			answer(callers, outcome[T]{err: ErrNotFound})
		}
	}
}

func (l *Loader[T]) take() map[string][]chan<- outcome[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.readers--
		return nil
	}
	if len(l.waiting) <= loaded {
		asked := l.waiting
		l.waiting = map[string][]chan<- outcome[T]{}
		return asked
	}
	asked := make(map[string][]chan<- outcome[T], loaded)
	for id, callers := range l.waiting {
		asked[id] = callers
		delete(l.waiting, id)
		if len(asked) == loaded {
			break
		}
	}
	return asked
}

// load answers those whose documents it reads, and takes them out of asked; all of them when reading fails.
func (l *Loader[T]) load(asked map[string][]chan<- outcome[T]) {
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	ids := make([]string, 0, len(asked))
	for id := range asked {
		ids = append(ids, id)
	}
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
	if len(ids) == 1 {
		filter = bson.D{{Key: "_id", Value: ids[0]}}
	}
	fail := func(err error) {
		for id, callers := range asked {
			answer(callers, outcome[T]{err: err})
			delete(asked, id)
		}
	}
	cursor, err := l.coll.Find(ctx, filter, options.Find().SetBatchSize(int32(len(ids)+1)))
	if err != nil {
		fail(err)
		return
	}
	for raw, err := range Each[bson.Raw](ctx, cursor) {
		if err != nil {
			fail(err)
			return
		}
		id := raw.Lookup("_id").StringValue()
		var got outcome[T]
		got.err = bson.Unmarshal(raw, &got.doc)
		answer(asked[id], got)
		delete(asked, id)
	}
}

func answer[T any](callers []chan<- outcome[T], with outcome[T]) {
	for _, caller := range callers {
		caller <- with // each has room for its answer
	}
}
