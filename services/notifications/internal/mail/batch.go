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
	// Withdrawn are mails that the same process withdraws: nobody sends them, and they are counted when the claim ends.
	Withdrawn []string `bson:"withdrawn,omitempty"`
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
	cursor, err := s.mails.Find(ctx, bson.D{{Key: "batch", Value: batch}, {Key: "state", Value: Waiting}})
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
func (s *store) claim(ctx context.Context, h *handover, ids, withdrawn []string) (bool, error) {
	set := bson.D{{Key: "claimed", Value: ids}}
	if len(withdrawn) > 0 {
		set = append(set, bson.E{Key: "withdrawn", Value: withdrawn})
	}
	return s.advance(ctx, h, nil, bson.E{Key: "$set", Value: set})
}

// unclaim takes back a claim of which it is not known whether it was made: nothing was begun under it.
func (s *store) unclaim(ctx context.Context, now time.Time, h handover) error {
	h.Round++
	_, err := s.end(ctx, now, &h, nil)
	return err
}

// end ends a claim and counts what became of the mails, if the batch is still in the round of the claim.
func (s *store) end(ctx context.Context, now time.Time, h *handover, became map[State]int) (bool, error) {
	return s.advance(ctx, h, counts(became),
		bson.E{Key: "$set", Value: bson.D{{Key: "settled_at", Value: now}}},
		bson.E{Key: "$unset", Value: bson.D{{Key: "claimed", Value: ""}, {Key: "withdrawn", Value: ""}}})
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
	if c.reason == interrupted {
		set = append(set, bson.E{Key: "lost", Value: true})
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

// correct gives mails that were taken for interrupted the fate that their claim's holder knows. Those that were put off stay as they are:
// they are not sent any more, whatever is known.
func (s *store) correct(ctx context.Context, now time.Time, h *handover, groups map[change][]string) error {
	for c, ids := range groups {
		if c.state == Waiting || c.state == Unknown {
			continue
		}
		filter := among(ids, bson.E{Key: "state", Value: Unknown}, bson.E{Key: "lost", Value: true})
		result, err := s.mails.UpdateMany(ctx, filter, c.update(now))
		if err != nil {
			return fmt.Errorf("putting right what became of %d mails: %w", len(ids), err)
		}
		n := int(result.ModifiedCount)
		if n == 0 {
			continue
		}
		found := bson.D{{Key: "$inc", Value: counts(map[State]int{Unknown: -n, c.state: n})}}
		if _, err := s.handovers.UpdateByID(ctx, h.Batch, found); err != nil {
			return fmt.Errorf("counting %d mails anew: %w", n, err)
		}
	}
	return nil
}

// lose settles the mails of which another process's claim was interrupted, and returns how many those are; false where somebody else sees
// to that. Redone after it failed half way, it does what is left.
func (s *store) lose(ctx context.Context, now time.Time, h *handover, waiting []doc) (lost int, ours bool, err error) {
	// First of all the claim's holder is told, in case it is alive, that the round is over: what it notes from now on corrects.
	if ours, err = s.advance(ctx, h, nil, bson.E{Key: "$set", Value: bson.D{{Key: "settled_at", Value: now}}}); err != nil || !ours {
		return 0, ours, err
	}
	byTries := map[int][]string{}
	for _, d := range waiting {
		if slices.Contains(h.Claimed, d.ID) {
			byTries[d.Tries] = append(byTries[d.Tries], d.ID)
		}
	}
	for tries, ids := range byTries {
		// A mail that was tried since it was read was put off by the holder: its fate is known.
		var unchanged any = tries
		if tries == 0 {
			unchanged = nil // which matches no field, too
		}
		filter := among(ids, bson.E{Key: "state", Value: Waiting}, bson.E{Key: "tries", Value: unchanged})
		if _, err := s.mails.UpdateMany(ctx, filter, change{Unknown, interrupted}.update(now)); err != nil {
			return 0, false, fmt.Errorf("marking %d interrupted mails: %w", len(ids), err)
		}
	}
	became, err := s.settledOf(ctx, slices.Concat(h.Claimed, h.Withdrawn))
	if err != nil {
		return 0, false, err
	}
	ours, err = s.end(ctx, now, h, became)
	return became[Unknown], ours, err
}

// settledOf counts what became of mails of an interrupted claim. One that was lost counts as such, whatever its holder found since: that
// one counts the difference.
func (s *store) settledOf(ctx context.Context, ids []string) (map[State]int, error) {
	cursor, err := s.mails.Find(ctx, among(ids, bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: settledStates}}}))
	if err != nil {
		return nil, fmt.Errorf("reading interrupted mails: %w", err)
	}
	became := map[State]int{}
	for d, err := range mongodb.Each[doc](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading interrupted mails: %w", err)
		}
		if d.Lost {
			d.State = Unknown
		}
		became[d.State]++
	}
	return became, nil
}

// stillWaiting returns which of the mails are there and wait: a person may have been erased meanwhile.
func (s *store) stillWaiting(ctx context.Context, ids []string) (map[string]bool, error) {
	cursor, err := s.mails.Find(ctx, among(ids, bson.E{Key: "state", Value: Waiting}), options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("looking at mails once more: %w", err)
	}
	found := make(map[string]bool, len(ids))
	for d, err := range mongodb.Each[struct {
		ID string `bson:"_id"`
	}](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("looking at mails once more: %w", err)
		}
		found[d.ID] = true
	}
	return found, nil
}
