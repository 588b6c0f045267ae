package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"
	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/session"
	"jalon.dev/services/portal/internal/widget"
)

// maxToken is the longest request that a page of another origin may send, in bytes.
const maxToken = 4096

var errNobody = errors.New("nobody employed here is meant")

// mountWidget serves what pages of other origins ask for. These routes know no cookie: whoever asks is known by a token that
// the host's server signed, and then by the session that it was exchanged for.
func (s *Site) mountWidget(mux *http.ServeMux, protection *http.CrossOriginProtection) {
	mux.Handle("OPTIONS /widget/v1/", s.withWidget(s.Widget.Preflight))
	for route, serve := range map[string]http.HandlerFunc{
		"GET /widget/v1/jalon-prompt.js": s.widgetScript(),
		"POST /widget/v1/session":        s.withWidget(s.widgetSession),
		"GET /widget/v1/prompts":         s.withWidget(s.widgetPrompts),
	} {
		s.routes = append(s.routes, route)
		mux.Handle(route, serve)
	}
	// Forms of other sites are refused everywhere but here, where no cookie would lend them anybody's rights.
	protection.AddInsecureBypassPattern("POST /widget/v1/session")
}

func (s *Site) withWidget(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if s.Widget == nil {
			http.Error(w, "no other site shows prompts of this installation: JALON_WIDGET_ORIGINS is not set", http.StatusNotFound)
			return
		}
		serve(w, r)
	}
}

func (s *Site) widgetScript() http.HandlerFunc {
	var script *widget.Script
	if s.Assets != nil {
		if code := s.Assets.Content("jalon-prompt.js"); code != nil {
			script = widget.NewScript(code)
		}
	}
	return s.withWidget(func(w http.ResponseWriter, r *http.Request) {
		if script == nil {
			http.Error(w, "the browser's scripts are not built into this program", http.StatusNotFound)
			return
		}
		script.ServeHTTP(w, r)
	})
}

// widgetSession exchanges a host's token for a session.
func (s *Site) widgetSession(w http.ResponseWriter, r *http.Request) {
	if !s.Widget.Greet(w, r) {
		refuseWidget(w, http.StatusForbidden, "origin_not_allowed", "this origin is not in JALON_WIDGET_ORIGINS")
		return
	}
	var asked struct {
		Token string `json:"token"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxToken))
	if err != nil || json.Unmarshal(body, &asked) != nil {
		refuseWidget(w, http.StatusBadRequest, "bad_request", `the body must be {"token": "..."}`)
		return
	}
	token, err := s.Widget.Verify(asked.Token)
	if err != nil {
		s.refuseToken(w, err)
		return
	}
	person, err := s.meant(r.Context(), token.Subject)
	if err != nil {
		s.refuseToken(w, err)
		return
	}
	bearer, granted, err := s.Widget.Begin(r.Context(), token, person.ID, r.Header.Get("Origin"))
	if err != nil {
		s.refuseToken(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"session": bearer, "expires_in": int(s.Widget.Left(granted).Seconds())})
}

// meant is whom a host's server means: by person id or else by employee number, today employed or about to be.
func (s *Site) meant(ctx context.Context, subject string) (people.Person, error) {
	person, err := s.People.Get(ctx, subject)
	if errors.Is(err, mongodb.ErrNotFound) {
		var found *directoryv1.FindPersonResponse
		found, err = s.Peers.Directory().FindPerson(identity.AsService(ctx, serviceName), &directoryv1.FindPersonRequest{Number: subject})
		if err == nil {
			person, err = s.People.Get(ctx, found.GetPerson().GetId())
		}
	}
	switch {
	case errors.Is(err, mongodb.ErrNotFound), connect.CodeOf(err) == connect.CodeNotFound:
		return people.Person{}, errNobody
	case err != nil:
		return people.Person{}, err
	case s.hasLeft(person):
		return people.Person{}, errNobody
	}
	return person, nil
}

// refuseToken tells the host's developer what is wrong, and a stranger nothing: only who holds the key gets to hear of people.
func (s *Site) refuseToken(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, widget.ErrUsed):
		refuseWidget(w, http.StatusUnauthorized, "token_used", "this token was used before: make a new one for each request")
	case errors.Is(err, widget.ErrExpired):
		refuseWidget(w, http.StatusUnauthorized, "token_expired", "this token is too old, or lives for more than "+widget.MaxTokenLife.String())
	case errors.Is(err, widget.ErrBadToken):
		s.Log.Info("a host's token is refused", zap.Error(err))
		refuseWidget(w, http.StatusUnauthorized, "token_refused", "this token is not signed with JALON_WIDGET_KEY by HS256, not for this installation, or lacks sub or jti")
	case errors.Is(err, errNobody):
		refuseWidget(w, http.StatusForbidden, "nobody", "sub names nobody who is employed here")
	default:
		s.Log.Error("answering a host's page", zap.Error(err))
		refuseWidget(w, http.StatusServiceUnavailable, "failed", "try again later")
	}
}

// widgetPrompts streams the prompts of a session's person, as live does.
func (s *Site) widgetPrompts(w http.ResponseWriter, r *http.Request) {
	if !s.Widget.Greet(w, r) {
		refuseWidget(w, http.StatusForbidden, "origin_not_allowed", "this origin is not in JALON_WIDGET_ORIGINS")
		return
	}
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	granted, err := s.Widget.Find(r.Context(), bearer, r.Header.Get("Origin"))
	if errors.Is(err, widget.ErrNone) {
		refuseWidget(w, http.StatusUnauthorized, "no_session", "exchange a token first")
		return
	}
	if err != nil {
		s.refuseToken(w, err)
		return
	}
	actor := identity.Actor{PersonID: granted.PersonID}
	r = r.WithContext(identity.NewContext(r.Context(), actor))
	left, err := s.left(r.Context(), granted.PersonID) //nolint:contextcheck // it is the request's own
	if err == nil && (left || policy.Allow(actor, "GET /widget/v1/prompts", policy.Subject{PersonID: granted.PersonID}) != nil) {
		err = errNobody
	}
	if err != nil {
		s.refuseToken(w, err)
		return
	}
	s.streamToHost(w, r, granted)
}

func (s *Site) streamToHost(w http.ResponseWriter, r *http.Request, granted widget.Session) {
	stream, err := s.Widget.Hub.Open(granted.PersonID, granted.ID, seenBy(r))
	if err != nil {
		refuseWidget(w, http.StatusTooManyRequests, "too_many", err.Error())
		return
	}
	defer stream.Close()
	person := s.personOf(r.Context(), session.Session{PersonID: granted.PersonID})
	words := s.Words.Words(s.Words.Match(r.URL.Query().Get("lang"), person.Language), s.zoneOf(person))
	over := time.NewTimer(s.Widget.Left(granted))
	defer over.Stop()

	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no")
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	if s.catchUp(r.Context(), out, stream, granted.PersonID, words) != nil {
		return // the page comes back by itself
	}
	follow(r.Context(), out, stream, words, over.C)
}

// ReviewWidget ends the streams on other origins of those who have left, until the context does.
func (s *Site) ReviewWidget(ctx context.Context) {
	if s.Widget != nil {
		s.Widget.Review(ctx, s.Recheck, s.left)
	}
}

func refuseWidget(w http.ResponseWriter, status int, code, text string) {
	writeJSON(w, status, map[string]string{"error": code, "message": text})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the browser left: there is nobody to tell
}
