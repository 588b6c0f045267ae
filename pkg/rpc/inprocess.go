package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
)

// InProcess carries calls between services of one process straight from client to handler: the same bytes, tokens and
// interceptors as over the network, without sockets. A service may be handled after its clients were made.
type InProcess struct {
	mu       sync.RWMutex
	handlers map[string]http.Handler
}

// NewInProcess returns a transport that reaches the given services by name; nil is none yet.
func NewInProcess(handlers map[string]http.Handler) *InProcess {
	p := &InProcess{handlers: map[string]http.Handler{}}
	maps.Copy(p.handlers, handlers)
	return p
}

// Handle adds a service.
func (p *InProcess) Handle(service string, handler http.Handler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handlers[service] = handler
}

// Addresses are what NewPeers needs to reach all of Jalon's services through an InProcess.
func (p *InProcess) Addresses() Addresses {
	addresses := Addresses{}
	for _, service := range []string{"directory", "moments", "notifications", "interviews", "barometer", "portal"} {
		addresses[service] = "http://" + service
	}
	return addresses
}

// RoundTrip runs the handler of the service that the URL's host names and returns as soon as it has written its header; what
// it writes afterwards is read as it comes. The handler's context ends with the request's, or when the body is closed.
func (p *InProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	p.mu.RLock()
	handler := p.handlers[req.URL.Host]
	p.mu.RUnlock()
	if handler == nil {
		closeBody(req)
		return nil, fmt.Errorf("no service %q in this process", req.URL.Host)
	}

	ctx, cancel := context.WithCancel(stripped{req.Context()})
	body, out := io.Pipe()
	w := &pipeWriter{header: http.Header{}, out: out, started: make(chan struct{})}
	served := serverRequest(ctx, req) //nolint:contextcheck // it ends with the request's, and has none of its values
	go func() {
		defer cancel()
		defer closeBody(req)
		out.CloseWithError(serve(handler, w, served))
	}()

	select {
	case <-w.started:
	case <-ctx.Done():
		// The handler may have begun to answer in the same instant, or ended without a word; only a caller that gave up is an error.
		if err := req.Context().Err(); err != nil {
			_ = body.CloseWithError(err)
			return nil, err
		}
		<-w.started
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: &responseBody{PipeReader: body, cancel: cancel},
		ContentLength: -1, Request: req,
	}, nil
}

// serve runs the handler as net/http would, a panic included: it cuts the response short.
func serve(handler http.Handler, w *pipeWriter, req *http.Request) (err error) {
	defer w.WriteHeader(http.StatusOK)
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the handler panicked")
			w.WriteHeader(http.StatusInternalServerError)
		}
	}()
	handler.ServeHTTP(w, req)
	return io.EOF
}

func serverRequest(ctx context.Context, req *http.Request) *http.Request {
	served := req.Clone(ctx)
	served.RequestURI = req.URL.RequestURI()
	served.RemoteAddr = "in-process"
	served.Proto, served.ProtoMajor, served.ProtoMinor = "HTTP/1.1", 1, 1
	if served.Body == nil {
		served.Body = http.NoBody
	}
	if served.Host == "" {
		served.Host = req.URL.Host
	}
	return served
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// stripped keeps a context's end and drops its values: a handler must learn who asks from the token alone, as it does when
// the caller is another process.
type stripped struct{ context.Context }

func (stripped) Value(any) any { return nil }

// pipeWriter is the handler's side of a response.
type pipeWriter struct {
	header  http.Header
	out     *io.PipeWriter
	once    sync.Once
	started chan struct{}
	status  int
	sent    http.Header
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if status < http.StatusOK {
		return // an interim response has no place here
	}
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.started)
	})
}

func (w *pipeWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.out.Write(p)
}

// Flush has only the header to send: what is written goes through at once.
func (w *pipeWriter) Flush() { w.WriteHeader(http.StatusOK) }

type responseBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (b *responseBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}
