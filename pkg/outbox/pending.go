package outbox

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/metric"
)

// Pending counts the events that wait to be published, and says when the oldest of them happened by the service's
// clock: the zero time when none waits.
func (r *Relay) Pending(ctx context.Context) (n int, oldest time.Time, err error) {
	if err := r.settleExpress(ctx); err != nil {
		return 0, time.Time{}, err
	}
	for _, name := range r.collections {
		count, first, err := pending(ctx, r.db.Collection(name), mongo.Pipeline{
			{{Key: "$match", Value: waiting()}},
			{{Key: "$project", Value: bson.D{
				{Key: "n", Value: bson.D{{Key: "$size", Value: "$outbox"}}},
				{Key: "oldest", Value: bson.D{{Key: "$min", Value: "$outbox.time"}}},
			}}},
		})
		if err != nil {
			return 0, time.Time{}, err
		}
		n, oldest = n+count, earlier(oldest, first)
	}
	count, first, err := pending(ctx, r.events(), mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "pending", Value: bson.D{{Key: "$gt", Value: 0}}}}}},
		{{Key: "$project", Value: bson.D{
			{Key: "n", Value: bson.D{{Key: "$literal", Value: 1}}},
			{Key: "oldest", Value: "$event.time"},
		}}},
	})
	if err != nil {
		return 0, time.Time{}, err
	}
	return n + count, earlier(oldest, first), nil
}

// pending sums up what the stages yield: documents with n and oldest.
func pending(ctx context.Context, coll *mongo.Collection, stages mongo.Pipeline) (int, time.Time, error) {
	cursor, err := coll.Aggregate(ctx, append(stages, bson.D{{Key: "$group", Value: bson.D{
		{Key: "_id", Value: nil},
		{Key: "n", Value: bson.D{{Key: "$sum", Value: "$n"}}},
		{Key: "oldest", Value: bson.D{{Key: "$min", Value: "$oldest"}}},
	}}}))
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("counting waiting events of %s: %w", coll.Name(), err)
	}
	var sums []struct {
		N      int       `bson:"n"`
		Oldest time.Time `bson:"oldest"`
	}
	if err := cursor.All(ctx, &sums); err != nil {
		return 0, time.Time{}, fmt.Errorf("counting waiting events of %s: %w", coll.Name(), err)
	}
	if len(sums) == 0 {
		return 0, time.Time{}, nil
	}
	return sums[0].N, sums[0].Oldest, nil
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Observe publishes the number of waiting events and the age of the oldest, at now, as metrics.
func (r *Relay) Observe(meter metric.Meter, now func() time.Time) error {
	waiting, err := meter.Int64ObservableGauge("jalon.outbox.pending",
		metric.WithDescription("Events saved and not published yet"))
	if err != nil {
		return fmt.Errorf("making the outbox metrics: %w", err)
	}
	age, err := meter.Float64ObservableGauge("jalon.outbox.age",
		metric.WithDescription("Age of the oldest event that waits to be published"), metric.WithUnit("s"))
	if err != nil {
		return fmt.Errorf("making the outbox metrics: %w", err)
	}
	_, err = meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		n, oldest, err := r.Pending(ctx)
		if err != nil {
			return err
		}
		o.ObserveInt64(waiting, int64(n))
		if oldest.IsZero() {
			o.ObserveFloat64(age, 0)
		} else {
			o.ObserveFloat64(age, now().Sub(oldest).Seconds())
		}
		return nil
	}, waiting, age)
	if err != nil {
		return fmt.Errorf("registering the outbox metrics: %w", err)
	}
	return nil
}
