// Package directory is the service that owns people and units: it takes HR files in and tells the others what changed.
package directory

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/holidays"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/service"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/applying"
	"jalon.dev/services/directory/internal/mongostore"
	"jalon.dev/services/directory/internal/rpc"
	"jalon.dev/services/directory/internal/unit"
)

// resumeEvery is how often an import or an erasure is looked for whose process died; real time.
const resumeEvery = 5 * time.Second

// Config is what an installation may set.
type Config struct {
	// Company is the name of the root unit that the first import creates.
	Company string `env:"JALON_COMPANY" envDefault:"Entreprise"`
	// TimeZone is the company's IANA zone, for people and units without one, and for what "today" means for a file.
	TimeZone string `env:"JALON_TIME_ZONE" envDefault:"Europe/Paris"`
	// Language is of people whose HR file gives none: "fr" or "en".
	Language string `env:"JALON_LANGUAGE" envDefault:"fr"`
	// MaxEnded is the share of contracts that a full file's absences may end unconfirmed.
	MaxEnded float64 `env:"JALON_IMPORT_MAX_ENDED" envDefault:"0.1"`
	// Holidays are public holidays besides those that Jalon knows, so that a unit which names any others is noticed:
	// "BE=2026-07-21,2026-11-11; CH-GE=2026-09-10".
	Holidays string `env:"JALON_HOLIDAYS"`
}

// DefaultConfig is what an installation that sets nothing has.
func DefaultConfig() Config {
	return Config{Company: "Entreprise", TimeZone: "Europe/Paris", Language: "fr", MaxEnded: 0.1}
}

// Validate tells everything that is wrong.
func (c Config) Validate() error {
	var problems []error
	if c.Company == "" {
		problems = append(problems, errors.New("JALON_COMPANY is empty"))
	}
	if !unit.ValidZone(c.TimeZone) {
		problems = append(problems, fmt.Errorf("JALON_TIME_ZONE: %q is not an IANA time zone", c.TimeZone))
	}
	if c.Language != "fr" && c.Language != "en" {
		problems = append(problems, fmt.Errorf("JALON_LANGUAGE: %q is neither fr nor en", c.Language))
	}
	if c.MaxEnded < 0 || c.MaxEnded > 1 {
		problems = append(problems, errors.New("JALON_IMPORT_MAX_ENDED is not between 0 and 1"))
	}
	if _, err := holidays.Configured(c.Holidays); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// Service is directory, built but not running.
type Service struct {
	parts    service.Parts
	store    *mongostore.Store
	importer *applying.Importer
	relay    *outbox.Relay
	handler  http.Handler
}

var (
	_ service.Service  = (*Service)(nil)
	_ service.Migrator = (*Service)(nil)
)

// New wires the service.
func New(parts service.Parts, cfg Config) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("configuring directory: %w", err)
	}
	zone, err := time.LoadLocation(cfg.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("configuring directory: %w", err)
	}
	calendars, err := holidays.Configured(cfg.Holidays)
	if err != nil {
		return nil, fmt.Errorf("configuring directory: %w", err)
	}
	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, fmt.Errorf("preparing directory's API: %w", err)
	}
	store := mongostore.New(parts.DB)
	relay := outbox.NewRelay(parts.DB, parts.Bus, parts.Log)
	if err := relay.Observe(parts.Meter(), parts.Clock.Now); err != nil {
		return nil, err
	}
	settings := applying.Settings{Company: cfg.Company, Zone: zone, Language: cfg.Language, MaxEnded: cfg.MaxEnded, Calendars: calendars}
	importer := applying.NewImporter(store, settings, parts.Clock, parts.Log, relay.Append)

	mux := http.NewServeMux()
	company := rpc.Company{TimeZone: cfg.TimeZone, Calendars: calendars}
	mux.Handle(directoryv1connect.NewDirectoryServiceHandler(rpc.New(store, importer, company, parts.Clock), options...))
	return &Service{parts: parts, store: store, importer: importer, relay: relay, handler: mux}, nil
}

// Handler serves directory's API.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate makes the indexes.
func (s *Service) Migrate(ctx context.Context) error {
	return mongodb.Migrate(ctx, s.parts.DB, mongostore.Migrations())
}

// Run publishes events and carries out imports and erasures whose process died, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.relay.Run(ctx) })
	group.Go(func() error { s.resume(ctx); return nil })
	return group.Wait()
}

func (s *Service) resume(ctx context.Context) {
	ticker := time.NewTicker(resumeEvery)
	defer ticker.Stop()
	for {
		if err := s.importer.Resume(ctx); err != nil && ctx.Err() == nil {
			s.parts.Log.Warn("an import waits to be resumed", zap.Error(err))
		}
		if err := s.importer.ResumeErasures(ctx); err != nil && ctx.Err() == nil {
			s.parts.Log.Warn("an erasure waits to be resumed", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Ready is true as soon as the database answers, which the chassis asks.
func (s *Service) Ready(context.Context) error { return nil }

// Settled tells that no import or erasure is under way and no event waits.
func (s *Service) Settled(ctx context.Context) (bool, error) {
	accepted, err := s.store.Accepted(ctx)
	if err != nil || accepted != "" {
		return false, err
	}
	erasures, err := s.store.Unfinished(ctx)
	if err != nil || len(erasures) > 0 {
		return false, err
	}
	waiting, _, err := s.relay.Pending(ctx)
	return waiting == 0, err
}
