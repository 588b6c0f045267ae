// Package mongostore keeps people, units and imports in MongoDB.
package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/unit"
)

// Store is directory's database.
type Store struct {
	db      *mongo.Database
	people  *mongo.Collection
	units   *mongo.Collection
	imports *mongo.Collection
	batches *mongo.Collection
	gate    *mongo.Collection
}

// New uses the database.
func New(db *mongo.Database) *Store {
	return &Store{
		db: db, people: db.Collection("people"), units: db.Collection("units"), imports: db.Collection("imports"),
		batches: db.Collection("batches"), gate: db.Collection("gate"),
	}
}

// Migrations give the database its shape.
func Migrations() []mongodb.Migration {
	return []mongodb.Migration{
		{Version: 1, Name: "indexes", Up: indexes},
		{Version: 2, Name: "e-mail addresses", Up: addresses},
	}
}

func indexes(ctx context.Context, db *mongo.Database) error {
	key := func(fields ...string) bson.D {
		var d bson.D
		for _, f := range fields {
			d = append(d, bson.E{Key: f, Value: 1})
		}
		return d
	}
	_, people := db.Collection("people").Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: key("number"), Options: options.Index().SetUnique(true)},
		{Keys: key("words")},
		{Keys: key("sort", "_id")},
		{Keys: key("unit_id", "sort", "_id")},
		{Keys: key("manager_id", "sort", "_id")},
	})
	_, imports := db.Collection("imports").Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "imported_at", Value: -1}}})
	return errors.Join(people, imports)
}

// addresses makes people found by e-mail address as fast as by number: whoever signs in with the company's account is.
func addresses(ctx context.Context, db *mongo.Database) error {
	people := db.Collection("people")
	if _, err := people.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "address", Value: 1}}, Options: options.Index().SetSparse(true)}); err != nil {
		return err
	}
	_, err := people.UpdateMany(ctx, bson.D{{Key: "email", Value: bson.D{{Key: "$gt", Value: ""}}}, {Key: "address", Value: nil}},
		mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "address", Value: bson.D{{Key: "$toLower", Value: "$email"}}}}}}})
	return err
}

// State reads all that an import is compared with, without histories.
func (s *Store) State(ctx context.Context) (importing.State, error) {
	var known importing.State
	tree, err := s.Units(ctx)
	if err != nil {
		return known, err
	}
	known.Units, known.Merged = tree.All(), tree.Merged()
	lean := options.Find().SetBatchSize(5000).SetProjection(bson.D{{Key: "history", Value: 0}, {Key: "words", Value: 0}, {Key: "sort", Value: 0}})
	cursor, err := s.people.Find(ctx, bson.D{}, lean)
	if err != nil {
		return known, fmt.Errorf("reading all people: %w", err)
	}
	if known.People, err = collect(ctx, cursor); err != nil {
		return known, fmt.Errorf("reading all people: %w", err)
	}
	gate, err := s.readGate(ctx)
	known.LastAsOf = gate.LastAsOf
	return known, err
}

// Units reads the whole tree.
func (s *Store) Units(ctx context.Context) (*unit.Tree, error) {
	cursor, err := s.units.Find(ctx, bson.D{}, options.Find().SetBatchSize(5000))
	if err != nil {
		return nil, fmt.Errorf("reading units: %w", err)
	}
	docs, err := mongodb.All[unitDoc](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading units: %w", err)
	}
	units := make([]unit.Unit, len(docs))
	for i, d := range docs {
		units[i] = d.unit()
	}
	return unit.NewTree(units), nil
}

func collect(ctx context.Context, cursor *mongo.Cursor) ([]person.Person, error) {
	var people []person.Person
	for d, err := range mongodb.Each[personDoc](ctx, cursor) {
		if err != nil {
			return nil, err
		}
		people = append(people, d.person())
	}
	return people, nil
}
