package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
)

// visitor is one signed-in person at a browser.
type visitor struct {
	person string
	cookie *http.Cookie
}

// browser never reuses a cookie jar or follows a redirect: visitors carry their own cookie.
var browser = &http.Client{
	Transport:     &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 0},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// signIn signs everybody in by the operator's one-time links, as real people would be without OIDC.
func (w *world) signIn(ctx context.Context) ([]visitor, error) {
	cards, err := w.people(ctx)
	if err != nil {
		return nil, err
	}
	operator := portalv1connect.NewOperatorServiceClient(&http.Client{Transport: authorized{w.OperatorKey()}}, w.url)
	visitors := make([]visitor, len(cards))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i, card := range cards {
		group.Go(func() error {
			link, err := operator.CreateSignInLink(ctx, &portalv1.CreateSignInLinkRequest{EmployeeNumber: card.GetNumber()})
			if err != nil {
				return fmt.Errorf("making a sign-in link: %w", err)
			}
			visitors[i], err = w.follow(ctx, card.GetId(), link.GetPath())
			return err
		})
	}
	return visitors, group.Wait()
}

// follow uses a sign-in link.
func (w *world) follow(ctx context.Context, person, path string) (visitor, error) {
	response, err := post(ctx, w.url+path, nil, url.Values{}) //nolint:bodyclose // post closed it
	if err != nil {
		return visitor{}, err
	}
	for _, cookie := range response.Cookies() {
		if cookie.Value != "" {
			return visitor{person: person, cookie: cookie}, nil
		}
	}
	return visitor{}, fmt.Errorf("signing in answered %s without a session", response.Status)
}

const smallBuffer = 512

type authorized struct{ key string }

func (a authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+a.key)
	return browser.Transport.RoundTrip(r)
}

// post sends a form and reads the answer away.
func post(ctx context.Context, address string, cookie *http.Cookie, form url.Values) (*http.Response, error) {
	request, err := formRequest(ctx, address, cookie, form)
	if err != nil {
		return nil, err
	}
	response, err := browser.Do(request)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return response, errors.Join(err, response.Body.Close())
}

func formRequest(ctx context.Context, address string, cookie *http.Cookie, form url.Values) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != nil {
		request.AddCookie(cookie)
	}
	return request, nil
}

// line is one connection that sends one request after the other, as a load generator in another process would: Go's client
// would spend more of the shared cores on a request than some of what is measured.
type line struct {
	connection net.Conn
	answers    *bufio.Reader
}

func (l *line) post(ctx context.Context, address string, cookie *http.Cookie, form url.Values) (*http.Response, error) {
	request, err := formRequest(ctx, address, cookie, form)
	if err != nil {
		return nil, err
	}
	response, _, err := l.send(ctx, request)
	return response, err
}

// get asks for a page, as browsers do that take it small, and returns how many bytes came.
func (l *line) get(ctx context.Context, address string, cookie *http.Cookie) (*http.Response, int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	request.AddCookie(cookie)
	return l.send(ctx, request)
}

func (l *line) send(ctx context.Context, request *http.Request) (_ *http.Response, read int, err error) {
	if l.connection == nil {
		if l.connection, err = new(net.Dialer).DialContext(ctx, "tcp", request.URL.Host); err != nil {
			return nil, 0, err
		}
		l.answers = bufio.NewReader(l.connection)
	}
	if err := request.Write(l.connection); err != nil {
		return nil, 0, err
	}
	response, err := http.ReadResponse(l.answers, request)
	if err != nil {
		return nil, 0, err
	}
	n, err := io.Copy(io.Discard, response.Body)
	return response, int(n), errors.Join(err, response.Body.Close())
}

func (l *line) Close() error {
	if l.connection == nil {
		return nil
	}
	return l.connection.Close()
}

// listen keeps a visitor's live stream open. It closes open when the stream's first list came, and tells when a prompt is
// shown. It keeps its buffers small: thousands of listeners share a heap, and its garbage collection, with what is measured.
func (v visitor) listen(ctx context.Context, base string, open func(), shown func(at time.Time)) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/live", nil)
	if err != nil {
		return err
	}
	request.AddCookie(v.cookie)
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", request.URL.Host)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	if err := request.Write(connection); err != nil {
		return err
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(connection, smallBuffer), request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("a live stream answered %s", response.Status)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(make([]byte, smallBuffer), bufio.MaxScanTokenSize)
	for lines.Scan() {
		switch lines.Text() {
		case "event: prompts":
			open()
		case "event: change":
			shown(time.Now())
		}
	}
	return lines.Err()
}
