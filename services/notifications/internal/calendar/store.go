package calendar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// Store keeps one entry per talk, in the collection "calendar".
type Store struct{ entries *mongo.Collection }

// NewStore returns the store of the database.
func NewStore(db *mongo.Database) *Store { return &Store{entries: db.Collection("calendar")} }

// attempts is how often news are applied anew because somebody else changed one of the entries meanwhile.
const attempts = 8

// Follow applies news of talks, of which each is told by one event, and returns for each talk what is to be told because of it:
// nothing where newer news are known. The same news told again cause the same notices again.
func (s *Store) Follow(ctx context.Context, now time.Time, talks []Talk) ([][]Notice, error) {
	for range attempts {
		entries, err := s.Get(ctx, ids(talks))
		if err != nil {
			return nil, err
		}
		changed := map[string]Entry{}
		for _, t := range talks {
			next, news := entries[t.ID].follow(t, now)
			if !news {
				continue
			}
			if before, again := changed[t.ID]; again { // told twice by one event, it is saved once
				next.Version = before.Version
			}
			changed[t.ID], entries[t.ID] = next, next
		}
		err = s.save(ctx, changed)
		if err == nil {
			return noticesOf(talks, entries), nil
		}
		if !errors.Is(err, mongodb.ErrConflict) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("following %d talks, %d times in vain: %w", len(talks), attempts, mongodb.ErrConflict)
}

func noticesOf(talks []Talk, entries map[string]Entry) [][]Notice {
	all := make([][]Notice, len(talks))
	for i, t := range talks {
		if e := entries[t.ID]; e.Order() == order(t.Sequence, t.Cancelled) {
			all[i] = e.notices()
		}
	}
	return all
}

func ids(talks []Talk) []string {
	all := make([]string, len(talks))
	for i, t := range talks {
		all[i] = t.ID
	}
	return all
}

// Get returns the entries of the talks, by id; those that are not known are left out.
func (s *Store) Get(ctx context.Context, talkIDs []string) (map[string]Entry, error) {
	found := make(map[string]Entry, len(talkIDs))
	if len(talkIDs) == 0 {
		return found, nil
	}
	cursor, err := s.entries.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: talkIDs}}}})
	if err != nil {
		return nil, fmt.Errorf("reading what calendars hold: %w", err)
	}
	for e, err := range mongodb.Each[Entry](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading what calendars hold: %w", err)
		}
		found[e.ID] = e
	}
	return found, nil
}

// save writes entries, each only if nobody else saved it since it was read; else it returns mongodb.ErrConflict, and some are
// saved and some are not.
func (s *Store) save(ctx context.Context, entries map[string]Entry) error {
	if len(entries) == 0 {
		return nil
	}
	var writes []mongo.WriteModel
	for id, e := range entries {
		if e.Version == 1 {
			writes = append(writes, mongo.NewInsertOneModel().SetDocument(e))
		} else {
			writes = append(writes, mongodb.ReplaceGuardedModel(id, e.Version-1, e))
		}
	}
	result, err := s.entries.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
	switch {
	case mongodb.IsDuplicate(err):
		return fmt.Errorf("noting what calendars hold of %d talks: %w", len(writes), mongodb.ErrConflict)
	case err != nil:
		return fmt.Errorf("noting what calendars hold of %d talks: %w", len(writes), err)
	case result.InsertedCount+result.ModifiedCount < int64(len(writes)):
		return fmt.Errorf("noting what calendars hold of %d talks: %w", len(writes), mongodb.ErrConflict)
	}
	return nil
}

// Without returns, as called off, the talks ahead that people who are erased would have had. It may be asked again until Forget.
func (s *Store) Without(ctx context.Context, now time.Time, personIDs []string) ([]Talk, error) {
	in := bson.D{{Key: "$in", Value: personIDs}}
	cursor, err := s.entries.Find(ctx, bson.D{
		{Key: "$or", Value: bson.A{bson.D{{Key: "employee_id", Value: in}}, bson.D{{Key: "manager_id", Value: in}}}},
		{Key: "begins", Value: bson.D{{Key: "$gt", Value: now}}},
	})
	if err != nil {
		return nil, fmt.Errorf("reading what calendars hold of %d people: %w", len(personIDs), err)
	}
	var talks []Talk
	for e, err := range mongodb.Each[Entry](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading what calendars hold of %d people: %w", len(personIDs), err)
		}
		talks = append(talks, Talk{
			ID: e.ID, EmployeeID: e.EmployeeID, ManagerID: e.ManagerID, Begins: e.Begins, Minutes: e.Minutes, Sequence: e.Sequence, Cancelled: true,
		})
	}
	return talks, nil
}

// ForgetPast removes what calendars hold of talks that began before the instant.
func (s *Store) ForgetPast(ctx context.Context, before time.Time) error {
	// Of one that never had a time, there is none.
	if _, err := s.entries.DeleteMany(ctx, bson.D{{Key: "begins", Value: bson.D{{Key: "$lt", Value: before}}}}); err != nil {
		return fmt.Errorf("removing what calendars hold of talks before %s: %w", before, err)
	}
	return nil
}

// Forget takes people out of what calendars hold. What is left of their talks tells the other one's calendar that they are called off.
func (s *Store) Forget(ctx context.Context, personIDs []string) error {
	in := bson.D{{Key: "$in", Value: personIDs}}
	held := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "employee_id", Value: in}},
		bson.D{{Key: "manager_id", Value: in}},
		bson.D{{Key: "attendees", Value: in}},
		bson.D{{Key: "former", Value: in}},
	}}}
	nobodyOf := func(field string) bson.D {
		return bson.D{{Key: "$cond", Value: bson.A{bson.D{{Key: "$in", Value: bson.A{"$" + field, personIDs}}}, "", "$" + field}}}
	}
	without := func(list string) bson.D {
		return bson.D{{Key: "$setDifference", Value: bson.A{bson.D{{Key: "$ifNull", Value: bson.A{"$" + list, bson.A{}}}}, personIDs}}}
	}
	_, err := s.entries.UpdateMany(ctx, held, mongo.Pipeline{{{Key: "$set", Value: bson.D{
		{Key: "employee_id", Value: nobodyOf("employee_id")},
		{Key: "manager_id", Value: nobodyOf("manager_id")},
		{Key: "attendees", Value: without("attendees")},
		{Key: "former", Value: without("former")},
		{Key: "version", Value: bson.D{{Key: "$add", Value: bson.A{"$version", 1}}}},
	}}}})
	if err != nil {
		return fmt.Errorf("removing %d people from what calendars hold: %w", len(personIDs), err)
	}
	nobody := bson.D{{Key: "$in", Value: bson.A{"", nil}}}
	if _, err := s.entries.DeleteMany(ctx, bson.D{{Key: "employee_id", Value: nobody}, {Key: "manager_id", Value: nobody}}); err != nil {
		return fmt.Errorf("removing what calendars hold of nobody: %w", err)
	}
	return nil
}
