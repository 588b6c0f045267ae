package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// Migrations are the steps that bring a database to the layout that the store expects.
func Migrations() []mongodb.Migration {
	return []mongodb.Migration{{Version: 1, Name: "find inboxes whose shown messages expire", Up: indexExpiry}}
}

// indexExpiry is sparse: most inboxes show nothing at most times.
func indexExpiry(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("inboxes").Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: "next_expiry", Value: 1}}, Options: options.Index().SetSparse(true),
	})
	if err != nil {
		return fmt.Errorf("indexing inboxes by expiry: %w", err)
	}
	return nil
}
