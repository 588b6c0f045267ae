package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// handover is what is known of handing a batch over, in one document: a hundred mails are claimed by one write. A batch that nobody has
// begun with has none.
type handover struct {
	Batch string `bson:"_id"`
	// Round counts claims and their endings: whoever read the batch before somebody else's has no claim any more.
	Round int `bson:"round"`
	// Claimed are the mails that a process is handing over. Found by another one, they were interrupted: their fate is unknown.
	Claimed []string `bson:"claimed,omitempty"`
	// Became counts the settled mails.
	Became map[State]int64 `bson:"became,omitempty"`
	// SettledAt is when the last of them was.
	SettledAt time.Time `bson:"settled_at,omitempty"`
}

// open reads the unsettled mails of a batch, and what is known of handing it over.
func (s *store) open(ctx context.Context, batch string) (handover, []doc, error) {
	// In this order: what another process settles in between is missing in the mails, and its round is over.
	h, err := mongodb.One[handover](s.handovers.FindOne(ctx, bson.D{{Key: "_id", Value: batch}}))
	if errors.Is(err, mongo.ErrNoDocuments) {
		h, err = handover{Batch: batch}, nil
	}
	if err != nil {
		return h, nil, fmt.Errorf("reading a batch of mails: %w", err)
	}
	cursor, err := s.mails.Find(ctx, bson.D{{Key: "batch", Value: batch}})
	if err != nil {
		return h, nil, fmt.Errorf("reading mails: %w", err)
	}
	docs, err := mongodb.All[doc](ctx, cursor)
	if err != nil {
		return h, nil, fmt.Errorf("reading mails: %w", err)
	}
	return h, docs, nil
}

// claimed returns which of the mails somebody is handing over.
func (s *store) claimed(ctx context.Context, docs []doc) (map[string]bool, error) {
	var batches []string
	for _, d := range docs {
		if d.State == Waiting {
			batches = append(batches, d.Batch)
		}
	}
	if len(batches) == 0 {
		return nil, nil
	}
	slices.Sort(batches)
	cursor, err := s.handovers.Find(ctx, among(slices.Compact(batches)))
	if err != nil {
		return nil, fmt.Errorf("reading which mails are being handed over: %w", err)
	}
	ids := map[string]bool{}
	for h, err := range mongodb.Each[handover](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading which mails are being handed over: %w", err)
		}
		for _, id := range h.Claimed {
			ids[id] = true
		}
	}
	return ids, nil
}

// claim makes mails of the batch this process's, if it is still as it was read; else it returns false. Only then may they be handed over:
// whoever finds them claimed does not send them any more.
func (s *store) claim(ctx context.Context, h *handover, ids []string) (bool, error) {
	return s.advance(ctx, h, nil, bson.E{Key: "$set", Value: bson.D{{Key: "claimed", Value: ids}}})
}

// end ends a claim and counts what became of the mails, if the batch is still in the round of the claim.
func (s *store) end(ctx context.Context, now time.Time, h *handover, became map[State]int) (bool, error) {
	return s.advance(ctx, h, counts(became),
		bson.E{Key: "$set", Value: bson.D{{Key: "settled_at", Value: now}}}, bson.E{Key: "$unset", Value: bson.D{{Key: "claimed", Value: ""}}})
}

