// Package mongostore keeps talks in MongoDB: one document each in the collection "talks", what is written in them, sealed, in
// "texts", what comes out of them in "commitments".
package mongostore

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/interviews/internal/talk"
)

// TalksCollection holds documents with an outbox.
const TalksCollection = "talks"

// Store reads and saves talks.
type Store struct{ talks *mongo.Collection }

// New returns the store of the database.
func New(db *mongo.Database) *Store { return &Store{talks: db.Collection(TalksCollection)} }

// Get returns the talk with the id, or mongodb.ErrNotFound.
func (s *Store) Get(ctx context.Context, id string) (talk.Talk, error) {
	t, err := mongodb.One[talk.Talk](s.talks.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return talk.Talk{}, fmt.Errorf("reading talk %s: %w", id, mongodb.NotFound(err))
	}
	return t, nil
}

// Next returns the employee's planned four-weekly talk, or mongodb.ErrNotFound.
func (s *Store) Next(ctx context.Context, employeeID string) (talk.Talk, error) {
	t, err := mongodb.One[talk.Talk](s.talks.FindOne(ctx, append(planned("employee_id", employeeID), bson.E{Key: "kind", Value: talk.EI2D}),
		options.FindOne().SetSort(bson.D{{Key: "number", Value: -1}})))
	if err != nil {
		return talk.Talk{}, fmt.Errorf("reading the next talk of %s: %w", employeeID, mongodb.NotFound(err))
	}
	return t, nil
}

// PlannedOf returns the planned talks of the employees, in no order.
func (s *Store) PlannedOf(ctx context.Context, employeeIDs ...string) ([]talk.Talk, error) {
	return s.find(ctx, planned("employee_id", bson.D{{Key: "$in", Value: employeeIDs}}))
}

// PlannedWith returns the planned talks with the managers, in no order.
func (s *Store) PlannedWith(ctx context.Context, managerIDs ...string) ([]talk.Talk, error) {
	return s.find(ctx, planned("manager_id", bson.D{{Key: "$in", Value: managerIDs}}))
}

// Last returns the last four-weekly talk of each employee that is not planned any more; those who had none are left out. What is
// planned does not count: somebody else may be planning the same talk at this moment, and it must be the same one.
func (s *Store) Last(ctx context.Context, employeeIDs ...string) (map[string]talk.Talk, error) {
	last := map[string]talk.Talk{}
	if len(employeeIDs) == 0 {
		return last, nil
	}
	ended, err := s.find(ctx, bson.D{
		{Key: "employee_id", Value: bson.D{{Key: "$in", Value: employeeIDs}}},
		{Key: "kind", Value: talk.EI2D},
		{Key: "state", Value: bson.D{{Key: "$ne", Value: talk.Planned}}},
	})
	for _, t := range ended {
		if t.Number > last[t.EmployeeID].Number {
			last[t.EmployeeID] = t
		}
	}
	return last, err
}

// HeldOf returns the talks of the employee that one said were held, the latest first.
func (s *Store) HeldOf(ctx context.Context, employeeID string, limit int) ([]talk.Talk, error) {
	return s.find(ctx, bson.D{{Key: "employee_id", Value: employeeID}, {Key: "state", Value: bson.D{{Key: "$in", Value: said}}}}, latest(limit))
}

// HeldWith returns the talks with the manager that one said were held on the day or since, the latest first.
func (s *Store) HeldWith(ctx context.Context, managerID string, since clock.Date, limit int) ([]talk.Talk, error) {
	return s.find(ctx, bson.D{
		{Key: "manager_id", Value: managerID},
		{Key: "state", Value: bson.D{{Key: "$in", Value: said}}},
		{Key: "held_on", Value: bson.D{{Key: "$gte", Value: since}}},
	}, latest(limit))
}

// All returns every talk of the employee.
func (s *Store) All(ctx context.Context, employeeID string) ([]talk.Talk, error) {
	return s.find(ctx, bson.D{{Key: "employee_id", Value: employeeID}}, latest(0))
}

// Rhythm yields the planned four-weekly talk of everybody: what counting needs of it. It is one a person, whatever the years.
func (s *Store) Rhythm(ctx context.Context) iter.Seq2[talk.Talk, error] {
	return s.each(ctx, bson.D{{Key: "kind", Value: talk.EI2D}, {Key: "state", Value: talk.Planned}}, rhythmFields)
}

// HeldSince yields the talks of the kinds that count as held on the day or since.
func (s *Store) HeldSince(ctx context.Context, since clock.Date, kinds ...talk.Kind) iter.Seq2[talk.Talk, error] {
	return s.each(ctx, bson.D{
		{Key: "kind", Value: bson.D{{Key: "$in", Value: kinds}}},
		{Key: "held_on", Value: bson.D{{Key: "$gte", Value: since}}},
		{Key: "state", Value: bson.D{{Key: "$in", Value: []talk.State{talk.Held, talk.Confirmed}}}},
	}, rhythmFields)
}

