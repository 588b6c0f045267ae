package mongostore

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/person"
)

// Search says which people a list holds; empty fields ask for nothing.
type Search struct {
	Query     string   // beginnings of any names, a whole employee number, or a whole e-mail address
	Units     []string // in one of these
	ManagerID string
	StillOn   clock.Date // without those whose last day lies before it
}

// filter matches every word of the query with the beginning of some name.
func (q Search) filter() bson.D {
	var all bson.A
	if text := strings.TrimSpace(q.Query); text != "" {
		either := bson.A{bson.D{{Key: "number", Value: text}}}
		var words bson.A
		for _, word := range fold.Words(text) {
			words = append(words, bson.D{{Key: "words", Value: bson.Regex{Pattern: "^" + regexp.QuoteMeta(word)}}})
		}
		if strings.Contains(text, "@") { // a whole e-mail address, in whatever case
			either = append(either, bson.D{{Key: "address", Value: address(text)}})
		}
		if len(words) > 0 {
			either = append(either, bson.D{{Key: "$and", Value: words}})
		}
		all = append(all, bson.D{{Key: "$or", Value: either}})
	}
	if q.Units != nil {
		all = append(all, bson.D{{Key: "unit_id", Value: bson.D{{Key: "$in", Value: q.Units}}}})
	}
	if q.ManagerID != "" {
		all = append(all, bson.D{{Key: "manager_id", Value: q.ManagerID}})
	}
	if !q.StillOn.IsZero() {
		all = append(all, stillOn(q.StillOn))
	}
	if len(all) == 0 {
		return bson.D{}
	}
	return bson.D{{Key: "$and", Value: all}}
}

// stillOn leaves those out whose last day lies before the date.
func stillOn(date clock.Date) bson.D {
	return bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "left_on", Value: clock.Date{}}}, bson.D{{Key: "left_on", Value: bson.D{{Key: "$gte", Value: date}}}},
	}}}
}

// List returns up to limit people by family and given name, from the sort key on (nil: from the start), and the sort key
// after which the rest follows (nil: there is none).
func (s *Store) List(ctx context.Context, q Search, after bson.A, limit int) ([]person.Person, bson.A, error) {
	filter := bson.D{{Key: "$and", Value: bson.A{q.filter(), mongodb.After([]string{"sort", "_id"}, after)}}}
	cursor, err := s.people.Find(ctx, filter, options.Find().SetLimit(int64(limit)+1).
		SetSort(bson.D{{Key: "sort", Value: 1}, {Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "history", Value: 0}}))
	if err != nil {
		return nil, nil, fmt.Errorf("listing people: %w", err)
	}
	people, err := collect(ctx, cursor)
	if err != nil {
		return nil, nil, fmt.Errorf("listing people: %w", err)
	}
	if len(people) <= limit {
		return people, nil, nil
	}
	people = people[:limit]
	last := people[limit-1]
	return people, bson.A{sortKey(last.Facts), last.ID}, nil
}

// Count counts the people that a list holds in all.
func (s *Store) Count(ctx context.Context, q Search) (int, error) {
	n, err := s.people.CountDocuments(ctx, q.filter())
	if err != nil {
		return 0, fmt.Errorf("counting people: %w", err)
	}
	return int(n), nil
}

// CountByUnit counts the people employed on a date, by the unit in which they are.
func (s *Store) CountByUnit(ctx context.Context, on clock.Date) (map[string]int32, error) {
	hired := bson.D{{Key: "hired_on", Value: bson.D{{Key: "$lte", Value: on}}}}
	counts, err := s.countBy(ctx, "unit_id", hired, stillOn(on))
	if err != nil {
		return nil, fmt.Errorf("counting people by unit: %w", err)
	}
	return counts, nil
}

// CountReports counts who reports to each of the managers, without those whose last day lies before the date.
func (s *Store) CountReports(ctx context.Context, managers []string, on clock.Date) (map[string]int32, error) {
	if len(managers) == 0 {
		return map[string]int32{}, nil
	}
	theirs := bson.D{{Key: "manager_id", Value: bson.D{{Key: "$in", Value: managers}}}}
	counts, err := s.countBy(ctx, "manager_id", theirs, stillOn(on))
	if err != nil {
		return nil, fmt.Errorf("counting reports: %w", err)
	}
	return counts, nil
}

// countBy counts the people who match all of the filters, by a field.
func (s *Store) countBy(ctx context.Context, field string, filters ...any) (map[string]int32, error) {
	cursor, err := s.people.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "$and", Value: bson.A(filters)}}}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$" + field}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return nil, err
	}
	type group struct {
		ID string `bson:"_id"`
		N  int32  `bson:"n"`
	}
	groups, err := mongodb.All[group](ctx, cursor)
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int32, len(groups))
	for _, g := range groups {
		counts[g.ID] = g.N
	}
	return counts, nil
}

// Get returns the people with the ids, without histories; unknown ids are left out.
func (s *Store) Get(ctx context.Context, ids []string) ([]person.Person, error) {
	cursor, err := s.people.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "history", Value: 0}}))
	if err != nil {
		return nil, fmt.Errorf("reading %d people: %w", len(ids), err)
	}
	people, err := collect(ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading %d people: %w", len(ids), err)
	}
	return people, nil
}

// WithHistory returns the person with the id, with history, or mongodb.ErrNotFound.
func (s *Store) WithHistory(ctx context.Context, id string) (person.Person, error) {
	d, err := mongodb.One[personDoc](s.people.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return person.Person{}, fmt.Errorf("reading the history of person %s: %w", id, mongodb.NotFound(err))
	}
	return d.person(), nil
}

// ByNumber returns the person with the employee number, with history, or mongodb.ErrNotFound.
func (s *Store) ByNumber(ctx context.Context, number string) (person.Person, error) {
	d, err := mongodb.One[personDoc](s.people.FindOne(ctx, bson.D{{Key: "number", Value: number}}))
	if err != nil {
		return person.Person{}, fmt.Errorf("finding a person by number: %w", mongodb.NotFound(err))
	}
	return d.person(), nil
}

// Page returns up to limit people by id, from the id on, for snapshots.
func (s *Store) Page(ctx context.Context, after string, limit int) ([]person.Person, error) {
	cursor, err := s.people.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}}, options.Find().
		SetLimit(int64(limit)).SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "history", Value: 0}}))
	if err != nil {
		return nil, fmt.Errorf("paging through people: %w", err)
	}
	people, err := collect(ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("paging through people: %w", err)
	}
	return people, nil
}
