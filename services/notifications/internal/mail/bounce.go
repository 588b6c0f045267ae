package mail

import (
	"bufio"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// ErrNoReport is returned for what is no report about mail that could not be delivered.
var ErrNoReport = errors.New("this is no delivery report: it must be a multipart/report of RFC 3464 that quotes the header of the mail it is about")

// ErrNotOurs is returned for a report about a mail that Jalon does not know: of somebody else, or of so long ago that it is forgotten.
var ErrNotOurs = errors.New("this report is about no mail that Jalon knows")

// ErrTooSoon is returned for a report about a mail of which it is not noted yet that it left. It is worth reporting again.
var ErrTooSoon = errors.New("the mail that this report is about is still being sent: report it again in a minute")

// report is what a server says of one mail that it had taken.
type report struct {
	messageID string
	action    string
	status    string
}

// mboxBegin is how a message begins in a mailbox file.
const mboxBegin = "From "

// readReport reads a report by RFC 3464. Of one about several recipients the first that failed counts: Jalon's mails have one.
func readReport(message io.Reader) (report, error) {
	var r report
	text := bufio.NewReader(message)
	if begin, err := text.Peek(len(mboxBegin)); err == nil && string(begin) == mboxBegin {
		_, _ = text.ReadString('\n') // pipes put this line before the message; what follows shows what is missing
	}
	m, err := netmail.ReadMessage(text)
	if err != nil {
		return r, ErrNoReport
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" {
		return r, ErrNoReport
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for part, err := parts.NextRawPart(); err == nil; part, err = parts.NextRawPart() { // what is cut off at its end may say enough
		r.take(part)
	}
	if r.messageID == "" || r.action == "" {
		return r, ErrNoReport
	}
	return r, nil
}

// take reads one part; what is malformed in it is missing in the end.
func (r *report) take(part *multipart.Part) {
	kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil {
		return
	}
	content := bufio.NewReader(decoded(part.Header.Get("Content-Transfer-Encoding"), part))
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		r.takeStatus(content)
	case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
		header, _ := textproto.NewReader(content).ReadMIMEHeader() // as far as it can be read
		r.messageID = strings.Trim(header.Get("Message-Id"), "<> \t")
	}
}

// takeStatus reads the fields of the message and of its recipients, a group each.
func (r *report) takeStatus(content *bufio.Reader) {
	for reader := textproto.NewReader(content); ; {
		fields, err := reader.ReadMIMEHeader()
		if action := strings.ToLower(strings.TrimSpace(fields.Get("Action"))); action != "" && r.action != "failed" {
			r.action, r.status = action, statusOf(fields)
		}
		if err != nil {
			return
		}
	}
}

// statusOf is the enhanced code. Exim says 5.0.0 of everything, and the other server's words tell.
func statusOf(fields textproto.MIMEHeader) string {
	status, _, _ := strings.Cut(strings.TrimSpace(fields.Get("Status")), " ")
	if status != "5.0.0" {
		return status
	}
	return cmp.Or(quotedCode.FindString(fields.Get("Diagnostic-Code")), status)
}

var quotedCode = regexp.MustCompile(`\b5\.\d{1,3}\.\d{1,3}\b`)

func decoded(encoding string, content io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, content)
	case "quoted-printable":
		return quotedprintable.NewReader(content)
	default:
		return content
	}
}

// became is what the report makes of a mail; Sent where it changes nothing.
func (r report) became() State {
	switch {
	case r.action != "failed" || !strings.HasPrefix(r.status, "5."):
		return Sent
	case noMailbox(r.status):
		return Bounced
	default:
		return Failed
	}
}

// Returned notes what a server returned after it had taken a mail, and says what that makes of the mail: Bounced, Failed, or Sent for
// nothing. It fails with ErrNoReport, ErrNotOurs or ErrTooSoon.
func (m *Mailer) Returned(ctx context.Context, message io.Reader) (State, error) {
	r, err := readReport(message)
	if err != nil {
		return "", err
	}
	id, mark, ok := m.links.readMessageID(r.messageID)
	if !ok {
		return "", ErrNotOurs
	}
	d, err := mongodb.One[doc](m.store.mails.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	switch {
	case errors.Is(err, mongo.ErrNoDocuments), err == nil && d.State == Withdrawn:
		return "", ErrNotOurs
	case err != nil:
		return "", fmt.Errorf("reading the mail that a report is about: %w", err)
	case d.State == Waiting:
		return "", ErrTooSoon
	}
	became := r.became()
	if became == Sent {
		return Sent, nil
	}
	if became == Bounced {
		if err := m.store.refuse(ctx, map[string]string{d.PersonID: mark}); err != nil {
			return "", err
		}
	}
	return became, m.returned(ctx, d, change{became, r.status})
}

// returned changes what became of a mail that had left, once.
func (m *Mailer) returned(ctx context.Context, d doc, c change) error {
	left := bson.D{{Key: "_id", Value: d.ID}, {Key: "state", Value: bson.D{{Key: "$in", Value: []State{Sent, Unknown}}}}}
	before, err := mongodb.One[doc](m.store.mails.FindOneAndUpdate(ctx, left,
		bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: c.state}, {Key: "reason", Value: c.reason}}}},
		options.FindOneAndUpdate().SetReturnDocument(options.Before)))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil // it was reported before
	}
	if err != nil {
		return fmt.Errorf("noting that a mail came back: %w", err)
	}
	became := map[State]int{before.State: -1, c.state: 1}
	if _, err := m.store.handovers.UpdateByID(ctx, cmp.Or(before.SettledIn, earlierBatch), bson.D{{Key: "$inc", Value: counts(became)}}); err != nil {
		return fmt.Errorf("counting a mail that came back: %w", err)
	}
	m.count(ctx, map[State]int{c.state: 1})
	return nil
}
