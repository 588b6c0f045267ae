package mail_test

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// behaviour is what the scripted server does with a recipient, from its address's name: "4xx.anna@..." is put off.
type behaviour string

const (
	putsOff     behaviour = "putoff"    // refuses the recipient for now
	knowsNot    behaviour = "unknown"   // refuses the recipient for good
	forbids     behaviour = "forbidden" // refuses the recipient for a reason of policy
	mindsText   behaviour = "spam"      // refuses the content for good
	mindsLater  behaviour = "busy"      // refuses the content for now
	hangsUp     behaviour = "hangup"    // takes the mail whole, then closes without a word
	cutsEarly   behaviour = "cut"       // closes when the recipient is named
	neverReacts behaviour = "silent"    // takes the mail whole and says nothing
	takesTime   behaviour = "slow"      // takes the mail, after a while
)

// scripted is a mail server that behaves as recipients' addresses say.
type scripted struct {
	URL string

	certified *tls.Config // nil for a server without TLS
	tlsAtOnce bool
	user      login

	mu     sync.Mutex
	calm   bool
	mails  []received
	heard  map[string]int // whole mails by recipient, taken or not
	opened int
	ended  chan struct{}
}

type received struct {
	from, to string
	content  string
}

func startServer(t *testing.T, change ...func(*scripted)) *scripted {
	t.Helper()
	s := &scripted{ended: make(chan struct{}), heard: map[string]int{}}
	for _, f := range change {
		f(s)
	}
	server := smtp.NewServer(s)
	server.Domain, server.TLSConfig = "mail.example.com", s.certified
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.URL = "smtp://" + s.user.String() + listener.Addr().String()
	if s.certified != nil {
		s.URL += "?starttls=required"
	}
	if s.tlsAtOnce {
		s.URL = "smtps://" + s.user.String() + listener.Addr().String()
		listener = tls.NewListener(listener, s.certified)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		close(s.ended)
		require.NoError(t, server.Close())
		require.NoError(t, <-served)
	})
	return s
}

func (s *scripted) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened++
	conversation := &talk{scripted: s, conn: c}
	if s.user != "" {
		return &guarded{talk: conversation}, nil
	}
	return conversation, nil
}

// calmDown makes the server take everything from now on.
func (s *scripted) calmDown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calm = true
}

func (s *scripted) taken() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.mails...)
}

func (s *scripted) wholeTo(address string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard[address]
}

type talk struct {
	*scripted
	conn     *smtp.Conn
	from, to string
}

func (t *talk) Reset()        {}
func (t *talk) Logout() error { return nil }

func (t *talk) Mail(from string, _ *smtp.MailOptions) error {
	t.from = from
	return nil
}

func (t *talk) does() behaviour {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.calm {
		return ""
	}
	return behaviour(strings.Split(t.to, ".")[0])
}

func (t *talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	t.to = to
	switch t.does() {
	case putsOff:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later, " + to}
	case knowsNot:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	case forbids:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no relaying"}
	case cutsEarly:
		_ = t.conn.Conn().Close()
	}
	return nil
}

func (t *talk) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.heard[t.to]++
	t.mu.Unlock()
	switch t.does() {
	case mindsText:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "not like this"}
	case mindsLater:
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "disk full"}
	case hangsUp:
		_ = t.conn.Conn().Close()
		return nil
	case neverReacts:
		<-t.ended
		return nil
	case takesTime:
		select {
		case <-time.After(150 * time.Millisecond):
		case <-t.ended:
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mails = append(t.mails, received{t.from, t.to, string(content)})
	return nil
}
