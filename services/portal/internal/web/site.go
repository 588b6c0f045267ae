// Package web answers browsers: it finds out who asks, calls the services as that person, and draws pages from what they say.
package web

import (
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/portal/internal/assets"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/live"
	"jalon.dev/services/portal/internal/session"
	"jalon.dev/services/portal/internal/upload"
)

// Deps is what the site works with.
type Deps struct {
	Peers    rpc.Peers
	People   *people.Register
	Sessions *session.Store
	Uploads  *upload.Store
	Hub      *live.Hub
	Clock    clock.Clock
	Log      *zap.Logger
	Words    *i18n.Catalogue
	Assets   *assets.Files
	// Demo is nil except in demo mode.
	Demo Demo
	// Secure says that browsers reach the portal by https.
	Secure bool
	// Zone is the time zone of readers whom no HR file names.
	Zone *time.Location
	// Recheck is how often an open stream makes sure that its session goes on.
	Recheck time.Duration
}

// Site is the portal's pages.
type Site struct {
	Deps
	routes []string
}

// New returns the site.
func New(deps Deps) *Site { return &Site{Deps: deps} }

// Handler serves all pages.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	s.routes = nil
	for route, serve := range s.table() {
		s.routes = append(s.routes, route)
		mux.Handle(pattern(route), s.page(route, serve))
	}
	mux.Handle("/", s.anyone(func(http.ResponseWriter, *http.Request) error { return errNotFound }))

	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(s.anyone(func(http.ResponseWriter, *http.Request) error { return errForeign }))
	return s.withAccessLog(s.withSecurityHeaders(protection.Handler(mux)))
}

// Routes lists every route that is served, as the policy table writes them.
func (s *Site) Routes() []string { return s.routes }

type serve func(w http.ResponseWriter, r *http.Request) error

// table is every page and what answers it. Each has its line in the policy table.
func (s *Site) table() map[string]serve {
	routes := map[string]serve{
		"GET /signin":               s.signIn,
		"GET /signin/link/{token}":  s.signInLink,
		"POST /signin/link/{token}": s.useSignInLink,
		"GET /assets/":              s.asset,
		"POST /language":            s.setLanguage,

		"GET /":                     s.home,
		"GET /live":                 s.live,
		"POST /signout":             s.signOut,
		"GET /survey/{invitation}":  s.survey,
		"POST /survey/{invitation}": s.answer,

		"GET /team": s.team,

		"GET /hr":              s.hrOverview,
		"GET /hr/people":       s.hrPeople,
		"POST /hr/people":      s.hrPeople, // a search: names stay out of addresses
		"GET /hr/people/{id}":  s.hrPerson,
		"GET /hr/import":       s.hrImport,
		"POST /hr/import":      s.hrUpload,
		"GET /hr/import/{id}":  s.hrImportPreview,
		"POST /hr/import/{id}": s.hrImportApply,
		"GET /hr/moments":      s.hrMoments,
		"GET /hr/moments/{id}": s.hrMoment,
		"GET /hr/results":      s.hrResults,
		"GET /hr/barometer":    s.hrBarometer,
	}
	if s.Demo != nil {
		routes["POST /signin/demo"] = s.signInDemo
		routes["POST /demo/clock"] = s.moveClock
		routes["GET /progress"] = s.progress
	}
	return routes
}

// pattern is a route as ServeMux wants it: its root would otherwise match everything.
func pattern(route string) string {
	if strings.HasSuffix(route, " /") {
		return route + "{$}"
	}
	return route
}

func (s *Site) asset(w http.ResponseWriter, r *http.Request) error {
	s.Assets.ServeHTTP(w, r)
	return nil
}
