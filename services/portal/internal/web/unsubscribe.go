package web

import (
	"net/http"

	"jalon.dev/pkg/identity"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/page"
)

// oneClick is the route that mail programs post to by themselves (RFC 8058). It is the one route that takes a post from
// anywhere: no cookie counts there, the token in the address alone says whose e-mail it is about, and whoever has that token
// has the mail. All it can do is stop e-mail, or resume it.
const oneClick = "POST /unsubscribe/{token}"

const maxUnsubscribeBytes = 4 << 10

// unsubscribe shows the choice and changes nothing: programs that look into mail open links too.
func (s *Site) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.Peers.Notifications().GetMailChoice(identity.AsService(r.Context(), serviceName),
		&notificationsv1.GetMailChoiceRequest{Token: r.PathValue("token")})
	if err != nil {
		return err
	}
	return s.show(w, r, page.Unsubscribe(page.UnsubscribeView{Token: r.PathValue("token"), Wanted: answer.GetWanted()}))
}

// setUnsubscribed stops e-mail, or resumes it when the page's button asks for that.
func (s *Site) setUnsubscribed(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxUnsubscribeBytes)
	choice := r.PostFormValue("emails")
	_, err := s.Peers.Notifications().SetMailChoice(identity.AsService(r.Context(), serviceName),
		&notificationsv1.SetMailChoiceRequest{Token: r.PathValue("token"), Wanted: choice == "on"})
	if err != nil {
		return err
	}
	if choice == "" { // a mail program: nobody looks at a page
		w.WriteHeader(http.StatusOK)
		return nil
	}
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther) //nolint:gosec // a page of this site
	return nil
}