// rhythmFields are what counting needs of a talk.
var rhythmFields = bson.D{
	{Key: "kind", Value: 1},
	{Key: "employee_id", Value: 1},
	{Key: "manager_id", Value: 1},
	{Key: "unit_path", Value: 1},
	{Key: "state", Value: 1},
	{Key: "planned_on", Value: 1},
	{Key: "reason", Value: 1},
	{Key: "zone", Value: 1},
	{Key: "last_held_on", Value: 1},
	{Key: "held_on", Value: 1},
	{Key: "hired_on", Value: 1},
	{Key: "last_day", Value: 1},
	{Key: "away_from", Value: 1},
	{Key: "away_until", Value: 1},
}

func (s *Store) each(ctx context.Context, filter, fields bson.D) iter.Seq2[talk.Talk, error] {
	return func(yield func(talk.Talk, error) bool) {
		cursor, err := s.talks.Find(ctx, filter, options.Find().SetProjection(fields).SetBatchSize(5000))
		if err != nil {
			yield(talk.Talk{}, fmt.Errorf("reading talks: %w", err))
			return
		}
		for t, err := range mongodb.Each[talk.Talk](ctx, cursor) {
			if err != nil {
				err = fmt.Errorf("reading talks: %w", err)
			}
			if !yield(t, err) {
				return
			}
		}
	}
}

// said are the states of talks of which somebody said that they were held.
var said = []talk.State{talk.Held, talk.Confirmed, talk.Contested}

func latest(limit int) *options.FindOptionsBuilder {
	return options.Find().SetSort(bson.D{{Key: "held_on", Value: -1}, {Key: "_id", Value: 1}}).SetLimit(int64(limit))
}

func planned(field string, value any) bson.D {
	return bson.D{{Key: field, Value: value}, {Key: "state", Value: talk.Planned}}
}

func (s *Store) find(ctx context.Context, filter bson.D, opts ...options.Lister[options.FindOptions]) ([]talk.Talk, error) {
	cursor, err := s.talks.Find(ctx, filter, append(opts, options.Find().SetBatchSize(1000))...)
	if err != nil {
		return nil, fmt.Errorf("reading talks: %w", err)
	}
	talks, err := mongodb.All[talk.Talk](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading talks: %w", err)
	}
	return talks, nil
}

// Save writes the talks in one bulk, each only if what is stored is the version before; version 1 is a talk that is not stored
// yet. It returns mongodb.ErrConflict when that is not so for any of them: then some are saved and some are not, and all must be
// read again.
func (s *Store) Save(ctx context.Context, talks ...talk.Talk) error {
	if len(talks) == 0 {
		return nil
	}
	writes := make([]mongo.WriteModel, len(talks))
	for i, t := range talks {
		if t.Version == 1 {
			writes[i] = mongo.NewInsertOneModel().SetDocument(t)
		} else {
			writes[i] = mongodb.ReplaceGuardedModel(t.ID, t.Version-1, t)
		}
	}
	result, err := s.talks.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
	switch {
	case mongodb.IsDuplicate(err):
		return fmt.Errorf("saving %d talks: %w", len(talks), mongodb.ErrConflict)
	case err != nil:
		return fmt.Errorf("saving %d talks: %w", len(talks), err)
	case result.InsertedCount+result.ModifiedCount < int64(len(talks)):
		return fmt.Errorf("saving %d talks: %w", len(talks), mongodb.ErrConflict)
	}
	return nil
}

// Remove removes a talk.
func (s *Store) Remove(ctx context.Context, id string) error {
	if _, err := s.talks.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
		return fmt.Errorf("removing talk %s: %w", id, err)
	}
	return nil
}

// Forget removes the talks of employees, and takes managers out of those of others: they are with nobody from then on. The version
// grows, so that whoever is about to save such a talk reads it again.
func (s *Store) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.talks.DeleteMany(ctx, in("employee_id", personIDs)); err != nil {
		return fmt.Errorf("removing the talks of %d people: %w", len(personIDs), err)
	}
	if _, err := s.talks.DeleteMany(ctx, append(in("manager_id", personIDs), bson.E{Key: "employee_id", Value: ""})); err != nil {
		return fmt.Errorf("removing recruitments of %d people: %w", len(personIDs), err)
	}
	for _, field := range []string{"manager_id", "said_by", "started_by"} {
		_, err := s.talks.UpdateMany(ctx, in(field, personIDs), bson.D{
			{Key: "$set", Value: bson.D{{Key: field, Value: ""}}},
			{Key: "$unset", Value: bson.D{{Key: "proposal", Value: ""}}},
			{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
		})
		if err != nil {
			return fmt.Errorf("taking %d people out of talks: %w", len(personIDs), err)
		}
	}
	return nil
}

func in(field string, values []string) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: values}}}}
}
