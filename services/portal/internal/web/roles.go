package web

import (
	"context"
	"net/http"
	"net/url"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/portal/internal/session"
)

// actorOf is who asks when a session does: what its sign-in brought, and the roles that its person holds now. Paper opens no
// role, be it given after the card was used.
func (s *Site) actorOf(ctx context.Context, of session.Session) (identity.Actor, error) {
	if s.Roles == nil || of.Card {
		return of.Actor(), nil
	}
	return s.Roles.Extend(ctx, of.Actor())
}

// startOf is where somebody's day begins.
func startOf(actor identity.Actor) string {
	if hasConsole(actor) {
		return "/hr"
	}
	return "/"
}

// hasConsole tells whether the HR console opens for somebody, be it for one store's results.
func hasConsole(actor identity.Actor) bool { return policy.AllowRole(actor, "GET /hr") == nil }

// inOwnUnit shows whoever sees only some units the first of them, where everybody's figures would be shown to HR of the
// company.
func (s *Site) inOwnUnit(serve serve) serve {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor, _ := identity.FromContext(r.Context())
		units := append(actor.Units(identity.LocalHR), actor.Units(identity.Director)...)
		if actor.Has(identity.HR) || len(units) == 0 || r.FormValue("unit") != "" {
			return serve(w, r)
		}
		query := r.URL.Query()
		query.Set("unit", units[0])
		http.Redirect(w, r, (&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String(), http.StatusSeeOther)
		return nil
	}
}

// signOutEverywhere ends all sessions of the person, on whatever device they were begun.
func (s *Site) signOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	if v.session.PersonID != "" {
		if err := s.Sessions.EndAll(r.Context(), v.session.PersonID); err != nil {
			return err
		}
	}
	return s.signOut(w, r)
}
