// Package portal is the web application: the one place where HR, managers and employees meet Jalon, and the one address that
// an installation shows to the outside.
package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // the reader's time zone must be known on machines that ship none

	"connectrpc.com/connect"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/services/portal/internal/apikey"
	"jalon.dev/services/portal/internal/assets"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/gateway"
	"jalon.dev/services/portal/internal/guide"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/live"
	"jalon.dev/services/portal/internal/oidc"
	"jalon.dev/services/portal/internal/operator"
	"jalon.dev/services/portal/internal/react"
	"jalon.dev/services/portal/internal/roles"
	"jalon.dev/services/portal/internal/session"
	"jalon.dev/services/portal/internal/upload"
	"jalon.dev/services/portal/internal/web"
	"jalon.dev/services/portal/internal/widget"
)

// What demo mode needs from whoever runs the demo; see package web.
type (
	// Demo adds people to be and a clock to move.
	Demo = web.Demo
	// Persona is somebody to be.
	Persona = web.Persona
	// Mailbox holds mails that were caught instead of sent.
	Mailbox = web.Mailbox
	// CaughtMail is one of them.
	CaughtMail = web.CaughtMail
	// PersonaKind is a persona's point of view.
	PersonaKind = web.PersonaKind
)

// SignIn names the company's sign-in; see package oidc.
type SignIn = oidc.Settings

// Widget names the pages of other origins that may show prompts; see package widget.
type Widget = widget.Settings

// The kinds of personas.
const (
	PersonaHR       = web.PersonaHR
	PersonaManager  = web.PersonaManager
	PersonaEmployee = web.PersonaEmployee
)

const (
	sweepEvery = 10 * time.Minute
	// An open page notices within this time that its reader has left the company.
	defaultRecheck = 20 * time.Second
	defaultZone    = "Europe/Paris"
)

// Config is what the portal alone needs to know.
type Config struct {
	// Demo is nil except in demo mode.
	Demo Demo
	// Mailbox is nil except in demo mode.
	Mailbox Mailbox
	// PublicURL is the address that browsers use. With https, cookies travel on secure connections only.
	PublicURL string
	// OperatorKey opens the API to the command line; empty keeps it shut, and no key for an outside system can be made.
	OperatorKey string
	// SignIn is the company's own sign-in by OpenID Connect; zero where there is none.
	SignIn SignIn
	// Widget says which pages of other origins may show prompts; zero where none may.
	Widget Widget
	// BallotURL is where browsers cast the barometer's ballots, maybe at another origin; /ballots here when empty.
	BallotURL string
	// HostPage is the address of the demonstration's intranet page; empty except in demo mode.
	HostPage string
	// AuditDays is for how many days what HR and operators did is kept; a year when 0.
	AuditDays int
	// Zone is the time zone of readers whom no HR file names; Europe/Paris when nil.
	Zone *time.Location
	// Recheck is how often an open page's session is looked at again, at most 30 s; 20 s when 0.
	Recheck time.Duration
}

// Service is the portal. It is built by New.
type Service struct {
	parts    service.Parts
	router   *bus.Router
	people   *people.Register
	sessions *session.Store
	roles    *roles.Book
	audit    *audit.Log
	uploads  *upload.Store
	recheck  time.Duration
	hub      *live.Hub
	site     *web.Site
	oidc     *oidc.Provider
	widget   *widget.Widget
	handler  http.Handler
}

