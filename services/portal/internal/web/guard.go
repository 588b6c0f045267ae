package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect"
	"github.com/a-h/templ"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/session"
)

var (
	errNotFound = errors.New("no such page")
	errForeign  = errors.New("the form came from another site")
)

// visitor is what is known about who asks.
type visitor struct {
	session session.Session
	// actor is who asks, with the roles held now.
	actor identity.Actor
	// frame is what every page shows its reader. It is asked for only where something is shown.
	frame func() *page.Frame
}

type visitorKey struct{}

func visitorOf(r *http.Request) *visitor {
	v, _ := r.Context().Value(visitorKey{}).(*visitor)
	return v
}

// page is the way of every request: who is it, may they, then the page, then what went wrong.
func (s *Site) page(route string, serve serve) http.Handler {
	return s.anyone(s.audited(route, func(w http.ResponseWriter, r *http.Request) error {
		actor, _ := identity.FromContext(r.Context())
		// Pages concern their reader or, for a manager, those who report to the reader. Whose an id in the address is, the
		// service that owns it decides.
		self := policy.Subject{PersonID: actor.PersonID, ManagerID: actor.PersonID}
		if err := policy.Allow(actor, route, self); err != nil {
			return err
		}
		if s.stillLiving() && !strings.HasPrefix(r.URL.Path, "/assets/") {
			return s.progress(w, r)
		}
		return serve(w, r)
	}))
}

// anyone prepares a request without asking whether it is allowed.
func (s *Site) anyone(serve serve) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/assets/") {
			s.Assets.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		visitor, err := s.stranger(r), error(nil)
		if r.URL.Path != kioskPath && !strings.HasPrefix(r.URL.Path, opensPath) { // there nobody is anybody, whoever signed in on the device
			visitor, err = s.identify(w, r)
		}
		if err != nil {
			s.Log.Error("finding out who asks", zap.Error(err))
			visitor = s.stranger(r)
		}
		ctx := context.WithValue(r.Context(), visitorKey{}, visitor)
		ctx = identity.NewContext(ctx, visitor.actor)
		r = r.WithContext(ctx)
		if err == nil {
			err = serve(w, r)
		}
		if err != nil {
			s.refuse(w, r, err)
		}
	})
}

// personOf is who reads; zero for somebody whom no HR file names. A page without its reader's time zone is better than none.
func (s *Site) personOf(ctx context.Context, reader session.Session) people.Person {
	if reader.PersonID == "" {
		return people.Person{}
	}
	person, err := s.People.Get(ctx, reader.PersonID)
	if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
		s.Log.Warn("looking up the reader", zap.Error(err))
	}
	return person
}

// identify finds the session of a request's cookie. It ends the session of somebody who has left the company.
func (s *Site) identify(w http.ResponseWriter, r *http.Request) (*visitor, error) {
	cookie, err := r.Cookie(s.cookieName())
	if errors.Is(err, http.ErrNoCookie) { // no other error comes
		return s.stranger(r), nil
	}
	ctx := r.Context()
	found, err := s.Sessions.Find(ctx, cookie.Value)
	if errors.Is(err, session.ErrNone) {
		s.forgetCookie(w)
		return s.stranger(r), nil
	}
	if err != nil {
		return nil, err
	}
	left, err := s.left(ctx, found.PersonID)
	if err != nil {
		return nil, err
	}
	if left {
		s.forgetCookie(w)
		s.Hub.CutPerson(found.PersonID)
		return s.stranger(r), s.Sessions.End(ctx, found.ID)
	}
	actor, err := s.actorOf(ctx, found)
	if err != nil {
		return nil, err
	}
	return s.visitor(r, found, actor), nil
}

func (s *Site) visitor(r *http.Request, of session.Session, actor identity.Actor) *visitor {
	return &visitor{session: of, actor: actor, frame: sync.OnceValue(func() *page.Frame { return s.frame(r, of, actor) })}
}

