package spool

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/barometer/internal/ballot"
)

// batch is ballots that were released together. Its answers and its comments are shuffled each by themselves: nothing says which
// belong together.
type batch struct {
	ID        string    `bson:"_id"`
	EditionID string    `bson:"edition"`
	CellID    string    `bson:"cell"`
	Count     int       `bson:"n"`
	Answers   []byte    `bson:"answers"`
	Comments  []comment `bson:"comments,omitempty"`
	// Of are the batches that this one takes the place of, while they are still there.
	Of []string `bson:"of,omitempty"`
}

type comment struct {
	Theme string `bson:"theme"`
	Text  string `bson:"text"`
}

// finish brings every batch that was begun to its end. It may be run again at any point: a batch is one document, written once.
// One that turns out to be too small, because two processes chose at once or one died while it chose, is called off unless it is the
// last: its ballots wait on.
func (s *Spool) finish(ctx context.Context, editionID string, last bool) error {
	begun, err := s.begun(ctx, editionID)
	if err != nil {
		return err
	}
	for id, casts := range begun {
		written, err := s.written(ctx, id)
		switch {
		case err != nil:
		case written:
			err = s.clear(ctx, editionID, id)
		case len(casts) < Smallest && !last:
			err = s.callOff(ctx, editionID, id)
		default:
			err = s.write(ctx, id, casts)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begun are the ballots of batches that were begun, by batch.
func (s *Spool) begun(ctx context.Context, editionID string) (map[string][]cast, error) {
	cursor, err := s.waiting.Find(ctx, waitingFor(editionID, bson.D{{Key: "$gt", Value: ""}}))
	if err != nil {
		return nil, fmt.Errorf("reading batches of ballots: %w", err)
	}
	begun := map[string][]cast{}
	for c, err := range mongodb.Each[cast](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading batches of ballots: %w", err)
		}
		begun[c.Batch] = append(begun[c.Batch], c)
	}
	return begun, nil
}

// waitingFor are the sealed ballots of an edition whose batch is this.
func waitingFor(editionID string, batch any) bson.D {
	return bson.D{
		{Key: "edition", Value: editionID}, {Key: "batch", Value: batch}, {Key: "sealed", Value: bson.D{{Key: "$exists", Value: true}}},
	}
}

func (s *Spool) written(ctx context.Context, id string) (bool, error) {
	n, err := s.batches.CountDocuments(ctx, bson.D{{Key: "_id", Value: id}})
	if err != nil {
		return false, fmt.Errorf("looking for batch %s: %w", id, err)
	}
	return n > 0, nil
}

// clear removes what was sealed of the ballots of a batch that was written.
func (s *Spool) clear(ctx context.Context, editionID, id string) error {
	return s.unset(ctx, editionID, id, "sealed", "batch", "cell")
}

func (s *Spool) callOff(ctx context.Context, editionID, id string) error {
	return s.unset(ctx, editionID, id, "batch")
}

func (s *Spool) unset(ctx context.Context, editionID, id string, fields ...string) error {
	unset := bson.D{}
	for _, field := range fields {
		unset = append(unset, bson.E{Key: field, Value: ""})
	}
	if _, err := s.waiting.UpdateMany(ctx, waitingFor(editionID, id), bson.D{{Key: "$unset", Value: unset}}); err != nil {
		return fmt.Errorf("changing the ballots of batch %s: %w", id, err)
	}
	return nil
}

func (s *Spool) write(ctx context.Context, id string, casts []cast) error {
	key, err := s.keys.of(ctx, s.vault, casts[0].EditionID)
	if err != nil {
		return err
	}
	var ballots []ballot.Ballot
	var comments []ballot.Comment
	for _, c := range casts {
		plain, err := key.Open(c.Spent, c.Sealed)
		if err != nil {
			return fmt.Errorf("opening a ballot: %w", err)
		}
		opened, err := unpack(plain)
		if err != nil {
			return err
		}
		b, err := ballot.Parse(opened.Answers)
		if err != nil {
			return err
		}
		ballots = append(ballots, b)
		comments = append(comments, opened.Comments...)
	}
	if err := s.Put(ctx, id, casts[0].EditionID, casts[0].CellID, ballots, comments); err != nil {
		return err
	}
	return s.clear(ctx, casts[0].EditionID, id)
}

// Put keeps a batch of ballots of a cell, shuffled, unless there is one with the id.
func (s *Spool) Put(ctx context.Context, id, editionID, cellID string, ballots []ballot.Ballot, comments []ballot.Comment) error {
	return s.put(ctx, batch{ID: id, EditionID: editionID, CellID: cellID}, ballots, comments)
}

func (s *Spool) put(ctx context.Context, b batch, ballots []ballot.Ballot, comments []ballot.Comment) error {
	shuffle(ballots)
	shuffle(comments)
	b.Count, b.Answers = len(ballots), ballot.Pack(ballots)
	for _, c := range comments {
		b.Comments = append(b.Comments, comment{c.Theme, c.Text})
	}
	if _, err := mongodb.InsertNew(ctx, s.batches, []any{b}); err != nil {
		return fmt.Errorf("releasing %d ballots: %w", len(ballots), err)
	}
	return nil
}

// count counts the released ballots of an edition, by cell.
func (s *Spool) count(ctx context.Context, editionID string) (map[string]int, error) {
	cells, err := s.read(ctx, editionID)
	counts := make(map[string]int, len(cells))
	for cell, c := range cells {
		counts[cell] = len(c.ballots)
	}
	return counts, err
}

// Released is what was let in of a cell.
type Released struct {
	// Answers are packed ballots.
	Answers  []byte
	Comments []ballot.Comment
}

// Read returns the released ballots of an edition, by cell.
func (s *Spool) Read(ctx context.Context, editionID string) (map[string]Released, error) {
	cells, err := s.read(ctx, editionID)
	if err != nil {
		return nil, err
	}
	released := make(map[string]Released, len(cells))
	for cell, c := range cells {
		released[cell] = Released{Answers: ballot.Pack(c.ballots), Comments: c.comments}
	}
	return released, nil
}

// content is all that was released of a cell, and the batches in which it lies.
type content struct {
	batches  []string
	ballots  []ballot.Ballot
	comments []ballot.Comment
}

func (s *Spool) read(ctx context.Context, editionID string) (map[string]*content, error) {
	var all []batch
	replaced := map[string]bool{}
	err := s.each(ctx, editionID, nil, func(b batch) error {
		all = append(all, b)
		for _, id := range b.Of {
			replaced[id] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	cells := map[string]*content{}
	for _, b := range all {
		if replaced[b.ID] {
			continue
		}
		ballots, err := ballot.Unpack(b.Answers)
		if err != nil {
			return nil, fmt.Errorf("reading batch %s: %w", b.ID, err)
		}
		c := cells[b.CellID]
		if c == nil {
			c = &content{}
			cells[b.CellID] = c
		}
		c.batches, c.ballots = append(c.batches, b.ID), append(c.ballots, ballots...)
		for _, said := range b.Comments {
			c.comments = append(c.comments, ballot.Comment{Theme: said.Theme, Text: said.Text})
		}
	}
	return cells, nil
}

// merge makes one batch of all that a cell has, shuffled once more: when a ballot was released is nobody's business any more. It may be
// redone: a batch that took the place of others says so until they are gone.
func (s *Spool) merge(ctx context.Context, editionID string) error {
	cells, err := s.read(ctx, editionID)
	if err != nil {
		return err
	}
	for cell, c := range cells {
		if len(c.batches) < 2 {
			continue
		}
		if err := s.put(ctx, batch{ID: uuid.NewString(), EditionID: editionID, CellID: cell, Of: c.batches}, c.ballots, c.comments); err != nil {
			return err
		}
	}
	var gone []string
	err = s.each(ctx, editionID, bson.D{{Key: "of", Value: 1}}, func(b batch) error { gone = append(gone, b.Of...); return nil })
	if err != nil {
		return err
	}
	if len(gone) == 0 {
		return nil
	}
	if _, err := s.batches.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: gone}}}}); err != nil {
		return fmt.Errorf("removing batches that were merged: %w", err)
	}
	_, err = s.batches.UpdateMany(ctx, bson.D{{Key: "edition", Value: editionID}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "of", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("noting that batches were merged: %w", err)
	}
	return nil
}

func (s *Spool) each(ctx context.Context, editionID string, fields bson.D, do func(batch) error) error {
	find := options.Find().SetBatchSize(10_000)
	if fields != nil {
		find.SetProjection(fields)
	}
	cursor, err := s.batches.Find(ctx, bson.D{{Key: "edition", Value: editionID}}, find)
	if err != nil {
		return fmt.Errorf("reading ballots: %w", err)
	}
	for b, err := range mongodb.Each[batch](ctx, cursor) {
		if err == nil {
			err = do(b)
		}
		if err != nil {
			return fmt.Errorf("reading ballots: %w", err)
		}
	}
	return nil
}
