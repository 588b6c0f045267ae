package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
)

// snapshotID names the record that the talks of a snapshot were planned, in the collection "planning".
const snapshotID = "snapshot"

func (s *Store) planning() *mongo.Collection { return s.talks.Database().Collection("planning") }

// SnapshotPlanned tells whether MarkSnapshotPlanned was called.
func (s *Store) SnapshotPlanned(ctx context.Context) (bool, error) {
	err := s.planning().FindOne(ctx, bson.D{{Key: "_id", Value: snapshotID}}).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading whether the snapshot's talks are planned: %w", err)
	}
	return true, nil
}

// MarkSnapshotPlanned records that the talks of the snapshot are planned.
func (s *Store) MarkSnapshotPlanned(ctx context.Context) error {
	_, err := s.planning().InsertOne(ctx, bson.D{{Key: "_id", Value: snapshotID}})
	if err != nil && !mongodb.IsDuplicate(err) {
		return fmt.Errorf("recording that the snapshot's talks are planned: %w", err)
	}
	return nil
}
