package webhook

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// store keeps receivers in "webhook_receivers", deliveries in "webhook_deliveries" and the events that they deliver in
// "webhook_events", once for all.
type store struct{ receivers, deliveries, events *mongo.Collection }

func newStore(db *mongo.Database) *store {
	return &store{db.Collection("webhook_receivers"), db.Collection("webhook_deliveries"), db.Collection("webhook_events")}
}

// Migrations make what finds the next delivery of a receiver, its newest ones, and those that failed. From version on, each has the next number.
func Migrations(version int) []mongodb.Migration {
	return []mongodb.Migration{
		{Version: version, Name: "find deliveries of webhooks", Up: indexDeliveries},
		{Version: version + 1, Name: "count deliveries of webhooks that failed", Up: indexFailed},
	}
}

// indexFailed holds those that failed alone: of a hundred thousand deliveries, they are few.
func indexFailed(ctx context.Context, db *mongo.Database) error {
	newest := bson.D{{Key: "receiver", Value: 1}, {Key: "fate", Value: 1}, {Key: "queued_at", Value: -1}, {Key: "arrived", Value: -1}}
	_, err := newStore(db).deliveries.Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: newest, Options: options.Index().SetName("failed").SetPartialFilterExpression(bson.D{{Key: "fate", Value: Failed}}),
	})
	if err != nil {
		return fmt.Errorf("indexing deliveries that failed: %w", err)
	}
	return nil
}

func indexDeliveries(ctx context.Context, db *mongo.Database) error {
	s := newStore(db)
	oldest := bson.D{{Key: "receiver", Value: 1}, {Key: "happened_at", Value: 1}, {Key: "arrived", Value: 1}}
	_, err := s.deliveries.Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: oldest, Options: options.Index().SetName("waiting").
			SetPartialFilterExpression(bson.D{{Key: "wake", Value: bson.D{{Key: "$exists", Value: true}}}})},
		{Keys: bson.D{{Key: "receiver", Value: 1}, {Key: "queued_at", Value: -1}, {Key: "arrived", Value: -1}}},
		{Keys: bson.D{{Key: "event", Value: 1}}},
	})
	if err != nil {
		return fmt.Errorf("indexing deliveries: %w", err)
	}
	return nil
}

func (s *store) list(ctx context.Context, filter bson.D) ([]Receiver, error) {
	cursor, err := s.receivers.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "name", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("listing receivers: %w", err)
	}
	all, err := mongodb.All[Receiver](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing receivers: %w", err)
	}
	return all, nil
}

// wanting are the receivers that are to be told of events of a type, whether they are called now or not.
func (s *store) wanting(ctx context.Context, typ string) ([]Receiver, error) {
	return s.list(ctx, bson.D{{Key: "types", Value: typ}})
}

func (s *store) receiver(ctx context.Context, id string) (Receiver, error) {
	r, err := mongodb.One[Receiver](s.receivers.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return Receiver{}, fmt.Errorf("reading receiver %s: %w", id, mongodb.NotFound(err))
	}
	return r, nil
}

// begin adds a receiver; mongodb.ErrConflict where there is one of that id.
func (s *store) begin(ctx context.Context, r Receiver) error {
	_, err := s.receivers.InsertOne(ctx, r)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("adding receiver %s: %w", r.ID, err)
	}
	return nil
}

// set changes fields of a receiver, and no other: others are changed meanwhile by whoever calls it.
func (s *store) set(ctx context.Context, r Receiver, fields bson.D) error {
	result, err := s.receivers.UpdateOne(ctx, bson.D{{Key: "_id", Value: r.ID}}, bson.D{{Key: "$set", Value: fields}})
	switch {
	case err != nil:
		return fmt.Errorf("changing receiver %s: %w", r.ID, err)
	case result.MatchedCount == 0:
		return fmt.Errorf("changing receiver %s: %w", r.ID, mongodb.ErrNotFound)
	}
	return nil
}

// write keeps a draft over the version before; mongodb.ErrConflict where that is not what is there.
func (s *store) write(ctx context.Context, r Receiver) error {
	result, err := s.receivers.UpdateOne(ctx, bson.D{{Key: "_id", Value: r.ID}, {Key: "version", Value: r.Version - 1}}, bson.D{{Key: "$set", Value: bson.D{
		{Key: "version", Value: r.Version},
		{Key: "name", Value: r.Name},
		{Key: "address", Value: r.Address},
		{Key: "types", Value: r.Types},
		{Key: "hr_system", Value: r.HRSystem},
	}}})
	switch {
	case err != nil:
		return fmt.Errorf("changing receiver %s: %w", r.ID, err)
	case result.MatchedCount == 0:
		return fmt.Errorf("changing receiver %s: %w", r.ID, mongodb.ErrConflict)
	}
	return nil
}

// fared notes how a receiver fares. Its state becomes another only where nobody switched it meanwhile.
func (s *store) fared(ctx context.Context, before, r Receiver) error {
	fields := bson.D{
		{Key: "failures", Value: r.Failures}, {Key: "rest_until", Value: r.RestUntil}, {Key: "last_delivered_at", Value: r.LastDeliveredAt},
	}
	filter := bson.D{{Key: "_id", Value: r.ID}}
	if r.State != before.State {
		filter = append(filter, bson.E{Key: "state_since", Value: before.StateSince})
		fields = append(fields, bson.E{Key: "state", Value: r.State}, bson.E{Key: "state_since", Value: r.StateSince})
	}
	if _, err := s.receivers.UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: fields}}); err != nil {
		return fmt.Errorf("noting how receiver %s fares: %w", r.ID, err)
	}
	return nil
}

// missed notes that an event was not kept for a receiver. Noting it twice changes nothing.
func (s *store) missed(ctx context.Context, r Receiver, at time.Time) error {
	update := bson.D{{Key: "$max", Value: bson.D{{Key: "missed_to", Value: at}}}}
	if r.MissedFrom.IsZero() {
		update = append(update, bson.E{Key: "$set", Value: bson.D{{Key: "missed_from", Value: at}}})
	}
	if _, err := s.receivers.UpdateOne(ctx, bson.D{{Key: "_id", Value: r.ID}}, update); err != nil {
		return fmt.Errorf("noting what receiver %s misses: %w", r.ID, err)
	}
	return nil
}

// remove forgets a receiver and all of its deliveries.
func (s *store) remove(ctx context.Context, id string) error {
	if _, err := s.receivers.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
		return fmt.Errorf("removing receiver %s: %w", id, err)
	}
	if _, err := s.deliveries.DeleteMany(ctx, bson.D{{Key: "receiver", Value: id}}); err != nil {
		return fmt.Errorf("removing the deliveries of receiver %s: %w", id, err)
	}
	return nil
}
