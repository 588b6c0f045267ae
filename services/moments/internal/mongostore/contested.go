package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
)

// Contested keeps of which moments one of the two says that the talk was not held, whether or not they were opened: the news of it
// may come before the news of the talk.
type Contested struct{ coll *mongo.Collection }

// Contest marks the moment that a contested talk is, or would be.
type Contest struct {
	MomentID string `bson:"_id"`
	// PersonID is whose moment it is, for the day on which that person is erased.
	PersonID string `bson:"person_id"`
}

// NewContested uses the collection "contested".
func NewContested(db *mongo.Database) *Contested { return &Contested{db.Collection("contested")} }

// Note keeps marks; those known already change nothing.
func (s *Contested) Note(ctx context.Context, marks []Contest) error {
	docs := make([]any, len(marks))
	for i := range marks {
		docs[i] = marks[i]
	}
	if _, err := mongodb.InsertNew(ctx, s.coll, docs); err != nil {
		return fmt.Errorf("noting %d contested talks: %w", len(marks), err)
	}
	return nil
}

// Among returns which of the moments are marked.
func (s *Contested) Among(ctx context.Context, momentIDs []string) ([]string, error) {
	if len(momentIDs) == 0 {
		return nil, nil
	}
	cursor, err := s.coll.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: momentIDs}}}})
	if err != nil {
		return nil, fmt.Errorf("reading which of %d talks are contested: %w", len(momentIDs), err)
	}
	marks, err := mongodb.All[Contest](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading which of %d talks are contested: %w", len(momentIDs), err)
	}
	ids := make([]string, len(marks))
	for i, mark := range marks {
		ids[i] = mark.MomentID
	}
	return ids, nil
}
