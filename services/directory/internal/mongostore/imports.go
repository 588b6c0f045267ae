package mongostore

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/directory/internal/importing"
)

// recordedAtOnce is how many batches of a plan are written down at a time. Each waits for the journal by itself.
const recordedAtOnce = 4

// Accept writes the plan down and then, in one write, makes it the import that is carried out. Before that write nothing of
// it counts; after it nothing of it can be lost. It fails when the gate was lost meanwhile.
func (s *Store) Accept(ctx context.Context, pass Pass, i Import, batches []importing.Batch) error {
	if err := s.clear(ctx, pass); err != nil {
		return err
	}
	doc := toImportDoc(i)
	doc.Turn = pass.turn
	if _, err := s.imports.InsertOne(ctx, doc); err != nil {
		return fmt.Errorf("recording import %s: %w", i.ID, err)
	}
	together, recording := errgroup.WithContext(ctx)
	together.SetLimit(recordedAtOnce)
	for _, b := range batches {
		together.Go(func() error {
			doc := toBatchDoc(b)
			doc.Turn = pass.turn
			if _, err := s.batches.InsertOne(recording, doc); err != nil {
				return fmt.Errorf("recording batch %d of import %s: %w", b.Seq, i.ID, err)
			}
			return nil
		})
	}
	if err := together.Wait(); err != nil {
		return err
	}
	result, err := s.gate.UpdateOne(ctx,
		append(held(pass), bson.E{Key: "accepted", Value: bson.D{{Key: "$in", Value: bson.A{nil, ""}}}}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "accepted", Value: i.ID}}}})
	if err != nil {
		return fmt.Errorf("accepting import %s: %w", i.ID, err)
	}
	if result.ModifiedCount == 0 {
		return fmt.Errorf("accepting import %s: %w", i.ID, errLost)
	}
	return nil
}

// clear removes what is left of plans made in earlier turns: no import is being carried out now, and what was not accepted in
// its own turn never will be. Later turns' plans are not touched, in case this holder lost the gate without knowing.
func (s *Store) clear(ctx context.Context, pass Pass) error {
	earlier := bson.E{Key: "turn", Value: bson.D{{Key: "$lt", Value: pass.turn}}}
	if _, err := s.batches.DeleteMany(ctx, bson.D{earlier}); err != nil {
		return fmt.Errorf("clearing old plans: %w", err)
	}
	if _, err := s.imports.DeleteMany(ctx, bson.D{{Key: "accepted", Value: false}, earlier}); err != nil {
		return fmt.Errorf("clearing old plans: %w", err)
	}
	return nil
}

func batchID(importID string, seq int) string { return fmt.Sprintf("%s/%06d", importID, seq) }

// Batches are those of the import that are not applied, in their order. Applying some meanwhile does not disturb it.
func (s *Store) Batches(ctx context.Context, importID string) iter.Seq2[importing.Batch, error] {
	return func(yield func(importing.Batch, error) bool) {
		cursor, err := s.batches.Find(ctx, bson.D{
			{Key: "_id", Value: bson.D{{Key: "$gte", Value: importID + "/"}, {Key: "$lt", Value: importID + "0"}}}, // '0' follows '/'
			{Key: "applied", Value: false},
		}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(1)) // each is large
		if err != nil {
			yield(importing.Batch{}, fmt.Errorf("reading the batches of import %s: %w", importID, err))
			return
		}
		for doc, err := range mongodb.Each[batchDoc](ctx, cursor) {
			if err != nil {
				yield(importing.Batch{}, fmt.Errorf("reading the batches of import %s: %w", importID, err))
				return
			}
			if !yield(doc.batch(), nil) {
				return
			}
		}
	}
}

