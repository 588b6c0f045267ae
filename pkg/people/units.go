package people

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// Unit returns the unit, or mongodb.ErrNotFound.
func (r *Register) Unit(ctx context.Context, id string) (Unit, error) {
	u, err := mongodb.One[Unit](r.units.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return Unit{}, fmt.Errorf("reading unit %s: %w", id, mongodb.NotFound(err))
	}
	return u, nil
}

// Units returns all units, in no order.
func (r *Register) Units(ctx context.Context) ([]Unit, error) {
	return gather(read[Unit](ctx, r.units, bson.D{}))
}

// PathNames returns the names of the units of a path, in its order. A unit that is not known yet has its id for a name.
func (r *Register) PathNames(ctx context.Context, path []string) ([]string, error) {
	if len(path) == 0 {
		return nil, nil
	}
	names := make(map[string]string, len(path))
	for u, err := range read[Unit](ctx, r.units, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: path}}}}) {
		if err != nil {
			return nil, err
		}
		names[u.ID] = u.Name
	}
	out := make([]string, len(path))
	for i, id := range path {
		out[i] = id
		if name, known := names[id]; known {
			out[i] = name
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
	models := make([]mongo.WriteModel, 0, len(newest))
	for _, u := range newest {
		models = append(models, mongodb.UpsertNewerModel(u.ID, u.Version, u))
	}
	return mongodb.BulkUpsert(ctx, r.units, models)
}
