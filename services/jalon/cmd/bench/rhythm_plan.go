package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

const plannedPeople = 100_000

// rhythmPlan measures how long the first talks of 100,000 people take, from directory's events until the last event about them is
// acknowledged.
func rhythmPlan(ctx context.Context) (_ []figure, err error) {
	l, err := loneInterviews(ctx, noon)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.end()) }()
	events := hires(plannedPeople, 12, "2026-03-02")

	begin := time.Now()
	if err := l.hear(ctx, events...); err != nil {
		return nil, err
	}
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	took := time.Since(begin)

	planned, err := l.db.Collection("talks").CountDocuments(ctx, bson.D{{Key: "manager_id", Value: bson.D{{Key: "$gt", Value: ""}}}})
	if err != nil {
		return nil, err
	}
	limit, copied, err := l.writeAgain(ctx, "people", "talks", "agenda")
	if err != nil {
		return nil, err
	}
	f := figure{Name: "rhythm_plan", Value: took.Seconds(), Unit: "s", Detail: map[string]any{
		"people": plannedPeople, "planned": planned, "documents": copied,
	}}
	return []figure{f.over(limit.Seconds(), "the official clients writing the same documents (people, talks, reminders to come) in journaled "+
		"bulks of 1,000, and publishing as many events, acknowledged")}, nil
}

// hires are the events of people who were hired, each with a manager of so many.
func hires(n, each int, on string) []proto.Message {
	id := func(i int) string { return event.ID("bench", fmt.Sprint(i)) }
	var events []proto.Message
	for from := 0; from < n; from += rawBatch {
		msg := &directoryv1.PeopleHired{AsOf: on}
		for i := from; i < min(n, from+rawBatch); i++ {
			store := fmt.Sprint("store-", i/50)
			msg.People = append(msg.People, &directoryv1.Employee{
				Id: id(i), Version: 1, UnitId: store, UnitPath: []string{"company", store}, ManagerId: id(n + i/each),
				Language: "fr", TimeZone: "Europe/Paris", HiredOn: on,
			})
		}
		events = append(events, msg)
	}
	return events
}

// writeAgain writes what is in the collections with the bare client, and publishes a message of the size of the events for each
// thousand. Reading is not counted.
func (l *lone) writeAgain(ctx context.Context, collections ...string) (took time.Duration, copied int, err error) {
	target := l.client.Database("jalon_raw")
	for _, name := range collections {
		into := target.Collection(name)
		err := chunks(ctx, l.db.Collection(name), bson.D{}, func(docs []bson.Raw) error {
			writes := make([]mongo.WriteModel, len(docs))
			for i, d := range docs {
				writes[i] = mongo.NewInsertOneModel().SetDocument(d)
			}
			begin := time.Now()
			if _, err := into.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false)); err != nil {
				return err
			}
			took += time.Since(begin)
			copied += len(docs)
			return nil
		})
		if err != nil {
			return 0, 0, fmt.Errorf("writing %s with the bare client: %w", name, err)
		}
	}
	err = chunks(ctx, l.db.Collection("events"), bson.D{}, func(docs []bson.Raw) error {
		begin := time.Now()
		for _, d := range docs {
			_, content := d.Lookup("event", "data").Binary()
			if _, err := l.stream.Publish(ctx, rawSubject, content); err != nil {
				return err
			}
		}
		took += time.Since(begin)
		return nil
	})
	return took, copied, err
}
