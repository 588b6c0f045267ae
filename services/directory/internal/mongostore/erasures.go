package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

// Tombstone is all that is left of somebody who was erased: an id that leads nowhere, and a date. It keeps news of the past
// from bringing the person back, and an erasure that was interrupted from being forgotten.
type Tombstone struct {
	PersonID string     `bson:"_id"`
	ErasedOn clock.Date `bson:"erased_on"`
	// Unfinished is set until everything is removed and told.
	Unfinished bool `bson:"unfinished,omitempty"`
}

func (s *Store) tombstones() *mongo.Collection { return s.db.Collection("erased") }

// Tombstone returns the tombstone of a person, or mongodb.ErrNotFound.
func (s *Store) Tombstone(ctx context.Context, personID string) (Tombstone, error) {
	stone, err := mongodb.One[Tombstone](s.tombstones().FindOne(ctx, bson.D{{Key: "_id", Value: personID}}))
	if err != nil {
		return stone, fmt.Errorf("reading whether person %s was erased: %w", personID, mongodb.NotFound(err))
	}
	return stone, nil
}

// Bury sets a tombstone. From this write on the person will be erased, whatever dies meanwhile.
func (s *Store) Bury(ctx context.Context, stone Tombstone) error {
	if _, err := mongodb.InsertNew(ctx, s.tombstones(), []any{stone}); err != nil {
		return fmt.Errorf("beginning to erase person %s: %w", stone.PersonID, err)
	}
	return nil
}

// Unfinished returns the erasures that were begun and not ended.
func (s *Store) Unfinished(ctx context.Context) ([]Tombstone, error) {
	cursor, err := s.tombstones().Find(ctx, bson.D{{Key: "unfinished", Value: true}})
	if err != nil {
		return nil, fmt.Errorf("looking for unfinished erasures: %w", err)
	}
	stones, err := mongodb.All[Tombstone](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("looking for unfinished erasures: %w", err)
	}
	return stones, nil
}

// Rest marks an erasure as finished.
func (s *Store) Rest(ctx context.Context, personID string) error {
	_, err := s.tombstones().UpdateOne(ctx, bson.D{{Key: "_id", Value: personID}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "unfinished", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("ending the erasure of person %s: %w", personID, err)
	}
	return nil
}

// Remove removes what directory holds of a person: the facts and their history, the name's place as somebody's manager, and
// what old plans and reports of imports quote. Each step may be redone. It reads all people once: erasing is rare.
func (s *Store) Remove(ctx context.Context, pass Pass, personID string) error {
	_, person := s.people.DeleteOne(ctx, bson.D{{Key: "_id", Value: personID}})
	_, reports := s.people.UpdateMany(ctx, bson.D{{Key: "manager_id", Value: personID}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "manager_id", Value: ""}}}})
	_, histories := s.people.UpdateMany(ctx,
		bson.D{{Key: "$or", Value: bson.A{bson.D{{Key: "history.from", Value: personID}}, bson.D{{Key: "history.to", Value: personID}}}}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "history.$[before].from", Value: ""}, {Key: "history.$[after].to", Value: ""}}}},
		options.UpdateMany().SetArrayFilters([]any{
			bson.D{{Key: "before.from", Value: personID}}, bson.D{{Key: "after.to", Value: personID}},
		}))
	// Whose line it was is not kept, so that every quotation goes; what was wrong, where, and the counts stay.
	_, quotes := s.imports.UpdateMany(ctx, bson.D{{Key: "of", Value: nil}, {Key: "problems.0", Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "$set", Value: bson.D{
			{Key: "problems.$[].value", Value: ""}, {Key: "problems.$[].expected", Value: ""}, {Key: "problems.$[].reason", Value: ""},
		}}})
	if err := errors.Join(person, reports, histories, quotes); err != nil {
		return fmt.Errorf("erasing person %s: %w", personID, err)
	}
	return s.clear(ctx, pass)
}
