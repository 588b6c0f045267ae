package applying

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/mongostore"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// ImportUnits reads a file of units, compares it with what is known and, unless it is refused or only tried, applies it:
// wholly, or not at all. Its errors are those of Import.
func (i *Importer) ImportUnits(ctx context.Context, content []byte, fileName string, dryRun bool) (Result, error) {
	result := Result{DryRun: dryRun, Import: i.newImport(mongostore.OfUnits)}
	result.FileName = fileName
	file, err := roster.ReadUnits(content)
	if refusal, ok := errors.AsType[*roster.RefusalError](err); ok {
		result.Report, result.Refused = importing.RefusedFile(clock.Date{}, refusal.Problem), true
		return result, nil
	}
	if err != nil {
		return result, fmt.Errorf("reading the file: %w", err)
	}
	reading := file.Reading()
	result.Reading = &reading
	plan := func(ctx context.Context) (importing.Plan, error) {
		known, err := i.store.State(ctx)
		if err != nil {
			return importing.Plan{}, err
		}
		plan, report := importing.Organise(file, known, i.options(i.today()))
		result.Report, result.Refused = report, report.Refused(false)
		return plan, nil
	}
	if dryRun {
		_, err := plan(ctx)
		return result, err
	}
	err = i.store.Through(ctx, func(ctx context.Context, pass mongostore.Pass) error {
		if err := i.resume(ctx); err != nil {
			return err
		}
		changes, err := plan(ctx)
		if err != nil || result.Refused {
			return err
		}
		if err := i.carry(ctx, pass, changes, i.today(), &result); err != nil {
			return err
		}
		result.Applied = true
		return nil
	})
	return result, err
}

// UpdateUnit makes the unit what is wanted and returns it with its new version. The version is the one that the caller saw:
// mongodb.ErrConflict says that the unit has changed since, mongodb.ErrNotFound that there is none, *importing.EditError what
// cannot be.
func (i *Importer) UpdateUnit(ctx context.Context, want unit.Unit) (unit.Unit, error) {
	err := i.edit(ctx, func(known importing.State) (importing.Plan, error) {
		was, err := seen(known, want.ID, want.Version)
		if err != nil {
			return importing.Plan{}, err
		}
		plan, err := importing.Edit(known, want, i.options(i.today()))
		want = was
		if len(plan.Units) > 0 {
			want = plan.Units[0]
		}
		return plan, err
	})
	return want, err
}

// CreateUnit adds the unit and returns it with its id. *importing.EditError says what cannot be.
func (i *Importer) CreateUnit(ctx context.Context, want unit.Unit) (unit.Unit, error) {
	err := i.edit(ctx, func(known importing.State) (importing.Plan, error) {
		plan, err := importing.Create(known, want, i.options(i.today()))
		if err == nil {
			want = plan.Units[0]
		}
		return plan, err
	})
	return want, err
}

// MergeUnit merges the unit, of which the caller saw the version, into the other and returns that one. Its errors are those of
// UpdateUnit.
func (i *Importer) MergeUnit(ctx context.Context, id string, version int64, into string) (unit.Unit, error) {
	var stays unit.Unit
	err := i.edit(ctx, func(known importing.State) (importing.Plan, error) {
		if _, err := seen(known, id, version); err != nil {
			return importing.Plan{}, err
		}
		plan, err := importing.Merge(known, id, into, i.options(i.today()))
		if err != nil {
			return importing.Plan{}, err
		}
		stays, _ = unit.NewTree(known.Units).Get(into)
		for _, u := range plan.Units {
			if u.ID == into { // it took a code over
				stays = u
			}
		}
		return plan, nil
	})
	return stays, err
}

// seen returns the unit if it still has the version that somebody saw.
func seen(known importing.State, id string, version int64) (unit.Unit, error) {
	was, ok := unit.NewTree(known.Units).Get(id)
	switch {
	case !ok:
		return was, fmt.Errorf("changing unit %s: %w", id, mongodb.ErrNotFound)
	case was.Version != version:
		return was, fmt.Errorf("changing unit %s: %w", id, mongodb.ErrConflict)
	}
	return was, nil
}

// edit carries out what somebody changes of the units on a screen. It passes the gate of imports, so that no plan is made from
// what is no longer true.
func (i *Importer) edit(ctx context.Context, change func(importing.State) (importing.Plan, error)) error {
	return i.store.Through(ctx, func(ctx context.Context, pass mongostore.Pass) error {
		if err := i.resume(ctx); err != nil {
			return err
		}
		known, err := i.store.State(ctx)
		if err != nil {
			return err
		}
		plan, err := change(known)
		if err != nil || len(plan.Units) == 0 {
			return err
		}
		result := Result{Import: i.newImport(mongostore.OfEdit)}
		return i.carry(ctx, pass, plan, i.today(), &result)
	})
}

func (i *Importer) newImport(of string) mongostore.Import {
	return mongostore.Import{Of: of, ImportedAt: i.clock.Now().UTC().Truncate(time.Millisecond)}
}
