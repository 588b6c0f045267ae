// Package bus carries events between services: NATS JetStream behind Watermill's publisher, subscriber and router.
//
// Each publishing service has one stream, each handler one durable consumer that works one message at a time. A message is
// acknowledged when its handler succeeded; one that cannot be handled goes to the dead letters. Streams and durables are
// made by whoever needs them first, and made anew when the server lost them.
package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
)

// Config says how to reach the server. Exactly one of URL and InProcess is needed.
type Config struct {
	// URL of a server or, separated by commas, of a cluster's servers.
	URL string
	// InProcess connects to an embedded server without a port.
	InProcess nats.InProcessConnProvider
	// Name under which the connection is shown by the server.
	Name string

	// At most one kind of credentials.
	User, Password  string
	CredentialsFile string // JWT and seed, as made by nsc
	NKeyFile        string // seed of an nkey

	// Replicas of each stream: 1, or 3 on a cluster. 0 means 1. The same in every service of an installation.
	Replicas int
	// Wait is how long Connect waits for a server that does not answer yet; 0 means 10 s.
	Wait time.Duration

	// Where traces and metrics go; nil means the process's own providers.
	Tracer trace.TracerProvider
	Meter  metric.MeterProvider
}

const (
	defaultConnectWait = 10 * time.Second
	requestTimeout     = 5 * time.Second
	drainTimeout       = 10 * time.Second
	// How many published messages may wait for their acknowledgement at once, over all calls.
	publishWindow = 4000
)

// Bus is a connection to the bus. It reconnects for ever by itself.
type Bus struct {
	nc       *nats.Conn
	js       jetstream.JetStream
	log      *zap.Logger
	tel      instruments
	replicas int
	closed   chan struct{}

	mu         sync.Mutex
	connection context.Context // ends when the connection was lost and is back
	lost       context.CancelFunc
}

// Connect opens a connection and checks that JetStream answers. It fails when that did not happen before ctx ended or
// Config.Wait passed.
func Connect(ctx context.Context, cfg Config, log *zap.Logger) (*Bus, error) {
	if (cfg.URL == "") == (cfg.InProcess == nil) {
		return nil, errors.New("connecting to the bus: exactly one of a URL and an in-process server is needed")
	}
	b := &Bus{log: log, replicas: max(cfg.Replicas, 1), closed: make(chan struct{})}
	b.connection, b.lost = context.WithCancel(context.WithoutCancel(ctx))

	tracer, meter := cfg.Tracer, cfg.Meter
	if tracer == nil {
		tracer = otel.GetTracerProvider()
	}
	if meter == nil {
		meter = otel.GetMeterProvider()
	}
	var err error
	if b.tel, err = newInstruments(tracer, meter); err != nil {
		return nil, err
	}
	if b.nc, err = b.dial(ctx, cfg); err != nil {
		return nil, err
	}
	b.js, err = jetstream.New(b.nc,
		jetstream.WithPublishAsyncMaxPending(publishWindow),
		jetstream.WithPublishAsyncTimeout(requestTimeout),
		jetstream.WithDefaultTimeout(requestTimeout))
	if err != nil {
		b.nc.Close()
		return nil, fmt.Errorf("connecting to JetStream: %w", err)
	}
	if err := b.Ready(ctx); err != nil {
		b.nc.Close()
		return nil, err
	}
	return b, nil
}

func (b *Bus) dial(ctx context.Context, cfg Config) (*nats.Conn, error) {
	options, err := b.options(cfg)
	if err != nil {
		return nil, err
	}
	wait := cfg.Wait
	if wait == 0 {
		wait = defaultConnectWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		nc, err := nats.Connect(cfg.URL, options...)
		if err == nil {
			return nc, nil
		}
		if errors.Is(err, nats.ErrAuthorization) || !pause(ctx, 250*time.Millisecond) {
			return nil, fmt.Errorf("connecting to NATS: %w", err)
		}
	}
}

func (b *Bus) options(cfg Config) ([]nats.Option, error) {
	options := []nats.Option{
		nats.Name(cfg.Name),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond),
		nats.Timeout(requestTimeout),
		nats.DrainTimeout(drainTimeout),
		nats.ClosedHandler(func(*nats.Conn) { close(b.closed) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				b.log.Warn("bus connection lost", zap.Error(err))
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			b.log.Info("bus connection is back")
			b.reconnected()
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.log.Warn("bus reports an error", zap.Error(err))
		}),
	}
	if cfg.InProcess != nil {
		options = append(options, nats.InProcessServer(cfg.InProcess))
	}
	if cfg.User != "" {
		options = append(options, nats.UserInfo(cfg.User, cfg.Password))
	}
	if cfg.CredentialsFile != "" {
		options = append(options, nats.UserCredentials(cfg.CredentialsFile))
	}
	if cfg.NKeyFile != "" {
		nkey, err := nats.NkeyOptionFromSeed(cfg.NKeyFile)
		if err != nil {
			return nil, fmt.Errorf("reading the bus key: %w", err)
		}
		options = append(options, nkey)
	}
	return options, nil
}

// Ready says whether the bus can be used now: connected, and JetStream answers.
func (b *Bus) Ready(ctx context.Context) error {
	if !b.nc.IsConnected() {
		return errors.New("the bus is not connected")
	}
	if _, err := b.js.AccountInfo(ctx); err != nil {
		return fmt.Errorf("asking JetStream for its state: %w", err)
	}
	return nil
}

// Close sends what is still buffered, acknowledgements among it, and closes the connection. Close routers first. It is safe
// to call twice.
func (b *Bus) Close() error {
	err := b.nc.Drain()
	switch {
	case errors.Is(err, nats.ErrConnectionClosed), errors.Is(err, nats.ErrConnectionDraining):
	case err != nil:
		b.nc.Close() // there is no server to drain to
	}
	<-b.closed
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost()
	return nil
}

// session ends when the connection was lost and is back again: whoever waits for the server through it must ask anew.
func (b *Bus) session() context.Context {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.connection
}

// request limits one question to the server: an answer that was on its way when the connection was lost never comes.
func (b *Bus) request(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	stop := context.AfterFunc(b.session(), cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

func (b *Bus) reconnected() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost()
	b.connection, b.lost = context.WithCancel(context.WithoutCancel(b.connection))
}

// pause waits for d; false means that ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
