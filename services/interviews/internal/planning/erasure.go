package planning

import (
	"context"
	"errors"
)

// Erase removes the talks of people and everything that was written in them, and takes them out of the talks of those who reported
// to them. The keys go first: from then on nothing that was written about them can be read, wherever it lies.
func (p *Planner) Erase(ctx context.Context, personIDs []string) error {
	if err := p.register.Erase(ctx, personIDs); err != nil {
		return err
	}
	return p.forget(ctx, personIDs)
}

func (p *Planner) forget(ctx context.Context, personIDs []string) error {
	if err := p.vault.Forget(ctx, personIDs...); err != nil {
		return err
	}
	return errors.Join(
		p.texts.Forget(ctx, personIDs),
		p.commitments.Forget(ctx, personIDs),
		p.talks.Forget(ctx, personIDs),
		p.settings.Forget(ctx, personIDs),
		p.reminders.Forget(ctx, personIDs),
	)
}

// GiveUp removes what was written in the talks of people whose keys cannot be opened any more, and those keys last: done in part, it
// is done again.
func (p *Planner) GiveUp(ctx context.Context, personIDs []string) error {
	if err := errors.Join(p.texts.Forget(ctx, personIDs), p.commitments.Forget(ctx, personIDs)); err != nil {
		return err
	}
	return p.vault.Forget(ctx, personIDs...)
}
