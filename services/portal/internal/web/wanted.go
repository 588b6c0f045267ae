package web

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
)

const (
	// wantedSeconds is for how long the page that somebody came for is remembered while they sign in.
	wantedSeconds = 15 * 60
	// A longer address is no link that anybody sent.
	longestWanted = 1000
)

// wantedCookie names the cookie with the page that somebody came for; see cookieName for its prefix.
func (s *Site) wantedCookie() string { return s.cookieName() + "_wanted" }

// keepWanted remembers the page that a stranger asked for, such as a survey whose link stood in a mail.
func (s *Site) keepWanted(w http.ResponseWriter, r *http.Request) {
	address := here(r)
	if at := r.Header.Get("HX-Current-URL"); at != "" { // a part of a page: the page itself is wanted
		address = "/"
		if page, err := url.Parse(at); err == nil && page.Host == r.Host {
			address = local(page.RequestURI())
		}
	} else if r.Method != http.MethodGet {
		return // what a form would have done is not done later, by whoever signs in
	}
	if address == "/" || len(address) > longestWanted {
		return // everybody's day begins somewhere
	}
	s.putCookie(w, s.wantedCookie(), base64.RawURLEncoding.EncodeToString([]byte(address)), wantedSeconds)
}

// takeWanted returns the page that was asked for before signing in, and forgets it; empty where there was none, or where
// whoever came in could not open it. A cookie may hold anything: only addresses of this site come out.
func (s *Site) takeWanted(w http.ResponseWriter, r *http.Request, actor identity.Actor) string {
	cookie, err := r.Cookie(s.wantedCookie())
	if err != nil {
		return ""
	}
	s.forgetWanted(w)
	decoded, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return ""
	}
	address := local(string(decoded))
	if address == "/" || !s.opens(r.Context(), actor, address) {
		return ""
	}
	return address
}

func (s *Site) forgetWanted(w http.ResponseWriter) { s.putCookie(w, s.wantedCookie(), "", -1) }

// opens tells whether an address is a page that the actor's roles open.
func (s *Site) opens(ctx context.Context, actor identity.Actor, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return false
	}
	_, route := s.mux.Handler(request)
	return policy.AllowRole(actor, route) == nil
}
