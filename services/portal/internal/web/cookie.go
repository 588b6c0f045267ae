package web

import (
	"net/http"
	"net/url"
	"strings"

	"jalon.dev/services/portal/internal/session"
)

const languageCookie = "jalon_language"

// cookieName of the session. The prefix makes browsers refuse it from any other path, host or plain connection.
func (s *Site) cookieName() string {
	if s.Secure {
		return "__Host-jalon"
	}
	return "jalon"
}

func (s *Site) setCookie(w http.ResponseWriter, token string, of session.Session) {
	s.putCookie(w, s.cookieName(), token, int(of.Lifetime().Seconds()))
}

func (s *Site) forgetCookie(w http.ResponseWriter) {
	s.putCookie(w, s.cookieName(), "", -1)
}

// putCookie is how all cookies are set; maxAge is in seconds.
func (s *Site) putCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever browsers come by https
		Name: name, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// chosenLanguage is the reader's own choice: the session's, or before signing in the browser's.
func chosenLanguage(r *http.Request, s session.Session) string {
	if s.Language != "" {
		return s.Language
	}
	if cookie, err := r.Cookie(languageCookie); err == nil {
		return cookie.Value
	}
	return ""
}

// setLanguage switches the language and goes back to where the reader was.
func (s *Site) setLanguage(w http.ResponseWriter, r *http.Request) error {
	lang := s.Words.Match(r.PostFormValue("language"))
	s.putCookie(w, languageCookie, lang, 365*24*3600)
	if v := visitorOf(r); v.session.ID != "" {
		if err := s.Sessions.SetLanguage(r.Context(), v.session.ID, lang); err != nil {
			return err
		}
	}
	http.Redirect(w, r, back(r), http.StatusSeeOther)
	return nil
}

// here is where the reader is, to come back to: a page that a link could lead to.
func here(r *http.Request) string {
	if r.Method != http.MethodGet {
		if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
			return local(from.RequestURI())
		}
		return "/"
	}
	return local(r.URL.RequestURI())
}

func back(r *http.Request) string { return local(r.PostFormValue("back")) }

// local lets only addresses of this site through: "//elsewhere" and "/\elsewhere" would lead away.
func local(path string) string {
	parsed, err := url.Parse(path)
	if err != nil || parsed.Host != "" || parsed.Scheme != "" || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}
