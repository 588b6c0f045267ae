package mongostore

import (
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/survey"
)

// Responses keeps answers given in confidence: this collection is where an answer is stored. No document in it names a
// person or an invitation, or tells an hour.
type Responses struct{ coll *mongo.Collection }

// NewResponses uses the collection "responses".
func NewResponses(db *mongo.Database) *Responses { return &Responses{coll: db.Collection("responses")} }

// Insert keeps a response unless its invitation was answered before; it tells whether it did.
func (s *Responses) Insert(ctx context.Context, r survey.Response) (bool, error) {
	_, err := s.coll.InsertOne(ctx, r)
	if mongodb.IsDuplicate(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("keeping a response: %w", err)
	}
	return true, nil
}

// Exists tells whether there is a response of that id.
func (s *Responses) Exists(ctx context.Context, id string) (bool, error) {
	err := s.coll.FindOne(ctx, byID(id), options.FindOne().SetProjection(onlyID)).Err()
	if err == nil {
		return true, nil
	}
	if err == mongo.ErrNoDocuments { //nolint:errorlint // the driver returns the bare value
		return false, nil
	}
	return false, fmt.Errorf("looking for a response: %w", err)
}

// Closing returns the ids of the responses whose invitations are still to be closed. It reads the whole collection: an index
// would cost every answer a tenth of its time, for a question that is asked at the start and once in an hour.
func (s *Responses) Closing(ctx context.Context) ([]string, error) {
	return s.closing(ctx, bson.D{{Key: "closing", Value: true}})
}

// ClosingAmong returns those of the responses whose invitations are still to be closed.
func (s *Responses) ClosingAmong(ctx context.Context, ids []string) ([]string, error) {
	return s.closing(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "closing", Value: true}})
}

func (s *Responses) closing(ctx context.Context, filter bson.D) ([]string, error) {
	cursor, err := s.coll.Find(ctx, filter, options.Find().SetProjection(onlyID))
	if err != nil {
		return nil, fmt.Errorf("listing responses to close: %w", err)
	}
	var docs []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, fmt.Errorf("listing responses to close: %w", err)
	}
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	return ids, nil
}

// Closed takes the mark off responses whose invitations were closed.
func (s *Responses) Closed(ctx context.Context, ids []string) error {
	_, err := s.coll.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "closing", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("unmarking %d responses: %w", len(ids), err)
	}
	return nil
}

// Cells counts the responses of a key moment by unit and follow-up.
func (s *Responses) Cells(ctx context.Context, keyMoment string) ([]survey.Cell, error) {
	cursor, err := s.coll.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "key_moment", Value: keyMoment}}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "u", Value: "$unit_path"}, {Key: "f", Value: "$follow_up"}}},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
	})
	if err != nil {
		return nil, fmt.Errorf("counting responses about %s: %w", keyMoment, err)
	}
	var groups []struct {
		Key struct {
			UnitPath []string `bson:"u"`
			FollowUp string   `bson:"f"`
		} `bson:"_id"`
		N int `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, fmt.Errorf("counting responses about %s: %w", keyMoment, err)
	}
	cells := make([]survey.Cell, len(groups))
	for i, g := range groups {
		cells[i] = survey.Cell{UnitPath: g.Key.UnitPath, FollowUp: g.Key.FollowUp, N: g.N}
	}
	return cells, nil
}

// Find returns the responses about a key moment, from a unit and below and about a follow-up, where they are given.
func (s *Responses) Find(ctx context.Context, keyMoment, followUp, unitID string) ([]survey.Response, error) {
	filter := bson.D{{Key: "key_moment", Value: keyMoment}}
	if followUp != "" {
		filter = append(filter, bson.E{Key: "follow_up", Value: followUp})
	}
	if unitID != "" {
		filter = append(filter, bson.E{Key: "unit_path", Value: unitID})
	}
	cursor, err := s.coll.Find(ctx, filter, options.Find().SetBatchSize(10_000))
	if err != nil {
		return nil, fmt.Errorf("reading responses about %s: %w", keyMoment, err)
	}
	var responses []survey.Response
	if err := cursor.All(ctx, &responses); err != nil {
		return nil, fmt.Errorf("reading responses about %s: %w", keyMoment, err)
	}
	return slices.Clip(responses), nil
}

var onlyID = bson.D{{Key: "_id", Value: 1}}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }
