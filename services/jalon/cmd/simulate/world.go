package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/logging"
	"jalon.dev/services/jalon/internal/standalone"
	"jalon.dev/services/notifications"
)

const (
	// patience is how long one thing may take, faults included.
	patience = 3 * time.Minute
	// attempt is how long one try of it may take.
	attempt = 40 * time.Second
	// pause is how long to wait before trying again.
	pause = 100 * time.Millisecond
	// mailPatience is how long the mailer waits for a post office that says nothing.
	mailPatience = 300 * time.Millisecond
)

// world is a whole Jalon in this process, its engine in a child process, a post office, and a clock that stands still until it
// is moved.
type world struct {
	dir    string
	log    string
	clock  *clock.Movable
	office *postOffice

	mu     sync.Mutex
	jalon  *standalone.Jalon
	stop   context.CancelFunc
	served chan error
}

func openWorld(ctx context.Context, log string, at time.Time) (*world, error) {
	dir, err := os.MkdirTemp("", "jalon-simulate-")
	if err != nil {
		return nil, err
	}
	office, err := openPostOffice(ctx)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	w := &world{dir: dir, log: log, clock: clock.NewFrozen(at), office: office}
	if err := w.start(ctx); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// start builds Jalon on the data folder and lets it serve.
func (w *world) start(ctx context.Context) error {
	port, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	cfg := notifications.DefaultConfig()
	cfg.Mail = notifications.MailConfig{
		URL: w.office.url(), From: "Jalon <jalon@cimes-sport.example>", Home: "https://jalon.cimes-sport.example",
		Connections: 2, Patience: mailPatience,
	}
	jalon, err := standalone.Build(ctx, standalone.Settings{
		Address: port, Data: w.dir, TimeZone: homeZone, Log: logging.Config{Level: w.log},
	}, standalone.Options{NewIs: standalone.Live, Out: io.Discard, Clock: w.clock, Notifications: &cfg})
	if err != nil {
		return fmt.Errorf("starting Jalon: %w", err)
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- jalon.Serve(serving) }()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jalon, w.stop, w.served = jalon, stop, served
	return nil
}

// halt ends Jalon. What it could not finish is what a start must cope with, so that its errors are no news.
func (w *world) halt() {
	w.mu.Lock()
	stop, served := w.stop, w.served
	w.stop = nil
	w.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	<-served //nolint:errcheck // see above
}

func (w *world) close() error {
	w.halt()
	return errors.Join(w.office.close(), os.RemoveAll(w.dir))
}

// now is the running Jalon.
func (w *world) now() *standalone.Jalon {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.jalon
}

// restart ends Jalon in whatever it is doing and starts it again; between is done while it is down.
func (w *world) restart(ctx context.Context, between func() error) error {
	w.halt()
	if err := between(); err != nil {
		return err
	}
	return w.start(ctx)
}

// wipeBus forgets everything that only the bus had.
func (w *world) wipeBus() error { return os.RemoveAll(filepath.Join(w.dir, "nats")) }

// killEngine ends the engine as a power cut would: the process that this one started, by its id.
func (w *world) killEngine() error {
	pid, err := w.engine()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("killing the engine's process %d: %w", pid, err)
	}
	return nil
}

// engine is the process id of the engine that works on the world's folder.
func (w *world) engine() (int, error) {
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return 0, err
	}
	for _, list := range lists {
		children, _ := os.ReadFile(list) // a thread may just have ended
		for _, child := range strings.Fields(string(children)) {
			line, _ := os.ReadFile(filepath.Join("/proc", filepath.Base(child), "cmdline")) // so may a child
			arguments := strings.Split(string(line), "\x00")
			if slices.Contains(arguments, standalone.EngineArgument) && strings.Contains(string(line), w.dir) {
				return strconv.Atoi(child)
			}
		}
	}
	return 0, errors.New("the engine's process is not there")
}

// insist does something again until it succeeds, as whoever was cut off by a fault would.
func insist(ctx context.Context, what string, try func(context.Context) error) error {
	deadline := time.Now().Add(patience)
	for {
		trying, cancel := context.WithTimeout(ctx, attempt)
		err := try(trying)
		cancel()
		var no *refusal
		switch {
		case err == nil, errors.As(err, &no), ctx.Err() != nil:
			return err
		case time.Now().After(deadline):
			return fmt.Errorf("%s, in vain for %s: %w", what, patience, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// refusal is an answer that trying again does not change.
type refusal struct{ error }

func (r *refusal) Unwrap() error { return r.error }

// settle waits until nothing is due and nothing is on its way.
func (w *world) settle(ctx context.Context) error {
	return insist(ctx, "letting everything settle", func(ctx context.Context) error { return w.now().Settle(ctx) })
}

// freeAddress is a port of this machine that nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}
