package web

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// What may be tried wrongly before nothing is tried any more for a while. A code has 60 random bits, so these bounds are a second
// fence: they keep a program that guesses from being a burden. A store has one address for all its people.
const (
	wrongFromOneAddress = 20
	wrongFromAnywhere   = 2000
	wrongForgotten      = 10 * time.Minute
)

// attempts counts wrong codes, for this replica.
type attempts struct {
	mu      sync.Mutex
	since   time.Time
	wrong   map[string]int
	overall int
}

// allowed tells whether an address may try another code.
func (a *attempts) allowed(address string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Sub(a.since) >= wrongForgotten {
		a.since, a.wrong, a.overall = now, map[string]int{}, 0
	}
	return a.wrong[address] < wrongFromOneAddress && a.overall < wrongFromAnywhere
}

// failed notes a wrong code.
func (a *attempts) failed(address string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wrong[address]++
	a.overall++
}

// addressOf is from where a request came; the proxy's, where there is one.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
