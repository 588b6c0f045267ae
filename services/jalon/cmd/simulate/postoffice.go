package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// mood is how the post office treats mails.
type mood string

const (
	obliging mood = "takes"
	// busy refuses every mail for now.
	busy mood = "refuses for now"
	// slow needs a while for each mail.
	slow mood = "slow"
	// forgetful takes a mail whole and hangs up without a word.
	forgetful mood = "hangs up"
	// silent takes a mail whole and never says so.
	silent mood = "says nothing"
	// shut ends every connection at its beginning.
	shut mood = "shut"
	// picky knows nobody whose address has an even length.
	picky mood = "knows not all"
)

const slowness = 20 * time.Millisecond

// delivery is a mail that came whole.
type delivery struct {
	id, to string // the id is that of its Message-Id, before the first dot
	// confirmed: the sender was told that it was taken.
	confirmed bool
	// token is what the link by which one unsubscribes carries.
	token string
	// calendar is what a calendar reads of it; nil for none.
	calendar *invitation
	// tells: it holds what somebody wrote in a talk.
	tells bool
}

// postOffice is a mail server with moods. It delivers to nobody.
type postOffice struct {
	listener net.Listener
	server   *smtp.Server
	served   chan error
	closing  chan struct{}

	mu    sync.Mutex
	mood  mood
	mails []delivery // that were not looked at yet
}

func openPostOffice(ctx context.Context) (*postOffice, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the post office: %w", err)
	}
	o := &postOffice{listener: listener, served: make(chan error, 1), closing: make(chan struct{}), mood: obliging}
	o.server = smtp.NewServer(o)
	o.server.Domain = "localhost"
	go func() { o.served <- o.server.Serve(listener) }()
	return o, nil
}

func (o *postOffice) url() string { return "smtp://" + o.listener.Addr().String() }

func (o *postOffice) close() error {
	close(o.closing)
	err := o.server.Close()
	if served := <-o.served; !errors.Is(served, smtp.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// turn changes the mood.
func (o *postOffice) turn(to mood) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mood = to
}

func (o *postOffice) now() mood {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.mood
}

// waiting returns the mails that came and were not looked at.
func (o *postOffice) waiting() []delivery {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.mails)
}

// handled forgets the first mails: they were looked at.
func (o *postOffice) handled(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mails = slices.Delete(o.mails, 0, n)
}

// NewSession implements smtp.Backend.
func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	if o.now() == shut {
		_ = c.Conn().Close()
	}
	return &counter{office: o, conn: c}, nil
}

// counter is one conversation.
type counter struct {
	office *postOffice
	conn   *smtp.Conn
	to     string
}

func (c *counter) Reset()                               {}
func (c *counter) Logout() error                        { return nil }
func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	switch c.office.now() {
	case busy:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}
	case shut:
		_ = c.conn.Conn().Close()
	case picky:
		if len(to)%2 == 0 {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
		}
	default:
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	parts, err := unfold(message)
	if err != nil {
		return err
	}
	id, _, _ := strings.Cut(strings.Trim(message.Header.Get("Message-Id"), "<>"), ".")
	link := strings.Trim(message.Header.Get("List-Unsubscribe"), "<>")
	m := delivery{id: id, to: c.to, token: link[strings.LastIndexByte(link, '/')+1:]}
	for kind, content := range parts {
		m.tells = m.tells || strings.Contains(content, mark)
		if kind == "text/calendar" {
			m.calendar = readCalendar(content)
		}
	}
	now := c.office.now()
	m.confirmed = now != forgetful && now != silent
	c.office.mu.Lock()
	c.office.mails = append(c.office.mails, m)
	c.office.mu.Unlock()
	switch now {
	case forgetful:
		_ = c.conn.Conn().Close()
	case silent:
		<-c.office.closing
	case slow:
		<-time.After(slowness) // as long as a busy server thinks
	default:
	}
	return nil
}
