// Package natstest gives tests a real bus: an embedded server of their own, which they may stop, start and wipe.
package natstest

import (
	"errors"
	"net"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/natslocal"
)

// Start gives a bus connected to a server of its own; both end with the test.
func Start(t testing.TB) *bus.Bus {
	t.Helper()
	return Server(t).Connect(t)
}

// TestServer is a server that a test may disturb. Clients connected by Connect find it again.
type TestServer struct {
	dir    string
	listen string

	mu      sync.Mutex
	running *natslocal.Server
}

// Server runs a server without a port, which ends with the test.
func Server(t testing.TB) *TestServer {
	t.Helper()
	return run(t, "")
}

// ListeningServer runs a server that is reached by its URL, as from another process; it keeps its port over restarts.
func ListeningServer(t testing.TB) *TestServer {
	t.Helper()
	return run(t, "127.0.0.1:0")
}

func run(t testing.TB, listen string) *TestServer {
	t.Helper()
	s := &TestServer{dir: t.TempDir(), listen: listen}
	s.Start(t)
	t.Cleanup(s.Stop)
	return s
}

// Connect gives a bus that is closed at the end of the test.
func (s *TestServer) Connect(t testing.TB) *bus.Bus {
	t.Helper()
	cfg := bus.Config{Name: t.Name(), InProcess: s}
	if s.listen != "" {
		cfg.InProcess, cfg.URL = nil, s.URL()
	}
	b, err := bus.Connect(t.Context(), cfg, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// URL is the address of a listening server.
func (s *TestServer) URL() string { return "nats://" + s.listen }

// Stop stops the server as if its machine were switched off; it keeps its data.
func (s *TestServer) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.Shutdown()
		s.running = nil
	}
}

// Start starts the server again after Stop.
func (s *TestServer) Start(t testing.TB) {
	t.Helper()
	running, err := natslocal.Start(natslocal.Config{Dir: s.dir, Listen: s.listen})
	require.NoError(t, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = running
	if s.listen != "" {
		s.listen = running.ClientURL()[len("nats://"):]
	}
}

// Restart stops and starts the server; its data stays.
func (s *TestServer) Restart(t testing.TB) {
	t.Helper()
	s.Stop()
	s.Start(t)
}

// Wipe stops the server, loses all its data, and starts it empty.
func (s *TestServer) Wipe(t testing.TB) {
	t.Helper()
	s.Stop()
	require.NoError(t, os.RemoveAll(s.dir))
	s.Start(t)
}

// InProcessConn implements nats.InProcessConnProvider for whichever server runs now.
func (s *TestServer) InProcessConn() (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil, errors.New("the test server is stopped")
	}
	return s.running.InProcessConn()
}
