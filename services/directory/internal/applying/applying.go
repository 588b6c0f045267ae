// Package applying carries imports out. A plan is first written down whole and accepted in one write; from then on it is
// applied batch by batch, each step of which may be redone, so that an import survives the death of its process at any
// moment and nothing is lost or doubled.
package applying

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/event"
	"jalon.dev/services/directory/internal/importing"
)

// Store is what carrying out needs of the database; every method may be called again after it succeeded.
type Store interface {
	// Batches are those that are not done, in their order.
	Batches(ctx context.Context, importID string) iter.Seq2[importing.Batch, error]
	// Write applies the batch to units and people.
	Write(ctx context.Context, b importing.Batch) error
	// Done marks the batch: it is written and announced.
	Done(ctx context.Context, b importing.Batch) error
	// Finish closes the import.
	Finish(ctx context.Context, importID string) error
}

// atOnce is how many batches of people are applied at a time: the database has more than one core, and each person is in one batch.
const atOnce = 3

// carryOut applies what is left of an accepted import. announce records the events of a batch to be published; it too may be
// called again.
func carryOut(ctx context.Context, store Store, importID string, announce func(context.Context, ...event.Event) error) error {
	together, applying := errgroup.WithContext(ctx)
	together.SetLimit(atOnce)
	var failed error
	for batch, err := range store.Batches(applying, importID) {
		if err == nil && len(batch.Units) > 0 { // nobody should hear of people in a unit that is not there
			err = apply(applying, store, batch, announce)
		}
		if failed = err; failed != nil {
			break
		}
		if len(batch.Changes) > 0 {
			together.Go(func() error { return apply(applying, store, batch, announce) })
		}
	}
	if err := together.Wait(); err != nil { // in its wake the reading fails too
		return err
	}
	if failed != nil {
		return failed
	}
	return store.Finish(ctx, importID)
}

func apply(ctx context.Context, store Store, batch importing.Batch, announce func(context.Context, ...event.Event) error) error {
	if err := store.Write(ctx, batch); err != nil {
		return err
	}
	news, err := events(ctx, batch)
	if err != nil {
		return err
	}
	if err := announce(ctx, news...); err != nil {
		return err
	}
	return store.Done(ctx, batch)
}