// advance changes a handover that is still in the round in which it was read, and begins the next one.
func (s *store) advance(ctx context.Context, h *handover, counts bson.D, update ...bson.E) (bool, error) {
	round := any(h.Round)
	if h.Round == 0 {
		round = bson.D{{Key: "$exists", Value: false}} // so that only a batch without a document is given one
	}
	update = append(update, bson.E{Key: "$inc", Value: append(counts, bson.E{Key: "round", Value: 1})})
	result, err := s.handovers.UpdateOne(ctx, bson.D{{Key: "_id", Value: h.Batch}, {Key: "round", Value: round}}, bson.D(update),
		options.UpdateOne().SetUpsert(h.Round == 0))
	switch {
	case mongodb.IsDuplicate(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("noting where a batch of mails stands: %w", err)
	}
	h.Round++
	return result.MatchedCount+result.UpsertedCount == 1, nil
}

func counts(became map[State]int) bson.D {
	var counts bson.D
	for state, n := range became {
		if state != Waiting && n != 0 {
			counts = append(counts, bson.E{Key: "became." + string(state), Value: n})
		}
	}
	return counts
}

// change is what becomes of a mail.
type change struct {
	state  State
	reason string
}

// settle writes what became of mails of the batch, and ends the claim. If another process took that for lost meanwhile, what it could not
// know is put right.
func (s *store) settle(ctx context.Context, now time.Time, h *handover, changes map[string]change) error {
	groups := map[change][]string{}
	for id, c := range changes {
		groups[c] = append(groups[c], id)
	}
	var writes []mongo.WriteModel
	for c, ids := range groups { // as few updates as there are different endings
		writes = append(writes, mongo.NewUpdateManyModel().SetFilter(among(ids, bson.E{Key: "state", Value: Waiting})).SetUpdate(c.update(now)))
	}
	if len(writes) > 0 {
		if _, err := s.mails.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false)); err != nil {
			return fmt.Errorf("noting what became of %d mails: %w", len(changes), err)
		}
	}
	ours, err := s.end(ctx, now, h, tally(changes))
	if err != nil || ours {
		return err
	}
	return s.correct(ctx, now, h, groups)
}

func tally(changes map[string]change) map[State]int {
	became := map[State]int{}
	for _, c := range changes {
		became[c.state]++
	}
	return became
}

func (c change) update(now time.Time) bson.D {
	set, unset := bson.D{{Key: "state", Value: c.state}}, bson.D{}
	if c.reason == "" {
		unset = append(unset, bson.E{Key: "reason", Value: ""})
	} else {
		set = append(set, bson.E{Key: "reason", Value: c.reason})
	}
	if c.state == Waiting {
		return changing(set, unset, bson.E{Key: "$inc", Value: bson.D{{Key: "tries", Value: 1}}})
	}
	rename := bson.E{Key: "$rename", Value: bson.D{{Key: "batch", Value: "settled_in"}}} // out of the index of what waits
	return changing(append(set, bson.E{Key: "settled_at", Value: now}), unset, rename)
}

func changing(set, unset bson.D, more ...bson.E) bson.D {
	update := append(bson.D{{Key: "$set", Value: set}}, more...)
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	return update
}

// correct gives mails that were taken for interrupted the fate that their claim's holder knows.
func (s *store) correct(ctx context.Context, now time.Time, h *handover, groups map[change][]string) error {
	for c, ids := range groups {
		if c.state == Waiting { // they are not sent any more, whatever is known
			continue
		}
		filter := among(ids, bson.E{Key: "state", Value: Unknown}, bson.E{Key: "reason", Value: interrupted})
		result, err := s.mails.UpdateMany(ctx, filter, c.update(now))
		if err != nil {
			return fmt.Errorf("putting right what became of %d mails: %w", len(ids), err)
		}
		n := int(result.ModifiedCount)
		found := bson.D{{Key: "$inc", Value: counts(map[State]int{Unknown: -n, c.state: n})}}
		if _, err := s.handovers.UpdateByID(ctx, h.Batch, found); n > 0 && err != nil {
			return fmt.Errorf("counting %d mails anew: %w", n, err)
		}
	}
	return nil
}

// lose settles the mails of which another process's claim was interrupted, and returns which. What that process noted of others before it
// died is counted.
func (s *store) lose(ctx context.Context, now time.Time, h *handover, waiting []doc) ([]string, error) {
	var lost []string
	for _, d := range waiting {
		if slices.Contains(h.Claimed, d.ID) {
			lost = append(lost, d.ID)
		}
	}
	became := map[State]int{}
	cursor, err := s.mails.Find(ctx, among(h.Claimed, bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: settledStates}}}))
	if err != nil {
		return nil, fmt.Errorf("reading interrupted mails: %w", err)
	}
	for d, err := range mongodb.Each[doc](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading interrupted mails: %w", err)
		}
		became[d.State]++
	}
	_, err = s.mails.UpdateMany(ctx, among(lost, bson.E{Key: "state", Value: Waiting}), change{Unknown, interrupted}.update(now))
	if err != nil {
		return nil, fmt.Errorf("marking %d interrupted mails: %w", len(lost), err)
	}
	became[Unknown] += len(lost)
	_, err = s.end(ctx, now, h, became)
	return lost, err
}
