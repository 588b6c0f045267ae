// Package health answers the two questions that whoever runs a process asks it: are you alive, and should you get work?
package health

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

// A probe that takes longer than this has failed: orchestrators give up after a second or a few.
const patience = 2 * time.Second

// Check is one thing without which the process cannot do its work.
type Check struct {
	Name  string
	Probe func(ctx context.Context) error
}

// Health serves /healthz and /readyz.
type Health struct {
	log      *zap.Logger
	checks   []Check
	draining atomic.Bool

	mu      sync.Mutex
	failing map[string]bool // by check, as the log knows it
}

// New returns a Health that is ready when all checks pass.
func New(log *zap.Logger, checks ...Check) *Health {
	return &Health{log: log, checks: checks, failing: map[string]bool{}}
}

// Drain makes the process not ready for good: it is stopping, and new work should go elsewhere.
func (h *Health) Drain() { h.draining.Store(true) }

// Register adds the two routes to mux.
func (h *Health) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", h.alive)
	mux.HandleFunc("GET /readyz", h.ready)
}

type answer struct {
	Status string            `json:"status"`
	Checks map[string]string `json:"checks,omitempty"`
}

// alive does not look at checks: a process whose database is away must be left alone, not restarted.
func (h *Health) alive(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, answer{Status: "alive"})
}

func (h *Health) ready(w http.ResponseWriter, r *http.Request) {
	if h.draining.Load() {
		write(w, http.StatusServiceUnavailable, answer{Status: "stopping"})
		return
	}
	results, ok := h.probe(r.Context())
	if !ok {
		write(w, http.StatusServiceUnavailable, answer{Status: "not ready", Checks: results})
		return
	}
	write(w, http.StatusOK, answer{Status: "ready", Checks: results})
}

// probe runs all checks at once. What failed is told by name only; the reason, which may hold addresses, goes to the log.
func (h *Health) probe(ctx context.Context) (map[string]string, bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	errs := make([]error, len(h.checks))
	var wait sync.WaitGroup
	for i, check := range h.checks {
		wait.Go(func() { errs[i] = check.Probe(ctx) })
	}
	wait.Wait()

	results, ok := make(map[string]string, len(h.checks)), true
	for i, check := range h.checks {
		results[check.Name] = "ok"
		if errs[i] != nil {
			ok = false
			results[check.Name] = "failing"
		}
	}
	h.note(errs)
	return results, ok
}

// note logs what changed since the last look: whoever starts the process may look ten times a second.
func (h *Health) note(errs []error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, check := range h.checks {
		failing := errs[i] != nil
		switch {
		case failing && !h.failing[check.Name]:
			h.log.Warn("not ready", zap.String("check", check.Name), zap.Error(errs[i]))
		case !failing && h.failing[check.Name]:
			h.log.Info("ready", zap.String("check", check.Name))
		}
		h.failing[check.Name] = failing
	}
}

func write(w http.ResponseWriter, status int, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// Whoever asked has gone if this fails; there is nobody to tell.
	_ = json.NewEncoder(w).Encode(a)
}
