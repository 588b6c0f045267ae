package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/logging"
	"jalon.dev/pkg/telemetry"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	// Requests that were being answered when the stop came have this long.
	finishTimeout  = 10 * time.Second
	maxHeaderBytes = 64 << 10
)

// Listen opens addr (":8080", "127.0.0.1:8080"); its error says what to do when another program is there already.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("address %s is in use by another program: stop that program, "+
			"or choose another address by setting JALON_ADDR, for instance JALON_ADDR=%s: %w", addr, neighbour(ctx, addr), err)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("address %s may not be opened by this user: "+
			"choose a port from 1024 up by setting JALON_ADDR: %w", addr, err)
	case err != nil:
		return nil, fmt.Errorf("opening address %s: %w", addr, err)
	}
	return listener, nil
}

// neighbour is the address one port up, for a message to suggest.
func neighbour(ctx context.Context, addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ":8081"
	}
	n, err := net.DefaultResolver.LookupPort(ctx, "tcp", port)
	if err != nil || n >= 65535 {
		return net.JoinHostPort(host, "8081")
	}
	return net.JoinHostPort(host, fmt.Sprint(n+1))
}

// Serve opens addr and serves it until ctx ends; see ServeOn.
func Serve(ctx context.Context, addr string, handler http.Handler, log *zap.Logger) error {
	listener, err := Listen(ctx, addr)
	if err != nil {
		return err
	}
	return ServeOn(ctx, listener, handler, log)
}

// ServeOn serves until ctx ends, then accepts nothing more and lets requests finish. Responses may be endless: there is no
// write timeout, and a handler of such a response watches Stopping beside its request's context. Requests that are still
// there after ten seconds are cut off, without an error: their clients come back.
func ServeOn(ctx context.Context, listener net.Listener, handler http.Handler, log *zap.Logger) error {
	stopping := make(chan struct{})
	// Requests end by finishing, not because the process was asked to stop.
	base, cut := context.WithCancel(context.WithValue(context.WithoutCancel(ctx), stoppingKey{}, (<-chan struct{})(stopping)))
	defer cut()

	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // gRPC inside an installation, behind a proxy that ends TLS
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		Protocols:         protocols,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          zap.NewStdLog(logging.Quiet(log)),
	}

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}

	close(stopping)
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	if err := server.Shutdown(finish); err != nil {
		log.Warn("requests cut off while stopping", zap.Error(err))
		cut()
		_ = server.Close() // what is left has had its time
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving %s: %w", listener.Addr(), err)
	}
	return nil
}

// ServeMetrics serves /metrics for Prometheus at addr until ctx ends.
func ServeMetrics(ctx context.Context, addr string, tel *telemetry.Telemetry, log *zap.Logger) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", tel.MetricsHandler())
	return Serve(ctx, addr, mux, log)
}

type stoppingKey struct{}

// Stopping is closed when the server of a request is asked to stop. An endless response ends then, so that the others can be
// waited for. It is nil, which never is closed, where the request did not come through Serve.
func Stopping(ctx context.Context) <-chan struct{} {
	stopping, _ := ctx.Value(stoppingKey{}).(<-chan struct{})
	return stopping
}
