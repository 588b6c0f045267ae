package mongostore

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// Cell is a cell of an edition as it was frozen at the launch.
type Cell struct {
	// ID is CellID's.
	ID        string   `bson:"_id"`
	EditionID string   `bson:"edition"`
	UnitID    string   `bson:"unit"`
	Name      string   `bson:"name"`
	Path      []string `bson:"path"`
	Eligible  int      `bson:"eligible"`
	Merged    []string `bson:"merged,omitempty"`
	// Cards is how many of the eligible vote with a printed card, as it was frozen when people began to vote.
	Cards int `bson:"cards,omitempty"`
	// Key is the fingerprint of the cell's key, Public the key, and Private the other half, sealed. They are empty until it is made.
	Key     string `bson:"key,omitempty"`
	Public  []byte `bson:"public,omitempty"`
	Private []byte `bson:"private,omitempty"`
}

// CellID names the cell of a unit in an edition.
func CellID(editionID, unitID string) string { return editionID + "/" + unitID }

// Cells keeps the cells of editions, with their keys.
type Cells struct{ cells *mongo.Collection }

// NewCells returns the store of the database.
func NewCells(db *mongo.Database) *Cells { return &Cells{db.Collection(cellsCollection)} }

// Insert keeps cells that are not there yet.
func (s *Cells) Insert(ctx context.Context, cells []Cell) error {
	_, err := mongodb.InsertNew(ctx, s.cells, asAny(cells))
	return err
}

// Get returns the cell of a unit, or mongodb.ErrNotFound.
func (s *Cells) Get(ctx context.Context, editionID, unitID string) (Cell, error) {
	c, err := mongodb.One[Cell](s.cells.FindOne(ctx, bson.D{{Key: "_id", Value: CellID(editionID, unitID)}}))
	if err != nil {
		return Cell{}, fmt.Errorf("reading a cell: %w", mongodb.NotFound(err))
	}
	return c, nil
}

// OfKey returns the cell whose key has the fingerprint, or mongodb.ErrNotFound.
func (s *Cells) OfKey(ctx context.Context, editionID, fingerprint string) (Cell, error) {
	c, err := mongodb.One[Cell](s.cells.FindOne(ctx, bson.D{{Key: "edition", Value: editionID}, {Key: "key", Value: fingerprint}}))
	if err != nil {
		return Cell{}, fmt.Errorf("reading the cell of a key: %w", mongodb.NotFound(err))
	}
	return c, nil
}

// List returns the cells of an edition in order of their units' ids, without the private halves of their keys.
func (s *Cells) List(ctx context.Context, editionID string) ([]Cell, error) {
	// By the ids, which begin with the edition's: they come in order, and a planner has nothing to try that would sort.
	ids := bson.D{{Key: "$gte", Value: CellID(editionID, "")}, {Key: "$lt", Value: CellID(editionID, "\U0010ffff")}}
	cursor, err := s.cells.Find(ctx, bson.D{{Key: "_id", Value: ids}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "private", Value: 0}}))
	if err != nil {
		return nil, fmt.Errorf("reading the cells of edition %s: %w", editionID, err)
	}
	cells, err := mongodb.All[Cell](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading the cells of edition %s: %w", editionID, err)
	}
	return cells, nil
}

// Keyless yields the cells of an edition that have no key yet.
func (s *Cells) Keyless(ctx context.Context, editionID string) iter.Seq2[Cell, error] {
	return func(yield func(Cell, error) bool) {
		cursor, err := s.cells.Find(ctx, bson.D{{Key: "edition", Value: editionID}, {Key: "key", Value: nil}})
		if err != nil {
			yield(Cell{}, fmt.Errorf("reading cells without a key: %w", err))
			return
		}
		mongodb.Each[Cell](ctx, cursor)(yield)
	}
}

// CountKeys counts the cells of an edition that have a key.
func (s *Cells) CountKeys(ctx context.Context, editionID string) (int, error) {
	n, err := s.cells.CountDocuments(ctx, bson.D{{Key: "edition", Value: editionID}, {Key: "key", Value: bson.D{{Key: "$gt", Value: ""}}}})
	if err != nil {
		return 0, fmt.Errorf("counting the keys of edition %s: %w", editionID, err)
	}
	return int(n), nil
}

// SetKey gives a cell its key. A cell that has one keeps it.
func (s *Cells) SetKey(ctx context.Context, c Cell) error {
	_, err := s.cells.UpdateOne(ctx, bson.D{{Key: "_id", Value: c.ID}, {Key: "key", Value: nil}}, bson.D{{Key: "$set", Value: bson.D{
		{Key: "key", Value: c.Key}, {Key: "public", Value: c.Public}, {Key: "private", Value: c.Private},
	}}})
	if err != nil {
		return fmt.Errorf("keeping the key of a cell: %w", err)
	}
	return nil
}

// KeysOf names the vault's key under which the private halves of an edition's keys are sealed.
func KeysOf(editionID string) string { return "cells/" + editionID }

// Clear removes the cells of an edition that was not launched after all.
func (s *Cells) Clear(ctx context.Context, editionID string) error {
	if _, err := s.cells.DeleteMany(ctx, bson.D{{Key: "edition", Value: editionID}}); err != nil {
		return fmt.Errorf("removing the cells of edition %s: %w", editionID, err)
	}
	return nil
}

// NoteCards keeps how many cards were printed, by cell.
func (s *Cells) NoteCards(ctx context.Context, editionID string, cards map[string]int) error {
	for unitID, n := range cards {
		_, err := s.cells.UpdateOne(ctx, bson.D{{Key: "_id", Value: CellID(editionID, unitID)}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "cards", Value: n}}}})
		if err != nil {
			return fmt.Errorf("noting the cards of a cell: %w", err)
		}
	}
	return nil
}

// ForgetKeys removes the private halves of an edition's keys: no token can be signed any more.
func (s *Cells) ForgetKeys(ctx context.Context, editionID string) error {
	_, err := s.cells.UpdateMany(ctx, bson.D{{Key: "edition", Value: editionID}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "private", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("removing the keys of edition %s: %w", editionID, err)
	}
	return nil
}

func asAny[T any](docs []T) []any {
	all := make([]any, len(docs))
	for i, d := range docs {
		all[i] = d
	}
	return all
}
