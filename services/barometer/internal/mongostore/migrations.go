// Package mongostore keeps editions, cells, electors and publications in MongoDB. Ballots are kept by package spool, apart.
package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

const (
	// EditionsCollection holds documents with an outbox.
	EditionsCollection = "editions"
	cellsCollection    = "cells"
	electorsCollection = "electors"
)

// Migrations are the steps of the layout; 1 is that of the register of people.
func Migrations() []mongodb.Migration {
	return []mongodb.Migration{
		{Version: 2, Name: "index cells and electors by edition", Up: func(ctx context.Context, db *mongo.Database) error {
			for coll, keys := range map[string]bson.D{
				cellsCollection: {{Key: "edition", Value: 1}, {Key: "key", Value: 1}},
				// Who took a token by cell, and who of them was not told of.
				resultsCollection:  {{Key: "edition", Value: 1}, {Key: "parent", Value: 1}, {Key: "name", Value: 1}},
				commentsCollection: {{Key: "edition", Value: 1}, {Key: "path", Value: 1}},
				electorsCollection: {{Key: "edition", Value: 1}, {Key: "blinded", Value: 1}, {Key: "told", Value: 1}},
			} {
				if _, err := db.Collection(coll).Indexes().CreateOne(ctx, mongo.IndexModel{Keys: keys}); err != nil {
					return fmt.Errorf("indexing %s: %w", coll, err)
				}
			}
			_, err := db.Collection(electorsCollection).Indexes().CreateOne(ctx, mongo.IndexModel{
				Keys: bson.D{{Key: "person", Value: 1}}, Options: options.Index().SetName("person"),
			})
			if err != nil {
				return fmt.Errorf("indexing %s: %w", electorsCollection, err)
			}
			return nil
		}},
	}
}
