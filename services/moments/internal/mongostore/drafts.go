package mongostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/services/moments/internal/survey"
)

// Drafts keeps what people entered and have not sent, each for the person alone. They lie apart from responses, are in no figure
// and cause no event; a draft goes when its response is there or its invitation has expired. A draft names neither person nor
// invitation, and does not tell when it was written.
type Drafts struct{ coll *mongo.Collection }

// NewDrafts uses the collection "drafts".
func NewDrafts(db *mongo.Database) *Drafts { return &Drafts{coll: db.Collection("drafts")} }

type draft struct {
	ID      string          `bson:"_id"`
	Answers []survey.Answer `bson:"answers"`
	// Expires is when the invitation does.
	Expires time.Time `bson:"expires"`
}

// Save replaces the draft of an invitation. Nothing entered is no draft.
func (s *Drafts) Save(ctx context.Context, invitationID string, answers []survey.Answer, expires time.Time) error {
	id := survey.DraftID(invitationID)
	if len(answers) == 0 {
		return s.Drop(ctx, invitationID)
	}
	_, err := s.coll.ReplaceOne(ctx, byID(id), draft{id, answers, expires}, options.Replace().SetUpsert(true))
	if err != nil {
		return fmt.Errorf("keeping a draft: %w", err)
	}
	return nil
}

// Get returns the draft of an invitation; nothing where there is none.
func (s *Drafts) Get(ctx context.Context, invitationID string) ([]survey.Answer, error) {
	var d draft
	err := s.coll.FindOne(ctx, byID(survey.DraftID(invitationID))).Decode(&d)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return nil, fmt.Errorf("reading a draft: %w", err)
	}
	return d.Answers, nil
}

// Drop removes the drafts of invitations.
func (s *Drafts) Drop(ctx context.Context, invitationIDs ...string) error {
	ids := make([]string, len(invitationIDs))
	for i, id := range invitationIDs {
		ids[i] = survey.DraftID(id)
	}
	if _, err := s.coll.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}); err != nil {
		return fmt.Errorf("removing %d drafts: %w", len(ids), err)
	}
	return nil
}

// DropExpired removes the drafts of invitations that have expired.
func (s *Drafts) DropExpired(ctx context.Context, now time.Time) error {
	if _, err := s.coll.DeleteMany(ctx, bson.D{{Key: "expires", Value: bson.D{{Key: "$lte", Value: now}}}}); err != nil {
		return fmt.Errorf("removing expired drafts: %w", err)
	}
	return nil
}
