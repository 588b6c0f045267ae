package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

const trendsCollection = "trends"

// Week is what was counted of a unit at the end of a week.
type Week struct {
	// Monday is that after the week.
	Monday clock.Date `bson:"monday"`
	People int        `bson:"people"`
	Met    int        `bson:"met"`
}

// keptWeeks is how many weeks a unit's trend reaches back.
const keptWeeks = 104

// Trends keeps the weeks of units, one document a unit.
type Trends struct{ trends *mongo.Collection }

// NewTrends returns the store of the database.
func NewTrends(db *mongo.Database) *Trends { return &Trends{trends: db.Collection(trendsCollection)} }

// Keep adds a week to the trend of each unit, in place of what was kept of the same week.
func (s *Trends) Keep(ctx context.Context, weeks map[string]Week) error {
	var writes []mongo.WriteModel
	for unit, week := range weeks {
		others := bson.D{{Key: "$filter", Value: bson.D{
			{Key: "input", Value: bson.D{{Key: "$ifNull", Value: bson.A{"$weeks", bson.A{}}}}},
			{Key: "cond", Value: bson.D{{Key: "$ne", Value: bson.A{"$$this.monday", week.Monday}}}},
		}}}
		writes = append(writes, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: unit}}).SetUpsert(true).
			SetUpdate(mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "weeks", Value: bson.D{{Key: "$slice", Value: bson.A{
				bson.D{{Key: "$concatArrays", Value: bson.A{others, bson.A{week}}}}, -keptWeeks,
			}}}}}}}}))
	}
	if err := mongodb.BulkUpsert(ctx, s.trends, writes); err != nil {
		return fmt.Errorf("keeping a week: %w", err)
	}
	return nil
}

// Of returns the last weeks of the units, the oldest first.
func (s *Trends) Of(ctx context.Context, weeks int, units ...string) (map[string][]Week, error) {
	cursor, err := s.trends.Find(ctx, in("_id", units))
	if err != nil {
		return nil, fmt.Errorf("reading trends: %w", err)
	}
	type trend struct {
		Unit  string `bson:"_id"`
		Weeks []Week `bson:"weeks"`
	}
	found := map[string][]Week{}
	for t, err := range mongodb.Each[trend](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading trends: %w", err)
		}
		found[t.Unit] = t.Weeks[max(0, len(t.Weeks)-weeks):]
	}
	return found, nil
}
