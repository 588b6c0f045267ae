package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/interviews/internal/talk"
)

const remindersCollection = "reminders"

// Reminder is what somebody was told about their talks.
type Reminder struct {
	ID       string      `bson:"_id"`
	PersonID string      `bson:"person_id"`
	Matter   talk.Matter `bson:"matter"`
	Count    int         `bson:"count"`
	// TalkID is set where it is about one talk, because of what the other one said.
	TalkID string `bson:"talk_id,omitempty"`
	// Until is when it becomes pointless by itself.
	Until time.Time `bson:"until"`
}

// Reminders remembers what people were told for as long as it stands, so that it can be taken back.
type Reminders struct{ reminders *mongo.Collection }

// NewReminders returns the store of the database.
func NewReminders(db *mongo.Database) *Reminders {
	return &Reminders{reminders: db.Collection(remindersCollection)}
}

// Note keeps reminders; those that are known stay as they are.
func (s *Reminders) Note(ctx context.Context, reminders []Reminder) error {
	docs := make([]any, len(reminders))
	for i, r := range reminders {
		docs[i] = r
	}
	if _, err := mongodb.InsertNew(ctx, s.reminders, docs); err != nil {
		return fmt.Errorf("noting %d reminders: %w", len(reminders), err)
	}
	return nil
}

// Standing returns the people's reminders that are not pointless by themselves yet, and removes the others.
func (s *Reminders) Standing(ctx context.Context, personIDs []string, now time.Time) ([]Reminder, error) {
	if _, err := s.reminders.DeleteMany(ctx, append(in("person_id", personIDs), bson.E{Key: "until", Value: bson.D{{Key: "$lte", Value: now}}})); err != nil {
		return nil, fmt.Errorf("removing reminders that ended: %w", err)
	}
	cursor, err := s.reminders.Find(ctx, in("person_id", personIDs))
	if err != nil {
		return nil, fmt.Errorf("reading reminders: %w", err)
	}
	standing, err := mongodb.All[Reminder](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading reminders: %w", err)
	}
	return standing, nil
}

// Remove forgets reminders that were taken back.
func (s *Reminders) Remove(ctx context.Context, ids []string) error {
	if _, err := s.reminders.DeleteMany(ctx, in("_id", ids)); err != nil {
		return fmt.Errorf("removing %d reminders: %w", len(ids), err)
	}
	return nil
}

// Forget removes the reminders of people.
func (s *Reminders) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.reminders.DeleteMany(ctx, in("person_id", personIDs)); err != nil {
		return fmt.Errorf("removing the reminders of %d people: %w", len(personIDs), err)
	}
	return nil
}
