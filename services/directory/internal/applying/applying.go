// Package applying carries imports out. A plan is first written down whole and accepted in one write; from then on it is
// applied batch by batch, each step of which may be redone, so that an import survives the death of its process at any
// moment and nothing is lost or doubled.
package applying

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/directory/internal/importing"
)

// Store is what carrying out needs of the database; every method may be called again after it succeeded.
type Store interface {
	// NextBatch returns the first batch that is not done; false when none is left.
	NextBatch(ctx context.Context, importID string) (importing.Batch, bool, error)
	// Write applies the batch to units and people.
	Write(ctx context.Context, b importing.Batch) error
	// Done marks the batch: it is written and announced.
	Done(ctx context.Context, b importing.Batch) error
	// Finish closes the import.
	Finish(ctx context.Context, importID string) error
}

// carryOut applies what is left of an accepted import. announce records the events of a batch to be published; it too may be
// called again.
func carryOut(ctx context.Context, store Store, importID string, announce func(context.Context, ...event.Event) error) error {
	for {
		batch, more, err := store.NextBatch(ctx, importID)
		if err != nil {
			return err
		}
		if !more {
			return store.Finish(ctx, importID)
		}
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
		if err := store.Done(ctx, batch); err != nil {
			return err
		}
	}
}
