package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// restless is after how long a connection is asked whether it still is one.
const restless = 10 * time.Second

// line is one connection to the server, opened when it is first needed and kept from mail to mail.
type line struct {
	server   server
	from     string // the envelope's: where what cannot be delivered goes
	name     string // which this side gives itself
	patience time.Duration

	client *smtp.Client
	conn   net.Conn
	used   time.Time
}

// ready opens the line where it is not open any more.
func (l *line) ready(ctx context.Context) error {
	if l.client != nil && time.Since(l.used) > restless && l.client.Noop() != nil {
		l.hangUp()
	}
	if l.client != nil {
		return nil
	}
	dialer := net.Dialer{Timeout: l.patience}
	conn, err := dialer.DialContext(ctx, "tcp", l.server.address)
	if err != nil {
		return fmt.Errorf("connecting to the mail server: %w", err)
	}
	// Greetings and TLS have no time limit of their own that could be chosen.
	if err := conn.SetDeadline(time.Now().Add(l.patience)); err != nil {
		return fmt.Errorf("connecting to the mail server: %w", err)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	client, err := l.greet(conn)
	if err != nil {
		_ = conn.Close()
		return fmt.Errorf("greeting the mail server: %w", err)
	}
	l.client, l.conn, l.used = client, conn, time.Now()
	return nil
}

func (l *line) greet(conn net.Conn) (*smtp.Client, error) {
	secure := &tls.Config{ServerName: l.server.host, RootCAs: l.server.trusted, MinVersion: tls.VersionTLS12}
	var client *smtp.Client
	switch {
	case l.server.tls:
		client = smtp.NewClient(tls.Client(conn, secure))
	case l.server.startTLS:
		var err error
		if client, err = smtp.NewClientStartTLS(conn, secure); err != nil {
			return nil, err
		}
	default:
		client = smtp.NewClient(conn)
	}
	client.CommandTimeout, client.SubmissionTimeout = l.patience, 2*l.patience
	if !l.server.startTLS { // there the greeting is over
		if err := client.Hello(l.name); err != nil {
			return nil, err
		}
	}
	if l.server.user == "" {
		return client, nil
	}
	if client.SupportsAuth(sasl.Plain) || !client.SupportsAuth(sasl.Login) {
		return client, client.Auth(sasl.NewPlainClient("", l.server.user, l.server.password))
	}
	return client, client.Auth(sasl.NewLoginClient(l.server.user, l.server.password))
}

func (l *line) hangUp() {
	if l.client != nil {
		_ = l.conn.Close()
	}
	l.client, l.conn = nil, nil
}

// deliver hands one mail over. It is tried on a new line when the one that was kept turns out to be dead before anything was
// said on it.
func (l *line) deliver(ctx context.Context, to string, content []byte) (outcome, error) {
	kept := l.client != nil
	at, err := l.attempt(ctx, to, content)
	if err != nil && at == atSender && kept && l.client == nil && ctx.Err() == nil {
		at, err = l.attempt(ctx, to, content)
	}
	if err == nil {
		return outcome{fate: taken}, nil
	}
	return judge(at, err), err
}

func (l *line) attempt(ctx context.Context, to string, content []byte) (step, error) {
	if err := l.ready(ctx); err != nil {
		return atSender, err
	}
	conn := l.conn
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	at, err := l.say(to, content)
	l.used = time.Now()
	switch {
	case err == nil:
	case closing(err):
		l.hangUp()
	default:
		if l.client.Reset() != nil {
			l.hangUp()
		}
	}
	return at, err
}

// say is the conversation of RFC 5321 about one mail.
func (l *line) say(to string, content []byte) (step, error) {
	if err := l.client.Mail(l.from, nil); err != nil {
		return atSender, err
	}
	if err := l.client.Rcpt(to, nil); err != nil {
		return atRecipient, err
	}
	data, err := l.client.Data()
	if err != nil {
		return atData, err
	}
	if _, err := data.Write(content); err != nil {
		return atData, err
	}
	return atEnd, data.Close()
}
