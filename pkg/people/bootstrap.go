package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// SnapshotClient is the part of directory's API that a register is filled from.
type SnapshotClient interface {
	Snapshot(ctx context.Context, req *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error)
}

// snapshotPage is how many people are asked for at once.
const snapshotPage = 1000

// Bootstrap fills the register from directory's snapshot, once in its life: a service that starts later than events are
// kept would otherwise never hear of most people. It waits until events are being followed, so that nothing falls between;
// newer facts that they bring are not overwritten. It may be called again after a failure, and does nothing after a success.
func Bootstrap(ctx context.Context, reg *Register, following <-chan struct{}, directory SnapshotClient) error {
	select {
	case <-following:
	case <-ctx.Done():
		return ctx.Err()
	}
	done := bson.D{{Key: "_id", Value: "snapshot"}}
	err := reg.state.FindOne(ctx, done).Err()
	if err == nil {
		return nil
	}
	if !errors.Is(err, mongo.ErrNoDocuments) {
		return fmt.Errorf("reading the state of the register: %w", err)
	}
	if err := reg.copySnapshot(ctx, directory); err != nil {
		return err
	}
	_, err = reg.state.UpdateOne(ctx, done, bson.D{{Key: "$set", Value: bson.D{{Key: "taken_at", Value: time.Now().UTC()}}}},
		options.UpdateOne().SetUpsert(true))
	if err != nil {
		return fmt.Errorf("recording that the snapshot was taken: %w", err)
	}
	return nil
}

func (r *Register) copySnapshot(ctx context.Context, directory SnapshotClient) error {
	req := &directoryv1.SnapshotRequest{PageSize: snapshotPage}
	for {
		page, err := directory.Snapshot(ctx, req)
		if err != nil {
			return fmt.Errorf("asking directory for its snapshot: %w", err)
		}
		if err := errors.Join(r.ApplyUnits(ctx, page.GetUnits()), r.Apply(ctx, page.GetPeople())); err != nil {
			return err
		}
		if page.GetNextPageToken() == "" {
			return nil
		}
		req.PageToken = page.GetNextPageToken()
	}
}
