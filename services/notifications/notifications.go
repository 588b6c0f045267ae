// Package notifications owns every message to a person: the gate that decides when one may be sent, and the inbox that
// remembers what was. This file is the front door, where all its parts are put together.
package notifications

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/holidays"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/services/notifications/internal/channel"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/mail"
	"jalon.dev/services/notifications/internal/mongostore"
	"jalon.dev/services/notifications/internal/react"
	"jalon.dev/services/notifications/internal/retention"
	"jalon.dev/services/notifications/internal/rpc"
	"jalon.dev/services/notifications/internal/webhook"

	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// Rules say when and how often people may be asked. See DefaultRules and NoRules.
type Rules = gate.Rules

// DefaultRules are what an installation starts with: office hours without Monday morning, Friday afternoon, weekends and
// public holidays; two messages in any seven days and five in any thirty, one reminder of what is not answered.
func DefaultRules() Rules { return gate.DefaultRules() }

// NoRules let every message through at once, for trials and measurements.
func NoRules() Rules { return gate.NoRules() }

// Config is what can be chosen about the service.
type Config struct {
	Rules Rules
	// Holidays are public holidays besides those of France (FR) and of Alsace-Moselle (FR-57, FR-67, FR-68): the names that
	// units give, and their dates, as JALON_HOLIDAYS writes them: "BE=2026-07-21,2026-11-11; CH-GE=2026-09-10".
	Holidays string
	// Company replaces those of Rules that the company sets.
	Company CompanyRules
	// Mail says how e-mail leaves; by default none does.
	Mail MailConfig
	// Outgoing says how other systems are told; by default none is.
	Outgoing OutgoingConfig
	// Pace limits how many put-off messages are tried again per second of real time, so that a backlog does not come
	// all at once; 0 is no limit.
	Pace int
}

// MailConfig says how e-mail leaves.
type MailConfig = mail.Config

// DefaultConfig is what an installation starts with.
func DefaultConfig() Config { return Config{Rules: DefaultRules()} }

// stopping is how long the parts together are given to finish what they began.
const stopping = 20 * time.Second

// atOnce is how many events about invitations and reminders are handled at a time: most are about one person.
const atOnce = 4

// Service is notifications, built but not running.
type Service struct {
	parts     service.Parts
	router    *bus.Router
	agenda    *agenda.Agenda
	relay     *outbox.Relay
	register  *people.Register
	mailer    *mail.Mailer
	outgoing  outgoing
	retention retention.Retention
	handler   http.Handler
}

var (
	_ service.Service  = (*Service)(nil)
	_ service.Migrator = (*Service)(nil)
)