// New builds the portal.
func New(parts service.Parts, cfg Config) (*Service, error) {
	secure, err := isSecure(cfg.PublicURL)
	if err != nil {
		return nil, err
	}
	if cfg.Zone == nil {
		if cfg.Zone, err = time.LoadLocation(defaultZone); err != nil {
			return nil, fmt.Errorf("reading time zone %s: %w", defaultZone, err)
		}
	}
	words, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	guides, err := guide.Load()
	if err != nil {
		return nil, err
	}
	files, err := assets.Load()
	if err != nil {
		return nil, err
	}
	if !files.Bundled() {
		parts.Log.Warn("the browser's scripts are not built into this program: pages work, without live prompts and charts")
	}
	company, err := oidc.New(cfg.SignIn, cfg.PublicURL, parts.Log)
	if err != nil {
		return nil, err
	}
	router, err := parts.Bus.NewRouter(parts.Name)
	if err != nil {
		return nil, fmt.Errorf("making the event router: %w", err)
	}
	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, err
	}

	// Sessions and uploads live by the real clock: moving a demo's clock signs nobody out.
	real := clock.System()
	keys := apikey.NewBook(parts.DB, real)
	sessions := session.New(parts.DB, real)
	s := &Service{
		parts: parts, router: router, people: people.NewRegister(parts.DB), sessions: sessions,
		uploads: upload.New(parts.DB, real), hub: live.NewHub(), oidc: company,
		roles: roles.NewBook(parts.DB, sessions, real), audit: audit.New(parts.DB, real, cfg.AuditDays), recheck: recheck(cfg.Recheck),
	}
	if s.widget, err = widget.New(parts.DB, real, cfg.Widget, cfg.PublicURL); err != nil {
		return nil, err
	}
	people.Follow(router, s.people)
	bus.Handle(router, "people-erased", react.Erasure{
		People: s.people, Sessions: s.sessions, Roles: s.roles, Widget: widget.NewStore(parts.DB, real), Hub: s.hub,
	}.PeopleErased)
	bus.Handle(router, "campaign-tests-decided", react.CampaignTestsDecided(s.audit))
	s.site = web.New(web.Deps{
		Peers: parts.Peers, People: s.people, Sessions: s.sessions, Roles: s.roles, Audit: s.audit, Uploads: s.uploads, Hub: s.hub, Clock: parts.Clock, Log: parts.Log, Keys: keys,
		Words: words, Guides: guides, Assets: files, OIDC: company, Demo: cfg.Demo, Mailbox: cfg.Mailbox, Secure: secure, Zone: cfg.Zone, Recheck: recheck(cfg.Recheck),
		Widget: s.widget, HostPage: cfg.HostPage, BallotURL: cfg.BallotURL, PublicURL: strings.TrimSuffix(cfg.PublicURL, "/"),
	})
	// What the command line does is recorded like what is done on pages.
	options = append(options, connect.WithInterceptors(audit.Interceptor(s.audit, parts.Log)))
	api := gateway.New(gateway.Config{
		OperatorKey: cfg.OperatorKey, Keys: keys, Signer: parts.Signer, Audience: parts.Name, Peers: parts.Peers, Log: parts.Log,
		Operator: operator.New(s.sessions, s.roles, keys, parts.Bus, parts.Peers.Directory()),
		Access:   operator.NewAccess(s.roles, s.audit, parts.Peers.Directory()),
	}, options...)
	s.handler = split(api, handOn(parts.Peers.CastBallot), handOn(parts.Peers.ReadCard), s.site.Handler())
	return s, nil
}

func isSecure(publicURL string) (bool, error) {
	parsed, err := url.Parse(publicURL)
	if err != nil {
		return false, fmt.Errorf("reading the public address: %w", err)
	}
	return parsed.Scheme == "https", nil
}

func recheck(configured time.Duration) time.Duration {
	if configured <= 0 || configured > 30*time.Second {
		return defaultRecheck
	}
	return configured
}

// split parts procedures and ballots from pages by their paths. Ballots and what cards open pass by everything that pages have around
// them: sessions, languages, the log of what was served.
func split(api, ballots, cards, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, gateway.Prefix):
			api.ServeHTTP(w, r)
		case r.URL.Path == rpc.BallotsPath:
			ballots.ServeHTTP(w, r)
		case r.URL.Path == rpc.CardsPath:
			cards.ServeHTTP(w, r)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// Handler serves pages, live prompts and the API of those who come with a key.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate makes the indexes.
func (s *Service) Migrate(ctx context.Context) error {
	return mongodb.Migrate(ctx, s.parts.DB, []mongodb.Migration{
		people.Migration(1),
		// 2 made an index of people by their last day, which nothing asks for any more.
		audit.Migration(3),
		session.Migration(4),
		session.CodeMigration(5),
		apikey.Migration(6),
	})
}

// Run follows people and prompts until ctx ends; open streams end first, so that their pages find another replica.
func (s *Service) Run(ctx context.Context) error {
	context.AfterFunc(ctx, s.closeStreams)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.router.Run(ctx) })
	group.Go(func() error { return s.parts.Bus.Broadcast(ctx, live.Types(), s.hear) })
	group.Go(func() error { return run.Once("people", s.parts.Log, s.learnPeople).Run(ctx) })
	group.Go(func() error { s.roles.Keep(ctx, s.recheck, s.parts.Log); return nil })
	group.Go(func() error { s.site.Review(ctx); return nil })
	group.Go(func() error { s.site.ReviewWidget(ctx); return nil })
	if s.oidc != nil {
		group.Go(func() error { s.oidc.Keep(ctx); return nil })
	}
	group.Go(func() error { s.sweep(ctx); return nil })
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// learnPeople asks directory for everybody once the events are being followed.
func (s *Service) learnPeople(ctx context.Context) error {
	return people.Bootstrap(identity.AsService(ctx, s.parts.Name), s.people, s.router.Running(), s.parts.Peers.Directory())
}

func (s *Service) sweep(ctx context.Context) {
	for {
		if err := errors.Join(s.sessions.Sweep(ctx), s.audit.Sweep(ctx), s.uploads.Sweep(ctx), s.sweepWidget(ctx)); err != nil && ctx.Err() == nil {
			s.parts.Log.Warn("sweeping what has ended", zap.Error(err))
		}
		select {
		case <-time.After(sweepEvery):
		case <-ctx.Done():
			return
		}
	}
}

// Ready returns nil once events are being followed.
func (s *Service) Ready(context.Context) error {
	select {
	case <-s.router.Running():
		return nil
	default:
		return errors.New("events are not followed yet")
	}
}

// Settled is always true: the portal plans nothing and publishes nothing.
func (s *Service) Settled(context.Context) (bool, error) { return true, nil }
