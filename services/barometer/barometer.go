// Package barometer owns the yearly anonymous panel: its editions, who may vote in which cell, the ballots, and what is published of
// them. docs/barometer.md says who is trusted with what.
package barometer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	peers "jalon.dev/pkg/rpc"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/vault"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/heat"
	"jalon.dev/services/barometer/internal/intake"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/publishing"
	"jalon.dev/services/barometer/internal/react"
	"jalon.dev/services/barometer/internal/rpc"
	"jalon.dev/services/barometer/internal/running"
	"jalon.dev/services/barometer/internal/spool"
)

// Config is what can be chosen about the service.
type Config struct {
	// Keys are the master keys under which ballots that wait are sealed: long random secrets separated by commas, the newest first.
	Keys string `env:"JALON_BALLOTS_KEY"`
	// Zone is the time zone in which editions begin and end; Europe/Paris when empty.
	Zone string `env:"JALON_TIME_ZONE"`
}

const (
	// stopping is how long the parts together are given to finish what they began.
	stopping    = 20 * time.Second
	defaultZone = "Europe/Paris"
	// placeSecret is how many bytes of secret hide which places have a card.
	placeSecret = 32
)

// sealedBallots is what the vault is for here.
var sealedBallots = vault.Use{Setting: "JALON_BALLOTS_KEY", Label: "jalon ballots", Sealed: "what waits of ballots and the keys of cells"}

// Service is barometer, built but not running.
type Service struct {
	parts    service.Parts
	router   *bus.Router
	register *people.Register
	vault    *vault.Vault
	agenda   *agenda.Agenda
	relay    *outbox.Relay
	preparer *running.Preparer
	handler  http.Handler
}

var (
	_ service.Service  = (*Service)(nil)
	_ service.Migrator = (*Service)(nil)
)

// New builds the service. It fails when there is no master key.
func New(parts service.Parts, cfg Config) (*Service, error) {
	masters, err := vault.ParseMasters(sealedBallots, cfg.Keys)
	if err != nil {
		return nil, fmt.Errorf("configuring barometer: %w", err)
	}
	if cfg.Zone == "" {
		cfg.Zone = defaultZone
	}
	if _, err := clock.Zone(cfg.Zone); err != nil {
		return nil, fmt.Errorf("configuring barometer: %w", err)
	}
	router, err := parts.Bus.NewRouter(parts.Name)
	if err != nil {
		return nil, err
	}
	var (
		register = people.NewRegister(parts.DB)
		sealing  = vault.New(parts.DB, masters)
		editions = mongostore.NewEditions(parts.DB)
		cells    = mongostore.NewCells(parts.DB)
		electors = mongostore.NewElectors(parts.DB)
		sheets   = mongostore.NewSheets(parts.DB)
		ballots  = spool.New(parts.DB, sealing)
		results  = mongostore.NewResults(parts.DB)
		due      = agenda.New(parts.DB, parts.Clock, parts.Log)
		relay    = outbox.NewRelay(parts.DB, parts.Bus, parts.Log, mongostore.EditionsCollection)
	)
	if err := errors.Join(due.Observe(parts.Meter()), relay.Observe(parts.Meter(), parts.Clock.Now)); err != nil {
		return nil, err
	}
	s := &Service{parts: parts, router: router, register: register, vault: sealing, agenda: due, relay: relay}
	s.preparer = running.NewPreparer(running.Preparer{
		DB: parts.DB, Register: register, Editions: editions, Cells: cells, Electors: electors, Vault: sealing, Agenda: due,
		Clock: parts.Clock, Log: parts.Log,
	})
	runner := &running.Runner{
		Editions: editions, Cells: cells, Electors: electors, Sheets: sheets, Spool: ballots, Vault: sealing, Agenda: due, Relay: relay,
		Register:  register,
		Publisher: publishing.Publisher{Editions: editions, Cells: cells, Spool: ballots, Results: results},
		Roles:     parts.Peers.Access(),
	}
	runner.Handle()
	people.Follow(router, register)
	bus.Handle(router, "people-erased", react.PeopleErased(register, electors))

	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	voting := rpc.Handler{
		Register: register, Editions: editions, Cells: cells, Electors: electors, Sheets: sheets, Vault: sealing, Clock: parts.Clock,
		Zone: cfg.Zone, Launched: s.preparer.Wake,
	}
	mux.Handle(barometerv1connect.NewBarometerServiceHandler(voting, options...))
	mux.Handle(barometerv1connect.NewCardsServiceHandler(rpc.Cards{Handler: voting}, options...))
	read := rpc.Results{
		Register: register, Editions: editions, Published: results, Maps: &heat.Kept{Read: results.Heat}, Clock: parts.Clock,
	}
	mux.Handle(barometerv1connect.NewResultsServiceHandler(read, options...))
	mux.Handle(barometerv1connect.NewCustomersServiceHandler(rpc.Customers{
		Results: read, Kept: mongostore.NewCustomers(parts.DB), Benchmarks: mongostore.NewBenchmarks(parts.DB),
	}, options...))
	// Beside the procedures, and without anything that these have around them: no trace, no measure, no name.
	polls := &intake.OpenPolls{Editions: editions, Cells: cells, Clock: parts.Clock}
	mux.Handle(peers.BallotsPath, intake.Handler{Polls: polls, Spool: ballots, Log: parts.Log})
	mux.Handle(peers.CardsPath, readCards(polls, sheets, sealing, parts.Log))
	s.handler = mux
	return s, nil
}