// New builds the service. It fails when the rules make no sense.
func New(parts service.Parts, cfg Config) (*Service, error) {
	var err error
	if cfg.Rules, err = cfg.Company.apply(cfg.Rules); err != nil {
		return nil, fmt.Errorf("configuring notifications: %w", err)
	}
	if cfg.Rules.Calendars, err = holidays.Configured(cfg.Holidays); err != nil {
		return nil, fmt.Errorf("configuring notifications: %w", err)
	}
	if err := cfg.Rules.Validate(); err != nil {
		return nil, fmt.Errorf("configuring notifications: %w", err)
	}
	s := &Service{
		parts:    parts,
		agenda:   agenda.New(parts.DB, parts.Clock, parts.Log, agenda.Pace(cfg.Pace)),
		relay:    outbox.NewRelay(parts.DB, parts.Bus, parts.Log),
		register: people.NewRegister(parts.DB),
	}
	messages := delivery.New(parts.DB, s.register, s.agenda, s.relay, parts.Clock, cfg.Rules)

	if err := errors.Join(s.agenda.Observe(parts.Meter()), s.relay.Observe(parts.Meter(), parts.Clock.Now)); err != nil {
		return nil, err
	}
	if s.router, err = parts.Bus.NewRouter(parts.Name, bus.Transient(conflicts)); err != nil {
		return nil, err
	}
	people.Follow(s.router, s.register)
	bus.Handle(s.router, "invitations-requested", react.InvitationsRequested(messages), bus.Several(atOnce))
	bus.Handle(s.router, "invitations-closed", react.InvitationsClosed(messages), bus.Several(atOnce))
	inboxes := mongostore.New(parts.DB)
	if s.mailer, err = s.newMailer(cfg.Mail, messages); err != nil {
		return nil, err
	}
	bus.Handle(s.router, "mail", react.PromptsShown(s.mailer, s.register), bus.ConfirmedAck())

	if s.outgoing, err = s.newOutgoing(cfg.Outgoing); err != nil {
		return nil, err
	}

	bus.Handle(s.router, "reminders-requested", react.RemindersRequested(messages), bus.Several(atOnce))
	bus.Handle(s.router, "reminders-closed", react.RemindersClosed(messages), bus.Several(atOnce))
	bus.Handle(s.router, "barometer-requested", react.BarometerRequested(messages), bus.Several(atOnce))
	bus.Handle(s.router, "barometer-closed", react.BarometerClosed(messages), bus.Several(atOnce))
	bus.Handle(s.router, "results-to-read", react.ResultsToRead(messages), bus.Several(atOnce))
	bus.Handle(s.router, "calendar-talks-planned", react.TalksPlanned(s.mailer, s.register), bus.ConfirmedAck())
	bus.Handle(s.router, "calendar-delicate-talks-planned", react.DelicateTalksPlanned(s.mailer, s.register), bus.ConfirmedAck())
	bus.Handle(s.router, "calendar-talks-cancelled", react.TalksCancelled(s.mailer, s.register), bus.ConfirmedAck())
	bus.Handle(s.router, "calendar-delicate-talks-cancelled", react.DelicateTalksCancelled(s.mailer, s.register), bus.ConfirmedAck())

	bus.Handle(s.router, "people-on-leave", react.PeopleOnLeave(messages, s.register))
	bus.Handle(s.router, "people-updated", react.PeopleUpdated(messages, s.register))
	bus.Handle(s.router, "people-returned", react.PeopleReturned(messages, s.register))
	bus.Handle(s.router, "people-erased", react.PeopleErased(messages, s.mailer, s.outgoing.webhooks))

	s.agenda.Handle(delivery.KindRetry, messages.Retry)
	s.agenda.Handle(delivery.KindReminder, messages.Retry)
	s.agenda.Handle(delivery.KindExpiry, messages.Expire)
	s.retention = retention.Retention{
		Inboxes: inboxes, Mails: s.mailer, Webhooks: s.outgoing.webhooks, Channels: s.outgoing.channels, Agenda: s.agenda, Clock: parts.Clock,
	}
	s.agenda.Handle(retention.Kind, s.retention.Handle)

	options, err := parts.HandlerOptions()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(notificationsv1connect.NewNotificationsServiceHandler(
		rpc.New(messages, inboxes, s.register, parts.Clock).WithMail(s.mailer), options...))
	mux.Handle(notificationsv1connect.NewOpensServiceHandler(rpc.Opens{Mailer: s.mailer}, options...))
	mux.Handle(notificationsv1connect.NewReachServiceHandler(rpc.Reach{
		Inboxes: inboxes, Figures: mongostore.NewFigures(parts.DB), Register: s.register, Mailer: s.mailer, Clock: parts.Clock, Quiet: cfg.Rules.Quiet,
	}, options...))
	mux.Handle(notificationsv1connect.NewRehearsalServiceHandler(rpc.NewRehearsal(messages, s.mailer), options...))
	mux.Handle(notificationsv1connect.NewOutgoingServiceHandler(
		rpc.Outgoing{Webhooks: s.outgoing.webhooks, Channels: s.outgoing.channels, Clock: parts.Clock}, options...))
	s.handler = mux
	return s, nil
}

// conflicts pass by themselves: whoever changed the same inboxes meanwhile will be done at the next delivery.
func conflicts(err error) bool { return errors.Is(err, mongodb.ErrConflict) }

// Handler serves the Connect procedures.
func (s *Service) Handler() http.Handler { return s.handler }

// Migrate brings the database to the layout that this version needs.
func (s *Service) Migrate(ctx context.Context) error { return migrate(ctx, s.parts.DB) }

// mailMigration leaves room below for those of the inboxes, and webhookMigration for those of mails.
const (
	mailMigration    = 100
	webhookMigration = 200
	channelMigration = 300
)

func migrate(ctx context.Context, db *mongo.Database) error {
	migrations := append(mongostore.Migrations(), people.Migration(2))
	migrations = append(migrations, mail.Migrations(mailMigration)...)
	migrations = append(migrations, webhook.Migrations(webhookMigration)...)
	return mongodb.Migrate(ctx, db, append(migrations, channel.Migrations(channelMigration)...))
}

// Run works until ctx ends. It stops taking events in first, then due items, and publishes what these still told.
func (s *Service) Run(ctx context.Context) error {
	group := run.New(stopping)
	group.Add(
		run.Part{Name: "relay", Run: s.relay.Run},
		run.Part{Name: "agenda", Run: s.agenda.Run},
		run.Part{Name: "mail", Run: s.mailer.Run},
		run.Part{Name: "webhooks", Run: s.outgoing.webhooks.Run},
		run.Part{Name: "channels", Run: s.outgoing.channels.Run},
		run.Part{Name: "router", Run: s.router.Run},
		run.Once("people", s.parts.Log, s.learnPeople),
		run.Once("retention", s.parts.Log, s.retention.Start),
		run.Once("outgoing keys", s.parts.Log, s.outgoing.keys),
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

// Settled tells that nothing is due and nothing waits to be published.
func (s *Service) Settled(ctx context.Context) (bool, error) {
	due, err := s.agenda.DueNow(ctx)
	if err != nil {
		return false, err
	}
	mails, err := s.mailer.DueNow(ctx)
	if err != nil {
		return false, err
	}
	leaving, err := s.outgoing.dueNow(ctx)
	if err != nil {
		return false, err
	}
	pending, _, err := s.relay.Pending(ctx)
	if err != nil {
		return false, err
	}
	return due == 0 && mails == 0 && leaving == 0 && pending == 0, nil
}
