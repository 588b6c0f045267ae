package web

import (
	"errors"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/portal/internal/audit"
)

// nameless are the console's pages that name nobody and change nothing: forms, figures, the organisation.
var nameless = map[string]bool{
	"GET /hr/guests": true, "GET /hr": true, "GET /hr/import": true, "GET /hr/units": true, "GET /hr/units/{id}": true, "GET /hr/units/import": true, "GET /hr/units/new": true, "GET /hr/units/merge/{id}": true, "GET /hr/results": true, "GET /hr/barometer": true, "GET /hr/barometer/new": true, "GET /hr/barometer/{id}": true,
	"GET /hr/reach": true, "GET /hr/audiences": true,
	"GET /hr/campaigns": true, "GET /hr/campaigns/calendar": true, "GET /hr/campaigns/{id}/figures": true, "GET /hr/campaigns/{id}/results": true,
	"GET /hr/campaigns/{id}/forecast": true, "GET /hr/customers": true, "GET /hr/benchmarks": true, "GET /hr/outgoing": true,
	"GET /hr/outgoing/receivers/new": true, "GET /hr/outgoing/receivers/{id}": true, "GET /hr/outgoing/channels/new": true, "GET /hr/outgoing/channels/{id}": true,
	"GET /hr/rhythm": true, "GET /hr/catalogue": true, "GET /hr/catalogue/{code}": true, "GET /hr/catalogue/{code}/edit": true,
}

// writing are what HR writes before it is in use: it is saved with every field, and recorded when it is published.
var writing = map[string]bool{
	"GET /hr/questionnaires": true, "GET /hr/questionnaires/{code}": true, "GET /hr/questionnaires/{code}/preview": true,
	"POST /hr/questionnaires/{code}": true,
}

// onlyReads are forms that change nothing.
var onlyReads = map[string]bool{"POST /hr/people": true, "POST /hr/campaigns/audience": true, "POST /hr/campaigns/dates": true, "POST /hr/audiences/count": true}

// audited records what HR does and whose data it reads. All of the console's routes are recorded unless they are listed above,
// so that a new page is recorded before anybody thinks of it.
func (s *Site) audited(route string, serve serve) serve {
	method, _, _ := strings.Cut(route, " ")
	if s.Audit == nil || !recordedPage(route) {
		return serve
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, subject := audit.WithSubject(r.Context())
		audit.About(ctx, r.PathValue("id"))
		r = r.WithContext(ctx)
		recorded := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		err := serve(recorded, r)
		for field, values := range r.PostForm { // parsed where the page asked for it
			if namesSomebody(field) {
				audit.About(ctx, values...)
			}
		}
		for field, values := range r.URL.Query() {
			if namesSomebody(field) {
				audit.About(ctx, values...)
			}
		}
		actor, _ := identity.FromContext(ctx)
		if actor.Anonymous() {
			return err // a stranger is sent to sign in; there is nobody to record
		}
		outcome := audit.OutcomeOf(err, refused)
		if err == nil && recorded.status >= http.StatusBadRequest {
			outcome = audit.Failed // a form that was shown again did nothing
		}
		write := s.Audit.Act
		if method == http.MethodGet || onlyReads[route] {
			write = s.Audit.Read
		}
		if failure := write(ctx, actor, route, subject.IDs(), outcome); failure != nil {
			s.Log.Error("the audit log lacks an entry", zap.String("route", route), zap.Error(failure))
		}
		return err
	}
}

// recordedPage tells whether what is done on a page, or read there, is recorded.
func recordedPage(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	return (path == "/hr" || strings.HasPrefix(path, "/hr/")) && !nameless[route] && !writing[route]
}

func namesSomebody(field string) bool {
	return field == "person" || field == "unit" || field == "about" || field == "manager" || strings.HasSuffix(field, "_id")
}

func refused(err error) bool {
	return errors.Is(err, policy.ErrDenied) || connect.CodeOf(err) == connect.CodePermissionDenied
}
