// Package moments is the service of key moments: it opens them, plans their follow-ups, asks for invitations when those are
// due, and keeps what is answered in confidence. This file is its front door and all of its wiring.
//
// Where to look: which moments there are in internal/moment/catalogue.go; what an event causes in internal/react; what happens
// when a follow-up is due in internal/due; what is asked in internal/survey/standard.go; where an answer is stored in
// internal/mongostore/responses.go; what may be shown of answers in internal/survey/release.go.
package moments

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/holidays"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/campaigning"
	"jalon.dev/services/moments/internal/closing"
	"jalon.dev/services/moments/internal/due"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/opening"
	"jalon.dev/services/moments/internal/react"
	"jalon.dev/services/moments/internal/repeating"
	"jalon.dev/services/moments/internal/rpc"
	"jalon.dev/services/moments/internal/survey"
)

// How an installation says which key moments it knows.
type (
	// Catalogue is the key moments in the order of the screens.
	Catalogue = moment.Catalogue
	// KeyMoment is a kind of moment and its follow-ups.
	KeyMoment = moment.KeyMoment
	// Rule is when a follow-up is due and what it asks.
	Rule = moment.Rule
	// Questionnaire is what a follow-up asks.
	Questionnaire = survey.Questionnaire
)

// StandardCatalogue is the one that Jalon comes with.
func StandardCatalogue() Catalogue { return moment.Standard() }

// Config is what can be chosen. The zero value is what an installation wants.
type Config struct {
	// Catalogue replaces the standard one when it is set.
	Catalogue Catalogue
	// Questionnaires are added to those that Jalon comes with.
	Questionnaires []Questionnaire
	// Pace limits how many follow-ups a second are asked, so that what piled up while the service was away comes
	// gently. Zero is no limit.
	Pace int
	// GuestsKeptDays is how many days the first name of somebody without an account is kept after the last of
	// their invitations ended. Zero is DefaultGuestsKeptDays.
	GuestsKeptDays int `env:"JALON_GUESTS_KEPT_DAYS"`
	// CampaignBatch is how many people a campaign invites at once. Zero is as many as one event names.
	CampaignBatch int
	// Holidays are public holidays besides those that Jalon comes with; see holidays.Configured.
	Holidays string `env:"JALON_HOLIDAYS"`
}

// DefaultGuestsKeptDays is how long a guest is remembered.
const DefaultGuestsKeptDays = 30

// Validate refuses to keep guests for longer than anybody could justify.
func (c Config) Validate() error {
	if c.GuestsKeptDays < 0 || c.GuestsKeptDays > mostGuestDays {
		return fmt.Errorf("JALON_GUESTS_KEPT_DAYS: must be a number of days from 1 to %d", mostGuestDays)
	}
	return nil
}

// mostGuestDays is two years: what the French data protection authority allows for applicants at most.
const mostGuestDays = 730

// stopGrace is how long all parts together have to stop.
const stopGrace = 20 * time.Second

// Service is moments, built but not running.
type Service struct {
	parts   service.Parts
	handler http.Handler
	router  *bus.Router
	agenda  *agenda.Agenda
	relay   *outbox.Relay
	closer  *closing.Closer
	opener  opening.Opener
	runner  campaigning.Runner
	series  repeating.Runner
	people  *people.Register
	yearly  due.Anniversaries
}

var (
	_ service.Service  = (*Service)(nil)
	_ service.Migrator = (*Service)(nil)
)

