package outward

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Trouble is a stable word for what went wrong with a call.
type Trouble string

// What can go wrong.
const (
	// Status is an answer that says no.
	Status Trouble = "status"
	// Redirect is an answer that leads elsewhere: it is not followed.
	Redirect    Trouble = "redirect"
	Timeout     Trouble = "timeout"
	UnknownHost Trouble = "unknown_host"
	Unreachable Trouble = "unreachable"
	BadTLS      Trouble = "tls"
	// Forbidden leads to where this Jalon may not call.
	Forbidden Trouble = "forbidden"
	// Closed is a line that was closed before the answer.
	Closed Trouble = "closed"
)

// Answer is what came of a call.
type Answer struct {
	// Status is the HTTP status; 0 where there was no answer.
	Status  int
	Trouble Trouble
	Took    time.Duration
	// Text is the beginning of what was answered.
	Text string
	// After is how long the other side asks to be left alone.
	After time.Duration
	// unanswered tells that the request was sent and nothing came back.
	unanswered bool
}

// OK tells that the other side took it.
func (a Answer) OK() bool { return a.Trouble == "" }

// Doubtful tells that the other side may have taken it and nobody knows: it was sent, and no answer came but from whoever stands
// between.
func (a Answer) Doubtful() bool {
	return a.unanswered || a.Status == http.StatusBadGateway || a.Status == http.StatusGatewayTimeout
}

// longestAfter bounds what the other side can ask for.
const longestAfter = 24 * time.Hour

// after reads Retry-After: seconds, or a date.
func after(header string) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return min(max(time.Duration(seconds), 0)*time.Second, longestAfter)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(time.Until(at), 0), longestAfter)
	}
	return 0
}

func troubleOf(err error) Trouble {
	var (
		name      *net.DNSError
		authority x509.UnknownAuthorityError
		verifying *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		dialling  *net.OpError
		timeout   interface{ Timeout() bool }
	)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		return Forbidden
	case errors.As(err, &name):
		return UnknownHost
	case errors.As(err, &verifying), errors.As(err, &authority), errors.As(err, &record), errors.As(err, &alert):
		return BadTLS
	case errors.As(err, &dialling) && dialling.Op == "dial":
		return Unreachable // also where dialling took too long: nothing was sent
	case errors.Is(err, syscall.ECONNREFUSED):
		return Unreachable
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Timeout
	default:
		return Closed
	}
}
