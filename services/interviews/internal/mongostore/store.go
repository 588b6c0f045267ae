// Package mongostore keeps talks in MongoDB: one document per employee, in the collection "talks".
package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/interviews/internal/talk"
)

// Store reads and saves talks.
type Store struct{ talks *mongo.Collection }

// New returns the store of the database.
func New(db *mongo.Database) *Store { return &Store{talks: db.Collection("talks")} }

// Migrations are the steps that bring a database to the layout that the store expects.
func Migrations() []mongodb.Migration {
	return []mongodb.Migration{{Version: 1, Name: "index talks by manager", Up: func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection("talks").Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "manager_id", Value: 1}}})
		if err != nil {
			return fmt.Errorf("indexing talks by manager: %w", err)
		}
		return nil
	}}}
}

// Get returns the talk of the employee, or mongodb.ErrNotFound.
func (s *Store) Get(ctx context.Context, employeeID string) (talk.Talk, error) {
	t, err := mongodb.One[talk.Talk](s.talks.FindOne(ctx, bson.D{{Key: "_id", Value: employeeID}}))
	if err != nil {
		return talk.Talk{}, fmt.Errorf("reading the talk of %s: %w", employeeID, mongodb.NotFound(err))
	}
	return t, nil
}

// Of returns the talks of the employees, in no order; employees without one are left out.
func (s *Store) Of(ctx context.Context, employeeIDs []string) ([]talk.Talk, error) {
	return s.find(ctx, in("_id", employeeIDs))
}

// With returns the talks with the managers, in no order.
func (s *Store) With(ctx context.Context, managerIDs ...string) ([]talk.Talk, error) {
	return s.find(ctx, in("manager_id", managerIDs))
}

func (s *Store) find(ctx context.Context, filter bson.D) ([]talk.Talk, error) {
	cursor, err := s.talks.Find(ctx, filter, options.Find().SetBatchSize(1000))
	if err != nil {
		return nil, fmt.Errorf("reading talks: %w", err)
	}
	talks, err := mongodb.All[talk.Talk](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading talks: %w", err)
	}
	return talks, nil
}

// Forget removes the talks of employees, and takes managers out of the talks of others: they are with nobody from then on.
// The version grows, so that whoever is about to save such a talk reads it again.
func (s *Store) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.talks.DeleteMany(ctx, in("_id", personIDs)); err != nil {
		return fmt.Errorf("removing the talks of %d people: %w", len(personIDs), err)
	}
	_, err := s.talks.UpdateMany(ctx, in("manager_id", personIDs), bson.D{
		{Key: "$set", Value: bson.D{{Key: "manager_id", Value: ""}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
	})
	if err != nil {
		return fmt.Errorf("taking %d managers out of talks: %w", len(personIDs), err)
	}
	return nil
}

func in(field string, values []string) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: values}}}}
}

// Save writes the talks in one bulk, each only if what is stored is the version before. It returns mongodb.ErrConflict
// when that is not so for any of them: then some are saved and some are not, and all must be read again.
func (s *Store) Save(ctx context.Context, talks []talk.Talk) error {
	if len(talks) == 0 {
		return nil
	}
	writes := make([]mongo.WriteModel, len(talks))
	for i, t := range talks {
		if t.Version == 1 {
			writes[i] = mongo.NewInsertOneModel().SetDocument(t)
		} else {
			writes[i] = mongodb.ReplaceGuardedModel(t.EmployeeID, t.Version-1, t)
		}
	}
	result, err := s.talks.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
	switch {
	case mongodb.IsDuplicate(err):
		return fmt.Errorf("saving %d talks: %w", len(talks), mongodb.ErrConflict)
	case err != nil:
		return fmt.Errorf("saving %d talks: %w", len(talks), err)
	case result.InsertedCount+result.ModifiedCount < int64(len(talks)):
		return fmt.Errorf("saving %d talks: %w", len(talks), mongodb.ErrConflict)
	}
	return nil
}
