package people

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// Register is the projection in one service's database. What arrives late, twice or out of order changes nothing that is
// newer.
type Register struct {
	people, units, state *mongo.Collection
	byID                 *mongodb.Loader[Person]
}

// NewRegister is the register in the database, in the collections "people" and "units".
func NewRegister(db *mongo.Database) *Register {
	return &Register{
		people: db.Collection("people"), units: db.Collection("units"), state: db.Collection("register"),
		byID: mongodb.NewLoader[Person](db.Collection("people")),
	}
}

// Migration makes the indexes that a register needs, as the step with the version of its service.
func Migration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index people by manager and unit", Up: func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection("people").Indexes().CreateMany(ctx, []mongo.IndexModel{
			{Keys: bson.D{{Key: "manager_id", Value: 1}}, Options: options.Index().SetSparse(true)},
			{Keys: bson.D{{Key: "unit_id", Value: 1}}},
		})
		if err != nil {
			return fmt.Errorf("indexing people: %w", err)
		}
		return nil
	}}
}

// Get returns the person, or mongodb.ErrNotFound.
func (r *Register) Get(ctx context.Context, id string) (Person, error) {
	p, err := r.byID.Get(ctx, id)
	if err == nil && p.erased() {
		err = mongodb.ErrNotFound
	}
	if err != nil {
		return Person{}, fmt.Errorf("reading person %s: %w", id, err)
	}
	return p, nil
}

// GetMany returns people by id; unknown ids are left out.
func (r *Register) GetMany(ctx context.Context, ids []string) (map[string]Person, error) {
	found := make(map[string]Person, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	for p, err := range read[Person](ctx, r.people, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}) {
		if err != nil {
			return nil, err
		}
		if !p.erased() {
			found[p.ID] = p
		}
	}
	return found, nil
}

// Reports returns the people whose manager is the person, whether employed or not.
func (r *Register) Reports(ctx context.Context, managerID string) ([]Person, error) {
	return gather(read[Person](ctx, r.people, bson.D{{Key: "manager_id", Value: managerID}}))
}

// Members returns the people of the units themselves, not of those below, whether employed or not.
func (r *Register) Members(ctx context.Context, unitIDs ...string) ([]Person, error) {
	if len(unitIDs) == 0 {
		return nil, nil
	}
	return gather(read[Person](ctx, r.people, bson.D{{Key: "unit_id", Value: bson.D{{Key: "$in", Value: unitIDs}}}}))
}

// All yields everybody, whether employed or not, in no order. An error ends the sequence.
func (r *Register) All(ctx context.Context) iter.Seq2[Person, error] {
	return read[Person](ctx, r.people, bson.D{{Key: "version", Value: bson.D{{Key: "$ne", Value: ever}}}})
}

// Count is about how many people are known.
func (r *Register) Count(ctx context.Context) (int, error) {
	n, err := r.people.EstimatedDocumentCount(ctx)
	if err != nil {
		return 0, fmt.Errorf("counting people: %w", err)
	}
	return int(n), nil
}

// Apply stores what an event or the snapshot tells of people, in one write. Of each person the newest version stays. A manager
// who was erased is none.
func (r *Register) Apply(ctx context.Context, employees []*directoryv1.Employee) error {
	newest := make(map[string]Person, len(employees))
	for _, e := range employees {
		p, err := PersonOf(e)
		if err != nil {
			return err
		}
		if known, twice := newest[p.ID]; !twice || known.Version < p.Version {
			newest[p.ID] = p
		}
	}
	docs := make([]mongodb.Versioned, 0, len(newest))
	managers := map[string]bool{}
	for _, p := range newest {
		docs = append(docs, mongodb.Versioned{ID: p.ID, Version: p.Version, Doc: p})
		if p.ManagerID != "" {
			managers[p.ManagerID] = true
		}
	}
	if err := mongodb.UpsertNewer(ctx, r.people, docs); err != nil {
		return err
	}
	erased, err := r.Erased(ctx, slices.Collect(maps.Keys(managers)))
	if err != nil {
		return err
	}
	return r.unmanage(ctx, erased)
}

// read yields the documents that match. An error ends the sequence.
func read[T any](ctx context.Context, coll *mongo.Collection, filter bson.D) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		cursor, err := coll.Find(ctx, filter, options.Find().SetBatchSize(5000))
		if err != nil {
			yield(none, fmt.Errorf("reading %s: %w", coll.Name(), err))
			return
		}
		for doc, err := range mongodb.Each[T](ctx, cursor) {
			if err != nil {
				err = fmt.Errorf("reading %s: %w", coll.Name(), err)
			}
			if !yield(doc, err) {
				return
			}
		}
	}
}

func gather[T any](all iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for doc, err := range all {
		if err != nil {
			return nil, err
		}
		out = append(out, doc)
	}
	return out, nil
}
