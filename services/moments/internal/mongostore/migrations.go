package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
)

// Migrations are the steps in the life of this service's database.
func Migrations() []mongodb.Migration {
	return []mongodb.Migration{
		{Version: 1, Name: "index moments, responses and follow-ups", Up: index},
		people.Migration(2),
		{Version: 3, Name: "index cancelled moments", Up: indexCancelled},
		{Version: 4, Name: "index personal links", Up: indexGuestLinks},
		{Version: 5, Name: "store contact requests in the order of their ids", Up: clusterContacts},
		{Version: 6, Name: "index the members of collective moments", Up: indexMembers},
		{Version: 7, Name: "index the talks that are moments", Up: indexTalks},
		{Version: 8, Name: "index campaigns", Up: indexCampaigns},
		people.SelectionMigration(9),
		{Version: 10, Name: "index series", Up: indexSeries},
		{Version: 11, Name: "index the groups of A/B tests", Up: indexGroups},
	}
}

func index(ctx context.Context, db *mongo.Database) error {
	for collection, models := range map[string][]mongo.IndexModel{
		"moments": {
			{Keys: newestFirst},
			{Keys: bson.D{{Key: "person_id", Value: 1}, {Key: "opened_at", Value: -1}}},
			{Keys: bson.D{{Key: "key_moment", Value: 1}, {Key: "opened_at", Value: -1}}},
			{Keys: bson.D{{Key: "unit_path", Value: 1}, {Key: "opened_at", Value: -1}}},
			{
				Keys: bson.D{{Key: "opened_at", Value: -1}},
				Options: options.Index().SetName("declared").
					SetPartialFilterExpression(bson.D{{Key: "cause", Value: moment.Declared}}),
			},
		},
		"responses": {
			{Keys: bson.D{{Key: "key_moment", Value: 1}, {Key: "follow_up", Value: 1}}},
		},
		AgendaCollection: {
			{Keys: bson.D{{Key: followup.FieldKeyMoment, Value: 1}, {Key: followup.FieldFollowUp, Value: 1}}},
		},
	} {
		if _, err := db.Collection(collection).Indexes().CreateMany(ctx, models); err != nil {
			return fmt.Errorf("indexing %s: %w", collection, err)
		}
	}
	return nil
}

// indexMembers makes what finds the collective moments of a person: it holds no others.
func indexMembers(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("moments").Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: memberID, Value: 1}}, Options: options.Index().SetSparse(true),
	})
	if err != nil {
		return fmt.Errorf("indexing the members of collective moments: %w", err)
	}
	return nil
}

// indexTalks makes what finds the moment of a talk: it holds no others.
func indexTalks(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("moments").Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: talkID, Value: 1}}, Options: options.Index().SetSparse(true),
	})
	if err != nil {
		return fmt.Errorf("indexing the talks that are moments: %w", err)
	}
	return nil
}

// indexCancelled makes what finds moments that were cancelled lately: it holds no others.
func indexCancelled(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("moments").Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: "cancelled.at", Value: -1}}, Options: options.Index().SetSparse(true),
	})
	if err != nil {
		return fmt.Errorf("indexing cancelled moments: %w", err)
	}
	return nil
}
