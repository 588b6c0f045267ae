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

// Responses keeps answers: this collection is where an answer is stored. No document in it names an invitation or tells an hour,
// and one names a person only where the questionnaire said before that it would.
type Responses struct {
	coll     *mongo.Collection
	inserter *mongodb.Inserter
}

// NewResponses uses the collection "responses".
func NewResponses(db *mongo.Database) *Responses {
	coll := db.Collection("responses")
	return &Responses{coll, mongodb.NewInserter(coll)}
}

// Insert keeps a response unless its invitation was answered before; it tells whether it did.
func (s *Responses) Insert(ctx context.Context, r survey.Response) (bool, error) {
	inserted, err := s.inserter.Insert(ctx, r)
	if err != nil {
		return false, fmt.Errorf("keeping a response: %w", err)
	}
	return inserted == 1, nil
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

// About returns all responses about a key moment, or about one follow-up of it where one is given.
func (s *Responses) About(ctx context.Context, keyMoment, followUp string) ([]survey.Response, error) {
	filter := bson.D{{Key: "key_moment", Value: keyMoment}}
	if followUp != "" {
		filter = append(filter, bson.E{Key: "follow_up", Value: followUp})
	}
	cursor, err := s.coll.Find(ctx, filter, options.Find().SetBatchSize(10_000))
	if err != nil {
		return nil, fmt.Errorf("reading responses about %s: %w", keyMoment, err)
	}
	responses, err := mongodb.All[survey.Response](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading responses about %s: %w", keyMoment, err)
	}
	return slices.Clip(responses), nil
}

// Named returns a page of the responses about a key moment (and a follow-up, where one is given) that bear a name, the latest day
// first, and the token of the next page, empty on the last one.
func (s *Responses) Named(ctx context.Context, keyMoment, followUp string, size int, token string) ([]survey.Response, string, error) {
	question := fmt.Sprintf("named responses %q %q", keyMoment, followUp)
	after, err := mongodb.ParsePageToken(token, question, 2)
	if err != nil {
		return nil, "", err
	}
	filter := bson.D{{Key: "key_moment", Value: keyMoment}, {Key: "person_id", Value: bson.D{{Key: "$gt", Value: ""}}}}
	if followUp != "" {
		filter = append(filter, bson.E{Key: "follow_up", Value: followUp})
	}
	if after != nil {
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "answered_on", Value: bson.D{{Key: "$lt", Value: after[0]}}}},
			bson.D{{Key: "answered_on", Value: after[0]}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: after[1]}}}},
		}})
	}
	cursor, err := s.coll.Find(ctx, filter, options.Find().SetLimit(int64(size)+1).
		SetSort(bson.D{{Key: "answered_on", Value: -1}, {Key: "_id", Value: -1}}))
	if err != nil {
		return nil, "", fmt.Errorf("reading named responses about %s: %w", keyMoment, err)
	}
	responses, err := mongodb.All[survey.Response](ctx, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("reading named responses about %s: %w", keyMoment, err)
	}
	if len(responses) <= size {
		return responses, "", nil
	}
	last := responses[size-1]
	next, err := mongodb.PageToken(question, last.AnsweredOn.String(), last.ID)
	return responses[:size], next, err
}

var onlyID = bson.D{{Key: "_id", Value: 1}}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }
