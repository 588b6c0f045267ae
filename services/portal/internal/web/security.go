package web

import (
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"
)

// The page's own files are all that a browser may run, show or call: no inline script or style, no other origin.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// contentPolicy lets the sign-out form lead to the company's sign-out too, where there is one: browsers hold a form to its
// policy through every redirect.
func (s *Site) contentPolicy() string {
	if s.OIDC == nil {
		return contentPolicy
	}
	return strings.Replace(contentPolicy, "form-action 'self'", strings.TrimSpace("form-action 'self' "+s.OIDC.SignOutOrigin()), 1)
}

func (s *Site) withSecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", s.contentPolicy())
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		if s.Secure {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// withAccessLog writes which route was asked for, never the address itself: it may hold a sign-in token, and what is behind
// its question mark may hold anything.
func (s *Site) withAccessLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		recorded := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorded, r)
		if strings.HasPrefix(r.URL.Path, "/assets/") {
			return
		}
		s.Log.Debug("served", zap.String("route", r.Pattern), zap.Int("status", recorded.status), zap.Duration("took", time.Since(began)))
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection behind.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
