package web

import (
	"net/http"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/page"
)

// erased marks the address of the page that says that somebody was erased: there is nobody any more whom it could be about.
const erased = "erased"

// hrErase says what erasing a person means, and asks for their number. Once they are erased, it says so.
func (s *Site) hrErase(w http.ResponseWriter, r *http.Request) error {
	return s.showErase(w, r, http.StatusOK, page.EraseView{})
}

// hrErasePerson erases somebody, or says what is missing. A second press of the button finds it done.
func (s *Site) hrErasePerson(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	form := page.EraseView{Number: strings.TrimSpace(r.PostFormValue("number")), StillEmployed: r.PostFormValue("still_employed") != ""}
	_, err := s.Peers.Directory().ErasePerson(r.Context(), &directoryv1.ErasePersonRequest{
		PersonId: r.PathValue("id"), ConfirmNumber: clip(form.Number, 100), StillEmployed: form.StillEmployed,
	})
	if err == nil {
		http.Redirect(w, r, "/hr/people/"+r.PathValue("id")+"/erase?"+erased, http.StatusSeeOther)
		return nil
	}
	for _, violation := range rpc.Violations(err) {
		switch violation.Field {
		case "confirm_number":
			form.WrongNumber = words.T("erase.wrong_number")
		case "still_employed":
			form.WrongEmployed = words.T("erase.wrong_employed")
		}
	}
	if rpc.Is(err, connect.CodeAborted) {
		form.Refusal = words.T("erase.busy")
	}
	if form.WrongNumber+form.WrongEmployed+form.Refusal == "" {
		return err
	}
	return s.showErase(w, r, http.StatusUnprocessableEntity, form)
}

func (s *Site) showErase(w http.ResponseWriter, r *http.Request, status int, view page.EraseView) error {
	id := r.PathValue("id")
	found, err := s.cards(r.Context(), id)
	if err != nil {
		return err
	}
	card := found[id]
	switch {
	case card == nil && r.URL.Query().Has(erased):
		return s.show(w, r, page.Erased())
	case card == nil:
		return errNotFound
	}
	view.ID, view.Name = id, fullName(card)
	left, err := clock.ParseDate(card.GetLeftOn())
	if err != nil {
		return err
	}
	if !left.IsZero() && left.Before(clock.DateOf(s.Clock.Now(), s.Zone)) {
		view.LeftOn = visitorOf(r).frame().Words.Date(card.GetLeftOn())
	}
	return s.draw(w, r, status, page.Erase(view))
}
