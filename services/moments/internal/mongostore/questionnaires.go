package mongostore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/survey"
)

// Questionnaires are those that the installation comes with, and HR's own: a document for each version.
type Questionnaires struct {
	coll *mongo.Collection
	base survey.Questionnaires

	mu sync.RWMutex
	// read are published versions, which never change.
	read survey.Questionnaires
}

// NewQuestionnaires keeps HR's versions beside base in the collection "questionnaires".
func NewQuestionnaires(db *mongo.Database, base survey.Questionnaires) *Questionnaires {
	return &Questionnaires{coll: db.Collection("questionnaires"), base: base, read: survey.Questionnaires{}}
}

// Base are those that the installation comes with.
func (s *Questionnaires) Base() survey.Questionnaires { return s.base }

// Find returns what can be answered under an id; mongodb.ErrNotFound where there is nothing, or only a draft.
func (s *Questionnaires) Find(ctx context.Context, id string) (survey.Questionnaire, error) {
	if q, ok := s.base[id]; ok {
		return q, nil
	}
	s.mu.RLock()
	q, ok := s.read[id]
	s.mu.RUnlock()
	if ok {
		return q, nil
	}
	var v survey.Version
	err := s.coll.FindOne(ctx, byID(id)).Decode(&v)
	if errors.Is(err, mongo.ErrNoDocuments) || err == nil && !v.Published {
		err = mongodb.ErrNotFound
	}
	if err != nil {
		return survey.Questionnaire{}, fmt.Errorf("reading questionnaire %s: %w", id, err)
	}
	s.remember(v)
	return v.Questionnaire(), nil
}

func (s *Questionnaires) remember(v survey.Version) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read[v.ID] = v.Questionnaire()
}

// Known are all that can be answered, or could be once.
func (s *Questionnaires) Known(ctx context.Context) (survey.Questionnaires, error) {
	known := maps.Clone(s.base)
	versions, err := s.versions(ctx, bson.D{{Key: "published", Value: true}})
	for _, v := range versions {
		known[v.ID] = v.Questionnaire()
	}
	return known, err
}

// All are HR's versions of all questionnaires, in the order in which their versions were begun.
func (s *Questionnaires) All(ctx context.Context) ([]survey.Version, error) {
	return s.versions(ctx, bson.D{})
}

// Of are the versions of one, the oldest first.
func (s *Questionnaires) Of(ctx context.Context, code string) ([]survey.Version, error) {
	return s.versions(ctx, bson.D{{Key: "code", Value: code}})
}

// numbers are the newest published versions, by code.
func (s *Questionnaires) numbers(ctx context.Context) (map[string]int, error) {
	cursor, err := s.coll.Find(ctx, bson.D{{Key: "published", Value: true}},
		options.Find().SetProjection(bson.D{{Key: "code", Value: 1}, {Key: "number", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("listing questionnaires: %w", err)
	}
	published, err := mongodb.All[survey.Version](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing questionnaires: %w", err)
	}
	newest := map[string]int{}
	for _, v := range published {
		newest[v.Code] = max(newest[v.Code], v.Number)
	}
	return newest, nil
}

func (s *Questionnaires) versions(ctx context.Context, filter bson.D) ([]survey.Version, error) {
	cursor, err := s.coll.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "number", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("reading questionnaires: %w", err)
	}
	versions, err := mongodb.All[survey.Version](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading questionnaires: %w", err)
	}
	return versions, nil
}

// Begin adds a draft; mongodb.ErrConflict where that version was begun meanwhile.
func (s *Questionnaires) Begin(ctx context.Context, v survey.Version) error {
	_, err := s.coll.InsertOne(ctx, v)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("beginning questionnaire %s: %w", v.ID, err)
	}
	return nil
}

// Replace changes a draft of the revision before; mongodb.ErrConflict where that is not what is there. Publishing is a revision
// like any other, so nothing replaces what is published.
func (s *Questionnaires) Replace(ctx context.Context, v survey.Version) error {
	return mongodb.ReplaceGuarded(ctx, s.coll, v.ID, v.Revision-1, v)
}
