package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/audience"
)

const audiences = "audiences"

// Audiences keeps those that HR saved.
type Audiences struct{ coll *mongo.Collection }

// NewAudiences uses the collection "audiences".
func NewAudiences(db *mongo.Database) *Audiences { return &Audiences{db.Collection(audiences)} }

// All returns them by name.
func (s *Audiences) All(ctx context.Context) ([]audience.Saved, error) {
	cursor, err := s.coll.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "name", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("listing audiences: %w", err)
	}
	all, err := mongodb.All[audience.Saved](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing audiences: %w", err)
	}
	return all, nil
}

// Get returns one, or mongodb.ErrNotFound.
func (s *Audiences) Get(ctx context.Context, id string) (audience.Saved, error) {
	found, err := mongodb.One[audience.Saved](s.coll.FindOne(ctx, byID(id)))
	if err != nil {
		return audience.Saved{}, fmt.Errorf("reading audience %s: %w", id, mongodb.NotFound(err))
	}
	return found, nil
}

// Keep keeps one over the version before, the first one where there is none; mongodb.ErrConflict where that is not what is there.
func (s *Audiences) Keep(ctx context.Context, a audience.Saved) error {
	if a.Version > 1 {
		return mongodb.ReplaceGuarded(ctx, s.coll, a.ID, a.Version-1, a)
	}
	_, err := s.coll.InsertOne(ctx, a)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("keeping audience %s: %w", a.ID, err)
	}
	return nil
}

// Delete removes one, if it is there.
func (s *Audiences) Delete(ctx context.Context, id string) error {
	if _, err := s.coll.DeleteOne(ctx, byID(id)); err != nil {
		return fmt.Errorf("deleting audience %s: %w", id, err)
	}
	return nil
}
