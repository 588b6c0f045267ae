package notifications_test

import (
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"

	"connectrpc.com/connect"
	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/services/notifications"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// mailboxes is a mail server that takes everything.
type mailboxes struct {
	mu    sync.Mutex
	mails []string
}

func (m *mailboxes) NewSession(*smtp.Conn) (smtp.Session, error) { return &conversation{m}, nil }

func (m *mailboxes) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.mails...)
}

type conversation struct{ *mailboxes }

func (c *conversation) Reset()                               {}
func (c *conversation) Logout() error                        { return nil }
func (c *conversation) Mail(string, *smtp.MailOptions) error { return nil }
func (c *conversation) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (c *conversation) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mails = append(c.mails, string(content))
	return nil
}

func withMail(t *testing.T) (notifications.Config, *mailboxes) {
	t.Helper()
	boxes := &mailboxes{}
	server := smtp.NewServer(boxes)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.NoError(t, <-served)
	})
	return notifications.Config{Rules: notifications.NoRules(), Mail: notifications.MailConfig{
		URL: "smtp://" + listener.Addr().String(), From: "Jalon <jalon@example.com>", Home: "https://jalon.example.com",
	}}, boxes
}

func TestAnInvitationIsShownAndMailedOnceWhateverIsDeliveredAgain(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	ada := uuid.NewString()
	w.hire(asIs, ada)
	invitation := w.invite(ada)
	w.publish("moments", invitation)
	require.Len(t, w.prompts(ada), 1)
	require.Len(t, boxes.all(), 1)
	require.Contains(t, boxes.all()[0], "List-Unsubscribe-Post: List-Unsubscribe=One-Click")

	w.forget("NOTIFICATIONS", "notifications-mail")
	w.replica(cfg)
	w.publish("moments", invitation)
	require.Len(t, boxes.all(), 1, "the mail was sent again")

	counted, err := w.peers.Notifications().CountMails(w.as("", identity.HR), &notificationsv1.CountMailsRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 1, counted.GetSent())
	require.True(t, counted.GetEnabled())
}

func TestAnAddressThatAReportSaysDoesNotExistIsCounted(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	ada := uuid.NewString()
	w.hire(asIs, ada)
	w.publish("moments", w.invite(ada))
	header, _, _ := strings.Cut(boxes.all()[0], "\r\n\r\n")
	report := "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay\r\n\r\n" +
		"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + header + "\r\n\r\n--b--\r\n"
	say := func(as identity.Role, message string) (*notificationsv1.ReportBounceResponse, error) {
		return w.peers.Notifications().ReportBounce(w.as("", as), &notificationsv1.ReportBounceRequest{Message: []byte(message)})
	}
	_, err := say(identity.HR, report)
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	_, err = say(identity.Operator, "hello")
	require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err))
	_, err = say(identity.Operator, regexp.MustCompile(`Message-ID:\s*<`).ReplaceAllString(report, "Message-ID: <x"))
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	done, err := say(identity.Operator, report)
	require.NoError(t, err)
	require.Equal(t, notificationsv1.ReportBounceResponse_OUTCOME_ADDRESS_REFUSED, done.GetOutcome())
	counted, err := w.peers.Notifications().CountMails(w.as("", identity.HR), &notificationsv1.CountMailsRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 1, counted.GetBounced())
	require.Zero(t, counted.GetSent())
}

func TestTheLinkInAMailAndThePersonsOwnPageTellTheSame(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	ada := uuid.NewString()
	w.hire(asIs, ada)
	w.publish("moments", w.invite(ada))
	require.Len(t, boxes.all(), 1)
	token := tokenIn(boxes.all()[0])
	service := w.as("", identity.Service)
	wanted := func() bool {
		choice, err := w.peers.Notifications().GetMailChoice(service, &notificationsv1.GetMailChoiceRequest{Token: token})
		require.NoError(t, err)
		return choice.GetWanted()
	}
	own := func() bool {
		chosen, err := w.peers.Notifications().GetPreferences(w.as(ada), &notificationsv1.GetPreferencesRequest{PersonId: ada})
		require.NoError(t, err)
		return !chosen.GetPreferences().GetNoEmail()
	}
	set := func(wanted bool) {
		_, err := w.peers.Notifications().SetMailChoice(service, &notificationsv1.SetMailChoiceRequest{Token: token, Wanted: wanted})
		require.NoError(t, err)
	}
	require.True(t, wanted())
	set(false)
	require.False(t, wanted())
	require.False(t, own())
	w.publish("moments", w.invite(ada))
	require.Len(t, w.prompts(ada), 2, "prompts in-app stay")
	require.Len(t, boxes.all(), 1)

	set(true)
	require.True(t, own())
	w.publish("moments", w.invite(ada))
	require.Len(t, boxes.all(), 2)
}

// tokenIn reads the unsubscribe token of a mail, whose header lines may be folded.
func tokenIn(raw string) string {
	raw = strings.ReplaceAll(raw, "\r\n ", "")
	_, rest, _ := strings.Cut(raw, "/unsubscribe/")
	token, _, _ := strings.Cut(rest, ">")
	return token
}
