// Package barometer owns the yearly anonymous panel. So far it keeps the register of who would be eligible, and says
// whose ballots would be counted together if an edition were launched today.
//
// The service is small and flat: this file is the front door, cells.go answers, internal/cell divides.
package barometer

import (
	"context"
	"errors"
	"net/http"
	"time"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"

	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
)

// Config is what can be chosen about the service; nothing so far.
type Config struct{}

// stopping is how long the parts together are given to finish what they began.
const stopping = 20 * time.Second

// Service is barometer, built but not running.
type Service struct {
	parts    service.Parts
	router   *bus.Router
	register *people.Register
	handler  http.Handler
}

var (
	_ service.Service  = (*Service)(nil)
	_ service.Migrator = (*Service)(nil)
)

// New builds the service.
func New(parts service.Parts, _ Config) (*Service, error) {
	s := &Service{parts: parts, register: people.NewRegister(parts.DB)}

	var err error
	if s.router, err = parts.Bus.NewRouter(parts.Name); err != nil {
		return nil, err
	}
	people.Follow(s.router, s.register)

	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(barometerv1connect.NewBarometerServiceHandler(cells{register: s.register, clock: parts.Clock}, options...))
	s.handler = mux
	return s, nil
}

// Handler serves the Connect procedures.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate brings the database to the layout that this version needs.
func (s *Service) Migrate(ctx context.Context) error {
	return mongodb.Migrate(ctx, s.parts.DB, []mongodb.Migration{people.Migration(1)})
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	group := run.New(stopping)
	group.Add(
		run.Part{Name: "router", Run: s.router.Run},
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

// Settled is always so: nothing is ever due here, and nothing published.
func (s *Service) Settled(context.Context) (bool, error) { return true, nil }
