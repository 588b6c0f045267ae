package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/notifications/internal/inbox"
	"jalon.dev/services/notifications/internal/reach"
)

// Quiet returns which of the people reacted to nothing right before an instant; see inbox.WasQuiet.
func (s *Store) Quiet(ctx context.Context, personIDs []string, before time.Time) ([]string, error) {
	since := bson.D{{Key: "$gt", Value: bson.DateTime(0)}, {Key: "$lt", Value: before}}
	cursor, err := s.inboxes.Find(ctx, bson.D{
		{Key: "_id", Value: bson.D{{Key: "$in", Value: personIDs}}},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: "quiet_since", Value: since}},
			bson.D{{Key: "was_quiet_since", Value: since}, {Key: "quiet_until", Value: bson.D{{Key: "$gte", Value: before}}}},
		}},
	}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(int32(len(personIDs))+1))
	if err != nil {
		return nil, fmt.Errorf("looking up who reacts to nothing: %w", err)
	}
	quiet := []string{}
	for doc, err := range mongodb.Each[struct {
		ID string `bson:"_id"`
	}](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("looking up who reacts to nothing: %w", err)
		}
		quiet = append(quiet, doc.ID)
	}
	return quiet, nil
}

// Counted returns the inboxes of those of the people who have one, without the gate's decisions: to be counted, and not to be saved.
func (s *Store) Counted(ctx context.Context, personIDs []string) (map[string]*inbox.Inbox, error) {
	cursor, err := s.inboxes.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: personIDs}}}},
		options.Find().SetProjection(bson.D{{Key: "messages.decisions", Value: 0}}).SetBatchSize(int32(len(personIDs))+1))
	if err != nil {
		return nil, fmt.Errorf("reading %d inboxes to count: %w", len(personIDs), err)
	}
	boxes := make(map[string]*inbox.Inbox, len(personIDs))
	for box, err := range mongodb.Each[inbox.Inbox](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading %d inboxes to count: %w", len(personIDs), err)
		}
		boxes[box.PersonID] = &box
	}
	return boxes, nil
}

// Figures keeps what was counted of units on a day, so that looking again on the same day tells the same.
type Figures struct{ coll *mongo.Collection }

// NewFigures uses the collection "reach".
func NewFigures(db *mongo.Database) *Figures { return &Figures{db.Collection("reach")} }

type counted struct {
	ID      string        `bson:"_id"`
	Before  clock.Date    `bson:"before"`
	Figures reach.Figures `bson:"figures"`
}

// keptAtOnce is of how many units figures are written together.
const keptAtOnce = 100

func countedID(unitID string, before clock.Date) string { return before.String() + "/" + unitID }

// Get returns what was counted before a day; ok is false where nothing was yet.
func (s *Figures) Get(ctx context.Context, unitID string, before clock.Date) (f reach.Figures, ok bool, err error) {
	found, err := mongodb.One[counted](s.coll.FindOne(ctx, bson.D{{Key: "_id", Value: countedID(unitID, before)}}))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return reach.Figures{}, false, nil
	}
	if err != nil {
		return reach.Figures{}, false, fmt.Errorf("reading how people are reached: %w", err)
	}
	return found.Figures, true, nil
}

// Keep keeps what was counted of all units, and forgets what was on the days before. Of two who counted at once, the first is right.
func (s *Figures) Keep(ctx context.Context, before clock.Date, count *reach.Count) error {
	all := count.Units()
	slices.Reverse(all) // everybody last: once that is there, so are all others
	for units := range slices.Chunk(all, keptAtOnce) {
		docs := make([]any, len(units))
		for i, unit := range units {
			docs[i] = counted{countedID(unit, before), before, count.Figures(unit)}
		}
		if _, err := mongodb.InsertNew(ctx, s.coll, docs); err != nil {
			return fmt.Errorf("keeping how people are reached: %w", err)
		}
	}
	if _, err := s.coll.DeleteMany(ctx, bson.D{{Key: "before", Value: bson.D{{Key: "$lt", Value: before}}}}); err != nil {
		return fmt.Errorf("forgetting how people were reached: %w", err)
	}
	return nil
}
