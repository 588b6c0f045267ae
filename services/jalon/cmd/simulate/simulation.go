package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/clock"
)

// firstDay is when the year begins: a Thursday, so that a year holds both clock changes, all holidays and 29 February 2028.
var firstDay = clock.Date{Year: 2027, Month: time.April, Day: 1}

// simulation is a company that lives with a Jalon.
type simulation struct {
	plan
	out    io.Writer
	random *rand.Rand
	world  *world
	staff  *staff
	faults *faults
	people *crowd
	books  *books

	imported clock.Date
	tally    tally
}

// tally counts what was done.
type tally struct {
	steps, imports, declared, cancelled, campaigns, trials, series, rewritten, answered, preferences, unsubscribed, mails int
	talks                                                                                                                 talkTally
}

func simulate(ctx context.Context, p plan, out io.Writer) (err error) {
	fmt.Fprintf(out, "seed %d: %d days of about %d people, an export every %d days\n", p.seed, p.days, p.people, p.importDays)
	zone, err := clock.Zone(homeZone)
	if err != nil {
		return err
	}
	began := time.Now()
	w, err := openWorld(ctx, p.log, firstDay.In(zone).Add(6*time.Hour))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	s := &simulation{
		plan: p, out: out, random: rand.New(rand.NewPCG(p.seed, 2)), world: w, staff: found(p.seed, p.people, firstDay),
		faults: newFaults(p, w), people: newCrowd(p.seed, w), books: newBooks(), imported: firstDay,
	}
	if err := s.begin(ctx); err != nil {
		return s.failed(err)
	}
	for n := 0; n < p.days; n++ {
		if err := s.live(ctx, zone, firstDay.AddDays(n)); err != nil {
			return s.failed(err)
		}
		if n%30 == 29 || n == p.days-1 {
			s.progress(n+1, time.Since(began))
		}
		off := s.faults.off(p.days - 2 - n)
		s.tally.steps += 2 * off
		n += off
	}
	if err := s.secrets(ctx); err != nil {
		return s.failed(err)
	}
	s.summary(time.Since(began))
	return nil
}

// failed names the seed beside what went wrong.
func (s *simulation) failed(err error) error { return fmt.Errorf("seed %d: %w", s.seed, err) }

// begin tells Jalon where the stores are and who is there already.
func (s *simulation) begin(ctx context.Context) error {
	if err := s.people.importUnits(ctx, s.staff); err != nil {
		return err
	}
	if err := s.people.importPeople(ctx, s.staff, firstDay); err != nil {
		return err
	}
	s.tally.imports++
	return s.look(ctx)
}

// live lives both halves of a day, each at an hour that chance picks: some in the middle of the night.
func (s *simulation) live(ctx context.Context, zone *time.Location, day clock.Date) error {
	for half := range 2 {
		at := day.In(zone).Add(time.Duration(half)*12*time.Hour + time.Duration(s.random.IntN(12*60))*time.Minute)
		s.world.clock.Set(at)
		s.tally.steps++
		if err := s.step(ctx, day, half); err != nil {
			return err
		}
	}
	return nil
}

// step lets people and HR do what they do, while a fault may strike, and looks at what became of it.
func (s *simulation) step(ctx context.Context, day clock.Date, half int) error {
	var together errgroup.Group
	together.Go(func() error { return s.faults.strike(ctx, s.tally.steps) })
	together.Go(func() error {
		if half == 0 && s.imported.DaysUntil(day) >= s.importDays {
			if err := s.export(ctx, day); err != nil {
				return err
			}
		}
		if err := s.people.act(ctx, s.books, &s.tally); err != nil {
			return err
		}
		return s.world.settle(ctx)
	})
	if err := together.Wait(); err != nil {
		return err
	}
	return s.look(ctx)
}

// export sends what HR knows, and half of the time sends it once more, which must change nothing.
func (s *simulation) export(ctx context.Context, day clock.Date) error {
	if err := s.staff.live(s.imported, day); err != nil {
		return err
	}
	if err := s.people.importPeople(ctx, s.staff, day); err != nil {
		return err
	}
	s.imported = day
	s.tally.imports++
	if s.random.IntN(2) == 0 {
		return nil
	}
	changed, err := s.people.importAgain(ctx, s.staff, day)
	if err != nil {
		return err
	}
	s.books.kept(idempotent)
	if changed > 0 {
		return s.books.broken(idempotent, "importing the file of %s again changed %d people", day, changed)
	}
	return nil
}

// look checks everything, once nothing is on its way any more.
func (s *simulation) look(ctx context.Context) error {
	if err := s.world.settle(ctx); err != nil {
		return err
	}
	return insist(ctx, "looking at what is stored", func(ctx context.Context) error {
		err := s.check(ctx)
		var broken *brokenError
		if errors.As(err, &broken) {
			return &refusal{err}
		}
		return err
	})
}

func (s *simulation) check(ctx context.Context) error {
	b, client, since := s.books, s.world.now().Mongo(), s.books.read
	now := s.world.clock.Now()
	if since.IsZero() {
		since = now
	}
	if !now.Equal(b.read) { // or a look that was cut off is repeated
		if err := b.learn(ctx, client, s.people, now); err != nil {
			return err
		}
		b.read, b.since = now, since
	}
	came := s.world.office.waiting()
	var mails []mailDoc
	checks := []func() error{
		func() error { return b.rests(ctx, client) },
		func() error { return b.inboxes(ctx, client) },
		func() error { return b.digesting(ctx, client, b.since) },
		func() error { return b.requests(ctx, client, b.since) },
		func() error { return b.tellings(ctx, client, b.since) },
		func() error { return b.due(ctx, client) },
		func() (err error) {
			mails, err = b.readMails(ctx, client, b.since, s.world.office.now() == obliging)
			return err
		},
		func() error { return b.letters(ctx, client, came) },
		func() error { s.world.office.handled(len(came)); return nil },
		func() error { return b.post(ctx, client, mails) },
		func() error { return b.responses(ctx, client, s.tally.answered) },
		func() error { return b.talking() },
		func() error { return b.seated() },
		func() error { return b.campaigns(ctx, client, s.people.progress(ctx)) },
		func() error { return s.people.pages(ctx, b) },
		func() error { return s.deadLetters(ctx) },
	}
	if s.tally.steps%14 == 0 || s.tally.steps == 2*s.days {
		checks = append(checks,
			func() error { return b.followUps(ctx, client) },
			func() error { return b.agreement(ctx, client) },
			func() error { return b.handedOver(ctx, client) },
			func() error { return b.heldTalks(ctx, client) },
		)
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	s.tally.mails = len(b.mails)
	s.people.notice(b, came)
	return nil
}

func (s *simulation) deadLetters(ctx context.Context) error {
	letters, err := s.world.now().Bus().DeadLetters().List(ctx)
	if err != nil {
		return err
	}
	s.books.kept(unlettered)
	if len(letters) > 0 {
		return s.books.broken(unlettered, "%d of them; the first is of %s: %s", len(letters), letters[0].Handler, letters[0].Reason)
	}
	return nil
}
