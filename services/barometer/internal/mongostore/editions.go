package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/services/barometer/internal/edition"
)

// Editions keeps the editions.
type Editions struct{ editions, organisations *mongo.Collection }

// NewEditions returns the store of the database.
func NewEditions(db *mongo.Database) *Editions {
	return &Editions{db.Collection(EditionsCollection), db.Collection("organisations")}
}

// Insert keeps a new draft.
func (s *Editions) Insert(ctx context.Context, e edition.Edition) error {
	if _, err := s.editions.InsertOne(ctx, e); err != nil {
		return fmt.Errorf("keeping edition %s: %w", e.ID, err)
	}
	return nil
}

// Get returns an edition, or mongodb.ErrNotFound.
func (s *Editions) Get(ctx context.Context, id string) (edition.Edition, error) {
	e, err := mongodb.One[edition.Edition](s.editions.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return edition.Edition{}, fmt.Errorf("reading edition %s: %w", id, mongodb.NotFound(err))
	}
	return e, nil
}

// List returns all editions, the newest first: there is one a year.
func (s *Editions) List(ctx context.Context) ([]edition.Edition, error) {
	return s.find(ctx, bson.D{})
}

// In returns the editions that are in one of the states, the newest first.
func (s *Editions) In(ctx context.Context, states ...edition.State) ([]edition.Edition, error) {
	return s.find(ctx, bson.D{{Key: "state", Value: bson.D{{Key: "$in", Value: states}}}})
}

func (s *Editions) find(ctx context.Context, filter bson.D) ([]edition.Edition, error) {
	cursor, err := s.editions.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "opens_on", Value: -1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("reading editions: %w", err)
	}
	all, err := mongodb.All[edition.Edition](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading editions: %w", err)
	}
	return all, nil
}

// Save writes an edition over the version that was read, with the events that it records. It fails with mongodb.ErrConflict when
// somebody else saved it meanwhile.
func (s *Editions) Save(ctx context.Context, e *edition.Edition) error {
	next := *e
	next.Version++
	if err := mongodb.ReplaceGuarded(ctx, s.editions, e.ID, e.Version, next); err != nil {
		return err
	}
	*e = next
	return nil
}

// DeleteDraft removes a draft, or fails with edition.ErrLaunched.
func (s *Editions) DeleteDraft(ctx context.Context, id string) error {
	result, err := s.editions.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "state", Value: edition.Draft}})
	if err != nil {
		return fmt.Errorf("removing edition %s: %w", id, err)
	}
	if result.DeletedCount == 0 {
		if _, err := s.Get(ctx, id); err != nil {
			return err
		}
		return edition.ErrLaunched
	}
	return nil
}

// organisation is the tree of units as it was when an edition was launched.
type organisation struct {
	EditionID string        `bson:"_id"`
	Units     []people.Unit `bson:"units"`
}

// KeepUnits keeps the organisation of an edition, in place of one that was kept before.
func (s *Editions) KeepUnits(ctx context.Context, editionID string, units []people.Unit) error {
	_, err := s.organisations.ReplaceOne(ctx, bson.D{{Key: "_id", Value: editionID}}, organisation{editionID, units}, options.Replace().SetUpsert(true))
	if err != nil {
		return fmt.Errorf("keeping the organisation of edition %s: %w", editionID, err)
	}
	return nil
}

// Units returns the organisation of an edition.
func (s *Editions) Units(ctx context.Context, editionID string) ([]people.Unit, error) {
	kept, err := mongodb.One[organisation](s.organisations.FindOne(ctx, bson.D{{Key: "_id", Value: editionID}}))
	if err != nil {
		return nil, fmt.Errorf("reading the organisation of edition %s: %w", editionID, mongodb.NotFound(err))
	}
	return kept.Units, nil
}
