package mail_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/mail"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// returned is a mail as a server returns it, with the header of the one that it could not deliver.
func returned(action, status, header string) string {
	return strings.ReplaceAll(fmt.Sprintf(`Return-Path: <>
From: MAILER-DAEMON@relay.example.com (Mail Delivery System)
To: jalon@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="line"

This is a MIME-encapsulated message.

--line
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--line
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.com
Arrival-Date: Tue, 3 Nov 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; anna@example.com
Action: %s
Status: %s
Diagnostic-Code: smtp; 550 5.1.1 <anna@example.com>: user unknown

--line
Content-Type: text/rfc822-headers

%s
--line--
`, action, status, header), "\n", "\r\n")
}

// headerOf is the header of the first mail to the address that the server took, its lines ending as in the report.
func (o *office) headerOf(address string) string {
	o.t.Helper()
	for _, taken := range o.server.taken() {
		if taken.to == address {
			header, _, _ := strings.Cut(strings.ReplaceAll(taken.content, "\r\n", "\n"), "\n\n")
			return header
		}
	}
	o.t.Fatalf("no mail was sent to %s", address)
	return ""
}

// showMore are further prompts to people.
func (o *office) showMore(which string, people ...string) *notificationsv1.PromptsShown {
	msg := o.show(people...)
	for _, p := range msg.GetPrompts() {
		p.InvitationId = event.ID(which, p.GetInvitationId())
	}
	return msg
}

func TestAnAddressThatAServerReturnsLaterIsNotWrittenToAgain(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.tell(o.show(people...))
	header := o.headerOf("anna@example.com")
	for range 2 { // pipes are run again when they fail
		became, err := o.mailer.Returned(t.Context(), strings.NewReader(returned("failed", "5.1.1", header)))
		require.NoError(t, err)
		require.Equal(t, mail.Bounced, became)
	}
	require.EqualValues(t, 1, o.counts().GetSent())
	require.EqualValues(t, 1, o.counts().GetBounced())
	state, reason := o.reason(people[0])
	require.Equal(t, "bounced", state)
	require.Equal(t, "5.1.1", reason)

	o.tell(o.showMore("2", people...))
	require.Equal(t, 1, o.server.wholeTo("anna@example.com"))
	require.Equal(t, 2, o.server.wholeTo("ben@example.com"))

	o.mu.Lock()
	o.contacts[people[0]].Email = "anna.new@example.com"
	o.mu.Unlock()
	o.tell(o.showMore("3", people...))
	require.Equal(t, 1, o.server.wholeTo("anna.new@example.com"), "another address is tried")
}

func TestWhatServersReturnIsToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		action, status string
		became         mail.State
		again          int // mails to the address when it is written to once more
	}{
		"unknown at Exchange": {"failed", "5.4.1", mail.Bounced, 1},
		"no such host":        {"failed", "5.4.4", mail.Failed, 2},
		"a wrong sender":      {"failed", "5.1.8", mail.Failed, 2},
		"a full mailbox":      {"failed", "5.2.2", mail.Failed, 2},
		"a policy":            {"failed", "5.7.1", mail.Failed, 2},
		"a delay":             {"delayed", "4.4.1", mail.Sent, 2},
		"given up for now":    {"failed", "4.4.7", mail.Sent, 2},
		"a receipt":           {"delivered", "2.0.0", mail.Sent, 2},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			people := o.know("anna")
			o.tell(o.show(people...))
			became, err := o.mailer.Returned(t.Context(), strings.NewReader(returned(c.action, c.status+" (more words)", o.headerOf("anna@example.com"))))
			require.NoError(t, err)
			require.Equal(t, c.became, became)
			o.tell(o.showMore("2", people...))
			require.Equal(t, c.again, o.server.wholeTo("anna@example.com"))
		})
	}
}

