package mongostore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// remembered is how old, in real time, the catalogue may be by which moments are opened: each of a rush of them need not ask.
const remembered = time.Second

// KeyMoments is the catalogue as HR edits it: versions over what Jalon, or the installation, comes with.
type KeyMoments struct {
	coll           *mongo.Collection
	base           moment.Catalogue
	questionnaires *Questionnaires

	mu     sync.Mutex
	last   moment.Catalogue
	readAt time.Time
}

// NewKeyMoments keeps versions over base in the collection "key_moments". Of HR's questionnaires, follow-ups ask the newest version.
func NewKeyMoments(db *mongo.Database, base moment.Catalogue, questionnaires *Questionnaires) *KeyMoments {
	return &KeyMoments{coll: db.Collection("key_moments"), base: base, questionnaires: questionnaires}
}

// Current is the catalogue to open moments by: what this process kept at once, what another did within a second. It is the
// caller's to read, not to change.
func (s *KeyMoments) Current(ctx context.Context) (moment.Catalogue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.readAt) < remembered {
		return s.last, nil
	}
	current, err := s.Latest(ctx)
	if err != nil {
		return nil, err
	}
	s.last, s.readAt = current, time.Now()
	return current, nil
}

// Latest is the catalogue as it is kept now, for those who edit it.
func (s *KeyMoments) Latest(ctx context.Context) (moment.Catalogue, error) {
	cursor, err := s.coll.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "number", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	versions, err := mongodb.All[moment.Version](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	newest := make(map[string]moment.Version, len(s.base))
	for _, v := range versions {
		newest[v.Code] = v
	}
	numbers, err := s.questionnaires.numbers(ctx)
	if err != nil {
		return nil, err
	}
	current := slices.Clone(s.base)
	for i, km := range current {
		if v, ok := newest[km.Code]; ok {
			current[i] = km.With(v)
			askNewest(current[i].FollowUps, numbers)
		}
	}
	return current, nil
}

// askNewest moves follow-ups on to the newest versions of HR's questionnaires.
func askNewest(rules []moment.Rule, numbers map[string]int) {
	for i, r := range rules {
		if code, _, ok := survey.ReadVersionID(r.Questionnaire); ok && numbers[code] > 0 {
			rules[i].Questionnaire = survey.VersionID(code, numbers[code])
		}
	}
}

// Keep adds a version. It is mongodb.ErrConflict when there is one with the number already: its id is what guards it.
func (s *KeyMoments) Keep(ctx context.Context, v moment.Version) error {
	doc := struct {
		ID             string `bson:"_id"`
		moment.Version `bson:",inline"`
	}{v.Code + "/" + strconv.FormatInt(v.Number, 10), v}
	_, err := s.coll.InsertOne(ctx, doc)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("keeping version %d of %s: %w", v.Number, v.Code, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readAt = time.Time{}
	return nil
}
