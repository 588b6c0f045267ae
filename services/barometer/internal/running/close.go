package running

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
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
	err = r.Spool.ReleaseLast(ctx, e.ID, func(cast map[string]int) map[string]string { return tooFew(cells, cast, e.ScoresFrom) })
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
	if err := r.Cells.ForgetKeys(ctx, e.ID); err != nil {
		return err
	}
	if err := r.Vault.Forget(ctx, mongostore.KeysOf(e.ID)); err != nil {
		return err
	}
	if err := e.Step(edition.Counting, edition.Published); err != nil {
		return err
	}
	published, err := event.NewKeyed(ctx, source, e.ID, event.ID(KindClose, e.ID), now, &barometerv1.EditionPublished{EditionId: e.ID, Name: e.Name})
	if err != nil {
		return fmt.Errorf("telling that an edition is published: %w", err)
	}
	if err := e.Record(published); err != nil {
		return err
	}
	if err := r.tellResults(ctx, now, e, news); err != nil {
		return err
	}
	if err := r.Editions.Save(ctx, &e); err != nil {
		return err
	}
	r.Relay.Wake()
	return nil
}

// tooFew says to which cells the ballots go of those in which fewer were cast than could ever be shown: to the next one above, and
// from there on where these are too few as well, up to the company's, which has one for them if it had none. What is too few for the
// company stays there, and is shown with others or never: see package publication.
func tooFew(cells []mongostore.Cell, cast map[string]int, least int) map[string]string {
	left, above := maps.Clone(cast), map[string]string{}
	has := map[string]bool{}
	for _, c := range cells {
		has[c.UnitID] = true
	}
	deepestFirst := slices.SortedStableFunc(slices.Values(cells), func(x, y mongostore.Cell) int { return len(y.Path) - len(x.Path) })
	for _, c := range deepestFirst {
		if n := left[c.UnitID]; n == 0 || n >= least || len(c.Path) < 2 {
			continue
		}
		to := nextAbove(c, has)
		above[c.UnitID] = to
		left[to] += left[c.UnitID]
		left[c.UnitID] = 0
	}
	moved := map[string]string{}
	for from, to := range above {
		for above[to] != "" {
			to = above[to]
		}
		moved[from] = to
	}
	return moved
}

// nextAbove is the nearest unit above a cell's that has a cell too; the company where none has.
func nextAbove(c mongostore.Cell, has map[string]bool) string {
	for _, unit := range slices.Backward(c.Path[:len(c.Path)-1]) {
		if has[unit] {
			return unit
		}
	}
	return c.Path[0]
}
