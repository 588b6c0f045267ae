package running

import (
	"context"
	"fmt"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/vault"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/publishing"
	"jalon.dev/services/barometer/internal/spool"
)

// The kinds of what comes due in an edition. Their items' subject is the edition.
const (
	KindOpen    = "open"    // people may vote, and are invited
	KindMix     = "mix"     // every hour: ballots that can hide among each other are released
	KindTell    = "tell"    // every night: who took a token needs no reminder
	KindClosing = "closing" // near the end: everybody is
	KindClose   = "close"   // the last ballots are released, and the results computed
	KindResults = "results" // afterwards: those whom they concern are pointed to them
)

const (
	source = "barometer"
	// asks is when in the day people are asked again. Notifications chooses the minute.
	asks = clock.TimeOfDay(9 * 60)
	// afterwards is how long after the end the last ballots are released: those that are on their way by then are safe, or refused.
	afterwards = 5 * time.Minute
	mixEvery   = time.Hour
)

// Runner does what comes due in editions.
type Runner struct {
	Editions *mongostore.Editions
	Cells    *mongostore.Cells
	Electors *mongostore.Electors
	Sheets   *mongostore.Sheets
	Spool    *spool.Spool
	Vault    *vault.Vault
	Agenda   *agenda.Agenda
	Relay    *outbox.Relay
	Register *people.Register
	// Publisher computes and keeps the results of an edition that was closed.
	Publisher publishing.Publisher
	Roles     Roles
}

// Roles knows who holds which role.
type Roles interface {
	ListRoles(ctx context.Context, req *portalv1.ListRolesRequest) (*portalv1.ListRolesResponse, error)
}

// Handle has the agenda hand out everything to the runner.
func (r *Runner) Handle() {
	for kind, do := range map[string]func(context.Context, time.Time, edition.Edition) error{
		KindOpen: r.open, KindTell: r.tell, KindClosing: r.closing, KindClose: r.close, KindResults: r.results,
		KindMix: func(ctx context.Context, _ time.Time, e edition.Edition) error { return r.Spool.Release(ctx, e.ID) },
	} {
		r.Agenda.Handle(kind, r.each(kind, do))
	}
}

// each does what is due in each edition, and plans what comes back by itself.
func (r *Runner) each(kind string, do func(context.Context, time.Time, edition.Edition) error) agenda.Handler {
	return func(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		var outcomes []agenda.Outcome
		for _, item := range items {
			e, err := r.Editions.Get(ctx, item.Subject)
			if err != nil {
				return outcomes, err
			}
			// What an edition has ahead is planned a moment before it is that far, and may be due at once.
			if e.State == edition.Preparing || kind == KindResults && e.State != edition.Published {
				outcomes = append(outcomes, agenda.Postpone(item.ID, now.Add(sweep), "not_yet"))
				continue
			}
			if err := do(ctx, now, e); err != nil {
				return outcomes, fmt.Errorf("doing %q in edition %s: %w", kind, e.ID, err)
			}
			outcome, err := comesBack(kind, e, item, now)
			if err != nil {
				return outcomes, err
			}
			outcomes = append(outcomes, outcome)
		}
		return outcomes, nil
	}
}

// comesBack puts an item off to its next time, until the edition closes.
func comesBack(kind string, e edition.Edition, item agenda.Item, now time.Time) (agenda.Outcome, error) {
	every := map[string]time.Duration{KindMix: mixEvery, KindTell: 24 * time.Hour}[kind]
	if every == 0 {
		return agenda.Done(item.ID), nil
	}
	closes, err := e.Closes()
	if err != nil {
		return agenda.Outcome{}, err
	}
	next := now.Truncate(mixEvery).Add(mixEvery)
	if kind == KindTell {
		next = item.Due.Add(every)
		for !next.After(now) {
			next = next.Add(every)
		}
	}
	if !next.Before(closes) {
		return agenda.Done(item.ID), nil
	}
	return agenda.Postpone(item.ID, next, "every_time"), nil
}

// milestones are what comes due in an edition.
func milestones(e edition.Edition) ([]agenda.Item, error) {
	closes, err := e.Closes()
	if err != nil {
		return nil, err
	}
	item := func(kind string, day clock.Date, at clock.TimeOfDay) agenda.Item {
		return agenda.Item{
			ID: agenda.OccurrenceID(kind, e.ID, e.OpensOn), Kind: kind, Subject: e.ID,
			Local: &agenda.LocalTime{Date: day, Time: at, Zone: e.Zone},
		}
	}
	items := []agenda.Item{
		item(KindOpen, e.OpensOn, 0), item(KindMix, e.OpensOn, 0), item(KindTell, e.OpensOn.AddDays(1), 2*60),
		item(KindClosing, e.LastCall(), asks),
	}
	for i := range items {
		items[i].Expires = closes
	}
	// An installation that was away opens late and closes all the same: closing has no end.
	last := item(KindClose, e.ClosesOn.AddDays(1), 0)
	last.Local, last.Due = nil, closes.Add(afterwards)
	return append(items, last), nil
}

// open lets people vote and invites everybody. An edition of which only the end was found closes without having been open.
func (r *Runner) open(ctx context.Context, now time.Time, e edition.Edition) error {
	if err := r.settleSheets(ctx, now, e); err != nil {
		return err
	}
	cards, err := r.Sheets.CountConfirmed(ctx, e.ID)
	if err != nil {
		return err
	}
	if err := r.Cells.NoteCards(ctx, e.ID, cards); err != nil {
		return err
	}
	if e.State == edition.Ready {
		if err := e.Step(edition.Ready, edition.Open); err != nil {
			return err
		}
		opened, err := event.NewKeyed(ctx, source, e.ID, event.ID(KindOpen, e.ID), now, &barometerv1.EditionOpened{
			EditionId: e.ID, Name: e.Name, ClosesOn: e.ClosesOn.String(),
		})
		if err != nil {
			return fmt.Errorf("telling that an edition is open: %w", err)
		}
		if err := e.Record(opened); err != nil {
			return err
		}
		if err := r.Editions.Save(ctx, &e); err != nil {
			return err
		}
		r.Relay.Wake()
	}
	return r.invite(ctx, now, e, occasionOpening, withoutCard(r.Electors.Everybody(ctx, e.ID)))
}

// closing asks everybody once more, in place of the first time: who took a token may have gone away before the end, and nobody knows.
func (r *Runner) closing(ctx context.Context, now time.Time, e edition.Edition) error {
	if err := r.withdraw(ctx, now, e, KindClosing, r.Electors.Everybody(ctx, e.ID)); err != nil {
		return err
	}
	return r.invite(ctx, now, e, occasionClosing, r.Electors.Everybody(ctx, e.ID))
}
