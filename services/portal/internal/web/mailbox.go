package web

import (
	"io"
	"net/http"
	"strings"
	"time"

	"jalon.dev/services/portal/internal/page"
)

// Mailbox holds the mails that a demo caught instead of sending them.
type Mailbox interface {
	// Mails returns them, newest first.
	Mails() []CaughtMail
	// Mail returns one; false when it is not there any more.
	Mail(id string) (CaughtMail, bool)
}

// CaughtMail is a mail that nobody received.
type CaughtMail struct {
	ID, To, Subject, Text, HTML string
	At                          time.Time
	// Headers are names and values, in an order worth reading.
	Headers [][2]string
}

// The mail's own page may use the styles in it, and nothing else: no script, no form, no address but links that the reader
// follows into a tab of their own.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'self'; form-action 'none'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox"

// mailbox lists what was caught.
func (s *Site) mailbox(w http.ResponseWriter, r *http.Request) error {
	if s.Mailbox == nil {
		return errNotFound
	}
	words := visitorOf(r).frame().Words
	var view []page.CaughtMail
	for _, m := range s.Mailbox.Mails() {
		view = append(view, page.CaughtMail{ID: m.ID, To: m.To, Subject: m.Subject, At: words.Instant(m.At.Format(time.RFC3339))})
	}
	return s.show(w, r, page.Mailbox(view))
}

// mail shows one of them, its HTML in a frame that cannot reach out.
func (s *Site) mail(w http.ResponseWriter, r *http.Request) error {
	m, ok := s.caught(r)
	if !ok {
		return errNotFound
	}
	w.Header().Set("Content-Security-Policy", s.contentPolicy()+"; frame-src 'self'")
	return s.show(w, r, page.Mail(page.CaughtMail{
		ID: m.ID, To: m.To, Subject: m.Subject, At: visitorOf(r).frame().Words.Instant(m.At.Format(time.RFC3339)), Text: m.Text, Headers: m.Headers,
	}))
}

// mailBody is what the frame shows.
func (s *Site) mailBody(w http.ResponseWriter, r *http.Request) error {
	m, ok := s.caught(r)
	if !ok {
		return errNotFound
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, strings.Replace(m.HTML, "<head>", `<head><base target="_blank">`, 1)) // the reader left: nobody to tell
	return nil
}

func (s *Site) caught(r *http.Request) (CaughtMail, bool) {
	if s.Mailbox == nil {
		return CaughtMail{}, false
	}
	return s.Mailbox.Mail(r.PathValue("id"))
}
