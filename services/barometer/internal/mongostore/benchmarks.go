package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/barometer/internal/customers"
)

// Benchmark is a value from elsewhere that HR entered.
type Benchmark struct {
	ID                  string `bson:"_id"`
	Version             int64  `bson:"version"`
	customers.Benchmark `bson:",inline"`
}

// Benchmarks keeps them.
type Benchmarks struct{ coll *mongo.Collection }

// NewBenchmarks returns the store of the database.
func NewBenchmarks(db *mongo.Database) *Benchmarks {
	return &Benchmarks{db.Collection(benchmarksCollection)}
}

// List returns all of them by measure, the newest first: there are a few.
func (s *Benchmarks) List(ctx context.Context) ([]Benchmark, error) {
	order := bson.D{{Key: "measure", Value: 1}, {Key: "year", Value: -1}, {Key: "source", Value: 1}, {Key: "_id", Value: 1}}
	cursor, err := s.coll.Find(ctx, bson.D{}, options.Find().SetSort(order))
	if err != nil {
		return nil, fmt.Errorf("reading benchmarks: %w", err)
	}
	all, err := mongodb.All[Benchmark](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading benchmarks: %w", err)
	}
	return all, nil
}

// Insert keeps a new one.
func (s *Benchmarks) Insert(ctx context.Context, b Benchmark) error {
	if _, err := s.coll.InsertOne(ctx, b); err != nil {
		return fmt.Errorf("keeping a benchmark: %w", err)
	}
	return nil
}

// Save writes one over the version that was seen. It fails with mongodb.ErrConflict when it was changed or removed meanwhile.
func (s *Benchmarks) Save(ctx context.Context, b *Benchmark) error {
	next := *b
	next.Version++
	if err := mongodb.ReplaceGuarded(ctx, s.coll, b.ID, b.Version, next); err != nil {
		return err
	}
	*b = next
	return nil
}

// Remove forgets one; one that is not kept is forgotten already.
func (s *Benchmarks) Remove(ctx context.Context, id string) error {
	if _, err := s.coll.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
		return fmt.Errorf("removing a benchmark: %w", err)
	}
	return nil
}
