// Package mongostore keeps moments and responses in MongoDB.
package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/moment"
)

// Moments keeps what was opened. A moment is written once; all that can be added to it is its cancellation, and the talk that a moment
// turns out to be which was declared before.
type Moments struct {
	coll     *mongo.Collection
	inserter *mongodb.Inserter
}

// NewMoments uses the collection "moments".
func NewMoments(db *mongo.Database) *Moments {
	coll := db.Collection("moments")
	return &Moments{coll, mongodb.NewInserter(coll)}
}

// Insert keeps moments; those known already stay as they are. It returns how many were new.
func (s *Moments) Insert(ctx context.Context, moments []moment.Moment) (int, error) {
	if len(moments) == 0 {
		return 0, nil
	}
	docs := make([]any, len(moments))
	for i := range moments {
		docs[i] = moments[i]
	}
	inserted, err := s.inserter.Insert(ctx, docs...)
	if err != nil {
		return inserted, fmt.Errorf("keeping %d moments: %w", len(moments), err)
	}
	return inserted, nil
}

// Get returns a moment, or mongodb.ErrNotFound.
func (s *Moments) Get(ctx context.Context, id string) (moment.Moment, error) {
	m, err := mongodb.One[moment.Moment](s.coll.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return moment.Moment{}, fmt.Errorf("reading moment %s: %w", id, mongodb.NotFound(err))
	}
	return m, nil
}

// GetMany returns the moments of those ids, in no order.
func (s *Moments) GetMany(ctx context.Context, ids []string) ([]moment.Moment, error) {
	return s.find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find().SetBatchSize(int32(len(ids)+1)))
}

// OfTalks returns which moments talks opened, by talk.
func (s *Moments) OfTalks(ctx context.Context, talkIDs []string) (map[string]string, error) {
	moments, err := s.find(ctx, bson.D{{Key: talkID, Value: bson.D{{Key: "$in", Value: talkIDs}}}},
		options.Find().SetProjection(bson.D{{Key: talkID, Value: 1}}))
	if err != nil {
		return nil, err
	}
	opened := make(map[string]string, len(moments))
	for _, m := range moments {
		opened[m.TalkID] = m.ID
	}
	return opened, nil
}

// Query narrows a listing; empty fields do not. A person's moments are also those of a team in which the person was a member.
type Query struct {
	KeyMoment, PersonID, UnitID string
	// SeenBy is the person who asks, where that is not HR: of the key moments in Hidden only those are listed that this
	// person declared, or held the talk of.
	SeenBy string
	Hidden []string
	// Within are the units beyond which whoever asks sees nothing; nil where there is no such bound.
	Within []string
}

func (q Query) filter() bson.D {
	f := bson.D{}
	var all bson.A
	if q.PersonID != "" {
		all = append(all, either(bson.D{{Key: "person_id", Value: q.PersonID}}, bson.D{{Key: memberID, Value: q.PersonID}}))
	}
	if q.KeyMoment != "" {
		f = append(f, bson.E{Key: "key_moment", Value: q.KeyMoment})
	}
	if units := q.units(); len(units) > 0 {
		f = append(f, bson.E{Key: "unit_path", Value: units})
	}
	if q.SeenBy != "" {
		all = append(all, either(bson.D{{Key: "key_moment", Value: bson.D{{Key: "$nin", Value: q.Hidden}}}},
			bson.D{{Key: "declared_by", Value: q.SeenBy}}, bson.D{{Key: "held_by", Value: q.SeenBy}}))
	}
	if len(all) > 0 {
		f = append(f, bson.E{Key: "$and", Value: all})
	}
	return f
}

const (
	// memberID finds the people whom a collective moment concerns.
	memberID = "members.id"
	// talkID finds the moments that are talks.
	talkID = "talk_id"
)

func either(these ...bson.D) bson.D { return bson.D{{Key: "$or", Value: these}} }

// units asks twice of a path: that it holds the unit, and that it holds some unit that whoever asks may see.
func (q Query) units() bson.D {
	var both bson.D
	if q.UnitID != "" {
		both = append(both, bson.E{Key: "$eq", Value: q.UnitID})
	}
	if q.Within != nil {
		both = append(both, bson.E{Key: "$in", Value: q.Within})
	}
	return both
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
	moments, err := s.find(ctx, filter, options.Find().SetSort(newestFirst).SetLimit(int64(size)+1).
		SetProjection(bson.D{{Key: "members", Value: bson.D{{Key: "$slice", Value: membersListed}}}}))
	if err != nil || len(moments) <= size {
		return moments, "", err
	}
	last := moments[size-1]
	next, err := mongodb.PageToken(question, last.OpenedAt, last.ID)
	return moments[:size], next, err
}

// Cancel adds the cancellation of a moment that has none, and says whether it did.
func (s *Moments) Cancel(ctx context.Context, id string, c moment.Cancellation) (bool, error) {
	result, err := s.coll.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "cancelled", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "cancelled", Value: c}}}})
	if err != nil {
		return false, fmt.Errorf("cancelling moment %s: %w", id, err)
	}
	return result.ModifiedCount == 1, nil
}

// Held notes the talks of moments that were told of before by somebody else; those of which a talk is known stay as they are.
func (s *Moments) Held(ctx context.Context, moments []moment.Moment) error {
	updates := make([]mongo.WriteModel, len(moments))
	for i, m := range moments {
		updates[i] = mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: m.ID}, {Key: talkID, Value: nil}}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: talkID, Value: m.TalkID}, {Key: "held_by", Value: m.HeldBy}}}})
	}
	if len(updates) == 0 {
		return nil
	}
	if _, err := s.coll.BulkWrite(ctx, updates, options.BulkWrite().SetOrdered(false)); err != nil {
		return fmt.Errorf("noting the talks of %d moments: %w", len(moments), err)
	}
	return nil
}

// NotHeld takes a talk back that a declared moment turned out to be: the moment stands.
func (s *Moments) NotHeld(ctx context.Context, id string) error {
	_, err := s.coll.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: talkID, Value: ""}, {Key: "held_by", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("taking back that moment %s is a talk: %w", id, err)
	}
	return nil
}

// CancelledSince returns the moments that were cancelled since an instant.
func (s *Moments) CancelledSince(ctx context.Context, since time.Time) ([]moment.Moment, error) {
	return s.find(ctx, bson.D{{Key: "cancelled.at", Value: bson.D{{Key: "$gte", Value: since}}}}, options.Find())
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
	moments, err := mongodb.All[moment.Moment](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing moments: %w", err)
	}
	return moments, nil
}

// membersListed is how many members of a collective moment are read for a list: enough to say where it stands.
const membersListed = 20

var newestFirst = bson.D{{Key: "opened_at", Value: -1}, {Key: "_id", Value: -1}}
