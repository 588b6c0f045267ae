package people

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/mongodb"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// Unit returns the unit, or mongodb.ErrNotFound. Of one that was merged into another it returns that one, with its own id: what was
// kept about the unit before is about the same place.
func (r *Register) Unit(ctx context.Context, id string) (Unit, error) {
	u, err := mongodb.One[Unit](r.units.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	for range mergedMost {
		if err != nil || u.MergedInto == "" {
			break
		}
		u, err = mongodb.One[Unit](r.units.FindOne(ctx, bson.D{{Key: "_id", Value: u.MergedInto}}))
	}
	if err != nil {
		return Unit{}, fmt.Errorf("reading unit %s: %w", id, mongodb.NotFound(err))
	}
	return u, nil
}

// mergedMost is how many merges in a row are followed; a circle, which directory does not make, ends too.
const mergedMost = 20

// Units returns all units, in no order; not those that were merged into others.
func (r *Register) Units(ctx context.Context) ([]Unit, error) {
	return gather(read[Unit](ctx, r.units, bson.D{{Key: "merged_into", Value: nil}}))
}

// PathNames returns the names of the units of a path, in its order. A unit that is not known yet has its id for a name.
func (r *Register) PathNames(ctx context.Context, path []string) ([]string, error) {
	if len(path) == 0 {
		return nil, nil
	}
	known := make(map[string]Unit, len(path))
	for u, err := range read[Unit](ctx, r.units, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: path}}}}) {
		if err != nil {
			return nil, err
		}
		known[u.ID] = u
	}
	out := make([]string, len(path))
	for i, id := range path {
		u, ok := known[id]
		if ok && u.MergedInto != "" {
			var err error
			if u, err = r.Unit(ctx, id); err != nil && !errors.Is(err, mongodb.ErrNotFound) {
				return nil, err
			}
			ok = err == nil
		}
		out[i] = id
		if ok {
			out[i] = u.Name
		}
	}
	return out, nil
}

// ApplyUnits stores what an event or the snapshot tells of units. Of each the newest version stays.
func (r *Register) ApplyUnits(ctx context.Context, units []*directoryv1.Unit) error {
	newest := make(map[string]Unit, len(units))
	for _, u := range units {
		if known, twice := newest[u.GetId()]; !twice || known.Version < u.GetVersion() {
			newest[u.GetId()] = UnitOf(u)
		}
	}
	docs := make([]mongodb.Versioned, 0, len(newest))
	for _, u := range newest {
		docs = append(docs, mongodb.Versioned{ID: u.ID, Version: u.Version, Doc: u})
	}
	return mongodb.UpsertNewer(ctx, r.units, docs)
}
