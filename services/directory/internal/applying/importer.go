package applying

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/holidays"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/mongostore"
	"jalon.dev/services/directory/internal/roster"
)

// Settings are the installation's.
type Settings struct {
	Company  string
	Zone     *time.Location
	Language string
	MaxEnded float64
	// Calendars are the public holidays that the installation knows.
	Calendars holidays.Calendars
}

// Importer takes HR files in, one at a time in the whole installation.
type Importer struct {
	store    *mongostore.Store
	steps    Store
	settings Settings
	clock    clock.Clock
	log      *zap.Logger
	announce func(context.Context, ...event.Event) error
	batch    int
}

// NewImporter imports into the store; announce records events to be published.
func NewImporter(store *mongostore.Store, settings Settings, clk clock.Clock, log *zap.Logger, announce func(context.Context, ...event.Event) error) *Importer {
	return &Importer{store: store, steps: store, settings: settings, clock: clk, log: log, announce: announce, batch: importing.BatchSize}
}

// Request is one file and what is wanted of it.
type Request struct {
	File         []byte
	FileName     string
	AsOf         clock.Date // zero: today
	DryRun       bool
	SkipRejected bool
	Full         bool
	Confirm      importing.Confirmation
}

// Result says what became of a file.
type Result struct {
	mongostore.Import
	Refused bool            // nothing was applied
	DryRun  bool            // nothing was to be applied
	Reading *roster.Reading // how the file was understood; nil: it was not
}

// Import reads the file, compares it with what is known and, unless it is refused or only tried, applies it.
// mongostore.ErrBusy says that another import is running. An error after the plan was accepted loses nothing: Resume, or the
// next import, carries it out.
func (i *Importer) Import(ctx context.Context, req Request) (Result, error) {
	now := i.clock.Now()
	if req.AsOf.IsZero() {
		req.AsOf = clock.DateOf(now, i.settings.Zone)
	}
	if ahead := aheadOf(i.today(), req.AsOf); ahead != nil {
		return Result{
			DryRun: req.DryRun, Refused: true,
			Import: mongostore.Import{FileName: req.FileName, ImportedAt: now.UTC().Truncate(time.Millisecond), Report: importing.RefusedFile(req.AsOf, *ahead)},
		}, nil
	}
	result := Result{DryRun: req.DryRun, Import: mongostore.Import{FileName: req.FileName, ImportedAt: now.UTC().Truncate(time.Millisecond)}}
	file, err := roster.Read(req.File)
	if refusal, ok := errors.AsType[*roster.RefusalError](err); ok {
		result.Report, result.Refused = importing.RefusedFile(req.AsOf, refusal.Problem), true
		return result, nil
	}
	if err != nil {
		return result, fmt.Errorf("reading the file: %w", err)
	}
	reading := file.Reading()
	result.Reading = &reading
	if req.DryRun {
		// Trying changes nothing, so it need not wait for anybody.
		_, err := i.plan(ctx, req, file, &result)
		return result, err
	}
	err = i.store.Through(ctx, func(ctx context.Context, pass mongostore.Pass) error {
		return i.take(ctx, pass, req, file, &result)
	})
	return result, err
}

// daysAhead is how far a file's date may lie ahead: an export made before midnight for the day that begins, or by a system whose
// clock is in another zone.
const daysAhead = 1

// aheadOf refuses a file of a day that is yet to come, a year typed wrong as a rule: nil for any other. No yes makes it
// acceptable, because every file after it would be refused as older.
func aheadOf(today, asOf clock.Date) *roster.Problem {
	last := today.AddDays(daysAhead)
	if !asOf.After(last) {
		return nil
	}
	return &roster.Problem{
		Severity: roster.Rejected, Code: roster.FileAhead, Value: asOf.String(), Expected: last.String(),
		Reason: fmt.Sprintf("The file's date, %s, is yet to come: today is %s. Give the day whose state the file tells.", asOf, today),
	}
}

func (i *Importer) plan(ctx context.Context, req Request, file *roster.Roster, result *Result) (importing.Plan, error) {
	known, err := i.store.State(ctx)
	if err != nil {
		return importing.Plan{}, err
	}
	opt := i.options(req.AsOf)
	opt.Full, opt.Confirm = req.Full, req.Confirm
	plan, report := importing.Make(file, known, opt)
	result.Report, result.Refused = report, report.Refused(req.SkipRejected)
	return plan, nil
}

func (i *Importer) options(asOf clock.Date) importing.Options {
	return importing.Options{
		AsOf: asOf, Company: i.settings.Company, TimeZone: i.settings.Zone.String(), Language: i.settings.Language,
		MaxEnded: i.settings.MaxEnded, Calendars: i.settings.Calendars, NewID: uuid.NewString,
	}
}

func (i *Importer) today() clock.Date { return clock.DateOf(i.clock.Now(), i.settings.Zone) }

// take imports while no other import is made; one that was interrupted comes first.
func (i *Importer) take(ctx context.Context, pass mongostore.Pass, req Request, file *roster.Roster, result *Result) error {
	if err := i.resume(ctx); err != nil {
		return err
	}
	plan, err := i.plan(ctx, req, file, result)
	if err != nil || result.Refused {
		return err
	}
	if err := i.carry(ctx, pass, plan, req.AsOf, result); err != nil {
		return err
	}
	result.Applied = true
	return nil
}

// carry accepts the plan and applies it. asOf dates what is told.
func (i *Importer) carry(ctx context.Context, pass mongostore.Pass, plan importing.Plan, asOf clock.Date, result *Result) error {
	result.ID = uuid.NewString()
	batches := plan.Batches(i.batch, result.ID, asOf, result.ImportedAt)
	if err := i.store.Accept(ctx, pass, result.Import, batches); err != nil {
		return err
	}
	r := result.Report
	i.log.Info("import accepted", zap.String("import", result.ID), zap.String("of", result.Of), zap.Stringer("as_of", asOf), zap.Bool("baseline", r.Baseline),
		zap.Int("added", r.Added), zap.Int("changed", r.Changed), zap.Int("moved", r.Moved), zap.Int("ended", r.Ended),
		zap.Int("rejected", r.Rejected), zap.Int("warnings", r.Warnings))
	if err := carryOut(ctx, i.steps, result.ID, i.announce); err != nil {
		return fmt.Errorf("applying import %s, which will be resumed: %w", result.ID, err)
	}
	return nil
}

// Resume carries out an accepted import that was interrupted, if there is one and nobody else is at it.
func (i *Importer) Resume(ctx context.Context) error {
	accepted, err := i.store.Accepted(ctx)
	if err != nil || accepted == "" {
		return err
	}
	err = i.store.Through(ctx, func(ctx context.Context, _ mongostore.Pass) error { return i.resume(ctx) })
	if errors.Is(err, mongostore.ErrBusy) {
		return nil
	}
	return err
}

func (i *Importer) resume(ctx context.Context) error {
	accepted, err := i.store.Accepted(ctx)
	if err != nil || accepted == "" {
		return err
	}
	i.log.Info("resuming an import", zap.String("import", accepted))
	if err := carryOut(ctx, i.steps, accepted, i.announce); err != nil {
		return fmt.Errorf("resuming import %s: %w", accepted, err)
	}
	return nil
}
