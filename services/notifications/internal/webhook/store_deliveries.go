package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

// kept is an event that is delivered, or was.
type kept struct {
	ID     string      `bson:"_id"`
	Event  event.Event `bson:"event"`
	KeptAt time.Time   `bson:"kept_at"`
}

// newest is how many deliveries are shown.
const newest = 100

// queue keeps an event and its deliveries. What is known stays as it is.
func (s *store) queue(ctx context.Context, ev event.Event, now time.Time, deliveries []any) error {
	if _, err := mongodb.InsertNew(ctx, s.events, []any{kept{ev.ID, ev, now}}); err != nil {
		return err
	}
	_, err := mongodb.InsertNew(ctx, s.deliveries, deliveries)
	return err
}

func waitingOf(receiver string) bson.D {
	return bson.D{{Key: "receiver", Value: receiver}, {Key: "wake", Value: bson.D{{Key: "$exists", Value: true}}}}
}

// waiting counts what waits for a receiver, up to a limit.
func (s *store) waiting(ctx context.Context, receiver string, limit int64) (int64, error) {
	n, err := s.deliveries.CountDocuments(ctx, waitingOf(receiver), options.Count().SetLimit(limit))
	if err != nil {
		return 0, fmt.Errorf("counting what waits for receiver %s: %w", receiver, err)
	}
	return n, nil
}

func failedOf(receiver string) bson.D {
	return bson.D{{Key: "receiver", Value: receiver}, {Key: "fate", Value: Failed}}
}

func (s *store) failed(ctx context.Context, receiver string) (int64, error) {
	n, err := s.deliveries.CountDocuments(ctx, failedOf(receiver))
	if err != nil {
		return 0, fmt.Errorf("counting what failed of receiver %s: %w", receiver, err)
	}
	return n, nil
}

// next is the delivery to try: of what is due, the oldest. mongodb.ErrNotFound says that none is.
func (s *store) next(ctx context.Context, receiver string, now time.Time) (Delivery, error) {
	due := bson.D{{Key: "receiver", Value: receiver}, {Key: "wake", Value: bson.D{{Key: "$lte", Value: now}}}}
	d, err := mongodb.One[Delivery](s.deliveries.FindOne(ctx, due,
		options.FindOne().SetSort(bson.D{{Key: "happened_at", Value: 1}, {Key: "arrived", Value: 1}})))
	if err != nil {
		return Delivery{}, fmt.Errorf("looking for what receiver %s is told next: %w", receiver, mongodb.NotFound(err))
	}
	return d, nil
}

// due tells whether anything is due for receivers that are called.
func (s *store) due(ctx context.Context, receivers []string, now time.Time) (int64, error) {
	n, err := s.deliveries.CountDocuments(ctx, bson.D{
		{Key: "receiver", Value: bson.D{{Key: "$in", Value: receivers}}}, {Key: "wake", Value: bson.D{{Key: "$lte", Value: now}}},
	})
	if err != nil {
		return 0, fmt.Errorf("counting due deliveries: %w", err)
	}
	return n, nil
}

// event is what a delivery delivers, or mongodb.ErrNotFound.
func (s *store) event(ctx context.Context, id string) (event.Event, error) {
	k, err := mongodb.One[kept](s.events.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return event.Event{}, fmt.Errorf("reading event %s: %w", id, mongodb.NotFound(err))
	}
	return k.Event, nil
}

// note keeps what came of an attempt, unless the delivery was replayed or settled meanwhile.
func (s *store) note(ctx context.Context, before, d Delivery) error {
	set := bson.D{
		{Key: "fate", Value: d.Fate},
		{Key: "attempts", Value: d.Attempts},
		{Key: "tried_at", Value: d.TriedAt},
		{Key: "status", Value: d.Status},
		{Key: "trouble", Value: d.Trouble},
		{Key: "took", Value: d.Took},
	}
	update := bson.D{{Key: "$set", Value: set}}
	if d.Wake.IsZero() {
		update = append(update, bson.E{Key: "$unset", Value: bson.D{{Key: "wake", Value: ""}}})
	} else {
		update[0].Value = append(set, bson.E{Key: "wake", Value: d.Wake})
	}
	turn := any(before.Turn)
	if before.Turn == 0 {
		turn = nil
	}
	_, err := s.deliveries.UpdateOne(ctx, bson.D{{Key: "_id", Value: d.ID}, {Key: "fate", Value: Waiting}, {Key: "turn", Value: turn}}, update)
	if err != nil {
		return fmt.Errorf("noting delivery %s: %w", d.ID, err)
	}
	return nil
}

