package web

import (
	"net/http"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/page"
)

// hrContacts lists who asked to be contacted.
func (s *Site) hrContacts(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	list, err := s.Peers.Contacts().ListContactRequests(r.Context(), &momentsv1.ListContactRequestsRequest{})
	if err != nil {
		return err
	}
	ids := make([]string, 0, 2*len(list.GetRequests()))
	for _, request := range list.GetRequests() {
		ids = append(ids, request.GetPersonId(), request.GetDoneBy())
		audit.About(r.Context(), request.GetPersonId())
	}
	cards, err := s.cards(r.Context(), ids...)
	if err != nil {
		return err
	}
	view := page.ContactsView{}
	if older := int(list.GetOlder()); older > 0 {
		view.Older = words.N("contact.older", older)
	}
	for _, request := range list.GetRequests() {
		row := page.ContactRow{
			ID: request.GetId(), Person: personOf(cards, request.GetPersonId()), About: keyMomentName(words, request.GetKeyMoment()),
			On: request.GetAskedOn(),
		}
		if row.Person.Name == "" {
			continue // erased since: nothing is left to show
		}
		if request.GetDoneOn() == "" {
			view.Waiting = append(view.Waiting, row)
			continue
		}
		row.Done = words.T("contact.done_on", "Date", words.Date(request.GetDoneOn()))
		if who := personOf(cards, request.GetDoneBy()).Name; who != "" {
			row.Done = words.T("contact.done_by", "Date", words.Date(request.GetDoneOn()), "Who", who)
		}
		view.Done = append(view.Done, row)
	}
	return s.show(w, r, page.Contacts(view))
}

// hrMarkContact notes that somebody was contacted, or that it is still to be done.
func (s *Site) hrMarkContact(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Peers.Contacts().MarkContactRequest(r.Context(), &momentsv1.MarkContactRequestRequest{
		Id: r.PathValue("id"), Done: r.PostFormValue("done") == "yes",
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/hr/contacts", http.StatusSeeOther)
	return nil
}
