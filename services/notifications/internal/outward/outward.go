// Package outward calls addresses that somebody typed into a form. Whoever may type one must not learn or reach by it what only the
// machine itself can: the address is judged when it is dialled, after its name was resolved, so that a name that points inside, or
// does so only the second time it is asked for, leads nowhere. Redirects are not followed, proxies of the environment not used.
package outward

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"code.dny.dev/ssrf"
)

const (
	// patience is for a whole call: name, connection, request and answer.
	patience = 10 * time.Second
	// mostText is how much of an answer is read.
	mostText = 2048
	// idle connections are kept for receivers that are told often.
	idle = 2
)

// Config says where calls may lead.
type Config struct {
	// Networks are the company's own that may be called besides the Internet: "10.20.0.0/16, 2001:db8:20::/48".
	Networks string `env:"JALON_OUTGOING_NETWORKS"`
	// Loopback lets this very machine be called, without TLS too: for a demo, and for tests.
	Loopback bool
	// Patience is for a whole call; 10 s when 0.
	Patience time.Duration
}

// Client calls the outside.
type Client struct {
	http     *http.Client
	guard    *ssrf.Guardian
	loopback bool
}

// New returns a client, or what is wrong with the configuration.
func New(cfg Config) (*Client, error) {
	four, six, err := networks(cfg.Networks)
	if err != nil {
		return nil, err
	}
	if cfg.Loopback {
		four = append(four, netip.MustParsePrefix("127.0.0.0/8"))
		six = append(six, netip.MustParsePrefix("::1/128"))
	}
	if cfg.Patience == 0 {
		cfg.Patience = patience
	}
	c := &Client{loopback: cfg.Loopback, guard: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(four...), ssrf.WithAllowedV6Prefixes(six...))}
	dialer := &net.Dialer{Timeout: cfg.Patience / 2, Control: c.guard.Safe}
	c.http = &http.Client{
		Timeout: cfg.Patience,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: idle, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: cfg.Patience / 2, DisableCompression: true, MaxResponseHeaderBytes: 16 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

func networks(text string) (four, six []netip.Prefix, err error) {
	var wrong []error
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Errorf("JALON_OUTGOING_NETWORKS: %q must be a network such as 10.20.0.0/16", part))
		case prefix.Addr().Is4():
			four = append(four, prefix.Masked())
		default:
			six = append(six, prefix.Masked())
		}
	}
	return four, six, errors.Join(wrong...)
}

// Post sends a body and returns what was answered. It fails in no other way: what went wrong is in the answer.
func (c *Client) Post(ctx context.Context, address string, header http.Header, body []byte) Answer {
	began := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return Answer{Trouble: Unreachable}
	}
	req.Header = header
	req.Header.Set("User-Agent", "Jalon")
	var sent atomic.Bool
	res, err := c.http.Do(req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})))
	if err != nil {
		return Answer{Trouble: troubleOf(err), Took: time.Since(began), unanswered: sent.Load()}
	}
	text, _ := io.ReadAll(io.LimitReader(res.Body, mostText)) // the status has told all that counts
	_ = res.Body.Close()                                      // what is left of an answer is nobody's business
	answer := Answer{Status: res.StatusCode, Took: time.Since(began), Text: strings.ToValidUTF8(string(text), "\uFFFD"), After: after(res.Header.Get("Retry-After"))}
	switch {
	case answer.Status >= 300 && answer.Status < 400:
		answer.Trouble = Redirect
	case answer.Status < 200 || answer.Status >= 300:
		answer.Trouble = Status
	}
	return answer
}

// Close hangs up.
func (c *Client) Close() { c.http.CloseIdleConnections() }