func (s *Site) hasLeft(person people.Person) bool {
	return !person.LeftOn.IsZero() && person.LeftOn.Before(clock.DateOf(s.Clock.Now(), s.zoneOf(person)))
}

func (s *Site) anyEmployed(reports []people.Person) bool {
	for _, person := range reports {
		if !s.hasLeft(person) {
			return true
		}
	}
	return false
}

func (s *Site) zoneOf(person people.Person) *time.Location {
	if person.TimeZone == "" {
		return s.Zone
	}
	return person.Location()
}

func (s *Site) stranger(r *http.Request) *visitor {
	return s.visitor(r, session.Session{}, identity.Actor{})
}

func (s *Site) frame(r *http.Request, reader session.Session, actor identity.Actor) *page.Frame {
	person := s.personOf(r.Context(), reader)
	lang := s.Words.Match(chosenLanguage(r, reader), person.Language, r.Header.Get("Accept-Language"))
	frame := &page.Frame{
		Words: s.Words.Words(lang, s.zoneOf(person)),
		Asset: s.Assets.Address,
		Now:   s.Clock.Now(),
		Path:  here(r),
	}
	if reader.ID != "" {
		frame.Viewer = &page.Viewer{
			Name: reader.Name, PersonID: reader.PersonID,
			HR: hasConsole(actor), LiveKey: reader.ID[:16],
			May: func(route string) bool { return policy.AllowRole(actor, route) == nil },
		}
	}
	if s.Demo != nil {
		frame.Now = s.Demo.Now()
		frame.Demo = &page.DemoBar{HostPage: s.HostPage, Mail: s.Mailbox != nil}
	}
	return frame
}

// refuse answers a request that led to no page.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.URL.Path == tokenPath {
		s.refuseBallotToken(w, r, err)
		return
	}
	status, title, text := http.StatusInternalServerError, "error.failed_title", "error.failed"
	switch code := connect.CodeOf(err); {
	case errors.Is(err, policy.ErrSignInFirst), code == connect.CodeUnauthenticated:
		s.toSignIn(w, r)
		return
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return
	case errors.Is(err, errForeign):
		status, title, text = http.StatusForbidden, "error.foreign_title", "error.foreign"
	case errors.Is(err, policy.ErrDenied), code == connect.CodePermissionDenied:
		status, title, text = http.StatusForbidden, "error.denied_title", "error.denied"
	case errors.Is(err, errNotFound), code == connect.CodeNotFound, code == connect.CodeInvalidArgument:
		status, title, text = http.StatusNotFound, "error.not_found_title", "error.not_found"
	default:
		s.Log.Error("answering a page", zap.String("route", r.Pattern), zap.Error(err))
	}
	words := visitorOf(r).frame().Words
	if err := s.draw(w, r, status, page.Message(words.T(title), words.T(text))); err != nil {
		s.Log.Error("drawing an error page", zap.Error(err))
	}
}

// toSignIn leads strangers to where they sign in, and afterwards to the page that they came for.
func (s *Site) toSignIn(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/live" {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	s.keepWanted(w, r)
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", "/signin")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}

// draw writes a page whole or not at all. Only pages have a menu, which shows managers their team; other answers are spared
// that question.
func (s *Site) draw(w http.ResponseWriter, r *http.Request, status int, component templ.Component) error {
	frame := visitorOf(r).frame()
	if viewer := frame.Viewer; viewer != nil && viewer.PersonID != "" {
		reports, err := s.People.Reports(r.Context(), viewer.PersonID)
		if err != nil {
			return err
		}
		viewer.Manager = s.anyEmployed(reports)
	}
	var out bytes.Buffer
	if err := component.Render(page.WithFrame(r.Context(), frame), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

func (s *Site) show(w http.ResponseWriter, r *http.Request, component templ.Component) error {
	return s.draw(w, r, http.StatusOK, component)
}
