// Package mongostore keeps inboxes in MongoDB: one document per person, in the collection "inboxes".
package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/notifications/internal/inbox"
)

// Store reads and saves inboxes.
type Store struct{ inboxes *mongo.Collection }

// New returns the store of the database.
func New(db *mongo.Database) *Store { return &Store{inboxes: db.Collection("inboxes")} }

// Load returns the inbox of each person in the order of the ids; people who have none yet get an empty one.
func (s *Store) Load(ctx context.Context, personIDs ...string) ([]*inbox.Inbox, error) {
	return s.load(ctx, personIDs, options.Find())
}

// Glance returns what Load does without what the gate said before, which is the larger part. Such an inbox must not be saved.
func (s *Store) Glance(ctx context.Context, personIDs ...string) ([]*inbox.Inbox, error) {
	return s.load(ctx, personIDs, options.Find().SetProjection(bson.D{{Key: "messages.decisions", Value: 0}}))
}

func (s *Store) load(ctx context.Context, personIDs []string, find *options.FindOptionsBuilder) ([]*inbox.Inbox, error) {
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: personIDs}}}}
	cursor, err := s.inboxes.Find(ctx, filter, find.SetBatchSize(int32(len(personIDs))+1))
	if err != nil {
		return nil, fmt.Errorf("reading %d inboxes: %w", len(personIDs), err)
	}
	found, err := mongodb.All[*inbox.Inbox](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading %d inboxes: %w", len(personIDs), err)
	}
	byPerson := make(map[string]*inbox.Inbox, len(found))
	for _, box := range found {
		byPerson[box.PersonID] = box
	}
	boxes := make([]*inbox.Inbox, len(personIDs))
	for i, id := range personIDs {
		if boxes[i] = byPerson[id]; boxes[i] == nil {
			boxes[i] = inbox.New(id)
		}
	}
	return boxes, nil
}

// Save writes the inboxes that changed, in one bulk, each only if nobody else saved it since it was read. It returns
// mongodb.ErrConflict when somebody did for any of them: then some are saved and some are not, and all must be read
// again.
func (s *Store) Save(ctx context.Context, boxes []*inbox.Inbox) error {
	var writes []mongo.WriteModel
	for _, box := range boxes {
		if !box.Changed() {
			continue
		}
		next := *box
		next.Version++
		if box.Version == 0 {
			writes = append(writes, mongo.NewInsertOneModel().SetDocument(next))
		} else {
			writes = append(writes, mongodb.ReplaceGuardedModel(box.PersonID, box.Version, next))
		}
	}
	if len(writes) == 0 {
		return nil
	}
	result, err := s.inboxes.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
	switch {
	case mongodb.IsDuplicate(err):
		return fmt.Errorf("saving %d inboxes: %w", len(writes), mongodb.ErrConflict)
	case err != nil:
		return fmt.Errorf("saving %d inboxes: %w", len(writes), err)
	case result.InsertedCount+result.ModifiedCount < int64(len(writes)):
		return fmt.Errorf("saving %d inboxes: %w", len(writes), mongodb.ErrConflict)
	}
	return nil
}

// Expiring returns people who are shown something pointless at the instant, at most limit of them, longest first.
func (s *Store) Expiring(ctx context.Context, now time.Time, limit int) ([]string, error) {
	cursor, err := s.inboxes.Find(ctx,
		bson.D{{Key: "next_expiry", Value: bson.D{{Key: "$lte", Value: now}}}},
		options.Find().SetSort(bson.D{{Key: "next_expiry", Value: 1}}).SetLimit(int64(limit)).
			SetBatchSize(int32(limit)).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("reading expiring inboxes: %w", err)
	}
	var found []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(ctx, &found); err != nil {
		return nil, fmt.Errorf("reading expiring inboxes: %w", err)
	}
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.ID
	}
	return ids, nil
}

// Forget removes the inboxes of people.
func (s *Store) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.inboxes.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: personIDs}}}}); err != nil {
		return fmt.Errorf("removing %d inboxes: %w", len(personIDs), err)
	}
	return nil
}

// ForgetEnded removes messages that ended before the instant. Whoever read one of the inboxes before reads it again.
func (s *Store) ForgetEnded(ctx context.Context, before time.Time) error {
	ended := bson.D{{Key: "ended_at", Value: bson.D{{Key: "$lt", Value: before}}}} // of one that has not ended it is not set
	_, err := s.inboxes.UpdateMany(ctx, bson.D{{Key: "messages", Value: bson.D{{Key: "$elemMatch", Value: ended}}}}, bson.D{
		{Key: "$pull", Value: bson.D{{Key: "messages", Value: ended}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
	})
	if err != nil {
		return fmt.Errorf("removing messages that ended before %s: %w", before, err)
	}
	return nil
}
