package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// restless is after how long a connection is asked whether it still is one.
const restless = 10 * time.Second

// line is one connection to the server, opened when it is first needed and kept from mail to mail.
type line struct {
	server   server
	from     string // the envelope's: where what cannot be delivered goes
	name     string // which this side gives itself
	patience time.Duration

	client     *smtp.Client
	conn       net.Conn
	pipelining bool
	used       time.Time
	out        bytes.Buffer // a mail as it goes out
}

// ready opens the line where it is not open any more.
func (l *line) ready(ctx context.Context) error {
	if l.client != nil && time.Since(l.used) > restless {
		conn := l.conn
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		l.wait(l.patience)
		if l.client.Noop() != nil {
			l.hangUp()
		}
		stop()
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
	l.pipelining, _ = client.Extension("PIPELINING")
	return nil
}

func (l *line) greet(conn net.Conn) (*smtp.Client, error) {
	secure := &tls.Config{ServerName: l.server.host, RootCAs: l.server.trusted, MinVersion: tls.VersionTLS12}
	if l.server.tls {
		conn = tls.Client(conn, secure)
	}
	client, err := smtp.NewClient(conn, l.server.host)
	if err != nil {
		return nil, err
	}
	if err := client.Hello(l.name); err != nil {
		return nil, err
	}
	if l.server.startTLS {
		if err := client.StartTLS(secure); err != nil {
			return nil, err
		}
	}
	if l.server.user == "" {
		return client, nil
	}
	return client, client.Auth(l.authentication(client))
}

// authentication is PLAIN, or LOGIN where the server knows nothing else. Config refuses a password in the clear but to this machine.
func (l *line) authentication(client *smtp.Client) smtp.Auth {
	inTheClear := !l.server.tls && !l.server.startTLS
	_, offered := client.Extension("AUTH")
	kinds := strings.Fields(strings.ToUpper(offered))
	if slices.Contains(kinds, "LOGIN") && !slices.Contains(kinds, "PLAIN") {
		return smtp.LoginAuth(l.server.user, l.server.password, l.server.host, inTheClear)
	}
	return smtp.PlainAuth("", l.server.user, l.server.password, l.server.host, inTheClear)
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
	if err != nil && at == atSender && kept && l.client == nil && closing(err) && ctx.Err() == nil {
		at, err = l.attempt(ctx, to, content)
	}
	if err == nil {
		return outcome{fate: taken}, nil
	}
	return judge(at, err), err
}

func (l *line) attempt(ctx context.Context, to string, content []byte) (step, error) {
	if err := l.ready(ctx); err != nil {
		return atGreeting, err
	}
	conn := l.conn
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	at, err := l.say(to, content)
	l.used = time.Now()
	switch {
	case err == nil:
	case closing(err), at == atSender: // a server that minds the sender may mind how long this connection is used
		l.hangUp()
	default:
		l.wait(l.patience)
		if l.client.Reset() != nil {
			l.hangUp()
		}
	}
	return at, err
}

// command is one of those that come before a mail's content.
type command struct {
	at     step
	text   string
	answer int // its code, or the first digit of it, which decides (RFC 5321 4.2.1)
}

// say is the conversation of RFC 5321 about one mail. Where the server knows pipelining (RFC 2920) the commands go out together: their
// answers take one round trip, not three.
func (l *line) say(to string, content []byte) (step, error) {
	commands := [...]command{
		{atSender, "MAIL FROM:<" + l.from + ">", 2},
		{atRecipient, "RCPT TO:<" + to + ">", 2},
		{atData, "DATA", 3},
	}
	if at, err := l.ask(commands[:]); err != nil {
		return at, err
	}
	if err := l.sendContent(content); err != nil {
		return atData, err
	}
	return atEnd, l.hear(2, 2*l.patience)
}

// hear reads an answer, for which the server has some time.
func (l *line) hear(expected int, patience time.Duration) error {
	l.wait(patience)
	_, _, err := l.client.Text.ReadResponse(expected)
	return err
}

// ask returns the first command that is not answered as it should be. All answers that come are read by then, and no content is waited
// for.
func (l *line) ask(commands []command) (step, error) {
	out := l.client.Text.W
	if !l.pipelining {
		for _, c := range commands {
			l.wait(l.patience)
			_, _ = out.WriteString(c.text + "\r\n") // Flush tells
			if err := out.Flush(); err != nil {
				return c.at, err
			}
			if err := l.hear(c.answer, l.patience); err != nil {
				return c.at, err
			}
		}
		return atEnd, nil
	}
	l.wait(l.patience)
	for _, c := range commands {
		_, _ = out.WriteString(c.text + "\r\n")
	}
	if err := out.Flush(); err != nil {
		return commands[0].at, err
	}
	at, refused := atEnd, error(nil)
	for _, c := range commands {
		err := l.hear(c.answer, l.patience)
		if err != nil && refused == nil {
			at, refused = c.at, err
		}
		if err == nil && refused != nil && c.at == atData {
			// The server waits for content although it wants none: it gets none, and says no. Whether it does, the next mail will see.
			if l.sendContent(nil) == nil {
				_ = l.hear(2, l.patience)
			}
		}
		if err != nil && closing(err) {
			break
		}
	}
	return at, refused
}

// sendContent ends content with the line that ends it, and doubles the dots that could be taken for one (RFC 5321 4.5.2).
func (l *line) sendContent(content []byte) error {
	l.out.Reset()
	for rest := content; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = len(rest)
		}
		if rest[0] == '.' {
			l.out.WriteByte('.')
		}
		l.out.Write(rest[:end])
		rest = rest[end:]
	}
	if len(content) > 0 && content[len(content)-1] != '\n' {
		l.out.WriteString("\r\n")
	}
	l.out.WriteString(".\r\n")
	l.wait(l.patience)
	if _, err := l.client.Text.W.Write(l.out.Bytes()); err != nil {
		return err
	}
	return l.client.Text.W.Flush()
}

// wait is how long the server may take from now on.
func (l *line) wait(patience time.Duration) { _ = l.conn.SetDeadline(time.Now().Add(patience)) }
