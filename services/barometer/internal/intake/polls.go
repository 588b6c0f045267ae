package intake

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/token"
)

// mostKeys bounds what is remembered; forgetting costs a read.
const mostKeys = 10_000

// OpenPolls are the editions in the database. What it reads of them does not change any more once people may vote, so it is read once.
type OpenPolls struct {
	Editions *mongostore.Editions
	Cells    *mongostore.Cells
	Clock    clock.Clock

	mu    sync.Mutex
	known map[string]poll // by edition and key
}

type poll struct {
	cell          Cell
	opens, closes time.Time
}

// Cell implements Polls.
func (p *OpenPolls) Cell(ctx context.Context, editionID, key string) (Cell, error) {
	found, err := p.find(ctx, editionID, key)
	if err != nil {
		return Cell{}, err
	}
	if now := p.Clock.Now(); now.Before(found.opens) || !now.Before(found.closes) {
		return Cell{}, ErrClosed
	}
	return found.cell, nil
}

// Open returns nil for an edition in which people vote now, or ErrUnknown or ErrClosed.
func (p *OpenPolls) Open(ctx context.Context, editionID string) error {
	e, err := p.Editions.Get(ctx, editionID)
	if errors.Is(err, mongodb.ErrNotFound) {
		return ErrUnknown
	}
	if err != nil {
		return err
	}
	opens, closes, err := hours(e)
	if err != nil {
		return err
	}
	if now := p.Clock.Now(); e.State != edition.Open || now.Before(opens) || !now.Before(closes) {
		return ErrClosed
	}
	return nil
}

// hours are when an edition opens and closes.
func hours(e edition.Edition) (opens, closes time.Time, err error) {
	if opens, err = e.Opens(); err != nil {
		return time.Time{}, time.Time{}, err
	}
	closes, err = e.Closes()
	return opens, closes, err
}

func (p *OpenPolls) find(ctx context.Context, editionID, key string) (poll, error) {
	name := editionID + "/" + key
	p.mu.Lock()
	found, ok := p.known[name]
	p.mu.Unlock()
	if ok {
		return found, nil
	}
	found, err := p.read(ctx, editionID, key)
	if err != nil {
		return poll{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) > mostKeys {
		p.known = map[string]poll{}
	}
	p.known[name] = found
	return found, nil
}

func (p *OpenPolls) read(ctx context.Context, editionID, key string) (poll, error) {
	c, err := p.Cells.OfKey(ctx, editionID, key)
	if errors.Is(err, mongodb.ErrNotFound) {
		return poll{}, ErrUnknown
	}
	if err != nil {
		return poll{}, err
	}
	e, err := p.Editions.Get(ctx, editionID)
	if err != nil {
		return poll{}, err
	}
	if e.State != edition.Open {
		return poll{}, ErrClosed
	}
	opens, closes, err := hours(e)
	if err != nil {
		return poll{}, err
	}
	public, err := token.ParsePublic(c.Public)
	if err != nil {
		return poll{}, fmt.Errorf("reading the key of a cell: %w", err)
	}
	return poll{cell: Cell{ID: c.UnitID, Verify: public.Verify, Spent: public.Spent}, opens: opens, closes: closes}, nil
}
