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
	err := i.store.Through(ctx, func(ctx context.Context, pass mongostore.Pass) error {
		if err := i.resume(ctx); err != nil {
			return err
		}
		known, err := i.store.State(ctx)
		if err != nil {
			return err
		}
		was, ok := unit.NewTree(known.Units).Get(want.ID)
		switch {
		case !ok:
			return fmt.Errorf("changing unit %s: %w", want.ID, mongodb.ErrNotFound)
		case was.Version != want.Version:
			return fmt.Errorf("changing unit %s: %w", want.ID, mongodb.ErrConflict)
		}
		plan, err := importing.Edit(known, want, i.options(i.today()))
		if err != nil {
			return err
		}
		if len(plan.Units) == 0 {
			want = was
			return nil
		}
		want = plan.Units[0]
		result := Result{Import: i.newImport(mongostore.OfEdit)}
		return i.carry(ctx, pass, plan, i.today(), &result)
	})
	return want, err
}

func (i *Importer) newImport(of string) mongostore.Import {
	return mongostore.Import{Of: of, ImportedAt: i.clock.Now().UTC().Truncate(time.Millisecond)}
}
