// Package mail tells people by e-mail of the prompts that the gate let through, and their calendars of their talks.
//
// Every mail is one document with an id that follows from what it tells: it is sent at most once, whatever is delivered or
// started twice. What is refused for now is tried again for some hours; what is refused for good says so; and a mail that the
// server took without answering, or that was being handed over when the process died, is not sent again: its fate is unknown,
// counted and shown. The prompt in-app is there in any case.
package mail

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/calendar"
	"jalon.dev/services/notifications/internal/gate"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

const (
	// together is how many mails are claimed at once by one connection: more would mean fewer writes, and more mails whose fate
	// is unknown after a crash.
	together = 100
	// kindBatch is an item of mail's own agenda: up to together mails. A slow mail server holds up no other agenda.
	kindBatch = "mail-batch"
	// stale prompts are from before e-mail was switched on, or from a long silence: they are not written about any more.
	stale = 24 * time.Hour
)

// Contacts tells how to write to people.
type Contacts interface {
	GetContacts(context.Context, *directoryv1.GetContactsRequest) (*directoryv1.GetContactsResponse, error)
}

// Prospect is what the gate says of writing to a person later than planned.
type Prospect struct {
	// From is the first instant, from now on, at which the person may be reached.
	From time.Time
	// Zone is where the person is; nil where it is not known.
	Zone *time.Location
	// Open are the prompts that the person still sees.
	Open map[string]bool
}

// Prospects returns them by person; whoever is not to be written to any more has none.
type Prospects func(ctx context.Context, now time.Time, personIDs []string) (map[string]Prospect, error)

// Parts is what a mailer works with.
type Parts struct {
	DB       *mongo.Database
	Clock    clock.Clock
	Log      *zap.Logger
	Meter    metric.Meter
	Contacts Contacts
	// As makes a context in which the service asks for itself.
	As        func(context.Context) context.Context
	Prospects Prospects
	// Key signs the links in mails.
	Key []byte
}

// Mailer sends mails. Its zero Config lets it send none, and answer all the same what became of earlier ones.
type Mailer struct {
	Parts
	config   Config
	clock    clock.Clock
	store    *store
	calendar *calendar.Store
	agenda   *agenda.Agenda
	links    links
	writer   *writer
	lines    chan *line
	settled  metric.Int64Counter
}

// New returns a mailer; its agenda must run for anything to leave.
func New(parts Parts, cfg Config) (*Mailer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("configuring e-mail: %w", err)
	}
	m := &Mailer{
		Parts: parts, config: cfg, clock: parts.Clock, store: newStore(parts.DB), calendar: calendar.NewStore(parts.DB),
		links: links{home: strings.TrimSuffix(cfg.Home, "/"), key: parts.Key},
	}
	var err error
	if m.settled, err = parts.Meter.Int64Counter("jalon.mails", metric.WithDescription("Mails by what became of them.")); err != nil {
		return nil, fmt.Errorf("measuring mails: %w", err)
	}
	m.agenda = agenda.New(parts.DB, parts.Clock, parts.Log, agenda.Collection("mail_agenda"), agenda.Batch(batches))
	m.agenda.Handle(kindBatch, m.handOver)
	if !cfg.Enabled() {
		return m, nil
	}
	return m, m.connect()
}

func (m *Mailer) connect() error {
	at, err := parseServer(m.config.URL)
	if err != nil {
		return err
	}
	if at.trusted, err = m.config.trusted(); err != nil {
		return err
	}
	if m.writer, err = newWriter(m.config.From, m.links); err != nil {
		return err
	}
	if m.config.Connections == 0 {
		m.config.Connections = defaultConnections
	}
	if m.config.Patience == 0 {
		m.config.Patience = patience
	}
	m.lines = make(chan *line, m.config.Connections)
	for range m.config.Connections {
		m.lines <- &line{server: at, from: cmp.Or(m.config.Bounces, m.writer.from.Address), name: m.writer.domain, patience: m.config.Patience}
	}
	return nil
}

// Shown notes the mails that shown prompts cause. It does not send: a slow server must not hold events up.
func (m *Mailer) Shown(ctx context.Context, ev event.Event, msg *notificationsv1.PromptsShown) error {
	if !m.config.Enabled() {
		return nil
	}
	now := m.clock.Now()
	if now.Sub(ev.Time) > stale {
		return nil
	}
	var docs []any
	var items []agenda.Item
	for i, prompt := range msg.GetPrompts() {
		if prompt.GetNoEmail() {
			continue
		}
		batch := event.ID("mails", ev.ID, fmt.Sprint(i/together))
		mail := doc{
			ID: mailID(prompt.GetInvitationId(), prompt.GetReminder(), prompt.GetReminderNumber()), Batch: batch, PersonID: prompt.GetPersonId(),
			InvitationID: prompt.GetInvitationId(), Reminder: prompt.GetReminder(), State: Waiting, QueuedAt: now,
			Quiet: prompt.GetQuiet(), Piece: prompt.GetPiece(),
			Subject: subjectOf(prompt.GetSubject()),
		}
		mail.About = aboutOf(prompt.GetKeyMoment(), prompt.GetFollowUp())
		if prompt.GetKeyMoment() == gate.Talk {
			mail.Count = int(prompt.GetCount())
		}
		docs = append(docs, mail)
		if len(items) == 0 || items[len(items)-1].ID != batch {
			items = append(items, agenda.Item{ID: batch, Kind: kindBatch, Due: now})
		}
	}
	if len(docs) == 0 {
		return nil
	}
	if err := m.store.add(ctx, docs); err != nil {
		return err
	}
	return m.agenda.Schedule(ctx, items...)
}

// aboutOf is what a prompt's mail is about; empty for questions, which are all written alike.
func aboutOf(keyMoment, followUp string) string {
	switch {
	case keyMoment == gate.Talk:
		return followUp
	case keyMoment == gate.Barometer, keyMoment == gate.BarometerResults:
		return keyMoment
	case keyMoment == gate.Campaign && followUp == campaignMessage:
		return aboutMessage
	default:
		return ""
	}
}

// Run hands mails over until ctx ends, then hangs up.
func (m *Mailer) Run(ctx context.Context) error {
	if !m.config.Enabled() {
		m.Log.Info("e-mail is off: no mail server is set (JALON_SMTP_URL); people are told in-app only")
	}
	err := m.agenda.Run(ctx)
	for range len(m.lines) {
		(<-m.lines).hangUp()
	}
	return err
}

// DueNow counts the batches that are due.
func (m *Mailer) DueNow(ctx context.Context) (int, error) { return m.agenda.DueNow(ctx) }

// Count tells what became of all mails.
func (m *Mailer) Count(ctx context.Context) (*notificationsv1.CountMailsResponse, error) {
	n, err := m.store.count(ctx)
	if err != nil {
		return nil, err
	}
	return &notificationsv1.CountMailsResponse{
		Enabled: m.config.Enabled(), Waiting: n[Waiting], Sent: n[Sent], Failed: n[Failed], Bounced: n[Bounced],
		Unknown: n[Unknown], Withdrawn: n[Withdrawn],
	}, nil
}

func (m *Mailer) count(ctx context.Context, became map[State]int) {
	for state, n := range became {
		if state != Waiting {
			m.settled.Add(ctx, int64(n), metric.WithAttributes(attribute.String("state", string(state))))
		}
	}
}