// again makes deliveries wait as if they were new; it says how many.
func (s *store) again(ctx context.Context, filter bson.D, now time.Time) (int64, error) {
	result, err := s.deliveries.UpdateMany(ctx, filter, bson.D{
		{Key: "$set", Value: bson.D{{Key: "fate", Value: Waiting}, {Key: "wake", Value: now}, {Key: "queued_at", Value: now}}},
		{Key: "$unset", Value: bson.D{{Key: "attempts", Value: ""}}},
		{Key: "$inc", Value: bson.D{{Key: "turn", Value: 1}}},
	})
	if err != nil {
		return 0, fmt.Errorf("replaying deliveries: %w", err)
	}
	return result.ModifiedCount, nil
}

// recent are the newest deliveries of a receiver, or the newest that failed.
func (s *store) recent(ctx context.Context, receiver string, onlyFailed bool) ([]Delivery, error) {
	filter := bson.D{{Key: "receiver", Value: receiver}}
	if onlyFailed {
		filter = append(filter, bson.E{Key: "fate", Value: Failed})
	}
	cursor, err := s.deliveries.Find(ctx, filter,
		options.Find().SetSort(bson.D{{Key: "queued_at", Value: -1}, {Key: "arrived", Value: -1}}).SetLimit(newest))
	if err != nil {
		return nil, fmt.Errorf("listing deliveries: %w", err)
	}
	found, err := mongodb.All[Delivery](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing deliveries: %w", err)
	}
	return found, nil
}

// expire forgets what was kept for its time.
func (s *store) expire(ctx context.Context, before time.Time) error {
	_, err := s.deliveries.DeleteMany(ctx, bson.D{{Key: "queued_at", Value: bson.D{{Key: "$lt", Value: before}}}})
	if err == nil {
		_, err = s.events.DeleteMany(ctx, bson.D{{Key: "kept_at", Value: bson.D{{Key: "$lt", Value: before}}}})
	}
	if err != nil {
		return fmt.Errorf("removing deliveries from before %s: %w", before, err)
	}
	return nil
}

// erase takes people out of every event that is kept, and withdraws those in which nobody is left. Erasing is rare: it looks at all
// of them rather than have an index of everybody in each.
func (s *store) erase(ctx context.Context, people []string) error {
	erased := make(map[string]bool, len(people))
	for _, id := range people {
		erased[id] = true
	}
	cursor, err := s.events.Find(ctx, bson.D{{Key: "event.type", Value: bson.D{{Key: "$ne", Value: erasing}}}})
	if err != nil {
		return fmt.Errorf("reading kept events: %w", err)
	}
	for k, err := range mongodb.Each[kept](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("reading kept events: %w", err)
		}
		if names(k.Event, people) {
			if err := s.strike(ctx, k.Event, erased); err != nil {
				return err
			}
		}
	}
	return nil
}

// names tells that an event may name one of the people: ids stand in its data as they are written.
func names(ev event.Event, people []string) bool {
	for _, id := range people {
		if ev.Subject == id || bytes.Contains(ev.Data, []byte(id)) {
			return true
		}
	}
	return false
}

// strike takes people out of an event. One that cannot be read is not kept any longer.
func (s *store) strike(ctx context.Context, ev event.Event, erased map[string]bool) error {
	left, some, err := without(ev, erased)
	byID := bson.D{{Key: "_id", Value: ev.ID}}
	switch {
	case err != nil && !errors.Is(err, event.ErrInvalid):
		return err
	case err != nil, !some:
		_, err = s.events.DeleteOne(ctx, byID)
		if err == nil {
			err = s.withdraw(ctx, bson.D{{Key: "event", Value: ev.ID}})
		}
	default:
		_, err = s.events.UpdateOne(ctx, byID, bson.D{{Key: "$set", Value: bson.D{{Key: "event", Value: left}}}})
	}
	if err != nil {
		return fmt.Errorf("erasing people from event %s: %w", ev.ID, err)
	}
	return nil
}

// withdraw settles deliveries that are not to be made.
func (s *store) withdraw(ctx context.Context, filter bson.D) error {
	_, err := s.deliveries.UpdateMany(ctx, append(filter, bson.E{Key: "fate", Value: bson.D{{Key: "$in", Value: bson.A{Waiting, Failed}}}}), bson.D{
		{Key: "$set", Value: bson.D{{Key: "fate", Value: Withdrawn}}}, {Key: "$unset", Value: bson.D{{Key: "wake", Value: ""}}},
	})
	if err != nil {
		return fmt.Errorf("withdrawing deliveries: %w", err)
	}
	return nil
}
