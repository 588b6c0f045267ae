package web

import (
	"net/http"

	"jalon.dev/services/portal/internal/guide"
	"jalon.dev/services/portal/internal/page"
)

// guide shows how a talk of a kind is held. Both sides are open to everybody: nothing is told to one of the two behind the
// other's back. A manager begins with their own side.
func (s *Site) guide(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	lang := v.frame().Words.Lang
	found, ok := s.Guides.Find(lang, r.PathValue("kind"))
	if !ok {
		return errNotFound
	}
	side := r.FormValue("side")
	if side == "" && v.session.PersonID != "" {
		reports, err := s.People.Reports(r.Context(), v.session.PersonID)
		if err != nil {
			return err
		}
		if s.anyEmployed(reports) {
			side = guide.Manager
		}
	}
	return s.show(w, r, page.Guide(page.GuideView{Guide: found, Side: found.For(side), Others: s.Guides.All(lang)}))
}

// talkAbout is what everybody may know of what is kept.
func (s *Site) talkAbout(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, page.TalkAbout())
}
