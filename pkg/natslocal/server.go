// Package natslocal runs a NATS server with JetStream inside the process, its data in a folder: the bus of the standalone
// Jalon and of tests.
package natslocal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"
)

var (
	// ErrPortInUse says that somebody else listens on the address.
	ErrPortInUse = errors.New("the port is in use")
	// ErrDirInUse says that another process works with the data folder.
	ErrDirInUse = errors.New("the data folder is in use by another process")
	// ErrStoreFull says that the disk of the data folder has no room left.
	ErrStoreFull = errors.New("the disk is full")
)

// Config says where the server keeps its data and who reaches it.
type Config struct {
	// Dir holds the streams. It is made unless it is there.
	Dir string
	// Listen is a loopback address such as "127.0.0.1:4222"; port 0 takes a free one. Empty means no port at all: only this
	// process reaches the server.
	Listen string
	// MaxBytes is what all streams together may take on disk; 0 means three quarters of the free space.
	MaxBytes int64
	// Log takes what the server says; nil means nowhere.
	Log *zap.Logger
}

const (
	// How long the server may take to read its data back: about 10 s per million messages.
	readyWait = 2 * time.Minute
	// The kernel is told to write to disk this often; a machine that dies loses at most that much of the bus, which is
	// republished from the database.
	syncInterval = time.Second
)

// Server is a running server. It implements nats.InProcessConnProvider.
//
// A disk that was full leaves the server refusing to store for good: it is started anew as soon as there is room again, and
// clients reconnect.
type Server struct {
	options *server.Options
	log     *zap.Logger
	unlock  func()
	full    chan struct{} // the server said so; holds one until the server was started anew
	stop    context.CancelFunc
	mending sync.WaitGroup

	mu     sync.Mutex
	server *server.Server
}

// Start runs a server and returns when it is ready. Errors wrap ErrPortInUse, ErrDirInUse or ErrStoreFull where that is
// the reason.
func Start(cfg Config) (*Server, error) {
	host, port, err := address(cfg.Listen)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the bus's data folder: %w", classify(err))
	}
	if err := room(cfg.Dir); err != nil {
		return nil, err
	}
	unlock, err := lock(filepath.Join(cfg.Dir, "bus.lock"))
	if err != nil {
		return nil, err
	}
	log := cfg.Log
	if log == nil {
		log = zap.NewNop()
	}
	alive, stop := context.WithCancel(context.Background()) // it ends with Shutdown
	s := &Server{
		options: &server.Options{
			ServerName: "jalon", Host: host, Port: port, DontListen: cfg.Listen == "", NoSigs: true,
			JetStream: true, StoreDir: cfg.Dir, JetStreamMaxStore: cfg.MaxBytes, SyncInterval: syncInterval,
		},
		log: log, unlock: unlock, full: make(chan struct{}, 1), stop: stop,
	}
	if s.server, err = s.start(); err != nil {
		stop()
		unlock()
		return nil, err
	}
	if listening := s.server.Addr(); listening != nil {
		s.options.Port = listening.(*net.TCPAddr).Port // where clients will look for it again
	}
	s.mending.Go(func() { s.mend(alive) })
	return s, nil
}

func (s *Server) start() (*server.Server, error) {
	running, err := server.NewServer(s.options.Clone())
	if err != nil {
		return nil, fmt.Errorf("starting the bus: %w", classify(err))
	}
	words := &serverLog{log: s.log, fatal: make(chan string, 1), full: s.full}
	running.SetLoggerV2(words, false, false, false)
	running.Start()
	deadline := time.Now().Add(readyWait)
	for !running.ReadyForConnections(250 * time.Millisecond) {
		select {
		case reason := <-words.fatal:
			stop(running)
			return nil, fmt.Errorf("starting the bus: %w", classify(errors.New(reason)))
		default:
		}
		if time.Now().After(deadline) {
			stop(running)
			return nil, fmt.Errorf("starting the bus: not ready after %s", readyWait)
		}
	}
	return running, nil
}

// mend starts the server anew when its disk was full and no longer is.
func (s *Server) mend(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if len(s.full) == 0 || room(s.options.StoreDir) != nil {
			continue
		}
		s.mu.Lock()
		stop(s.server)
		anew, err := s.start()
		if err == nil {
			s.server = anew
			<-s.full
		}
		s.mu.Unlock()
		if err != nil {
			s.log.Error("the bus cannot be started again yet", zap.Error(err))
			continue
		}
		s.log.Info("there is room on the disk again: the bus was started anew")
	}
}

func (s *Server) running() *server.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.server
}

// InProcessConn is a connection without a port.
func (s *Server) InProcessConn() (net.Conn, error) { return s.running().InProcessConn() }

// ClientURL is the address for clients; it is empty when the server does not listen.
func (s *Server) ClientURL() string {
	address := s.running().Addr()
	if address == nil {
		return ""
	}
	return "nats://" + address.String()
}

// Shutdown stops the server, waits until its data is on disk, and frees the folder. Close the clients first. It is safe to
// call twice.
func (s *Server) Shutdown() {
	s.stop()
	s.mending.Wait()
	stop(s.server)
	s.unlock()
}

func stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// address reads a loopback address; the embedded server has no users and no TLS, so nobody else may reach it.
func address(listen string) (host string, port int, err error) {
	if listen == "" {
		return "", 0, nil
	}
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("reading the bus's address %q: %w", listen, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", 0, fmt.Errorf("the bus's address %q is not a loopback address: the embedded server is for this machine only", listen)
	}
	if port, err = strconv.Atoi(text); err != nil {
		return "", 0, fmt.Errorf("reading the bus's address %q: %w", listen, err)
	}
	if port == 0 {
		return host, server.RANDOM_PORT, nil
	}
	// Asked here, because the server itself would only log it.
	probe, err := net.Listen("tcp", listen) //nolint:noctx // it is a loopback address, so it takes no time
	if err != nil {
		return "", 0, fmt.Errorf("listening on %s: %w", listen, classify(err))
	}
	return host, port, probe.Close()
}
