package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/moment"
)

// Arrivals keeps which moves were told of a person, so that a date that is corrected calls off what the old one planned.
type Arrivals struct{ coll *mongo.Collection }

// NewArrivals uses the collection "arrivals".
func NewArrivals(db *mongo.Database) *Arrivals { return &Arrivals{db.Collection("arrivals")} }

// Note adds moves by person, in one write; those known already change nothing.
func (s *Arrivals) Note(ctx context.Context, moves map[string][]moment.Move) error {
	models := make([]mongo.WriteModel, 0, len(moves))
	for person, told := range moves {
		models = append(models, mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: person}}).
			SetUpdate(bson.D{{Key: "$addToSet", Value: bson.D{{Key: "moves", Value: bson.D{{Key: "$each", Value: told}}}}}}))
	}
	return mongodb.BulkUpsert(ctx, s.coll, models)
}

// Of returns the moves of people, by person.
func (s *Arrivals) Of(ctx context.Context, personIDs []string) (map[string][]moment.Move, error) {
	found := map[string][]moment.Move{}
	if len(personIDs) == 0 {
		return found, nil
	}
	cursor, err := s.coll.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: personIDs}}}})
	if err != nil {
		return nil, fmt.Errorf("reading the moves of %d people: %w", len(personIDs), err)
	}
	type doc struct {
		ID    string        `bson:"_id"`
		Moves []moment.Move `bson:"moves"`
	}
	for d, err := range mongodb.Each[doc](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading the moves of %d people: %w", len(personIDs), err)
		}
		found[d.ID] = d.Moves
	}
	return found, nil
}
