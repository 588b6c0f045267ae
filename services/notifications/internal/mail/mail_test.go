package mail_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/metric/noop"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/notifications/internal/mail"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

var tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// office is a running mailer with what surrounds it.
type office struct {
	t      *testing.T
	db     *mongo.Database
	clock  *clock.Movable
	server *scripted
	mailer *mail.Mailer
	logs   *observer.ObservedLogs
	stop   func()

	mu       sync.Mutex
	contacts map[string]*directoryv1.Contact
	closed   map[string]bool // people who have answered
	opens    time.Time       // from when on people may be reached
	gone     map[string]bool // people who have left
	abroad   map[string]bool // people on La Réunion; the others are in Paris
	asked    func()          // called when somebody's address is asked for
}

func open(t *testing.T, change ...func(*mail.Config)) *office {
	t.Helper()
	o := &office{
		t: t, db: mongotest.Database(t), clock: clock.NewFrozen(tuesday), server: startServer(t),
		contacts: map[string]*directoryv1.Contact{}, closed: map[string]bool{}, gone: map[string]bool{},
		abroad: map[string]bool{},
	}
	require.NoError(t, mongodb.Migrate(t.Context(), o.db, mail.Migrations(1)))
	cfg := mail.Config{URL: o.server.URL, From: "Jalon <jalon@example.com>", Home: "https://jalon.example.com"}
	for _, f := range change {
		f(&cfg)
	}
	o.start(cfg)
	return o
}

func (o *office) start(cfg mail.Config) {
	o.t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	o.logs = logs
	var err error
	o.mailer, err = mail.New(mail.Parts{
		DB: o.db, Clock: o.clock, Log: zap.New(core), Meter: noop.Meter{}, Contacts: o,
		As: func(ctx context.Context) context.Context { return ctx }, Prospects: o.prospects, Key: []byte("a key for tests"),
	}, cfg)
	require.NoError(o.t, err)
	ctx, cancel := context.WithCancel(o.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.mailer.Run(ctx) }()
	o.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(o.t, <-ended)
	})
	o.t.Cleanup(func() { o.stop() })
}

