package mongostore

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// ErrIssued says that a person's token was signed already, and that another one was asked for.
var ErrIssued = errors.New("a token was issued already")

// ErrHeld says that a card is being made for a person, in place of a token of their own.
var ErrHeld = errors.New("a card is being made")

// Elector is somebody who may vote in an edition. That they took a token is known, and neither when nor what they did with it.
type Elector struct {
	// ID is ElectorID's.
	ID        string `bson:"_id"`
	EditionID string `bson:"edition"`
	PersonID  string `bson:"person"`
	UnitID    string `bson:"unit"`
	CellID    string `bson:"cell"`
	// Blinded is the hash of the blinded message that was signed; empty while none was.
	Blinded string `bson:"blinded,omitempty"`
	// Sheet is the sheet of cards that the person is held for while it is being made: see Sheets.
	Sheet string `bson:"sheet,omitempty"`
	// Told says that the person was told of among those who took a token, or has a card and need not be.
	Told bool `bson:"told,omitempty"`
}

// ElectorID names a person's place in an edition.
func ElectorID(editionID, personID string) string { return editionID + "/" + personID }

// Electors keeps who may vote.
type Electors struct {
	electors *mongo.Collection
	sheets   *Sheets
}

// NewElectors returns the store of the database.
func NewElectors(db *mongo.Database) *Electors {
	return &Electors{electors: db.Collection(electorsCollection), sheets: NewSheets(db)}
}

// Insert keeps electors that are not there yet.
func (s *Electors) Insert(ctx context.Context, electors []Elector) error {
	_, err := mongodb.InsertNew(ctx, s.electors, asAny(electors))
	return err
}

// Get returns a person's place in an edition, or mongodb.ErrNotFound.
func (s *Electors) Get(ctx context.Context, editionID, personID string) (Elector, error) {
	e, err := mongodb.One[Elector](s.electors.FindOne(ctx, bson.D{{Key: "_id", Value: ElectorID(editionID, personID)}}))
	if err != nil {
		return Elector{}, fmt.Errorf("reading an elector: %w", mongodb.NotFound(err))
	}
	return e, nil
}

// Issue notes, before it is done, that the blinded message with the hash is signed for a person. Only the first one ever is: another
// is refused with ErrIssued, and the same again is fine. Whoever is held for a card is refused with ErrHeld.
func (s *Electors) Issue(ctx context.Context, editionID, personID, blinded string) (Elector, error) {
	id := ElectorID(editionID, personID)
	// A sheet of cards that was being made when something failed holds nobody up.
	if err := s.sheets.settleHeld(ctx, among([]string{id})); err != nil {
		return Elector{}, err
	}
	_, err := s.electors.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "blinded", Value: nil}, {Key: "sheet", Value: nil}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "blinded", Value: blinded}}}})
	if err != nil {
		return Elector{}, fmt.Errorf("noting that a token is issued: %w", err)
	}
	e, err := s.Get(ctx, editionID, personID)
	switch {
	case err != nil:
		return Elector{}, err
	case e.Sheet != "":
		return Elector{}, ErrHeld
	case e.Blinded != blinded:
		return Elector{}, ErrIssued
	}
	return e, nil
}

// CountIssued counts who took a token, by cell.
func (s *Electors) CountIssued(ctx context.Context, editionID string) (map[string]int, error) {
	cursor, err := s.electors.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: issued(editionID)}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$cell"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return nil, fmt.Errorf("counting tokens: %w", err)
	}
	counts := map[string]int{}
	for group, err := range mongodb.Each[struct {
		Cell string `bson:"_id"`
		N    int    `bson:"n"`
	}](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("counting tokens: %w", err)
		}
		counts[group.Cell] = group.N
	}
	return counts, nil
}

func issued(editionID string) bson.D {
	return bson.D{{Key: "edition", Value: editionID}, {Key: "blinded", Value: bson.D{{Key: "$gt", Value: ""}}}}
}

// Tokenless yields those of a cell who have no token and no card, and for whom none is being made, in order of id.
func (s *Electors) Tokenless(ctx context.Context, editionID, unitID string) iter.Seq2[Elector, error] {
	return s.each(ctx, bson.D{
		{Key: "edition", Value: editionID}, {Key: "cell", Value: unitID}, {Key: "blinded", Value: nil}, {Key: "sheet", Value: nil},
	})
}

// Everybody yields all electors of an edition, in order of id.
func (s *Electors) Everybody(ctx context.Context, editionID string) iter.Seq2[Elector, error] {
	return s.each(ctx, bson.D{{Key: "edition", Value: editionID}})
}

// Untold yields those who took a token and were not told of.
func (s *Electors) Untold(ctx context.Context, editionID string) iter.Seq2[Elector, error] {
	return s.each(ctx, append(issued(editionID), bson.E{Key: "told", Value: nil}))
}

func (s *Electors) each(ctx context.Context, filter bson.D) iter.Seq2[Elector, error] {
	return func(yield func(Elector, error) bool) {
		cursor, err := s.electors.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
		if err != nil {
			yield(Elector{}, fmt.Errorf("reading electors: %w", err))
			return
		}
		mongodb.Each[Elector](ctx, cursor)(yield)
	}
}

// SetTold notes that people were told of among those who took a token.
func (s *Electors) SetTold(ctx context.Context, ids []string) error {
	_, err := s.electors.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "told", Value: true}}}})
	if err != nil {
		return fmt.Errorf("noting who was told of: %w", err)
	}
	return nil
}

// Forget removes people from all editions. A token that they took may still be used: nobody knows which it is.
func (s *Electors) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.electors.DeleteMany(ctx, bson.D{{Key: "person", Value: bson.D{{Key: "$in", Value: personIDs}}}}); err != nil {
		return fmt.Errorf("removing %d electors: %w", len(personIDs), err)
	}
	return nil
}

// Clear removes everybody of an edition.
func (s *Electors) Clear(ctx context.Context, editionID string) error {
	if _, err := s.electors.DeleteMany(ctx, bson.D{{Key: "edition", Value: editionID}}); err != nil {
		return fmt.Errorf("removing the electors of edition %s: %w", editionID, err)
	}
	return nil
}
