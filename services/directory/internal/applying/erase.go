package applying

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/directory/internal/mongostore"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

var (
	// ErrOtherNumber says that the number typed is not that of the person to be erased.
	ErrOtherNumber = errors.New("the employee number is not this person's")
	// ErrStillEmployed says that the person has not left, and that nobody said that this was known.
	ErrStillEmployed = errors.New("the person has not left yet")
)

// Erasure is what is wanted of Erase.
type Erasure struct {
	PersonID string
	// Number is the person's employee number, as it was typed.
	Number string
	// StillEmployed erases somebody who has not left, too.
	StillEmployed bool
}

// Erase removes a person and tells the others to. It passes the gate of imports, so that no plan holds the person any more.
// Erasing again changes nothing, and returns the date of the first time. Its errors are ErrOtherNumber, ErrStillEmployed,
// mongodb.ErrNotFound, and mongostore.ErrBusy while an import is running.
func (i *Importer) Erase(ctx context.Context, wanted Erasure) (erasedOn clock.Date, err error) {
	err = i.store.Through(ctx, func(ctx context.Context, pass mongostore.Pass) error {
		if err := i.resume(ctx); err != nil {
			return err
		}
		stone, err := i.store.Tombstone(ctx, wanted.PersonID)
		if errors.Is(err, mongodb.ErrNotFound) {
			stone, err = i.bury(ctx, wanted)
		}
		if err != nil {
			return err
		}
		erasedOn = stone.ErasedOn
		if !stone.Unfinished {
			return nil
		}
		return i.remove(ctx, pass, stone)
	})
	return erasedOn, err
}

func (i *Importer) bury(ctx context.Context, wanted Erasure) (mongostore.Tombstone, error) {
	found, err := i.store.Get(ctx, []string{wanted.PersonID})
	if err != nil {
		return mongostore.Tombstone{}, err
	}
	today := i.today()
	switch {
	case len(found) == 0:
		return mongostore.Tombstone{}, fmt.Errorf("erasing person %s: %w", wanted.PersonID, mongodb.ErrNotFound)
	case found[0].Number != wanted.Number:
		return mongostore.Tombstone{}, ErrOtherNumber
	case !wanted.StillEmployed && !found[0].Ended(today):
		return mongostore.Tombstone{}, ErrStillEmployed
	}
	stone := mongostore.Tombstone{PersonID: wanted.PersonID, ErasedOn: today, Unfinished: true}
	return stone, i.store.Bury(ctx, stone)
}

// remove carries an erasure out. The event follows from the tombstone, so that redoing it tells the same.
func (i *Importer) remove(ctx context.Context, pass mongostore.Pass, stone mongostore.Tombstone) error {
	if err := i.store.Remove(ctx, pass, stone.PersonID); err != nil {
		return err
	}
	ev, err := event.NewKeyed(ctx, source, stone.PersonID, stone.PersonID, i.clock.Now(), &directoryv1.PeopleErased{PersonIds: []string{stone.PersonID}})
	if err != nil {
		return fmt.Errorf("telling that person %s is erased: %w", stone.PersonID, err)
	}
	if err := i.announce(ctx, ev); err != nil {
		return fmt.Errorf("telling that person %s is erased: %w", stone.PersonID, err)
	}
	if err := i.store.Rest(ctx, stone.PersonID); err != nil {
		return err
	}
	i.log.Info("person erased", zap.String("person", stone.PersonID))
	return nil
}

// ResumeErasures ends erasures whose process died, unless somebody else is at the gate.
func (i *Importer) ResumeErasures(ctx context.Context) error {
	stones, err := i.store.Unfinished(ctx)
	if err != nil || len(stones) == 0 {
		return err
	}
	err = i.store.Through(ctx, func(ctx context.Context, pass mongostore.Pass) error {
		if err := i.resume(ctx); err != nil {
			return err
		}
		for _, stone := range stones {
			if err := i.remove(ctx, pass, stone); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, mongostore.ErrBusy) {
		return nil
	}
	return err
}
