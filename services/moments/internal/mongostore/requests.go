package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

// Request is what a caller's request id stands for, so that the same request again means the same moment.
type Request struct {
	ID string `bson:"_id"`
	// What is what was asked for, in one word that can be compared.
	What string `bson:"what"`
	// HappensOn is the day it was understood as.
	HappensOn clock.Date `bson:"happens_on"`
	// MomentID is the moment it was understood as; empty in requests that are older than this field, and in guests'.
	MomentID string `bson:"moment_id,omitempty"`
}

// Requests keeps request ids (AIP-155).
type Requests struct{ coll *mongo.Collection }

// NewRequests uses the collection "requests".
func NewRequests(db *mongo.Database) *Requests { return &Requests{db.Collection("requests")} }

// Claim keeps a request unless its id is known, and returns the one that stands under the id, and whether it was known.
func (s *Requests) Claim(ctx context.Context, r Request) (Request, bool, error) {
	_, err := s.coll.InsertOne(ctx, r)
	if err == nil {
		return r, false, nil
	}
	if !mongodb.IsDuplicate(err) {
		return Request{}, false, fmt.Errorf("keeping request %s: %w", r.ID, err)
	}
	known, err := mongodb.One[Request](s.coll.FindOne(ctx, bson.D{{Key: "_id", Value: r.ID}}))
	if err != nil {
		return Request{}, false, fmt.Errorf("reading request %s: %w", r.ID, mongodb.NotFound(err))
	}
	return known, true, nil
}