// New builds the service. It fails when the catalogue is wrong.
func New(parts service.Parts, cfg Config) (*Service, error) {
	if cfg.GuestsKeptDays == 0 {
		cfg.GuestsKeptDays = DefaultGuestsKeptDays
	}
	if cfg.Catalogue == nil {
		cfg.Catalogue = moment.Standard()
	}
	catalogue, err := moment.Describe(cfg.Catalogue)
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	cfg.Catalogue = catalogue
	base, err := survey.Collect(append(survey.Standard(), cfg.Questionnaires...)...)
	if err != nil {
		return nil, fmt.Errorf("reading the questionnaires: %w", err)
	}
	if err := cfg.Catalogue.Validate(base.Has); err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	calendars, err := holidays.Configured(cfg.Holidays)
	if err != nil {
		return nil, err
	}
	router, err := parts.Bus.NewRouter(parts.Name, bus.Transient(react.Passes))
	if err != nil {
		return nil, err
	}

	var (
		register  = people.NewRegister(parts.DB)
		moments   = mongostore.NewMoments(parts.DB)
		responses = mongostore.NewResponses(parts.DB)
		drafts    = mongostore.NewDrafts(parts.DB)
		followUps = mongostore.NewFollowUps(parts.DB)
		relay     = outbox.NewRelay(parts.DB, parts.Bus, parts.Log)
		planned   = agenda.New(parts.DB, parts.Clock, parts.Log, agenda.Collection(mongostore.AgendaCollection), agenda.Pace(cfg.Pace))
		arrivals  = mongostore.NewArrivals(parts.DB)
		asked     = mongostore.NewQuestionnaires(parts.DB, base)
		entries   = mongostore.NewKeyMoments(parts.DB, cfg.Catalogue, asked)
		guests    = mongostore.NewGuests(parts.DB)
		contacts  = mongostore.NewContacts(parts.DB)
		opener    = opening.Opener{Moments: moments, FollowUps: followUps, Agenda: planned, Relay: relay}
		yearly    = due.Anniversaries{KeyMoments: entries, People: register, Opener: opener, Agenda: planned, Clock: parts.Clock}
		sent      = mongostore.NewCampaigns(parts.DB)
		reactions = mongostore.NewReactions(parts.DB)
		runner    = campaigning.Runner{
			Campaigns: sent, FollowUps: followUps, Erasure: mongostore.NewErasure(parts.DB), People: register, Reactions: reactions,
			Quiet: quiet(parts), Agenda: planned, Relay: relay, Clock: parts.Clock, Log: parts.Log, Batch: cfg.CampaignBatch,
		}
		series = repeating.Runner{
			Campaigns: sent, Moments: moments, People: register, Campaign: runner, Agenda: planned, Calendars: calendars, Clock: parts.Clock, Log: parts.Log,
		}
		closer = closing.New(responses, drafts, followUps, parts.Clock, max(cfg.Catalogue.LongestAnswer(), campaign.LongestAnswer), relay, parts.Log)
	)
	if err := errors.Join(planned.Observe(parts.Meter()), relay.Observe(parts.Meter(), parts.Clock.Now)); err != nil {
		return nil, err
	}
	planned.Handle(followup.Kind, due.FollowUps{
		Catalogue: cfg.Catalogue, People: register, Arrivals: arrivals, Guests: guests, Relay: relay,
	}.Handle)
	planned.Handle(due.KindAnniversaries, yearly.Handle)
	planned.Handle(campaigning.Kind, runner.Handle)
	planned.Handle(repeating.Kind, series.Handle)
	planned.Handle(due.KindGuestEnd, due.GuestEnds{Guests: guests}.Handle)
	react.Reactions{
		KeyMoments: entries, People: register, Arrivals: arrivals, Contested: mongostore.NewContested(parts.DB), Opener: opener,
		Erasure: mongostore.NewErasure(parts.DB), Campaigns: sent, Clock: parts.Clock, Log: parts.Log,
	}.Subscribe(router)

	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	handler := rpc.Handler{
		KeyMoments: entries, Requests: mongostore.NewRequests(parts.DB), Arrivals: arrivals,
		Catalogue: cfg.Catalogue, Questionnaires: asked, Clock: parts.Clock, People: register, Agenda: planned,
		Opener: opener, Closer: closer, Moments: moments, Responses: responses, Drafts: drafts, FollowUps: followUps,
		Campaigns: sent, Audiences: mongostore.NewAudiences(parts.DB), Reactions: reactions, Quiet: quiet(parts), Runner: runner, Series: series, Guests: guests, Contacts: contacts, GuestsKept: time.Duration(cfg.GuestsKeptDays) * 24 * time.Hour, Directory: parts.Peers.Directory(),
		Rehearsal: parts.Peers.Rehearsal(),
	}
	mux.Handle(momentsv1connect.NewMomentsServiceHandler(handler, options...))
	mux.Handle(momentsv1connect.NewGuestsServiceHandler(handler, options...))
	mux.Handle(momentsv1connect.NewContactsServiceHandler(handler, options...))
	mux.Handle(momentsv1connect.NewCampaignsServiceHandler(handler, options...))
	mux.Handle(momentsv1connect.NewAudiencesServiceHandler(handler, options...))
	mux.Handle(momentsv1connect.NewSeriesServiceHandler(handler, options...))
	mux.Handle(momentsv1connect.NewCampaignResultsServiceHandler(handler, options...))
	mux.Handle(momentsv1connect.NewCampaignCareServiceHandler(handler, options...))
	return &Service{
		parts: parts, handler: mux, router: router, agenda: planned, relay: relay, closer: closer, opener: opener, runner: runner, series: series, people: register,
		yearly: yearly,
	}, nil
}

// Handler serves MomentsService.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate makes the indexes.
func (s *Service) Migrate(ctx context.Context) error {
	return mongodb.Migrate(ctx, s.parts.DB, mongostore.Migrations())
}

// Run works until ctx ends. Read from the bottom, the parts are in the order in which they stop: first what takes work in,
// last what sends events out.
func (s *Service) Run(ctx context.Context) error {
	group := run.New(stopGrace)
	group.Add(
		run.Part{Name: "relay", Run: s.relay.Run},
		run.Part{Name: "closer", Run: s.closer.Run},
		run.Part{Name: "agenda", Run: s.agenda.Run},
		run.Part{Name: "router", Run: s.router.Run},
		run.Once("anniversaries", s.parts.Log, s.yearly.Start),
		run.Once("repair", s.parts.Log, s.repair),
		run.Once("people", s.parts.Log, s.learnPeople),
	)
	return group.Run(ctx)
}

// Ready tells whether events are being followed.
func (s *Service) Ready(context.Context) error {
	select {
	case <-s.router.Running():
		return nil
	default:
		return errors.New("events are not followed yet")
	}
}

// Settled tells that no follow-up is due, no answered invitation open, and no event unsent.
func (s *Service) Settled(ctx context.Context) (bool, error) {
	due, err := s.agenda.DueNow(ctx)
	if err != nil || due > 0 {
		return false, err
	}
	if !s.closer.Settled() {
		return false, nil
	}
	pending, _, err := s.relay.Pending(ctx)
	return pending == 0, err
}

// repair completes what a process that died half way had declared.
func (s *Service) repair(ctx context.Context) error {
	return errors.Join(s.opener.Repair(ctx, s.parts.Clock.Now()), s.runner.Repair(ctx), s.series.Repair(ctx))
}

// learnPeople fetches the people whose events are gone from the bus since long, where this service is younger than they.
func (s *Service) learnPeople(ctx context.Context) error {
	return people.Bootstrap(identity.AsService(ctx, s.parts.Name), s.people, s.router.Running(), s.parts.Peers.Directory())
}
