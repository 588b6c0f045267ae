// Package interviews owns the talks between people and their managers: the four-weekly one that it plans for everybody, and those
// that managers start. This file is the front door, where all its parts are put together.
//
// Where to look: when a talk is due in internal/talk/plan.go; how it comes to count as held in internal/talk/held.go; what an event
// causes in internal/react; who is reminded of what in internal/talk/matter.go and internal/reminding; where what people write is
// sealed in internal/vault; what HR sees in internal/board and internal/auditing.
package interviews

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/holidays"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/interviews/internal/auditing"
	"jalon.dev/services/interviews/internal/board"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/react"
	"jalon.dev/services/interviews/internal/reminding"
	"jalon.dev/services/interviews/internal/rpc"

	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// Config is what can be chosen about the service.
type Config struct {
	// Keys are the master keys under which what people write in talks is sealed, in base64, separated by commas; the newest first. An
	// older one is needed until every key was wrapped anew, which happens at each start.
	Keys string `env:"JALON_TALKS_KEY"`
	// Lost is "forget" to remove what was sealed under master keys that are missing, instead of refusing to start.
	Lost string `env:"JALON_TALKS_LOST"`
	// Holidays are public holidays besides those that Jalon comes with; see holidays.Configured.
	Holidays string `env:"JALON_HOLIDAYS"`
	// Pace limits how many reminders a second are asked for, so that what piled up while the service was away comes gently. Zero is
	// no limit.
	Pace int
}

// sealedTalks is what the vault is for here.
var sealedTalks = vault.Use{Setting: "JALON_TALKS_KEY", Label: "jalon talks", Sealed: "what people write in talks"}

// giveUp is the one value of Config.Lost.
const giveUp = "forget"

// stopping is how long the parts together are given to finish what they began.
const stopping = 20 * time.Second

// Service is interviews, built but not running.
type Service struct {
	parts    service.Parts
	router   *bus.Router
	relay    *outbox.Relay
	agenda   *agenda.Agenda
	register *people.Register
	planner  *planning.Planner
	vault    *vault.Vault
	audits   auditing.Audits
	weeks    board.Weeks
	handler  http.Handler
	lost     string
}

var (
	_ service.Service  = (*Service)(nil)
	_ service.Migrator = (*Service)(nil)
)