// Exchange quotes the whole mail, and encodes the parts.
func TestAWholeMailThatIsReturnedIsUnderstood(t *testing.T) {
	o := open(t)
	people := o.know("anna")
	o.tell(o.show(people...))
	message := returned("Failed", "5.1.10", o.headerOf("anna@example.com")+"\n\n<html>the mail</html>\n")
	message = strings.Replace(message, "Content-Type: text/rfc822-headers", "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit", 1)
	became, err := o.mailer.Returned(t.Context(), strings.NewReader(message))
	require.NoError(t, err)
	require.Equal(t, mail.Bounced, became)

	cut := message[:strings.Index(message, "<html>")]
	became, err = o.mailer.Returned(t.Context(), strings.NewReader(cut))
	require.NoError(t, err, "the end of a long one may be missing")
	require.Equal(t, mail.Bounced, became)
}

// Exim says 5.0.0 of everything; what the next server said tells. A pipe puts a line of mailbox files before the message.
func TestWhatEximReturnsIsToldApart(t *testing.T) {
	for words, became := range map[string]mail.State{
		"smtp; 550-5.1.1 The email account does not exist": mail.Bounced,
		"smtp; 552 5.2.2 Mailbox full":                     mail.Failed,
		"smtp; 550 Rejected":                               mail.Failed,
	} {
		o := open(t)
		o.tell(o.show(o.know("anna")...))
		message := strings.Replace(returned("failed", "5.0.0", o.headerOf("anna@example.com")), "smtp; 550 5.1.1 <anna@example.com>: user unknown", words, 1)
		got, err := o.mailer.Returned(t.Context(), strings.NewReader("From MAILER-DAEMON Tue Nov  3 10:00:00 2026\n"+message))
		require.NoError(t, err)
		require.Equal(t, became, got, words)
	}
}

func TestAForgedReportSilencesNobody(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.tell(o.show(people...))
	anna := o.headerOf("anna@example.com")
	forged := strings.ReplaceAll(anna, o.noted(people[0]).ID, o.noted(people[1]).ID)
	require.NotEqual(t, anna, forged)
	_, err := o.mailer.Returned(t.Context(), strings.NewReader(returned("failed", "5.1.1", forged)))
	require.ErrorIs(t, err, mail.ErrNotOurs)
	require.EqualValues(t, 2, o.counts().GetSent())
}

func TestWhatIsNoReportOfOursChangesNothing(t *testing.T) {
	o := open(t, func(c *mail.Config) { c.URL = "smtp://127.0.0.1:1" })
	people := o.know("anna")
	o.tell(o.show(people...))
	for text, why := range map[string]error{
		"":                                     mail.ErrNoReport,
		"Subject: hello\r\n\r\nI am away.\r\n": mail.ErrNoReport,
		"Content-Type: multipart/report; boundary=\"line\"\r\n\r\n--line--\r\n":  mail.ErrNoReport,
		returned("failed", "5.1.1", "Subject: no Message-ID here"):               mail.ErrNoReport,
		returned("failed", "5.1.1", "Message-ID: <somebody-elses@example.org>"):  mail.ErrNotOurs,
		returned("failed", "5.1.1", "Message-ID: <"+o.noted(people[0]).ID+"@x>"): mail.ErrNotOurs,
	} {
		_, err := o.mailer.Returned(t.Context(), strings.NewReader(text))
		require.ErrorIs(t, err, why, text)
	}
	require.EqualValues(t, 1, o.counts().GetWaiting())
	require.Zero(t, o.counts().GetBounced())
}

// What cannot be delivered goes back to an address of its own, where one is set.
func TestTheEnvelopeNamesWhereMailsAreReturnedTo(t *testing.T) {
	o := open(t, func(c *mail.Config) { c.Bounces = "bounces@example.com" })
	o.tell(o.show(o.know("anna")...))
	require.Equal(t, "bounces@example.com", o.server.taken()[0].from)
	require.Regexp(t, `(?m)^From: .*<jalon@example.com>`, o.headerOf("anna@example.com"))
}
