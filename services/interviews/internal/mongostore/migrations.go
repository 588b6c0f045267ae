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

// Migrations are the steps that bring a database to the layout that the stores expect. Step 2 is the register of people's.
func Migrations() []mongodb.Migration {
	return []mongodb.Migration{
		{Version: 1, Name: "index talks by manager", Up: func(ctx context.Context, db *mongo.Database) error {
			return index(ctx, db.Collection(TalksCollection), mongo.IndexModel{Keys: bson.D{{Key: "manager_id", Value: 1}}})
		}},
		{Version: 3, Name: "plan talks anew that were kept one per person", Up: planAnew},
		{Version: 4, Name: "index talks, texts and commitments", Up: indexes},
	}
}

// planAnew removes what the first version kept: the date of the first talk of each person, and no more. It is planned again from the
// people that are known.
func planAnew(ctx context.Context, db *mongo.Database) error {
	if _, err := db.Collection(TalksCollection).DeleteMany(ctx, bson.D{{Key: "kind", Value: bson.D{{Key: "$exists", Value: false}}}}); err != nil {
		return fmt.Errorf("removing talks of the first version: %w", err)
	}
	if _, err := db.Collection("planning").DeleteMany(ctx, bson.D{{Key: "_id", Value: snapshotID}}); err != nil {
		return fmt.Errorf("having the snapshot planned again: %w", err)
	}
	return nil
}

func indexes(ctx context.Context, db *mongo.Database) error {
	// What is planned is one talk a person, whatever the years; what was held grows with them.
	only := options.Index().SetPartialFilterExpression(bson.D{{Key: "state", Value: talk.Planned}})
	err := index(ctx, db.Collection(TalksCollection),
		mongo.IndexModel{Keys: bson.D{{Key: "employee_id", Value: 1}, {Key: "state", Value: 1}, {Key: "held_on", Value: -1}}},
		mongo.IndexModel{Keys: bson.D{{Key: "manager_id", Value: 1}, {Key: "state", Value: 1}, {Key: "held_on", Value: -1}}},
		mongo.IndexModel{Keys: bson.D{{Key: "kind", Value: 1}, {Key: "planned_on", Value: 1}}, Options: only.SetName("planned")},
		mongo.IndexModel{Keys: bson.D{{Key: "kind", Value: 1}, {Key: "held_on", Value: 1}}, Options: options.Index().SetSparse(true).SetName("held")},
	)
	if err != nil {
		return err
	}
	if err := index(ctx, db.Collection(textsCollection),
		mongo.IndexModel{Keys: bson.D{{Key: "talk_id", Value: 1}}},
		mongo.IndexModel{Keys: bson.D{{Key: "employee_id", Value: 1}}},
	); err != nil {
		return err
	}
	if err := index(ctx, db.Collection(remindersCollection), mongo.IndexModel{Keys: bson.D{{Key: "person_id", Value: 1}}}); err != nil {
		return err
	}
	if err := index(ctx, db.Collection(habitsCollection), mongo.IndexModel{
		Keys: bson.D{{Key: "feed", Value: 1}}, Options: options.Index().SetSparse(true),
	}); err != nil {
		return err
	}
	if err := index(ctx, db.Collection(gapsCollection), mongo.IndexModel{Keys: bson.D{{Key: "audit", Value: 1}}}); err != nil {
		return err
	}
	return index(ctx, db.Collection(commitmentsCollection),
		mongo.IndexModel{Keys: bson.D{{Key: "employee_id", Value: 1}, {Key: "state", Value: 1}}},
		mongo.IndexModel{Keys: bson.D{{Key: "manager_id", Value: 1}, {Key: "state", Value: 1}}},
		mongo.IndexModel{Keys: bson.D{{Key: "talk_id", Value: 1}}},
	)
}

func index(ctx context.Context, coll *mongo.Collection, models ...mongo.IndexModel) error {
	if _, err := coll.Indexes().CreateMany(ctx, models); err != nil {
		return fmt.Errorf("indexing %s: %w", coll.Name(), err)
	}
	return nil
}
