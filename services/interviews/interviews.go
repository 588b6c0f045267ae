// Package interviews owns the talks between people and their managers. So far it plans each person's four-weekly talk
// from directory's events. This file is the front door, where all its parts are put together.
package interviews

import (
	"context"
	"errors"
	"net/http"
	"time"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/react"
	"jalon.dev/services/interviews/internal/rpc"

	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// Config is what can be chosen about the service; nothing so far.
type Config struct{}

// stopping is how long the parts together are given to finish what they began.
const stopping = 20 * time.Second

// Service is interviews, built but not running.
type Service struct {
	parts    service.Parts
	router   *bus.Router
	relay    *outbox.Relay
	register *people.Register
	planner  *planning.Planner
	handler  http.Handler
}

var (
	_ service.Service  = (*Service)(nil)
	_ service.Migrator = (*Service)(nil)
)

// New builds the service.
func New(parts service.Parts, _ Config) (*Service, error) {
	s := &Service{
		parts:    parts,
		relay:    outbox.NewRelay(parts.DB, parts.Bus, parts.Log),
		register: people.NewRegister(parts.DB),
	}
	s.planner = planning.New(parts.DB, s.register, s.relay)
	if err := s.relay.Observe(parts.Meter(), parts.Clock.Now); err != nil {
		return nil, err
	}

	var err error
	if s.router, err = parts.Bus.NewRouter(parts.Name, bus.Transient(conflicts)); err != nil {
		return nil, err
	}
	people.Follow(s.router, s.register)
	bus.Handle(s.router, "people-registered", react.PeopleRegistered(s.planner))
	bus.Handle(s.router, "people-hired", react.PeopleHired(s.planner))
	bus.Handle(s.router, "people-moved", react.PeopleMoved(s.planner))
	bus.Handle(s.router, "people-left", react.PeopleLeft(s.planner))
	bus.Handle(s.router, "people-updated", react.PeopleUpdated(s.planner))
	bus.Handle(s.router, "people-erased", react.PeopleErased(s.planner))

	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(interviewsv1connect.NewInterviewsServiceHandler(
		rpc.New(mongostore.New(parts.DB), s.register, parts.Clock), options...))
	s.handler = mux
	return s, nil
}

// conflicts pass by themselves: whoever changed the same talks meanwhile will be done at the next delivery.
func conflicts(err error) bool { return errors.Is(err, mongodb.ErrConflict) }

// Handler serves the Connect procedures.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate brings the database to the layout that this version needs.
func (s *Service) Migrate(ctx context.Context) error {
	return mongodb.Migrate(ctx, s.parts.DB, append(mongostore.Migrations(), people.Migration(2)))
}

// Run works until ctx ends. It stops taking events in first, and publishes what these still told.
func (s *Service) Run(ctx context.Context) error {
	group := run.New(stopping)
	group.Add(
		run.Part{Name: "relay", Run: s.relay.Run},
		run.Part{Name: "router", Run: s.router.Run},
		run.Once("people", s.parts.Log, s.learnPeople),
	)
	return group.Run(ctx)
}

// learnPeople takes over, once in the life of the database, what directory's events told before this service existed, and plans
// the talks of whom it then learns of.
func (s *Service) learnPeople(ctx context.Context) error {
	asking := identity.AsService(ctx, s.parts.Name)
	if err := people.Bootstrap(asking, s.register, s.router.Running(), s.parts.Peers.Directory()); err != nil {
		return err
	}
	return s.planner.PlanSnapshot(ctx, s.parts.Clock.Now(), s.register)
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

// Settled tells that nothing waits to be published.
func (s *Service) Settled(ctx context.Context) (bool, error) {
	pending, _, err := s.relay.Pending(ctx)
	return pending == 0, err
}