func (o *office) GetContacts(_ context.Context, req *directoryv1.GetContactsRequest) (*directoryv1.GetContactsResponse, error) {
	if o.asked != nil {
		o.asked()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	res := &directoryv1.GetContactsResponse{}
	for _, id := range req.GetIds() {
		if c, ok := o.contacts[id]; ok {
			res.Contacts = append(res.Contacts, c)
		}
	}
	return res, nil
}

func (o *office) prospects(_ context.Context, now time.Time, people []string) (map[string]mail.Prospect, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	from := now
	if o.opens.After(now) {
		from = o.opens
	}
	all := map[string]mail.Prospect{}
	for _, p := range people {
		name := "Europe/Paris"
		if o.abroad[p] {
			name = "Indian/Reunion"
		}
		zone, err := clock.Zone(name)
		if err != nil {
			return nil, err
		}
		if !o.gone[p] {
			all[p] = mail.Prospect{From: from, Zone: zone, Open: map[string]bool{invitationOf(p): !o.closed[p]}}
		}
	}
	return all, nil
}

func invitationOf(person string) string { return event.ID("invitation", person) }

// know makes people known, by the names of their mailboxes.
func (o *office) know(mailboxes ...string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var ids []string
	for _, box := range mailboxes {
		id := event.ID("person", box)
		o.contacts[id] = &directoryv1.Contact{PersonId: id, GivenName: "Léa", FamilyName: "Moreau", Email: box + "@example.com", Language: "fr"}
		ids = append(ids, id)
	}
	return ids
}

func (o *office) show(people ...string) *notificationsv1.PromptsShown {
	msg := &notificationsv1.PromptsShown{}
	for _, p := range people {
		msg.Prompts = append(msg.Prompts, &notificationsv1.Prompt{InvitationId: invitationOf(p), PersonId: p, KeyMoment: "onboarding", FollowUp: "day_7"})
	}
	return msg
}

// tell lets the mailer hear of shown prompts and waits until nothing is due.
func (o *office) tell(msg *notificationsv1.PromptsShown) {
	o.t.Helper()
	ev, err := event.New(o.t.Context(), "notifications", "", o.clock.Now(), msg)
	require.NoError(o.t, err)
	require.NoError(o.t, o.mailer.Shown(o.t.Context(), ev, msg))
	o.settle()
}

func (o *office) settle() {
	o.t.Helper()
	require.Eventually(o.t, func() bool {
		due, err := o.mailer.DueNow(o.t.Context())
		return err == nil && due == 0
	}, 20*time.Second, 5*time.Millisecond)
}

func (o *office) later(d time.Duration) {
	o.clock.Advance(d)
	o.settle()
}

func (o *office) counts() *notificationsv1.CountMailsResponse {
	o.t.Helper()
	n, err := o.mailer.Count(o.t.Context())
	require.NoError(o.t, err)
	return n
}

// noted is a mail as it is stored.
type noted struct {
	ID                   string `bson:"_id"`
	Batch, State, Reason string
}

// noted returns the first mail to a person.
func (o *office) noted(person string) (found noted) {
	o.t.Helper()
	require.NoError(o.t, o.db.Collection("mails").FindOne(o.t.Context(), bson.D{{Key: "person_id", Value: person}}).Decode(&found))
	return found
}

func (o *office) reason(person string) (state, reason string) {
	o.t.Helper()
	found := o.noted(person)
	return found.State, found.Reason
}

func TestAShownPromptIsMailedOnceHoweverOftenItIsTold(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben", "carla")
	msg := o.show(people...)
	for range 3 {
		o.tell(msg)
	}
	require.Len(t, o.server.taken(), 3)
	require.EqualValues(t, 3, o.counts().GetSent())
}

func TestAReminderIsAMailOfItsOwn(t *testing.T) {
	o := open(t)
	people := o.know("anna")
	o.tell(o.show(people...))
	again := o.show(people...)
	again.Prompts[0].Reminder = true
	o.tell(again)
	o.tell(again)
	mails := o.server.taken()
	require.Len(t, mails, 2)
	require.Contains(t, mails[1].content, "Rappel")
}

func TestWhoHasNoAddressOrWantsNoMailGetsNone(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben", "carla")
	o.contacts[people[0]].Email = ""
	require.NoError(t, o.mailer.Choose(t.Context(), o.mailer.Token(people[1]), false))
	wanted, err := o.mailer.Wanted(t.Context(), o.mailer.Token(people[1]))
	require.NoError(t, err)
	require.False(t, wanted)
	msg := o.show(people...)
	msg.Prompts[2].NoEmail = true
	o.tell(msg)
	require.Empty(t, o.server.taken())
	require.EqualValues(t, 2, o.counts().GetWithdrawn())

	require.NoError(t, o.mailer.Choose(t.Context(), o.mailer.Token(people[1]), true))
	again := o.show(people[1])
	again.Prompts[0].Reminder = true
	o.tell(again)
	require.Len(t, o.server.taken(), 1)
}

func TestRefusalsForNowAreTriedAgainAndWithdrawnOnceAnswered(t *testing.T) {
	o := open(t)
	people := o.know("putoff.anna", "busy.ben", "cut.carla", "putoff.dan")
	o.tell(o.show(people...))
	require.Empty(t, o.server.taken())
	require.EqualValues(t, 4, o.counts().GetWaiting())
	require.NotContains(t, fmt.Sprint(o.logs.All()), "anna", "a log line names an address")

	o.server.calmDown()
	o.closed[people[3]] = true
	o.later(time.Minute)
	require.Len(t, o.server.taken(), 3)
	require.EqualValues(t, 3, o.counts().GetSent())
	state, reason := o.reason(people[3])
	require.Equal(t, "withdrawn closed", state+" "+reason)
}

func TestAMailThatIsRefusedForNowForTooLongIsGivenUp(t *testing.T) {
	o := open(t)
	people := o.know("putoff.anna")
	o.tell(o.show(people...))
	for range 20 {
		o.later(time.Hour)
	}
	state, reason := o.reason(people[0])
	require.Equal(t, "failed 451 4.7.1", state+" "+reason)
	require.Zero(t, o.counts().GetWaiting())
}

func TestRefusalsForGoodAreNotTriedAgainAndAnAddressThatDoesNotExistIsMarked(t *testing.T) {
	o := open(t)
	people := o.know("unknown.anna", "forbidden.ben", "spam.carla", "fine.dan")
	o.contacts[people[3]].Email = "not an address"
	o.tell(o.show(people...))
	counts := o.counts()
	require.EqualValues(t, 2, counts.GetBounced())
	require.EqualValues(t, 2, counts.GetFailed())
	o.server.calmDown()
	o.later(24 * time.Hour)
	require.Empty(t, o.server.taken())

	again := o.show(people[0])
	again.Prompts[0].Reminder = true
	o.tell(again)
	require.Empty(t, o.server.taken(), "the same address was written to again")

	o.contacts[people[0]].Email = "anna.new@example.com"
	next := o.show(people[0])
	next.Prompts[0].InvitationId = event.ID("invitation", "next")
	o.tell(next)
	require.Len(t, o.server.taken(), 1)
}

func TestAMailWhoseFateIsUnknownIsCountedAndNotSentAgain(t *testing.T) {
	for _, fault := range []behaviour{hangsUp, neverReacts} {
		t.Run(string(fault), func(t *testing.T) {
			o := open(t, func(c *mail.Config) { c.Patience = 4 * time.Second }) // a busy machine answers ben within it
			people := o.know(string(fault)+".anna", "ben")
			o.tell(o.show(people...))
			o.later(time.Minute)
			require.EqualValues(t, 1, o.counts().GetUnknown())
			require.EqualValues(t, 1, o.counts().GetSent(), "the next mail went out on a new connection")
			o.server.calmDown()
			o.tell(o.show(people...))
			o.later(24 * time.Hour)
			require.Equal(t, 1, o.server.wholeTo(string(fault)+".anna@example.com"))
		})
	}
}

func TestMailsWaitForAServerThatIsAway(t *testing.T) {
	o := open(t, func(c *mail.Config) { c.URL = "smtp://127.0.0.1:1" })
	o.tell(o.show(o.know("anna", "ben")...))
	require.EqualValues(t, 2, o.counts().GetWaiting())
	o.stop()
	o.start(mail.Config{URL: o.server.URL, From: "jalon@example.com", Home: "https://jalon.example.com"})
	o.later(time.Minute)
	require.EqualValues(t, 2, o.counts().GetSent())
}

func TestConnectionsAreKeptFromMailToMail(t *testing.T) {
	o := open(t, func(c *mail.Config) { c.Connections = 2 })
	var boxes []string
	for i := range 450 {
		boxes = append(boxes, fmt.Sprint("box", i))
	}
	o.tell(o.show(o.know(boxes...)...))
	require.Len(t, o.server.taken(), 450)
	require.LessOrEqual(t, o.server.opened, 2)
}

func TestWithoutAServerNothingIsSentAndOldPromptsAreNotWrittenAboutLater(t *testing.T) {
	o := open(t, func(c *mail.Config) { *c = mail.Config{} })
	msg := o.show(o.know("anna")...)
	o.tell(msg)
	require.False(t, o.counts().GetEnabled())
	require.Zero(t, o.counts().GetWaiting())
	require.Len(t, o.logs.FilterMessageSnippet("e-mail is off").All(), 1)
	o.stop()

	o.start(mail.Config{URL: o.server.URL, From: "jalon@example.com", Home: "https://jalon.example.com"})
	ev, err := event.New(t.Context(), "notifications", "", o.clock.Now().AddDate(0, 0, -3), msg)
	require.NoError(t, err)
	require.NoError(t, o.mailer.Shown(t.Context(), ev, msg))
	o.settle()
	require.Empty(t, o.server.taken())
}

func TestSettingsThatCannotWorkAreRefusedInWords(t *testing.T) {
	good := mail.Config{URL: "smtp://user:secret@mail.example.com:587?starttls=required", From: "Jalon <jalon@example.com>", Home: "https://jalon.example.com"}
	require.NoError(t, good.Validate())
	require.NoError(t, (&mail.Config{}).Validate())
	for name, change := range map[string]func(*mail.Config){
		"JALON_SMTP_URL":         func(c *mail.Config) { c.URL = "mail.example.com:587" },
		"starttls":               func(c *mail.Config) { c.URL = "smtp://mail.example.com?starttls=perhaps" },
		"in the clear":           func(c *mail.Config) { c.URL = "smtp://user:secret@mail.example.com?starttls=off" },
		"JALON_MAIL_FROM":        func(c *mail.Config) { c.From = "" },
		"JALON_PUBLIC_URL":       func(c *mail.Config) { c.Home = "" },
		"JALON_SMTP_CONNECTIONS": func(c *mail.Config) { c.Connections = 1000 },
	} {
		wrong := good
		change(&wrong)
		err := wrong.Validate()
		require.ErrorContains(t, err, name)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestATokenOpensOnePersonsChoiceAndCannotBeMade(t *testing.T) {
	o := open(t)
	token := o.mailer.Token("somebody")
	for _, forged := range []string{"", "x", token + "A", "A" + token, token[:len(token)-2] + "AA", "somebody"} {
		_, err := o.mailer.Wanted(t.Context(), forged)
		require.ErrorIs(t, err, mail.ErrBadToken, forged)
		require.ErrorIs(t, o.mailer.Choose(t.Context(), forged, false), mail.ErrBadToken, forged)
	}
}
