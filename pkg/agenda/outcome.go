package agenda

import (
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Outcome is what a handler says became of an item. Make it with Done, Expire or Postpone.
type Outcome struct {
	id string
	result
}

// result is what many items of a batch have in common: they are written together.
type result struct {
	state    State
	reason   string
	due      time.Time // of a postponed item
	wake     time.Time // of an item that stays waiting
	attempts int
}

// Done says that the item was done.
func Done(id string) Outcome { return Outcome{id, result{state: StateDone}} }

// DoneAll says that all items were done.
func DoneAll(items []Item) []Outcome {
	outcomes := make([]Outcome, len(items))
	for i, item := range items {
		outcomes[i] = Done(item.ID)
	}
	return outcomes
}

// Expire says that the item is of no use any more, and why.
func Expire(id, reason string) Outcome {
	return Outcome{id, result{state: StateExpired, reason: reason}}
}

// Postpone says that the item is due at until instead, which must be ahead, and why.
func Postpone(id string, until time.Time, reason string) Outcome {
	until = stored(until)
	return Outcome{id, result{state: StateWaiting, reason: reason, due: until, wake: until}}
}

// checkOutcomes returns the outcomes by item id, or why they make no sense.
func checkOutcomes(now time.Time, items []Item, outcomes []Outcome) (map[string]result, error) {
	results := make(map[string]result, len(items))
	expires := make(map[string]time.Time, len(items))
	for _, item := range items {
		expires[item.ID] = item.Expires
	}
	for _, o := range outcomes {
		end, asked := expires[o.id]
		if !asked {
			return nil, fmt.Errorf("outcome for item %s, which was not handed out", o.id)
		}
		if o.state == StateWaiting {
			if !o.due.After(now) {
				return nil, fmt.Errorf("item %s postponed to %s, which is not ahead of %s", o.id, o.due, now)
			}
			if !end.IsZero() && end.Before(o.wake) {
				o.wake = later(end, now) // it expires without waiting for the new date
			}
		}
		results[o.id] = o.result
	}
	return results, nil
}

// later is end, or the next moment when that has passed.
func later(end, now time.Time) time.Time {
	if end.After(now) {
		return end
	}
	return now.Add(time.Millisecond)
}

// writes turns results, known at the instant at, into as few updates as there are different results. The items were read
// as due at claimed: one that somebody settled or put off since has no wake, or a later one, and is left alone.
func writes(claimed, at time.Time, results map[string]result) []mongo.WriteModel {
	groups := make(map[result][]string)
	for id, r := range results {
		groups[r] = append(groups[r], id)
	}
	models := make([]mongo.WriteModel, 0, len(groups))
	for r, ids := range groups {
		models = append(models, mongo.NewUpdateManyModel().SetFilter(dueAmong(ids, claimed)).SetUpdate(r.update(at)))
	}
	return models
}

func dueAmong(ids []string, now time.Time) bson.D {
	return bson.D{
		{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}},
		{Key: "wake", Value: bson.D{{Key: "$lte", Value: now}}},
	}
}

func (r result) update(at time.Time) bson.D {
	set := bson.D{{Key: "state", Value: r.state}}
	unset := bson.D{}
	if r.reason != "" {
		set = append(set, bson.E{Key: "reason", Value: r.reason})
	} else {
		unset = append(unset, bson.E{Key: "reason", Value: ""})
	}
	switch {
	case r.attempts > 0:
		set = append(set, bson.E{Key: "attempts", Value: r.attempts})
	case r.state == StateWaiting:
		unset = append(unset, bson.E{Key: "attempts", Value: ""})
	}
	if !r.due.IsZero() {
		set = append(set, bson.E{Key: "due", Value: r.due})
	}
	if r.state == StateWaiting {
		set = append(set, bson.E{Key: "wake", Value: r.wake})
	} else {
		set = append(set, bson.E{Key: "done_at", Value: at})
		unset = append(unset, bson.E{Key: "wake", Value: ""})
	}
	update := bson.D{{Key: "$set", Value: set}}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	return update
}
