// Package mongostore keeps moments and responses in MongoDB.
package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/moment"
)

// Moments keeps what was opened. A moment is written once and never changed.
type Moments struct{ coll *mongo.Collection }

// NewMoments uses the collection "moments".
func NewMoments(db *mongo.Database) *Moments { return &Moments{db.Collection("moments")} }

// Insert keeps moments; those known already stay as they are. It returns how many were new.
func (s *Moments) Insert(ctx context.Context, moments []moment.Moment) (int, error) {
	if len(moments) == 0 {
		return 0, nil
	}
	docs := make([]any, len(moments))
	for i := range moments {
		docs[i] = moments[i]
	}
	inserted, err := mongodb.InsertNew(ctx, s.coll, docs)
	if err != nil {
		return inserted, fmt.Errorf("keeping %d moments: %w", len(moments), err)
	}
	return inserted, nil
}

// Get returns a moment, or mongodb.ErrNotFound.
func (s *Moments) Get(ctx context.Context, id string) (moment.Moment, error) {
	var m moment.Moment
	if err := s.coll.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&m); err != nil {
		return moment.Moment{}, fmt.Errorf("reading moment %s: %w", id, mongodb.NotFound(err))
	}
	return m, nil
}

// GetMany returns the moments of those ids, in no order.
func (s *Moments) GetMany(ctx context.Context, ids []string) ([]moment.Moment, error) {
	return s.find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find().SetBatchSize(int32(len(ids)+1)))
}

// Query narrows a listing; empty fields do not.
type Query struct{ KeyMoment, PersonID, UnitID string }

func (q Query) filter() bson.D {
	f := bson.D{}
	if q.PersonID != "" {
		f = append(f, bson.E{Key: "person_id", Value: q.PersonID})
	}
	if q.KeyMoment != "" {
		f = append(f, bson.E{Key: "key_moment", Value: q.KeyMoment})
	}
	if q.UnitID != "" {
		f = append(f, bson.E{Key: "unit_path", Value: q.UnitID})
	}
	return f
}

// Count counts what a query finds.
func (s *Moments) Count(ctx context.Context, q Query) (int64, error) {
	n, err := s.coll.CountDocuments(ctx, q.filter())
	if err != nil {
		return 0, fmt.Errorf("counting moments: %w", err)
	}
	return n, nil
}

// List returns a page of moments, the last opened first, and the token of the next page, empty on the last one.
func (s *Moments) List(ctx context.Context, q Query, size int, token string) ([]moment.Moment, string, error) {
	question := fmt.Sprintf("moments %q", q)
	after, err := mongodb.ParsePageToken(token, question, 2)
	if err != nil {
		return nil, "", err
	}
	filter := q.filter()
	if after != nil {
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "opened_at", Value: bson.D{{Key: "$lt", Value: after[0]}}}},
			bson.D{{Key: "opened_at", Value: after[0]}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: after[1]}}}},
		}})
	}
	// One more than the page tells whether there is another.
	moments, err := s.find(ctx, filter, options.Find().SetSort(newestFirst).SetLimit(int64(size)+1))
	if err != nil || len(moments) <= size {
		return moments, "", err
	}
	last := moments[size-1]
	next, err := mongodb.PageToken(question, last.OpenedAt, last.ID)
	return moments[:size], next, err
}

// LastDeclared returns the moments that were declared last, at most so many.
func (s *Moments) LastDeclared(ctx context.Context, limit int) ([]moment.Moment, error) {
	return s.find(ctx, bson.D{{Key: "cause", Value: moment.Declared}},
		options.Find().SetSort(bson.D{{Key: "opened_at", Value: -1}}).SetLimit(int64(limit)))
}

func (s *Moments) find(ctx context.Context, filter bson.D, opts *options.FindOptionsBuilder) ([]moment.Moment, error) {
	cursor, err := s.coll.Find(ctx, filter, opts)
	if err != nil {
		return nil, fmt.Errorf("listing moments: %w", err)
	}
	var moments []moment.Moment
	if err := cursor.All(ctx, &moments); err != nil {
		return nil, fmt.Errorf("listing moments: %w", err)
	}
	return moments, nil
}

var newestFirst = bson.D{{Key: "opened_at", Value: -1}, {Key: "_id", Value: -1}}
