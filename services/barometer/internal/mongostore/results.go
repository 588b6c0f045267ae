package mongostore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/publication"
)

const (
	resultsCollection  = "results"
	commentsCollection = "comments"
)

// Result is what is shown of a group of an edition, as it was computed at the close.
type Result struct {
	// ID is ResultID's.
	ID        string `bson:"_id"`
	EditionID string `bson:"edition"`
	// Parent is the unit above; empty for the company. A unit's rest has the unit itself.
	Parent string `bson:"parent"`
	Name   string `bson:"name"`
	Kind   string `bson:"kind"`
	// Below is how many groups are right below.
	Below             int `bson:"below"`
	publication.Group `bson:",inline"`
	// Changes and Places are those of the themes, and then of the questions; empty where there is nothing to compare with.
	Changes []Change     `bson:"changes,omitempty"`
	Places  []stats.Span `bson:"places,omitempty"`
	// Among is how many units the places are among.
	Among int `bson:"among,omitempty"`
}

// Change is a change with what is said of it.
type Change struct {
	Points     float64        `bson:"points"`
	Interval   stats.Interval `bson:"interval"`
	Detectable float64        `bson:"detectable"`
	Verdict    stats.Verdict  `bson:"verdict"`
}

// ResultID names the result of a unit, or of its rest.
func ResultID(editionID, unitID string, rest bool) string {
	if rest {
		return editionID + "/" + unitID + "/rest"
	}
	return editionID + "/" + unitID
}

// Counted says with which unit one was counted that had too few ballots.
type counted struct {
	ID        string            `bson:"_id"`
	EditionID string            `bson:"edition"`
	With      map[string]string `bson:"with"`
}

type comment struct {
	ID        string   `bson:"_id"`
	EditionID string   `bson:"edition"`
	Path      []string `bson:"path"`
	Theme     string   `bson:"theme"`
	Text      string   `bson:"text"`
}

// Results keeps publications.
type Results struct{ results, comments, counted *mongo.Collection }

// NewResults returns the store of the database.
func NewResults(db *mongo.Database) *Results {
	return &Results{db.Collection(resultsCollection), db.Collection(commentsCollection), db.Collection("counted")}
}

// Replace keeps the results of an edition, in place of what an attempt kept that ended before the edition was published.
func (s *Results) Replace(ctx context.Context, editionID string, results []Result, with map[string]string, comments []publication.Comment) error {
	of := bson.D{{Key: "edition", Value: editionID}}
	for _, coll := range []*mongo.Collection{s.results, s.comments, s.counted} {
		if _, err := coll.DeleteMany(ctx, of); err != nil {
			return fmt.Errorf("clearing %s of edition %s: %w", coll.Name(), editionID, err)
		}
	}
	if _, err := s.counted.InsertOne(ctx, counted{ID: editionID, EditionID: editionID, With: with}); err != nil {
		return fmt.Errorf("keeping which units were counted with others: %w", err)
	}
	if _, err := mongodb.InsertNew(ctx, s.results, asAny(results)); err != nil {
		return err
	}
	docs := make([]comment, len(comments))
	for i, c := range comments {
		docs[i] = comment{ID: uuid.NewString(), EditionID: editionID, Path: c.Path, Theme: c.Theme, Text: c.Text}
	}
	if len(docs) == 0 {
		return nil
	}
	_, err := mongodb.InsertNew(ctx, s.comments, asAny(docs))
	return err
}

// Get returns the result of a unit, the company's where none is named, or mongodb.ErrNotFound.
func (s *Results) Get(ctx context.Context, editionID, unitID string) (Result, error) {
	which := bson.D{{Key: "_id", Value: ResultID(editionID, unitID, false)}}
	if unitID == "" {
		which = bson.D{{Key: "edition", Value: editionID}, {Key: "parent", Value: ""}}
	}
	r, err := mongodb.One[Result](s.results.FindOne(ctx, which))
	if err != nil {
		return Result{}, fmt.Errorf("reading a result: %w", mongodb.NotFound(err))
	}
	return r, nil
}

