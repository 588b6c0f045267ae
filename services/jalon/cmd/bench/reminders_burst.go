package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

const (
	burstManagers = 10_000
	burstReports  = 3
)

// remindersBurst measures how long it takes to remind 10,000 managers who are due in the same minute: one message each about all the
// talks that they are to prepare in the week.
func remindersBurst(ctx context.Context) (_ []figure, err error) {
	monday := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	l, err := loneInterviews(ctx, monday)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.end()) }()
	if err := l.hear(ctx, hires(burstManagers*burstReports, burstReports, "2026-03-04")...); err != nil { // due on Wednesday, 1 April
		return nil, err
	}
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	// The employees' own reminders come on Friday; the managers' on Monday at ten in Paris.
	l.clock.Set(time.Date(2026, 3, 27, 12, 0, 0, 0, time.UTC))
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	before, err := l.requested(ctx)
	if err != nil {
		return nil, err
	}

	begin := time.Now()
	l.clock.Set(time.Date(2026, 3, 30, 8, 0, 0, 0, time.UTC))
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	took := time.Since(begin)

	after, err := l.requested(ctx)
	if err != nil {
		return nil, err
	}
	reminded, doubled, talks := 0, 0, 0
	for i := range burstManagers {
		manager := event.ID("bench", fmt.Sprint(burstManagers*burstReports+i))
		messages := after[manager].messages - before[manager].messages
		if messages > 0 {
			reminded++
		}
		doubled += max(0, messages-1)
		talks += after[manager].talks - before[manager].talks
	}
	limit, err := l.bareBurst(ctx)
	if err != nil {
		return nil, err
	}
	f := figure{Name: "reminders_burst", Value: took.Seconds(), Unit: "s", Detail: map[string]any{
		"managers": burstManagers, "reminded": reminded, "lost": burstManagers - reminded, "doubled": doubled, "talks": talks,
	}}
	return []figure{f.over(limit.Seconds(), "the official clients settling 10,000 due items, writing 10,000 reminders and 10,000 next items in "+
		"journaled bulks of 1,000, and publishing ten events")}, nil
}

type asked struct{ messages, talks int }

// requested counts the reminders that were asked for, by person.
func (l *lone) requested(ctx context.Context) (map[string]asked, error) {
	counts := map[string]asked{}
	err := chunks(ctx, l.db.Collection("events"), bson.D{{Key: "event.type", Value: "jalon.interviews.v1.RemindersRequested"}}, func(docs []bson.Raw) error {
		for _, d := range docs {
			var kept struct {
				Event event.Event `bson:"event"`
			}
			if err := bson.Unmarshal(d, &kept); err != nil {
				return err
			}
			msg := &interviewsv1.RemindersRequested{}
			if err := kept.Event.Decode(msg); err != nil {
				return err
			}
			for _, r := range msg.GetReminders() {
				sum := counts[r.GetPersonId()]
				counts[r.GetPersonId()] = asked{sum.messages + 1, sum.talks + int(r.GetCount())}
			}
		}
		return nil
	})
	return counts, err
}

func (l *lone) bareBurst(ctx context.Context) (time.Duration, error) {
	db := l.client.Database("jalon_raw")
	var took time.Duration
	for from := 0; from < burstManagers; from += rawBatch {
		var items, notes, next []any
		for i := from; i < from+rawBatch; i++ {
			item := bson.D{{Key: "_id", Value: fmt.Sprint("item-", i)}, {Key: "kind", Value: "reminder"}, {Key: "due", Value: noon}, {Key: "state", Value: "waiting"}}
			items = append(items, item)
			notes = append(notes, bson.D{{Key: "_id", Value: fmt.Sprint("note-", i)}, {Key: "person_id", Value: fmt.Sprint(i)}, {Key: "count", Value: 3}, {Key: "until", Value: noon}})
			next = append(next, bson.D{{Key: "_id", Value: fmt.Sprint("next-", i)}, {Key: "kind", Value: "reminder"}, {Key: "due", Value: noon}, {Key: "state", Value: "waiting"}})
		}
		if _, err := db.Collection("items").InsertMany(ctx, items); err != nil {
			return 0, err
		}
		begin := time.Now()
		if _, err := db.Collection("notes").InsertMany(ctx, notes); err != nil {
			return 0, err
		}
		if _, err := db.Collection("items").InsertMany(ctx, next); err != nil {
			return 0, err
		}
		if _, err := l.stream.Publish(ctx, rawSubject, make([]byte, rawBatch*90)); err != nil {
			return 0, err
		}
		ids := make([]string, rawBatch)
		for i := range ids {
			ids[i] = fmt.Sprint("item-", from+i)
		}
		_, err := db.Collection("items").UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: "done"}}}, {Key: "$unset", Value: bson.D{{Key: "due", Value: 1}}}})
		if err != nil {
			return 0, err
		}
		took += time.Since(begin)
	}
	return took, nil
}
