package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments"
)

const (
	released     = 100_000
	releaseBatch = 1000
)

// dueRelease measures how long 100,000 follow-ups that are due at once take until the last event about them was handled.
func dueRelease(ctx context.Context) (_ []figure, err error) {
	w, err := open(ctx, "onboarding", moments.Rule{
		Code: "day_1", OffsetDays: 1, GraceDays: 5, AnswerDays: 14, Questionnaire: "onboarding_day_1.v1",
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	today := clock.DateOf(noon, time.UTC)
	// The first import is a baseline and opens the moments of those who have just started, so these are not hired but registered.
	if err := w.importPeople(ctx, released, today, today); err != nil {
		return nil, err
	}

	begin := time.Now()
	w.clock.Set(today.AddDays(1).In(time.UTC).Add(12 * time.Hour))
	if err := w.Settle(ctx); err != nil {
		return nil, err
	}
	took := time.Since(begin)

	shown, err := w.shown(ctx)
	if err != nil {
		return nil, err
	}
	limit, err := rawRelease(ctx, released, true)
	if err != nil {
		return nil, err
	}
	f := figure{Name: "due_release", Value: took.Seconds(), Unit: "s", Detail: map[string]any{
		"due": released, "shown": shown.People, "lost": released - shown.People, "doubled": shown.Messages - shown.People,
	}}.over(limit.Seconds(), "100 bulk writes of 1,000 updates and 100 acknowledged publishes, while a consumer answers each with "+
		"a bulk write of 1,000 upserts, a publish and an ack: official clients, journaled")
	return []figure{f}, nil
}

type shownCount struct{ People, Messages int }

// shown counts who has a prompt, and how many messages there are in all.
func (w *world) shown(ctx context.Context) (shownCount, error) {
	inboxes := w.Mongo().Database("jalon_notifications").Collection("inboxes")
	cursor, err := inboxes.Aggregate(ctx, bson.A{
		bson.D{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: nil},
			{Key: "people", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "messages", Value: bson.D{{Key: "$sum", Value: bson.D{{Key: "$size", Value: "$messages"}}}}},
		}}},
	})
	if err != nil {
		return shownCount{}, fmt.Errorf("counting prompts: %w", err)
	}
	var counts []shownCount
	if err := cursor.All(ctx, &counts); err != nil || len(counts) == 0 {
		return shownCount{}, fmt.Errorf("counting prompts: %w", err)
	}
	return counts[0], nil
}

// rawRelease is the least that asking n people needs, by the official clients: each invitation and each person's prompt written
// once in bulk and journaled, each batch's two events published and acknowledged. An invitation that waited is an update, else it is
// inserted.
func rawRelease(ctx context.Context, n int, waited bool) (_ time.Duration, err error) {
	r, err := openRaw(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	asked := inserted
	if waited {
		asked = updated
		for from := 0; from < n; from += releaseBatch {
			if _, err := r.collection.BulkWrite(ctx, inserted(from)); err != nil {
				return 0, err
			}
		}
	}
	consumer, err := r.consumer(ctx)
	if err != nil {
		return 0, err
	}
	payload := make([]byte, releaseBatch*120) // about what a thousand invitations weigh

	begin := time.Now()
	consumed := make(chan error, 1)
	go func() { consumed <- r.consumeReleases(ctx, consumer, n, payload) }()
	for from := 0; from < n; from += releaseBatch {
		if _, err := r.collection.BulkWrite(ctx, asked(from), options.BulkWrite().SetOrdered(false)); err != nil {
			return 0, err
		}
		if _, err := r.stream.Publish(ctx, rawSubject, payload); err != nil {
			return 0, err
		}
	}
	if err := <-consumed; err != nil {
		return 0, err
	}
	return time.Since(begin), nil
}

// inserted are a thousand invitations.
func inserted(from int) (writes []mongo.WriteModel) {
	for i := range releaseBatch {
		writes = append(writes, mongo.NewInsertOneModel().SetDocument(bson.D{
			{Key: "_id", Value: fmt.Sprintf("item-%09d", from+i)}, {Key: "state", Value: "waiting"}, {Key: "due", Value: noon},
		}))
	}
	return writes
}

// updated are those that waited.
func updated(from int) (writes []mongo.WriteModel) {
	for i := range releaseBatch {
		writes = append(writes, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: fmt.Sprintf("item-%09d", from+i)}}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: "done"}}}, {Key: "$unset", Value: bson.D{{Key: "due", Value: 1}}}}))
	}
	return writes
}

func (r *raw) consumeReleases(ctx context.Context, consumer jetstream.Consumer, n int, payload []byte) error {
	if _, err := r.stream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: "RAWOUT", Subjects: []string{"rawout.event"}}); err != nil {
		return err
	}
	for from := 0; from < n; from += releaseBatch {
		message, err := consumer.Next(jetstream.FetchMaxWait(30 * time.Second))
		if err != nil {
			return err
		}
		var prompts []mongo.WriteModel
		for i := range releaseBatch {
			prompts = append(prompts, mongo.NewUpdateOneModel().SetUpsert(true).
				SetFilter(bson.D{{Key: "_id", Value: fmt.Sprintf("person-%09d", from+i)}}).
				SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 1}, {Key: "messages", Value: bson.A{
					bson.D{{Key: "id", Value: "an invitation's id, of that length..."}, {Key: "state", Value: "shown"}, {Key: "at", Value: noon}},
				}}}}}))
		}
		if _, err := r.second.BulkWrite(ctx, prompts, options.BulkWrite().SetOrdered(false)); err != nil {
			return err
		}
		if _, err := r.stream.Publish(ctx, "rawout.event", payload); err != nil {
			return err
		}
		if err := message.Ack(); err != nil {
			return err
		}
	}
	return nil
}