// Below returns the results right below a unit, in order of name, without their questions.
func (s *Results) Below(ctx context.Context, editionID, unitID string) ([]Result, error) {
	return s.find(ctx, bson.D{{Key: "edition", Value: editionID}, {Key: "parent", Value: unitID}},
		options.Find().SetSort(bson.D{{Key: "name", Value: 1}}).SetProjection(bson.D{{Key: "questions", Value: 0}, {Key: "drivers", Value: 0}}))
}

// These returns the results with the ids, in that order, without their questions.
func (s *Results) These(ctx context.Context, ids []string) ([]Result, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := s.find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "questions", Value: 0}, {Key: "drivers", Value: 0}}))
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	slices.SortFunc(found, func(x, y Result) int { return cmp.Compare(place[x.ID], place[y.ID]) })
	return found, nil
}

// Named returns the units with the ids as they were named, in that order; those of which nothing was published are left out.
func (s *Results) Named(ctx context.Context, editionID string, unitIDs []string) ([]people.Unit, error) {
	ids := make([]string, len(unitIDs))
	for i, id := range unitIDs {
		ids[i] = ResultID(editionID, id, false)
	}
	found, err := s.find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "unit", Value: 1}, {Key: "name", Value: 1}, {Key: "kind", Value: 1}}))
	if err != nil {
		return nil, err
	}
	named := make([]people.Unit, len(found))
	for i, r := range found {
		named[i] = people.Unit{ID: r.UnitID, Name: r.Name, Kind: r.Kind}
	}
	slices.SortFunc(named, func(x, y people.Unit) int {
		return cmp.Compare(slices.Index(unitIDs, x.ID), slices.Index(unitIDs, y.ID))
	})
	return named, nil
}

// All returns every result of an edition.
func (s *Results) All(ctx context.Context, editionID string) ([]Result, error) {
	return s.find(ctx, bson.D{{Key: "edition", Value: editionID}}, options.Find())
}

// Stores returns the results of an edition's stores, in order of name, without their questions.
func (s *Results) Stores(ctx context.Context, editionID string) ([]Result, error) {
	return s.find(ctx, bson.D{{Key: "edition", Value: editionID}, {Key: "kind", Value: "store"}, {Key: "rest", Value: nil}},
		options.Find().SetSort(bson.D{{Key: "name", Value: 1}, {Key: "_id", Value: 1}}).
			SetProjection(bson.D{{Key: "questions", Value: 0}, {Key: "drivers", Value: 0}, {Key: "changes", Value: 0}, {Key: "places", Value: 0}}))
}

func (s *Results) find(ctx context.Context, filter bson.D, opts *options.FindOptionsBuilder) ([]Result, error) {
	cursor, err := s.results.Find(ctx, filter, opts.SetBatchSize(10_000))
	if err != nil {
		return nil, fmt.Errorf("reading results: %w", err)
	}
	results, err := mongodb.All[Result](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading results: %w", err)
	}
	return results, nil
}

// CountedWith returns the unit with which a unit was counted that had too few ballots; empty for others.
func (s *Results) CountedWith(ctx context.Context, editionID, unitID string) (string, error) {
	c, err := mongodb.One[counted](s.counted.FindOne(ctx, bson.D{{Key: "_id", Value: editionID}}))
	if err != nil {
		return "", fmt.Errorf("reading which units were counted with others: %w", mongodb.NotFound(err))
	}
	return c.With[unitID], nil
}

// Comments returns what is shown of a unit and those below it, by theme. Their order is that of random ids.
func (s *Results) Comments(ctx context.Context, editionID, unitID string) (map[string][]string, error) {
	cursor, err := s.comments.Find(ctx, bson.D{{Key: "edition", Value: editionID}, {Key: "path", Value: unitID}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "theme", Value: 1}, {Key: "text", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("reading comments: %w", err)
	}
	themes := map[string][]string{}
	for c, err := range mongodb.Each[comment](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading comments: %w", err)
		}
		themes[c.Theme] = append(themes[c.Theme], strings.TrimSpace(c.Text))
	}
	return themes, nil
}
