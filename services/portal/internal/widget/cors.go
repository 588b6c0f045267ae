package widget

import "net/http"

// How long, in seconds, a browser may remember what a preflight told it.
const preflightAge = "7200"

// Greet answers what every request of another origin needs, and tells whether the origin may go on. Nothing here ever uses
// cookies: Access-Control-Allow-Credentials is not sent, so that browsers send none and show no answer to pages that did.
func (w *Widget) Greet(out http.ResponseWriter, r *http.Request) bool {
	out.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if !w.Allows(origin) {
		return false
	}
	out.Header().Set("Access-Control-Allow-Origin", origin)
	return true
}

// Preflight answers a browser that asks before it sends a page's request.
func (w *Widget) Preflight(out http.ResponseWriter, r *http.Request) {
	if !w.Greet(out, r) {
		http.Error(out, "this origin is not in JALON_WIDGET_ORIGINS", http.StatusForbidden)
		return
	}
	out.Header().Set("Access-Control-Allow-Methods", "GET, POST")
	out.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
	out.Header().Set("Access-Control-Max-Age", preflightAge)
	out.WriteHeader(http.StatusNoContent)
}
