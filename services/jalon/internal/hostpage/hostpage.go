// Package hostpage is the demonstration's intranet: a page of another origin that shows a person's prompts, and the little
// that a company's server does for it. It serves demos only: anybody may be anybody here.
package hostpage

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/portal"
)

const (
	cookie = "exemple_intranet"
	// tokenLife is long enough for a slow network and clocks that differ a little.
	tokenLife = 2 * time.Minute
)

//go:embed page.html style.css
var files embed.FS

// Config is what the intranet knows of Jalon.
type Config struct {
	// Jalon is the address of the installation.
	Jalon string
	// Key is what Jalon knows as JALON_WIDGET_KEY.
	Key []byte
	// Demo offers people to be.
	Demo portal.Demo
	// People tells names.
	People directoryv1connect.DirectoryServiceClient
	Log    *zap.Logger
}

// Intranet serves the page, its style, and its tokens.
type Intranet struct {
	Config
	page  *template.Template
	style []byte
}

// New returns the intranet.
func New(cfg Config) (*Intranet, error) {
	page, err := template.ParseFS(files, "page.html")
	if err != nil {
		return nil, fmt.Errorf("reading the intranet's page: %w", err)
	}
	style, err := files.ReadFile("style.css")
	if err != nil {
		return nil, fmt.Errorf("reading the intranet's style: %w", err)
	}
	return &Intranet{Config: cfg, page: page, style: style}, nil
}

// Handler serves all of it.
func (i *Intranet) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", i.home)
	mux.HandleFunc("GET /be/{person}", i.be)
	mux.HandleFunc("GET /leave", i.leave)
	mux.HandleFunc("GET /jalon-token", i.token)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(i.style) // the browser left: there is nobody to tell
	})
	return mux
}

// token is all that a company's server has to do for <jalon-prompt>: say, signed and for two minutes, who reads the page. It
// knows that from its own sign-in; here, from a cookie.
func (i *Intranet) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	person := who(r)
	if person == "" {
		http.Error(w, "nobody is signed in", http.StatusUnauthorized)
		return
	}
	now := time.Now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject:   person,
		Audience:  jwt.ClaimStrings{i.Jalon},
		ID:        rand.Text(),
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(tokenLife)),
	}).SignedString(i.Key)
	if err != nil {
		i.fail(w, "signing a token", err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(token)) // the browser left: there is nobody to tell
}

type view struct {
	Jalon, Lang string
	T           map[string]string
	Name, Job   string
	Living      bool
	Personas    []portal.Persona
}

func (i *Intranet) home(w http.ResponseWriter, r *http.Request) {
	lang := language(r)
	v := view{Jalon: i.Jalon, Lang: lang, T: texts[lang]}
	done, total := i.Demo.Progress()
	if v.Living = done < total; !v.Living {
		var err error
		if v.Personas, err = i.Demo.Personas(r.Context()); err != nil {
			i.fail(w, "finding people to be", err)
			return
		}
		if v.Name, v.Job, err = i.name(r.Context(), who(r)); err != nil {
			i.fail(w, "finding a name", err)
			return
		}
	}
	var out bytes.Buffer
	if err := i.page.Execute(&out, v); err != nil {
		i.fail(w, "drawing the page", err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	// What a careful intranet allows: its own files, and Jalon's script and answers. No inline style or script is needed.
	header.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; img-src data:; style-src 'self'; script-src %[1]s; connect-src 'self' %[1]s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", i.Jalon))
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
}

// name is empty for nobody, and for somebody of a demo that is no more.
func (i *Intranet) name(ctx context.Context, person string) (name, job string, err error) {
	if person == "" {
		return "", "", nil
	}
	found, err := i.People.BatchGetPeople(identity.AsService(ctx, "intranet"), &directoryv1.BatchGetPeopleRequest{Ids: []string{person}})
	if err != nil {
		return "", "", fmt.Errorf("asking for a name: %w", err)
	}
	for _, card := range found.GetPeople() {
		return card.GetGivenName() + " " + card.GetFamilyName(), card.GetJobTitle(), nil
	}
	return "", "", nil
}

func (i *Intranet) be(w http.ResponseWriter, r *http.Request) {
	i.remember(w, r.PathValue("person"), 0)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (i *Intranet) leave(w http.ResponseWriter, r *http.Request) {
	i.remember(w, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (i *Intranet) remember(w http.ResponseWriter, person string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // a demo is served by plain http on this machine only
		Name: cookie, Value: person, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (i *Intranet) fail(w http.ResponseWriter, doing string, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	i.Log.Warn("the demonstration's intranet: "+doing, zap.Error(err))
	http.Error(w, "try again in a moment", http.StatusServiceUnavailable)
}

func who(r *http.Request) string {
	c, err := r.Cookie(cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func language(r *http.Request) string {
	wish := r.URL.Query().Get("lang")
	if wish == "" {
		wish = r.Header.Get("Accept-Language")
	}
	if strings.HasPrefix(strings.ToLower(wish), "en") {
		return "en"
	}
	return "fr"
}
