package mongodb

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// duplicateKey is the server's code for a second document with the same unique key.
const duplicateKey = 11000

// Unjournaled is the collection for writes that a crash may undo, since whatever they note would only be done again: they
// are acknowledged without waiting for a disk.
func Unjournaled(coll *mongo.Collection) *mongo.Collection {
	journal := false
	return coll.Clone(options.Collection().SetWriteConcern(&writeconcern.WriteConcern{W: 1, Journal: &journal}))
}

// ReplaceGuarded replaces the document with the id by doc, provided that its field "version" is still version. doc must
// carry the same _id and the next version. ErrConflict says that the version is another, ErrNotFound that the document
// is gone.
//
// The condition stands in the update and not in the filter: a second predicate beside _id costs the server as much
// again as the whole lookup.
func ReplaceGuarded(ctx context.Context, coll *mongo.Collection, id string, version int64, doc any) error {
	result, err := coll.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, replaceIf("$eq", version, doc))
	switch {
	case err != nil:
		return fmt.Errorf("replacing %s in %s: %w", id, coll.Name(), err)
	case result.MatchedCount == 0:
		return fmt.Errorf("replacing %s in %s: %w", id, coll.Name(), ErrNotFound)
	case result.ModifiedCount == 0:
		return fmt.Errorf("replacing %s in %s: %w", id, coll.Name(), ErrConflict)
	}
	return nil
}

// ReplaceGuardedModel is ReplaceGuarded as one operation of a bulk write. Which of them met a conflict must be read
// back; the bulk's counts say only how many did.
func ReplaceGuardedModel(id string, version int64, doc any) *mongo.UpdateOneModel {
	return mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: id}}).SetUpdate(replaceIf("$eq", version, doc))
}

// UpsertNewerModel is one operation of a bulk write: it stores doc under the id unless what is stored has the same or a
// newer version. It makes projections independent of the order and number of times in which changes arrive.
func UpsertNewerModel(id string, version int64, doc any) *mongo.UpdateOneModel {
	return mongo.NewUpdateOneModel().
		SetFilter(bson.D{{Key: "_id", Value: id}}).
		SetUpdate(replaceIf("$lt", version, doc)).
		SetUpsert(true)
}

// Versioned is a document whose version grows with each change.
type Versioned struct {
	ID      string
	Version int64
	Doc     any
}

// UpsertNewer stores the documents, each unless what is stored has the same or a newer version. It is for many that may be new: the
// engine inserts several times faster than it upserts, so it is first asked which are there.
func UpsertNewer(ctx context.Context, coll *mongo.Collection, docs []Versioned) error {
	if len(docs) == 0 {
		return nil
	}
	stored, err := versions(ctx, coll, docs)
	if err != nil {
		return err
	}
	var inserts []any
	var fresh, newer []Versioned
	for _, d := range docs {
		version, there := stored[d.ID]
		switch {
		case !there:
			inserts, fresh = append(inserts, d.Doc), append(fresh, d)
		case version < d.Version:
			newer = append(newer, d)
		}
	}
	inserted, err := InsertNew(ctx, coll, inserts)
	if err != nil {
		return err
	}
	if inserted < len(inserts) { // somebody else stored some meanwhile, perhaps older
		newer = append(newer, fresh...)
	}
	upserts := make([]mongo.WriteModel, len(newer))
	for i, d := range newer {
		upserts[i] = UpsertNewerModel(d.ID, d.Version, d.Doc)
	}
	return BulkUpsert(ctx, coll, upserts)
}

// versions are those of the documents that are stored; a document without one is older than any.
func versions(ctx context.Context, coll *mongo.Collection, docs []Versioned) (map[string]int64, error) {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	cursor, err := coll.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "version", Value: 1}}).SetBatchSize(int32(len(ids))+1))
	if err != nil {
		return nil, fmt.Errorf("reading versions in %s: %w", coll.Name(), err)
	}
	stored := make(map[string]int64, len(ids))
	for doc, err := range Each[struct {
		ID      string `bson:"_id"`
		Version *int64 `bson:"version"`
	}](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading versions in %s: %w", coll.Name(), err)
		}
		stored[doc.ID] = -1
		if doc.Version != nil {
			stored[doc.ID] = *doc.Version
		}
	}
	return stored, nil
}

// replaceIf is the pipeline that replaces a document when its stored version compares to version as op says. A document
// that is only being inserted has no version yet, which is older than any.
func replaceIf(op string, version int64, doc any) mongo.Pipeline {
	stored := bson.D{{Key: "$ifNull", Value: bson.A{"$version", int64(-1)}}}
	return mongo.Pipeline{{{Key: "$replaceWith", Value: bson.D{{Key: "$cond", Value: bson.A{
		bson.D{{Key: op, Value: bson.A{stored, version}}},
		bson.D{{Key: "$literal", Value: doc}},
		"$$ROOT",
	}}}}}}
}

// BulkUpsert runs upserts by _id, in no order. Two writers that insert the same id at the same moment make the slower
// one fail, although redoing it succeeds: it is redone once.
func BulkUpsert(ctx context.Context, coll *mongo.Collection, models []mongo.WriteModel) error {
	if len(models) == 0 {
		return nil
	}
	unordered := options.BulkWrite().SetOrdered(false)
	_, err := coll.BulkWrite(ctx, models, unordered)
	if IsDuplicate(err) {
		_, err = coll.BulkWrite(ctx, models, unordered)
	}
	if err != nil {
		return fmt.Errorf("writing %d documents to %s: %w", len(models), coll.Name(), err)
	}
	return nil
}
