package install

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/zap"

	"jalon.dev/pkg/mongolocal"
)

// try proves that an engine starts, stores and finds.
func try(ctx context.Context, cfg Config, library, data string) (err error) {
	const patience = time.Minute
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	child, err := mongolocal.StartChild(ctx, mongolocal.ChildConfig{
		Executable: cfg.Child.Executable,
		Args:       cfg.Child.Args,
		Library:    library,
		DataDir:    data,
		Log:        zap.NewNop(),
	})
	if err != nil {
		return fmt.Errorf("the local MongoDB engine was fetched but does not start on this system: %w", err)
	}
	defer child.Stop()
	client, err := mongo.Connect(options.Client().ApplyURI(child.URI()).SetTimeout(patience))
	if err != nil {
		return fmt.Errorf("connecting to the fetched local MongoDB engine: %w", err)
	}
	defer func() { _ = client.Disconnect(ctx) }() // the engine is stopped next anyway
	probes := client.Database("jalon_probe").Collection("probes")
	if _, err := probes.InsertOne(ctx, bson.D{{Key: "_id", Value: "probe"}}); err != nil {
		return fmt.Errorf("writing to the fetched local MongoDB engine: %w", err)
	}
	if err := probes.FindOne(ctx, bson.D{{Key: "_id", Value: "probe"}}).Err(); err != nil {
		return fmt.Errorf("reading from the fetched local MongoDB engine: %w", err)
	}
	return nil
}