// New builds the service. It fails when there is no master key.
func New(parts service.Parts, cfg Config) (*Service, error) {
	if cfg.Lost != "" && cfg.Lost != giveUp {
		return nil, fmt.Errorf("configuring interviews: JALON_TALKS_LOST is %q: leave it empty, or set it to %s once", cfg.Lost, giveUp)
	}
	masters, err := vault.ParseMasters(sealedTalks, cfg.Keys)
	if err != nil {
		return nil, fmt.Errorf("configuring interviews: %w", err)
	}
	calendars, err := holidays.Configured(cfg.Holidays)
	if err != nil {
		return nil, fmt.Errorf("configuring interviews: %w", err)
	}
	router, err := parts.Bus.NewRouter(parts.Name, bus.Transient(conflicts))
	if err != nil {
		return nil, err
	}
	var (
		sealed      = vault.New(parts.DB, masters)
		register    = people.NewRegister(parts.DB)
		relay       = outbox.NewRelay(parts.DB, parts.Bus, parts.Log, mongostore.TalksCollection)
		planned     = agenda.New(parts.DB, parts.Clock, parts.Log, agenda.Pace(cfg.Pace))
		talks       = mongostore.New(parts.DB)
		texts       = mongostore.NewTexts(parts.DB, sealed)
		commitments = mongostore.NewCommitments(parts.DB, sealed)
		settings    = mongostore.NewSettings(parts.DB)
		found       = mongostore.NewAudits(parts.DB)
		trends      = mongostore.NewTrends(parts.DB)
		reminders   = reminding.New(parts.DB, texts, planned, relay, parts.Clock)
		figures     = board.New(talks, settings, parts.Clock)
		weeks       = board.Weeks{Board: figures, Trends: trends, Agenda: planned, Clock: parts.Clock}
		audits      = auditing.Audits{
			Talks: talks, Audits: found, People: register, Agenda: planned, Relay: relay, Clock: parts.Clock,
		}
		candidates = planning.Candidates{Talks: talks, Texts: texts, Vault: sealed, Agenda: planned}
		planner    = planning.New(planning.Deps{
			DB: parts.DB, Register: register, Relay: relay, Vault: sealed, Reminders: reminders, Clock: parts.Clock, Calendars: calendars,
		})
	)
	if err := errors.Join(planned.Observe(parts.Meter()), relay.Observe(parts.Meter(), parts.Clock.Now)); err != nil {
		return nil, err
	}
	planned.Handle(reminding.Kind, reminders.Handle)
	planned.Handle(planning.KindCandidateEnd, candidates.Handle)
	planned.Handle(board.KindWeek, weeks.Handle)
	planned.Handle(auditing.Kind, audits.Handle)
	planned.Handle(auditing.KindResults, auditing.Results{Audits: found, Moments: parts.Peers.Moments(), Agenda: planned}.Handle)
	people.Follow(router, register)
	react.Reactions{Planner: planner, People: register, Talks: talks}.Subscribe(router)

	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(interviewsv1connect.NewInterviewsServiceHandler(rpc.Handler{
		Talks: talks, Settings: settings, Trends: trends, Audits: found, Board: figures, People: register, Clock: parts.Clock,
	}, options...))
	mux.Handle(interviewsv1connect.NewTalksServiceHandler(rpc.Talks{
		Talks: talks, Texts: texts, Commitments: commitments, Settings: settings, People: register, Planner: planner,
		Reminders: reminders, Candidates: candidates, Relay: relay, Clock: parts.Clock,
	}, options...))
	return &Service{
		parts: parts, router: router, relay: relay, agenda: planned, register: register, planner: planner, vault: sealed,
		audits: audits, weeks: weeks, handler: mux, lost: cfg.Lost,
	}, nil
}

// conflicts pass by themselves: whoever changed the same talks meanwhile will be done at the next delivery.
func conflicts(err error) bool { return errors.Is(err, mongodb.ErrConflict) }

// Handler serves the Connect procedures.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate brings the database to the layout that this version needs. It fails where a master key is missing under which something is
// sealed, unless that was given up.
func (s *Service) Migrate(ctx context.Context) error {
	if err := mongodb.Migrate(ctx, s.parts.DB, append(mongostore.Migrations(), people.Migration(2))); err != nil {
		return err
	}
	err := s.vault.Check(ctx)
	var lost *vault.LostError
	if !errors.As(err, &lost) {
		return err
	}
	if s.lost == giveUp {
		s.parts.Log.Warn("removing what was sealed under master keys that are missing",
			zap.Int("people", len(lost.Subjects)), zap.Strings("masters", lost.Masters))
		return s.planner.GiveUp(ctx, lost.Subjects)
	}
	return fmt.Errorf("%w, or as the file talks.key of the data folder. Where it is lost for good, so is what was written: "+
		"JALON_TALKS_LOST=forget removes that and goes on", err)
}

// Run works until ctx ends. It stops taking events in first, and publishes what these still told.
func (s *Service) Run(ctx context.Context) error {
	group := run.New(stopping)
	group.Add(
		run.Part{Name: "relay", Run: s.relay.Run},
		run.Part{Name: "agenda", Run: s.agenda.Run},
		run.Part{Name: "router", Run: s.router.Run},
		run.Once("keys", s.parts.Log, s.vault.Rewrap),
		run.Once("audits", s.parts.Log, s.audits.Start),
		run.Once("weeks", s.parts.Log, s.weeks.Start),
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
	return s.planner.PlanSnapshot(ctx, s.parts.Clock.Now())
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

// Settled tells that nothing is due and nothing waits to be published.
func (s *Service) Settled(ctx context.Context) (bool, error) {
	due, err := s.agenda.DueNow(ctx)
	if err != nil || due > 0 {
		return false, err
	}
	pending, _, err := s.relay.Pending(ctx)
	return pending == 0, err
}
