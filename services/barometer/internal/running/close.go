package running

import (
	"context"
	"fmt"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/internal/cell"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
)

// close releases the last ballots, forgets everything by which a token could be told from another, and publishes the results. Each
// step may be redone.
func (r *Runner) close(ctx context.Context, now time.Time, e edition.Edition) error {
	if e.State == edition.Published {
		return nil
	}
	if e.State != edition.Counting {
		e.State = edition.Counting // also one that was never open, because Jalon was away all the time
		if err := r.Editions.Save(ctx, &e); err != nil {
			return err
		}
	}
	cells, err := r.Cells.List(ctx, e.ID)
	if err != nil {
		return err
	}
	err = r.Spool.ReleaseLast(ctx, e.ID, func(ballots map[string]int) map[string]string {
		cast := make([]cell.Cast, 0, len(cells))
		for _, c := range cells {
			cast = append(cast, cell.Cast{UnitID: c.UnitID, Path: c.Path, Ballots: ballots[c.UnitID]})
		}
		return cell.TooFew(cast, e.ScoresFrom)
	})
	if err != nil {
		return err
	}
	news, err := r.Publisher.Publish(ctx, e)
	if err != nil {
		return err
	}
	if err := r.Spool.Forget(ctx, e.ID); err != nil {
		return err
	}
	if err := r.Sheets.Forget(ctx, e.ID); err != nil {
		return err
	}
	if err := r.Cells.ForgetKeys(ctx, e.ID); err != nil {
		return err
	}
	if err := r.Vault.Forget(ctx, mongostore.KeysOf(e.ID)); err != nil {
		return err
	}
	if err := e.Publish(now); err != nil {
		return err
	}
	published, err := event.NewKeyed(ctx, source, e.ID, event.ID(KindClose, e.ID), now, &barometerv1.EditionPublished{EditionId: e.ID, Name: e.Name})
	if err != nil {
		return fmt.Errorf("telling that an edition is published: %w", err)
	}
	if err := e.Record(published); err != nil {
		return err
	}
	if err := r.tellFallen(ctx, now, e, news); err != nil {
		return err
	}
	err = r.Agenda.Schedule(ctx, agenda.Item{ID: agenda.OccurrenceID(KindResults, e.ID, e.OpensOn), Kind: KindResults, Subject: e.ID, Due: now})
	if err != nil {
		return err
	}
	if err := r.Editions.Save(ctx, &e); err != nil {
		return err
	}
	r.Relay.Wake()
	return nil
}
