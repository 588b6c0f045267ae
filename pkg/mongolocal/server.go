//go:build linux || darwin

package mongolocal

import (
	"context"
	"errors"
	"fmt"
	"net"

	"jalon.dev/pkg/mongolocal/internal/wire"
)

// errClosed answers whoever wants to talk to an engine that is closed.
var errClosed = errors.New("the local MongoDB engine is closed")

// Serve answers clients until the engine is closed; the error is nil then.
func (e *Engine) Serve(l net.Listener) error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		l.Close()
		return nil
	}
	e.serving[l] = struct{}{}
	e.mu.Unlock()
	for {
		conn, err := l.Accept()
		if err != nil {
			if e.isClosed() {
				return nil
			}
			return fmt.Errorf("accepting a client of the local MongoDB engine: %w", err)
		}
		if errors.Is(e.attend(conn), errClosed) {
			return nil
		}
	}
}

// DialContext opens a connection in memory, whatever the address, so that an engine is the dialer of a driver in the same
// process: options.Client().SetDialer(engine).
func (e *Engine) DialContext(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	if err := e.attend(server); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

func (e *Engine) isClosed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// attend takes over a connection and closes it in the end.
func (e *Engine) attend(conn net.Conn) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		conn.Close()
		return errClosed
	}
	e.conns[conn] = struct{}{}
	e.work.Go(func() {
		e.converse(conn)
		conn.Close()
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.conns, conn)
	})
	return nil
}

// converse answers one client until it leaves or sends what no client should.
func (e *Engine) converse(conn net.Conn) {
	session, err := e.openSession()
	if err != nil {
		return
	}
	defer session.close()
	requests := wire.NewReader(conn)
	var out []byte
	for {
		req, err := requests.Next()
		if err != nil {
			return
		}
		out, err = answer(session, req, out[:0])
		if err != nil {
			return
		}
		if req.NoReply {
			continue
		}
		if _, err := conn.Write(out); err != nil {
			return
		}
		if cap(out) > maxKept {
			out = nil
		}
	}
}

// maxKept is how much of its buffer a quiet connection may hold on to, in bytes.
const maxKept = 1 << 20

func answer(s session, req wire.Request, out []byte) ([]byte, error) {
	if no := refusal(req); no != nil {
		return wire.AppendReply(out, req, no), nil
	}
	database, command, adapt := req.Database, req.Command, func(reply []byte) []byte { return reply }
	if isHello(req.Name) {
		database, command, adapt = "admin", plainHello(), adaptHello
	}
	err := s.run(database, command, func(reply []byte) { out = wire.AppendReply(out, req, adapt(reply)) })
	return out, err
}
