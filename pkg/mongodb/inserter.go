package mongodb

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// together is how many documents are gathered into one insert; who brings as many is not kept waiting for others.
	together = 200
	// writers is how many inserts may be under way: one would leave the database idle while its answer is dealt with.
	writers = 2
	// insertTimeout bounds an insert that nobody may be waiting for any more.
	insertTimeout = 30 * time.Second
)

// Inserter is InsertNew for many callers: what they bring while inserts are under way goes into the next one together, and
// shares its journal. Somebody alone waits for nobody, and in a rush a document costs a fraction of a write.
type Inserter struct {
	coll    *mongo.Collection
	mu      sync.Mutex
	waiting []insertion
	writers int
}

type insertion struct {
	docs []any
	done chan<- insertResult
}

type insertResult struct {
	inserted int
	err      error
}

// NewInserter inserts into the collection.
func NewInserter(coll *mongo.Collection) *Inserter { return &Inserter{coll: coll} }

// Insert inserts the documents whose _id is not there yet and says how many those were; the others stay as they are. It
// fails for these documents alone: those that others brought do not matter.
func (i *Inserter) Insert(ctx context.Context, docs ...any) (int, error) {
	if len(docs) == 0 || len(docs) >= together {
		return InsertNew(ctx, i.coll, docs)
	}
	done := make(chan insertResult, 1)
	i.mu.Lock()
	i.waiting = append(i.waiting, insertion{docs, done})
	if i.writers < writers {
		i.writers++
		go i.write() //nolint:contextcheck // it writes for others too, who may wait longer
	}
	i.mu.Unlock()
	select {
	case r := <-done:
		return r.inserted, r.err
	case <-ctx.Done():
		return 0, fmt.Errorf("inserting %d documents into %s: %w", len(docs), i.coll.Name(), ctx.Err())
	}
}

// write inserts until nothing waits.
func (i *Inserter) write() {
	for {
		batch := i.take()
		if len(batch) == 0 {
			return
		}
		i.insert(batch)
	}
}

func (i *Inserter) take() []insertion {
	i.mu.Lock()
	defer i.mu.Unlock()
	n, docs := 0, 0
	for n < len(i.waiting) && docs < together {
		docs += len(i.waiting[n].docs)
		n++
	}
	if n == 0 {
		i.writers--
	}
	batch := i.waiting[:n:n]
	i.waiting = i.waiting[n:]
	return batch
}

func (i *Inserter) insert(batch []insertion) {
	ctx, cancel := context.WithTimeout(context.Background(), insertTimeout)
	defer cancel()
	var docs []any
	for _, one := range batch {
		docs = append(docs, one.docs...)
	}
	failures, err := insertUnordered(ctx, i.coll, docs)
	first := 0
	for _, one := range batch {
		last := first + len(one.docs)
		var own []mongo.BulkWriteError
		for _, f := range failures {
			if f.Index >= first && f.Index < last {
				own = append(own, f)
			}
		}
		inserted, failed := outcomeOf(len(one.docs), own, err)
		if failed != nil {
			failed = fmt.Errorf("inserting %d documents into %s: %w", len(one.docs), i.coll.Name(), failed)
		}
		one.done <- insertResult{inserted, failed}
		first = last
	}
}

// InsertNew inserts the documents whose _id is not there yet and says how many those were; the others stay as they are.
func InsertNew(ctx context.Context, coll *mongo.Collection, docs []any) (inserted int, err error) {
	if len(docs) == 0 {
		return 0, nil
	}
	failures, err := insertUnordered(ctx, coll, docs)
	inserted, err = outcomeOf(len(docs), failures, err)
	if err != nil {
		return 0, fmt.Errorf("inserting %d documents into %s: %w", len(docs), coll.Name(), err)
	}
	return inserted, nil
}

// insertUnordered returns which documents failed, or an error that concerns them all.
func insertUnordered(ctx context.Context, coll *mongo.Collection, docs []any) ([]mongo.BulkWriteError, error) {
	_, err := coll.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	var failed mongo.BulkWriteException
	if errors.As(err, &failed) && failed.WriteConcernError == nil {
		return failed.WriteErrors, nil
	}
	return nil, err
}

// outcomeOf tells how many of n documents are new, of which some failed.
func outcomeOf(n int, failures []mongo.BulkWriteError, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	for _, f := range failures {
		if f.Code != duplicateKey {
			return 0, f
		}
	}
	return n - len(failures), nil
}
