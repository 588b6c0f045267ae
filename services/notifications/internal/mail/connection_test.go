package mail

import (
	"bufio"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// plainServer is a mail server that knows as little as it has to: it takes mail to everybody but nobody@example.com.
type plainServer struct {
	pipelining bool
	// lenient servers wait for content although nobody wants the mail, as RFC 2920 lets them.
	lenient bool
	// together is how many commands came at once at most.
	together int
	contents []string
}

func (s *plainServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in, out := textproto.NewReader(bufio.NewReader(conn)), textproto.NewWriter(bufio.NewWriter(conn))
	say := func(lines ...string) {
		for _, line := range lines {
			_ = out.PrintfLine("%s", line)
		}
	}
	say("220 mail.example.com")
	recipients := 0
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		s.together = max(s.together, 1+strings.Count(string(peek(in.R)), "\r\n"))
		switch {
		case strings.HasPrefix(line, "EHLO") && s.pipelining:
			say("250-mail.example.com", "250 PIPELINING")
		case strings.HasPrefix(line, "MAIL"):
			recipients = 0
			say("250 2.1.0 yes")
		case strings.HasPrefix(line, "RCPT TO:<nobody@"):
			say("550-5.1.1 no such", "550 5.1.1 mailbox")
		case strings.HasPrefix(line, "RCPT"):
			recipients++
			say("250 2.1.5 yes")
		case line == "DATA" && recipients == 0 && !s.lenient:
			say("503 5.5.1 to whom?")
		case line == "DATA":
			say("354 go on")
			content, err := in.ReadDotBytes()
			if err != nil {
				return
			}
			if recipients == 0 {
				say("554 5.5.1 no valid recipients")
				continue
			}
			s.contents = append(s.contents, string(content))
			say("250 2.0.0 taken")
		default:
			say("250 mail.example.com")
		}
	}
}

func peek(r *bufio.Reader) []byte {
	ahead, _ := r.Peek(r.Buffered())
	return ahead
}

func TestMailsAreHandedOverWithAndWithoutPipelining(t *testing.T) {
	const dotted = "Subject: dots\r\n\r\n.\r\n..two\r\nmiddle . dot\r\n.last\r\n"
	for name, server := range map[string]*plainServer{
		"one by one": {}, "one by one, lenient": {lenient: true}, "pipelining": {pipelining: true}, "pipelining, lenient": {pipelining: true, lenient: true},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			served := make(chan struct{})
			go func() {
				defer close(served)
				conn, err := listener.Accept()
				if err == nil {
					server.serve(conn)
				}
			}()
			at, err := parseServer("smtp://" + listener.Addr().String())
			require.NoError(t, err)
			l := &line{server: at, from: "jalon@example.com", name: "example.com", patience: 5 * time.Second}

			for range 2 {
				result, err := l.deliver(t.Context(), "anna@example.com", []byte(dotted))
				require.NoError(t, err)
				require.Equal(t, outcome{fate: taken}, result)
				result, err = l.deliver(t.Context(), "nobody@example.com", []byte(dotted))
				require.Error(t, err)
				require.Equal(t, outcome{fate: bounced, reason: "550 5.1.1"}, result)
			}
			result, err := l.deliver(t.Context(), "ben@example.com", []byte("no end of line"))
			require.NoError(t, err)
			require.Equal(t, outcome{fate: taken}, result)
			l.hangUp()
			<-served
			require.NoError(t, listener.Close())

			lines := strings.ReplaceAll(dotted, "\r\n", "\n")
			require.Equal(t, []string{lines, lines, "no end of line\n"}, server.contents, "on one connection, as it was written")
			require.Equal(t, server.pipelining, server.together > 1)
		})
	}
}