// Write applies a batch. Applied twice, or late, it changes nothing more: new documents have their ids, and changes expect
// the version that they were planned for.
func (s *Store) Write(ctx context.Context, b importing.Batch) error {
	var units, hired []any
	var placed, changed []mongo.WriteModel
	for _, u := range b.Units {
		if u.Version == 1 {
			units = append(units, toUnitDoc(u))
		} else {
			placed = append(placed, mongo.NewReplaceOneModel().SetReplacement(toUnitDoc(u)).
				SetFilter(bson.D{{Key: "_id", Value: u.ID}, {Key: "version", Value: u.Version - 1}}))
		}
	}
	if _, err := mongodb.InsertNew(ctx, s.units, units); err != nil {
		return fmt.Errorf("writing batch %d: %w", b.Seq, err)
	}
	if len(placed) > 0 {
		if _, err := s.units.BulkWrite(ctx, placed, options.BulkWrite().SetOrdered(false)); err != nil {
			return fmt.Errorf("writing batch %d: %w", b.Seq, err)
		}
	}
	for _, c := range b.Changes {
		if c.Replaces == 0 {
			hired = append(hired, toPersonDoc(c.Person))
		} else {
			changed = append(changed, updateModel(c))
		}
	}
	if _, err := mongodb.InsertNew(ctx, s.people, hired); err != nil {
		return fmt.Errorf("writing batch %d: %w", b.Seq, err)
	}
	if len(changed) == 0 {
		return nil
	}
	if _, err := s.people.BulkWrite(ctx, changed, options.BulkWrite().SetOrdered(false)); err != nil {
		return fmt.Errorf("writing batch %d: %w", b.Seq, err)
	}
	return nil
}

func updateModel(c importing.Change) mongo.WriteModel {
	d := toPersonDoc(c.Person)
	update := bson.D{{Key: "$set", Value: bson.D{
		{Key: "version", Value: d.Version},
		{Key: "given_name", Value: d.GivenName},
		{Key: "family_name", Value: d.FamilyName},
		{Key: "email", Value: d.Email},
		{Key: "job_title", Value: d.JobTitle},
		{Key: "contract", Value: d.Contract},
		{Key: "unit_id", Value: d.UnitID},
		{Key: "manager_id", Value: d.ManagerID},
		{Key: "language", Value: d.Language},
		{Key: "time_zone", Value: d.TimeZone},
		{Key: "hired_on", Value: d.HiredOn},
		{Key: "left_on", Value: d.LeftOn},
		{Key: "away_from", Value: d.AwayFrom},
		{Key: "away_until", Value: d.AwayUntil},
		{Key: "promoted_on", Value: d.PromotedOn},
		{Key: "words", Value: d.Words},
		{Key: "sort", Value: d.Sort},
		{Key: "address", Value: d.Address},
	}}}
	if len(d.History) > 0 {
		update = append(update, bson.E{Key: "$push", Value: bson.D{{Key: "history", Value: bson.D{{Key: "$each", Value: d.History}}}}})
	}
	return mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: d.ID}, {Key: "version", Value: c.Replaces}}).SetUpdate(update)
}

// Done marks a batch as applied.
func (s *Store) Done(ctx context.Context, b importing.Batch) error {
	_, err := s.batches.UpdateOne(ctx, bson.D{{Key: "_id", Value: batchID(b.ImportID, b.Seq)}}, bson.D{{Key: "$set", Value: bson.D{{Key: "applied", Value: true}}}})
	if err != nil {
		return fmt.Errorf("marking batch %d of import %s: %w", b.Seq, b.ImportID, err)
	}
	return nil
}

// Finish closes an import of which every batch is applied: it is listed, and the next may come. Its plan, which holds names,
// is removed.
func (s *Store) Finish(ctx context.Context, importID string) error {
	var d importDoc
	err := s.imports.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: importID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "accepted", Value: true}, {Key: "applied", Value: true}}}}).Decode(&d)
	if err != nil {
		return fmt.Errorf("closing import %s: %w", importID, err)
	}
	_, err = s.gate.UpdateOne(ctx, bson.D{{Key: "_id", Value: gateID}, {Key: "accepted", Value: importID}}, bson.D{
		{Key: "$set", Value: bson.D{{Key: "accepted", Value: ""}}},
		{Key: "$max", Value: bson.D{{Key: "last_as_of", Value: d.AsOf}}},
	})
	if err != nil {
		return fmt.Errorf("closing import %s: %w", importID, err)
	}
	_, err = s.batches.DeleteMany(ctx, bson.D{{Key: "import_id", Value: importID}})
	if err != nil {
		return fmt.Errorf("removing the plan of import %s: %w", importID, err)
	}
	return nil
}
