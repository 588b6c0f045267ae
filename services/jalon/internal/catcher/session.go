package catcher

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

// NewSession greets a client.
func (c *Catcher) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{catcher: c}, nil }

type session struct {
	catcher *Catcher
	from    string
	to      []string
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	m, err := read(r)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "not a mail that can be read"}
	}
	m.From, m.To = s.from, strings.Join(s.to, ", ")
	s.catcher.keep(m)
	return nil
}

// shown are the headers worth reading.
var shown = []string{
	"From", "To", "Subject", "Date", "Message-Id", "Auto-Submitted", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post",
}

func read(r io.Reader) (Mail, error) {
	reader, err := mail.CreateReader(r)
	if err != nil && !message.IsUnknownCharset(err) {
		return Mail{}, fmt.Errorf("reading a mail: %w", err)
	}
	var m Mail
	if m.Subject, err = reader.Header.Subject(); err != nil {
		return Mail{}, fmt.Errorf("reading a mail's subject: %w", err)
	}
	if m.At, err = reader.Header.Date(); err != nil {
		return Mail{}, fmt.Errorf("reading a mail's date: %w", err)
	}
	for _, name := range shown {
		if value, err := reader.Header.Text(name); err == nil && value != "" {
			m.Headers = append(m.Headers, [2]string{name, value})
		}
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return Mail{}, fmt.Errorf("reading a mail's part: %w", err)
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return Mail{}, fmt.Errorf("reading a mail's part: %w", err)
		}
		if header, ok := part.Header.(*mail.InlineHeader); ok {
			switch kind, _, _ := header.ContentType(); kind {
			case "text/plain":
				m.Text = string(body)
			case "text/html":
				m.HTML = string(body)
			}
		}
	}
}
