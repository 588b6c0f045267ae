package people

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

// Selection narrows people; every part that is set must hold. It selects only those who are employed On.
type Selection struct {
	On clock.Date
	// UnitID is a unit of theirs, or one above it.
	UnitID               string
	JobTitles, Contracts []string
	Language, ManagerID  string
	// HiredFrom and HiredTo bound the first day, both included. Whose first day is not known is within no bounds.
	HiredFrom, HiredTo clock.Date
}

// SelectionMigration makes the indexes that selections need, and has people read from directory anew: their jobs and contracts were
// not kept before. Each keeps what is known of them until then.
func SelectionMigration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index people by unit path, first day and job, and read them anew", Up: func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection("people").Indexes().CreateMany(ctx, []mongo.IndexModel{
			{Keys: bson.D{{Key: "unit_path", Value: 1}, {Key: "_id", Value: 1}}},
			{Keys: bson.D{{Key: "hired_on", Value: 1}}},
			{Keys: bson.D{{Key: "job_title", Value: 1}}, Options: options.Index().SetSparse(true)},
		})
		if err != nil {
			return fmt.Errorf("indexing people: %w", err)
		}
		return forgetVersions(ctx, db)
	}}
}

// forgetVersions lets the snapshot, which is taken at the next start, take the place of what is stored, though it is no newer.
func forgetVersions(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("people").UpdateMany(ctx, bson.D{{Key: "version", Value: bson.D{{Key: "$ne", Value: ever}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: int64(0)}}}})
	if err != nil {
		return fmt.Errorf("forgetting the versions of people: %w", err)
	}
	if _, err := db.Collection("register").DeleteOne(ctx, bson.D{{Key: "_id", Value: "snapshot"}}); err != nil {
		return fmt.Errorf("forgetting that the snapshot was taken: %w", err)
	}
	return nil
}

// filter is the selection as a query. Dates are kept as texts, in whose order they come; one that is not known is empty or missing.
func (s Selection) filter() bson.D {
	on := s.On.String()
	filter := bson.D{
		{Key: "version", Value: bson.D{{Key: "$ne", Value: ever}}},
		{Key: "left_on", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gt", Value: ""}, {Key: "$lt", Value: on}}}}},
	}
	hired := bson.D{{Key: "$lte", Value: on}}
	if !s.HiredFrom.IsZero() || !s.HiredTo.IsZero() {
		from, to := "0", on // above the empty text
		if !s.HiredFrom.IsZero() {
			from = s.HiredFrom.String()
		}
		if !s.HiredTo.IsZero() && s.HiredTo.Before(s.On) {
			to = s.HiredTo.String()
		}
		hired = bson.D{{Key: "$gte", Value: from}, {Key: "$lte", Value: to}}
	}
	filter = append(filter, bson.E{Key: "hired_on", Value: hired})
	for _, equal := range []struct{ field, value string }{
		{"unit_path", s.UnitID}, {"language", s.Language}, {"manager_id", s.ManagerID},
	} {
		if equal.value != "" {
			filter = append(filter, bson.E{Key: equal.field, Value: equal.value})
		}
	}
	for _, any := range []struct {
		field  string
		values []string
	}{{"job_title", s.JobTitles}, {"contract", s.Contracts}} {
		if len(any.values) > 0 {
			filter = append(filter, bson.E{Key: any.field, Value: bson.D{{Key: "$in", Value: any.values}}})
		}
	}
	return filter
}

// CountSelected says how many people are selected.
func (r *Register) CountSelected(ctx context.Context, s Selection) (int, error) {
	n, err := r.people.CountDocuments(ctx, s.filter())
	if err != nil {
		return 0, fmt.Errorf("counting people: %w", err)
	}
	return int(n), nil
}

// Selected yields the ids of the people who are selected and come after an id, in the order of ids: limit of them at most, all where
// it is 0. An error ends the sequence.
func (r *Register) Selected(ctx context.Context, s Selection, after string, limit int) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		filter := s.filter()
		if after != "" {
			filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}})
		}
		cursor, err := r.people.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).
			SetProjection(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)).SetBatchSize(5000))
		if err != nil {
			yield("", fmt.Errorf("selecting people: %w", err))
			return
		}
		for doc, err := range mongodb.Each[Person](ctx, cursor) {
			if err != nil {
				err = fmt.Errorf("selecting people: %w", err)
			}
			if !yield(doc.ID, err) {
				return
			}
		}
	}
}

// Values are the different values of a field of those who are selected, sorted.
func (r *Register) Values(ctx context.Context, s Selection, field Field) ([]string, error) {
	var values []string
	if err := r.people.Distinct(ctx, string(field), s.filter()).Decode(&values); err != nil {
		return nil, fmt.Errorf("listing what people have for %s: %w", field, err)
	}
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	slices.Sort(values)
	return values, nil
}

// Field is one of which Values can be asked.
type Field string

// The fields.
const (
	JobTitles Field = "job_title"
	Contracts Field = "contract"
	Languages Field = "language"
	Managers  Field = "manager_id"
)
