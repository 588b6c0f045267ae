// Package spool takes ballots in, mixes them, and lets them into the database in whole shuffled batches.
//
// A ballot that waits is sealed, under the hash of its token and without the token; the key is wrapped by a master key that is not in
// the database. When a batch is released, its ballots lie in one document, shuffled, without the hashes; what was sealed is removed.
// The hashes stay until the edition closes, so that no token is used twice.
package spool

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/barometer/internal/ballot"
)

const (
	waitingCollection = "spool"
	batchesCollection = "ballots"
)

// Spool is the one way for ballots.
type Spool struct {
	waiting, batches *mongo.Collection
	inserter         *mongodb.Inserter
	vault            *vault.Vault
	keys             keyring
}

// New is the spool of the database.
func New(db *mongo.Database, sealing *vault.Vault) *Spool {
	waiting := db.Collection(waitingCollection)
	return &Spool{
		waiting: waiting, batches: db.Collection(batchesCollection), inserter: mongodb.NewInserter(waiting), vault: sealing,
	}
}

// Migration makes the indexes, as the step with the version of the service.
func Migration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index ballots by edition", Up: func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection(waitingCollection).Indexes().CreateOne(ctx, mongo.IndexModel{
			Keys: bson.D{{Key: "edition", Value: 1}, {Key: "cell", Value: 1}, {Key: "batch", Value: 1}},
			Options: options.Index().SetName("waiting").
				SetPartialFilterExpression(bson.D{{Key: "sealed", Value: bson.D{{Key: "$exists", Value: true}}}}),
		})
		if err != nil {
			return fmt.Errorf("indexing the spool: %w", err)
		}
		_, err = db.Collection(batchesCollection).Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "edition", Value: 1}}})
		if err != nil {
			return fmt.Errorf("indexing ballots: %w", err)
		}
		return nil
	}}
}

// Cast is a ballot on its way, with the token's hash.
type Cast struct {
	// Spent names the token: see token.Public.Spent.
	Spent     string
	EditionID string
	CellID    string
	Ballot    ballot.Ballot
	Comments  []ballot.Comment
}

// cast is how a ballot waits. Its fields beside the hash are removed when it is released.
type cast struct {
	Spent     string `bson:"_id"`
	EditionID string `bson:"edition"`
	CellID    string `bson:"cell,omitempty"`
	Sealed    []byte `bson:"sealed,omitempty"`
	// Batch is that with which the ballot is being released.
	Batch string `bson:"batch,omitempty"`
}

// Take makes a ballot safe, and says whether it did: not where its token was used before.
func (s *Spool) Take(ctx context.Context, c Cast) (taken bool, err error) {
	key, err := s.keys.of(ctx, s.vault, c.EditionID)
	if err != nil {
		return false, err
	}
	plain, err := envelope{Answers: c.Ballot[:], Comments: c.Comments}.pack()
	if err != nil {
		return false, err
	}
	inserted, err := s.inserter.Insert(ctx, cast{
		Spent: c.Spent, EditionID: c.EditionID, CellID: c.CellID, Sealed: key.Seal(c.Spent, plain),
	})
	if err != nil {
		return false, fmt.Errorf("taking a ballot: %w", err)
	}
	return inserted == 1, nil
}

// Release lets those ballots of an edition in that can hide among each other, and finishes what a crash interrupted.
func (s *Spool) Release(ctx context.Context, editionID string) error {
	return s.release(ctx, editionID, false, func(cells map[string][]string) map[string][]string {
		for cell, waiting := range cells {
			cells[cell] = mix(waiting)
		}
		return cells
	})
}

// ReleaseLast lets all ballots in that are left when an edition is closed, and makes one batch of those of each cell. goesTo names the cell to which the ballots of a cell go in
// which, over the whole edition, so few were cast that they could not be shown.
func (s *Spool) ReleaseLast(ctx context.Context, editionID string, goesTo func(cast map[string]int) map[string]string) error {
	if err := s.finish(ctx, editionID, true); err != nil {
		return err
	}
	released, err := s.count(ctx, editionID)
	if err != nil {
		return err
	}
	err = s.release(ctx, editionID, true, func(cells map[string][]string) map[string][]string {
		for cell, waiting := range cells {
			released[cell] += len(waiting)
		}
		moved := goesTo(released)
		batches := map[string][]string{}
		for cell, waiting := range cells {
			if to, ok := moved[cell]; ok {
				cell = to
			}
			batches[cell] = append(batches[cell], waiting...)
		}
		return batches
	})
	if err != nil {
		return err
	}
	return s.merge(ctx, editionID)
}

func (s *Spool) release(ctx context.Context, editionID string, last bool, choose func(map[string][]string) map[string][]string) error {
	if err := s.finish(ctx, editionID, last); err != nil {
		return err
	}
	cells, err := s.waitingIn(ctx, editionID)
	if err != nil {
		return err
	}
	for cell, chosen := range choose(cells) {
		if len(chosen) == 0 {
			continue
		}
		if err := s.claim(ctx, cell, chosen); err != nil {
			return err
		}
	}
	return s.finish(ctx, editionID, last)
}

// waitingIn are the hashes of the ballots that wait, by cell.
func (s *Spool) waitingIn(ctx context.Context, editionID string) (map[string][]string, error) {
	cursor, err := s.waiting.Find(ctx, waitingFor(editionID, nil), options.Find().SetProjection(bson.D{{Key: "cell", Value: 1}}).SetBatchSize(10_000))
	if err != nil {
		return nil, fmt.Errorf("reading which ballots wait: %w", err)
	}
	cells := map[string][]string{}
	for c, err := range mongodb.Each[cast](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading which ballots wait: %w", err)
		}
		cells[c.CellID] = append(cells[c.CellID], c.Spent)
	}
	return cells, nil
}

// claim makes ballots a batch of a cell: from here on they are released together, whatever happens.
func (s *Spool) claim(ctx context.Context, cell string, chosen []string) error {
	_, err := s.waiting.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: chosen}}}, {Key: "batch", Value: nil}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "batch", Value: uuid.NewString()}, {Key: "cell", Value: cell}}}})
	if err != nil {
		return fmt.Errorf("making a batch of %d ballots: %w", len(chosen), err)
	}
	return nil
}

// Forget removes the hashes of an edition's tokens, and the key under which its ballots were sealed: after the last release.
func (s *Spool) Forget(ctx context.Context, editionID string) error {
	if _, err := s.waiting.DeleteMany(ctx, bson.D{{Key: "edition", Value: editionID}}); err != nil {
		return fmt.Errorf("removing the hashes of used tokens: %w", err)
	}
	s.keys.drop(editionID)
	return s.vault.Forget(ctx, keyName(editionID))
}
