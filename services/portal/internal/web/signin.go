package web

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/session"
)

const (
	serviceName  = "portal"
	foundAtOnce  = 12
	maxClockDays = 31
)

// signIn shows whom one may be in demo mode; elsewhere it leads to the company's sign-in, or explains how links come.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	if s.Demo == nil {
		return s.show(w, r, page.SignIn(page.SignInView{Company: s.OIDC != nil}))
	}
	view := page.SignInView{Demo: true, Query: strings.TrimSpace(r.FormValue("q"))}
	personas, err := s.Demo.Personas(r.Context())
	if err != nil {
		return err
	}
	for _, p := range personas {
		view.Personas = append(view.Personas, page.Persona{PersonID: p.PersonID, Name: p.Name, JobTitle: p.JobTitle, Kind: string(p.Kind)})
	}
	if view.Query != "" {
		view.Searched = true
		found, err := s.Peers.Directory().ListPeople(identity.AsService(r.Context(), serviceName),
			&directoryv1.ListPeopleRequest{Query: clip(view.Query, 100), PageSize: foundAtOnce})
		if err != nil {
			return err
		}
		for _, card := range found.GetPeople() {
			view.Found = append(view.Found, page.Person{ID: card.GetId(), Name: fullName(card), JobTitle: card.GetJobTitle()})
		}
	}
	return s.show(w, r, page.SignIn(view))
}

// signInDemo makes the visitor somebody of the sample company. Only the HR persona has HR's rights.
func (s *Site) signInDemo(w http.ResponseWriter, r *http.Request) error {
	kind, id, _ := strings.Cut(r.PostFormValue("person"), ":")
	personas, err := s.Demo.Personas(r.Context())
	if err != nil {
		return err
	}
	for _, p := range personas {
		if string(p.Kind) == kind && p.PersonID == id {
			who := session.Session{PersonID: p.PersonID, Name: p.Name}
			if p.Kind == PersonaHR {
				who.Roles = []identity.Role{identity.HR}
			}
			return s.enter(w, r, who)
		}
	}
	cards, err := s.cards(r.Context(), id)
	if err != nil {
		return err
	}
	card, ok := cards[id]
	if !ok {
		return errNotFound
	}
	return s.enter(w, r, session.Session{PersonID: id, Name: fullName(card)})
}

// enter begins a session, ends the one before, and goes to the page that was asked for, or where this person's day begins.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, who session.Session) error {
	ctx := r.Context()
	if before := visitorOf(r).session; before.ID != "" {
		if err := s.Sessions.End(ctx, before.ID); err != nil {
			return err
		}
		s.Hub.CutPerson(before.PersonID)
		who.Language = before.Language
	}
	actor, err := s.actorOf(ctx, who)
	if err != nil {
		return err
	}
	if s.hasLeft(s.personOf(ctx, who)) {
		return policy.ErrDenied
	}
	token, err := s.Sessions.Create(ctx, who)
	if err != nil {
		return err
	}
	s.setCookie(w, token, who)
	s.Log.Info("signed in", zap.String("who", actor.Who()))
	http.Redirect(w, r, cmp.Or(s.takeWanted(w, r, actor), startOf(actor)), http.StatusSeeOther)
	return nil
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	if err := s.Sessions.End(r.Context(), v.session.ID); err != nil {
		return err
	}
	s.Hub.CutPerson(v.session.PersonID)
	s.forgetCookie(w)
	s.forgetWanted(w)
	http.Redirect(w, r, s.afterSignOut(v.session), http.StatusSeeOther)
	return nil
}

// afterSignOut ends the company's own session too, where the person came by it: on a shared computer the next one must not
// enter with one press.
func (s *Site) afterSignOut(was session.Session) string {
	if s.OIDC != nil && was.IDToken != "" {
		if address := s.OIDC.SignOutURL(was.IDToken, "/signin"); address != "" {
			return address
		}
	}
	return "/signin"
}

// signInLink shows a button and uses nothing up: programs that look into mail open links too.
func (s *Site) signInLink(w http.ResponseWriter, r *http.Request) error {
	link, err := s.Sessions.PeekLink(r.Context(), r.PathValue("token"))
	if errors.Is(err, session.ErrNone) {
		return s.linkGone(w, r)
	}
	if err != nil {
		return err
	}
	return s.show(w, r, page.SignInLink(page.SignInLinkView{Token: r.PathValue("token"), Name: link.Name, Card: link.Card()}))
}

func (s *Site) useSignInLink(w http.ResponseWriter, r *http.Request) error {
	link, err := s.Sessions.UseLink(r.Context(), r.PathValue("token"))
	if errors.Is(err, session.ErrNone) {
		return s.linkGone(w, r)
	}
	if err != nil {
		return err
	}
	if link.Card() {
		return s.enterByCard(w, r, link)
	}
	return s.enter(w, r, session.Session{PersonID: link.PersonID, Name: link.Name, Roles: link.Roles, AccessID: link.AccessID})
}

func (s *Site) linkGone(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	return s.draw(w, r, http.StatusGone, page.Message(words.T("signin.link_gone_title"), words.T("signin.link_gone")))
}

// moveClock moves the demo clock and goes back to the page, which then shows the new day.
func (s *Site) moveClock(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil || days < 1 || days > maxClockDays {
		return errNotFound
	}
	if err := s.Demo.Move(r.Context(), days); err != nil {
		return err
	}
	http.Redirect(w, r, back(r), http.StatusSeeOther)
	return nil
}

// stillLiving tells that the sample company's past is not all lived yet.
func (s *Site) stillLiving() bool {
	if s.Demo == nil {
		return false
	}
	done, total := s.Demo.Progress()
	return done < total
}

// progress shows how far the sample company has come; when it is there, the page that asks reloads itself.
func (s *Site) progress(w http.ResponseWriter, r *http.Request) error {
	if !s.stillLiving() {
		w.Header().Set("HX-Refresh", "true")
		if r.Header.Get("HX-Request") == "" {
			http.Redirect(w, r, "/", http.StatusSeeOther)
		}
		return nil
	}
	if r.Method != http.MethodGet {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	done, total := s.Demo.Progress()
	return s.show(w, r, page.Progress(done, total))
}