// readCards hands out what printed cards open.
func readCards(polls *intake.OpenPolls, sheets *mongostore.Sheets, sealing *vault.Vault, log *zap.Logger) intake.Cards {
	return intake.Cards{
		Open: polls.Open, Log: log,
		Find: func(ctx context.Context, editionID, place string) ([]byte, error) {
			found, err := sheets.Find(ctx, editionID, place)
			return found.Sealed, err
		},
		Secret: func(ctx context.Context, editionID string) ([]byte, error) {
			subject := mongostore.KeysOf(editionID)
			keys, err := sealing.Keys(ctx, subject) // makes none, be the edition closed at this moment
			if err != nil {
				return nil, err
			}
			return keys[subject].Derive("places without a card", placeSecret)
		},
	}
}

// Handler serves the Connect procedures, takes ballots, and reads printed cards.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate brings the database to the layout that this version needs. It fails where a master key is missing under which something is
// sealed.
func (s *Service) Migrate(ctx context.Context) error {
	migrations := append([]mongodb.Migration{people.Migration(1)}, mongostore.Migrations()...)
	migrations = append(migrations, spool.Migration(3), mongostore.CustomersMigration(4), mongostore.SheetMigration(5))
	if err := mongodb.Migrate(ctx, s.parts.DB, migrations); err != nil {
		return err
	}
	return s.vault.Check(ctx)
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	group := run.New(stopping)
	group.Add(
		run.Part{Name: "relay", Run: s.relay.Run},
		run.Part{Name: "agenda", Run: s.agenda.Run},
		run.Part{Name: "editions", Run: s.preparer.Run},
		run.Part{Name: "router", Run: s.router.Run},
		run.Once("keys", s.parts.Log, s.vault.Rewrap),
		run.Once("people", s.parts.Log, s.learnPeople),
	)
	return group.Run(ctx)
}

// learnPeople fills the register once in its life with what directory's events told before this service existed.
func (s *Service) learnPeople(ctx context.Context) error {
	return people.Bootstrap(identity.AsService(ctx, s.parts.Name), s.register, s.router.Running(), s.parts.Peers.Directory())
}

// Ready returns nil when events are being handled.
func (s *Service) Ready(context.Context) error {
	select {
	case <-s.router.Running():
		return nil
	default:
		return errors.New("not subscribed to events yet")
	}
}

// Settled tells that nothing is due, no edition is being prepared, and nothing waits to be published.
func (s *Service) Settled(ctx context.Context) (bool, error) {
	preparing, err := s.preparer.Pending(ctx)
	if err != nil {
		return false, err
	}
	due, err := s.agenda.DueNow(ctx)
	if err != nil {
		return false, err
	}
	pending, _, err := s.relay.Pending(ctx)
	if err != nil {
		return false, err
	}
	return !preparing && due == 0 && pending == 0, nil
}
