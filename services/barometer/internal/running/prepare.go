// Package running takes editions through their lives: it freezes who votes where, has keys made, opens, invites, mixes, reminds and
// closes.
package running

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/electorate"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/token"
)

// sweep is how long an edition that another process launched can go unnoticed, and how long to wait after a failure.
const sweep = time.Second

// Preparer makes launched editions ready. Any number of replicas may run; one at a time prepares.
type Preparer struct {
	DB       *mongo.Database
	Register *people.Register
	Editions *mongostore.Editions
	Cells    *mongostore.Cells
	Electors *mongostore.Electors
	Vault    *vault.Vault
	Agenda   *agenda.Agenda
	Clock    clock.Clock
	Log      *zap.Logger
	wake     chan struct{}
}

// NewPreparer is a preparer of these parts.
func NewPreparer(p Preparer) *Preparer {
	p.wake = make(chan struct{}, 1)
	return &p
}

// Wake tells that an edition was launched. It never blocks.
func (p *Preparer) Wake() {
	select {
	case p.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Run prepares until the context ends.
func (p *Preparer) Run(ctx context.Context) error {
	err := mongodb.NewLease(p.DB, "editions").Hold(ctx, func(ctx context.Context) error {
		for ctx.Err() == nil {
			if err := p.prepareAll(ctx); err != nil && ctx.Err() == nil {
				p.Log.Warn("an edition waits to be prepared", zap.Error(err), zap.Duration("retry_in", sweep))
			}
			select {
			case <-p.wake:
			case <-time.After(sweep):
			case <-ctx.Done():
			}
		}
		return nil
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // it was told to end, which is no failure
	}
	return err
}

// Pending tells whether an edition is being prepared.
func (p *Preparer) Pending(ctx context.Context) (bool, error) {
	launched, err := p.Editions.In(ctx, edition.Preparing)
	return len(launched) > 0, err
}

func (p *Preparer) prepareAll(ctx context.Context) error {
	launched, err := p.Editions.In(ctx, edition.Preparing)
	if err != nil {
		return err
	}
	for _, e := range launched {
		if err := p.prepare(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// prepare may be redone from any point at which it ended before.
func (p *Preparer) prepare(ctx context.Context, e edition.Edition) error {
	if !e.Frozen {
		if err := p.freeze(ctx, &e); err != nil {
			return err
		}
	}
	if err := p.makeKeys(ctx, e.ID); err != nil {
		return err
	}
	if err := e.Step(edition.Preparing, edition.Ready); err != nil {
		return err
	}
	items, err := milestones(e)
	if err != nil {
		return err
	}
	if err := p.Agenda.Schedule(ctx, items...); err != nil {
		return err
	}
	return p.Editions.Save(ctx, &e)
}

// freezeTogether is how many electors are written at once.
const freezeTogether = 1000

// freeze writes down who votes where. What an attempt left that ended before is replaced.
func (p *Preparer) freeze(ctx context.Context, e *edition.Edition) error {
	voters, err := electorate.Now(ctx, p.Register, p.Clock.Now())
	if err != nil {
		return err
	}
	if err := p.Electors.Clear(ctx, e.ID); err != nil {
		return err
	}
	if err := p.Cells.Clear(ctx, e.ID); err != nil {
		return err
	}
	if err := p.Editions.KeepUnits(ctx, e.ID, voters.Organisation.Units()); err != nil {
		return err
	}
	units := make([]string, len(voters.Cells))
	for i, c := range voters.Cells {
		units[i] = c.UnitID
	}
	names := voters.Organisation.Names(units)
	cells := make([]mongostore.Cell, len(voters.Cells))
	for i, c := range voters.Cells {
		cells[i] = mongostore.Cell{
			ID: mongostore.CellID(e.ID, c.UnitID), EditionID: e.ID, UnitID: c.UnitID, Eligible: c.Eligible, Merged: c.Merged,
			Name: names[c.UnitID], Path: voters.Organisation.Path(c.UnitID),
		}
	}
	if err := p.Cells.Insert(ctx, cells); err != nil {
		return err
	}
	for some := range slices.Chunk(voters.Electors, freezeTogether) {
		docs := make([]mongostore.Elector, len(some))
		for i, v := range some {
			docs[i] = mongostore.Elector{
				ID: mongostore.ElectorID(e.ID, v.PersonID), EditionID: e.ID, PersonID: v.PersonID, UnitID: v.UnitID, CellID: v.CellID,
			}
		}
		if err := p.Electors.Insert(ctx, docs); err != nil {
			return err
		}
	}
	if err := e.Freeze(len(voters.Electors), len(voters.Cells)); err != nil {
		return err
	}
	return p.Editions.Save(ctx, e)
}

// makeKeys makes the keys that are missing. It leaves half of the machine to others: a thousand stores take minutes.
func (p *Preparer) makeKeys(ctx context.Context, editionID string) error {
	seal, err := p.Vault.Key(ctx, mongostore.KeysOf(editionID))
	if err != nil {
		return fmt.Errorf("sealing keys: %w", err)
	}
	group, making := errgroup.WithContext(ctx)
	group.SetLimit(max(1, runtime.GOMAXPROCS(0)/2))
	for c, err := range p.Cells.Keyless(ctx, editionID) {
		if err != nil {
			return err
		}
		if making.Err() != nil {
			break
		}
		group.Go(func() error { return p.makeKey(making, seal, c) })
	}
	return group.Wait()
}

func (p *Preparer) makeKey(ctx context.Context, seal vault.Key, c mongostore.Cell) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	key, err := token.NewKey()
	if err != nil {
		return err
	}
	public, err := key.Public()
	if err != nil {
		return err
	}
	der, err := key.Marshal()
	if err != nil {
		return err
	}
	c.Key, c.Public, c.Private = public.Fingerprint, public.DER, seal.Seal(c.ID, der)
	return p.Cells.SetKey(ctx, c)
}
