package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"
	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/oidc"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/session"
)

const (
	// How long somebody may take at the company's sign-in: passwords are looked for, phones fetched.
	attemptLifetime = 15 * time.Minute
	// More people than this with the same address as a part of their names is no search for one person.
	namesakes = 20
)

var (
	// errUnknown says that the company knows somebody whom directory does not.
	errUnknown = errors.New("nobody in directory has this account")
	// errAmbiguous says that several people share what the account is matched by.
	errAmbiguous = errors.New("several people in directory have this account")
)

// signInCompany sends the browser to the company's sign-in. It is a link, not a form: a page's forms may lead to no other site.
func (s *Site) signInCompany(w http.ResponseWriter, r *http.Request) error {
	if s.OIDC == nil {
		return errNotFound
	}
	attempt, address, err := s.OIDC.Begin(r.Context())
	if err != nil {
		return s.companyRefused(w, r, err)
	}
	s.putCookie(w, s.attemptCookie(), attempt.Text(), int(attemptLifetime.Seconds()))
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// companyReturn takes the provider's answer, finds the person in directory and lets in nobody else.
func (s *Site) companyReturn(w http.ResponseWriter, r *http.Request) error {
	if s.OIDC == nil {
		return errNotFound
	}
	who, err := s.companyIdentity(r)
	s.putCookie(w, s.attemptCookie(), "", -1) // an attempt serves once, whatever came of it
	if err != nil {
		return s.companyRefused(w, r, err)
	}
	card, err := s.personWith(r.Context(), who)
	if err != nil {
		return s.companyRefused(w, r, err)
	}
	return s.enter(w, r, session.Session{PersonID: card.GetId(), Name: fullName(card), IDToken: who.Token})
}

func (s *Site) companyIdentity(r *http.Request) (oidc.Identity, error) {
	cookie, err := r.Cookie(s.attemptCookie())
	if err != nil {
		return oidc.Identity{}, oidc.ErrStale
	}
	attempt, err := oidc.ParseAttempt(cookie.Value)
	if err != nil {
		return oidc.Identity{}, err
	}
	query := r.URL.Query()
	return s.OIDC.Finish(r.Context(), attempt, oidc.Answer{State: query.Get("state"), Code: query.Get("code"), Error: query.Get("error")})
}

// personWith is the one person whom an identity names.
func (s *Site) personWith(ctx context.Context, who oidc.Identity) (*directoryv1.PersonCard, error) {
	ctx = identity.AsService(ctx, serviceName)
	if who.Number != "" {
		found, err := s.Peers.Directory().FindPerson(ctx, &directoryv1.FindPersonRequest{Number: who.Number})
		if rpc.Is(err, connect.CodeNotFound) {
			return nil, errUnknown
		}
		return found.GetPerson(), err
	}
	found, err := s.Peers.Directory().ListPeople(ctx, &directoryv1.ListPeopleRequest{Query: clip(who.Email, 100), PageSize: namesakes})
	if err != nil {
		return nil, err
	}
	var only *directoryv1.PersonCard
	for _, card := range found.GetPeople() {
		switch {
		case !strings.EqualFold(card.GetEmail(), who.Email):
		case only != nil && !s.cardLeft(only) && !s.cardLeft(card):
			return nil, errAmbiguous
		case only == nil || s.cardLeft(only):
			only = card // an address that was given again belongs to whoever is still here
		}
	}
	if only == nil {
		return nil, errUnknown
	}
	return only, nil
}

func (s *Site) cardLeft(card *directoryv1.PersonCard) bool {
	return card.GetLeftOn() != "" && card.GetLeftOn() < s.Clock.Now().In(s.Zone).Format(time.DateOnly)
}

// companyRefused says on a page of its own why nobody was signed in and what would help; the log gets the cause, without names.
func (s *Site) companyRefused(w http.ResponseWriter, r *http.Request, cause error) error {
	status, key := http.StatusForbidden, ""
	switch {
	case errors.Is(cause, oidc.ErrUnavailable):
		status, key = http.StatusServiceUnavailable, "company.down"
	case errors.Is(cause, oidc.ErrStale):
		status, key = http.StatusBadRequest, "company.stale"
	case errors.Is(cause, oidc.ErrUnverified):
		key = "company.unverified"
	case errors.Is(cause, oidc.ErrNameless), errors.Is(cause, errUnknown):
		key = "company.unknown"
	case errors.Is(cause, errAmbiguous):
		key = "company.ambiguous"
	case errors.Is(cause, oidc.ErrRefused):
		key = "company.refused"
	default:
		return cause
	}
	s.Log.Info("sign-in with the company's account refused", zap.String("why", key), zap.Error(cause))
	words := visitorOf(r).frame().Words
	return s.draw(w, r, status, page.SignInRefused(words.T(key+"_title"), words.T(key)))
}

// attemptCookie names the cookie of a sign-in that is under way; see cookieName for its prefix.
func (s *Site) attemptCookie() string { return s.cookieName() + "_signin" }
