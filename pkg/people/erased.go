package people

import (
	"context"
	"fmt"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// ever is the version of a tombstone, and of nobody else: nothing that is told of the person is newer.
const ever int64 = math.MaxInt64

// tombstone is what the register keeps of somebody who was erased.
type tombstone struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
}

func (p Person) erased() bool { return p.Version == ever }

// Erase forgets people for good: what was told of them before, and arrives later, does not bring them back. Those who reported
// to them have no manager any more. Call it before anything else of theirs is removed; see Erased.
func (r *Register) Erase(ctx context.Context, ids []string) error {
	models := make([]mongo.WriteModel, len(ids))
	for i, id := range ids {
		models[i] = mongodb.UpsertNewerModel(id, ever, tombstone{ID: id, Version: ever})
	}
	if err := mongodb.BulkUpsert(ctx, r.people, models); err != nil {
		return err
	}
	return r.unmanage(ctx, ids)
}

// Erased returns which of the people were erased. Whoever writes about people because of an event asks this afterwards and
// removes what it wrote of them: an erasure sets the register's tombstones first, so that one of the two sees the other.
func (r *Register) Erased(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	cursor, err := r.people.Find(ctx, append(among(ids), bson.E{Key: "version", Value: ever}),
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("looking up who was erased: %w", err)
	}
	stones, err := mongodb.All[tombstone](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("looking up who was erased: %w", err)
	}
	var erased []string
	for _, stone := range stones {
		erased = append(erased, stone.ID)
	}
	return erased, nil
}

// unmanage takes managers away from those who report to them.
func (r *Register) unmanage(ctx context.Context, managers []string) error {
	if len(managers) == 0 {
		return nil
	}
	_, err := r.people.UpdateMany(ctx, bson.D{{Key: "manager_id", Value: bson.D{{Key: "$in", Value: managers}}}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "manager_id", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("taking %d erased managers away: %w", len(managers), err)
	}
	return nil
}

func among(ids []string) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
}
