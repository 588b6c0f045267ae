package web

import (
	"context"
	"net/http"
	"sync"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/session"
)

// The pages of people without an account. The token in the address is all that says who asks: a session that the browser may
// have counts for nothing here, and none begins. Looking changes nothing, so programs that look into mail do no harm.

// guest shows what a personal link leads to.
func (s *Site) guest(w http.ResponseWriter, r *http.Request) error {
	found, r, err := s.fetchGuest(w, r)
	if err != nil {
		return s.guestGone(w, r, err)
	}
	words := visitorOf(r).frame().Words
	if found.GetSurvey() == nil {
		return s.show(w, r, page.GuestEarly(words.Instant(found.GetOpensAt())))
	}
	switch found.GetSurvey().GetState() {
	case momentsv1.GetSurveyResponse_STATE_ANSWERED:
		if r.URL.Query().Has("thanks") {
			return s.show(w, r, page.GuestEnd("survey.thanks_title", "guest.thanks", true))
		}
		return s.show(w, r, page.GuestEnd("survey.answered_title", "guest.answered", true))
	case momentsv1.GetSurveyResponse_STATE_EXPIRED:
		return s.show(w, r, page.GuestEnd("survey.expired_title", "guest.expired", false))
	default:
		return s.show(w, r, page.Survey(guestView(r, found, surveyView(words, found.GetSurvey()))))
	}
}

// guestView makes a survey a guest's.
func guestView(r *http.Request, found *momentsv1.GetGuestSurveyResponse, view page.SurveyView) page.SurveyView {
	view.Address, view.Guest = "/g/"+r.PathValue("token"), true
	if name := found.GetFirstName(); name != "" {
		view.About = visitorOf(r).frame().Words.T("guest.hello", "Name", name, "About", view.About)
	}
	return view
}

// guestAnswer stores what was answered.
func (s *Site) guestAnswer(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxSurveyBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	stored, err := s.Peers.Guests().SubmitGuestResponse(identity.AsService(r.Context(), serviceName), &momentsv1.SubmitGuestResponseRequest{
		Token: r.PathValue("token"), Answers: enteredAnswers(r.PostForm), ContactMe: wantsContact(r),
	})
	back := "/g/" + r.PathValue("token")
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		return s.guestCorrect(w, r)
	case err != nil && !rpc.Is(err, connect.CodeFailedPrecondition): // too late: the page says so
		return s.guestGone(w, s.asGuest(r, nil), err)
	case err == nil && !stored.GetAlreadyAnswered():
		back += "?thanks"
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

func (s *Site) guestCorrect(w http.ResponseWriter, r *http.Request) error {
	found, r, err := s.fetchGuest(w, r)
	if err != nil {
		return s.guestGone(w, r, err)
	}
	view := corrected(visitorOf(r).frame().Words, found.GetSurvey(), r)
	return s.draw(w, r, http.StatusUnprocessableEntity, page.Survey(guestView(r, found, view)))
}

// guestDraft keeps what is entered and not sent yet.
func (s *Site) guestDraft(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxSurveyBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	_, err := s.Peers.Guests().SaveGuestDraft(identity.AsService(r.Context(), serviceName),
		&momentsv1.SaveGuestDraftRequest{Token: r.PathValue("token"), Answers: enteredAnswers(r.PostForm)})
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// fetchGuest asks for the survey behind a link, and makes the request its guest's.
func (s *Site) fetchGuest(w http.ResponseWriter, r *http.Request) (*momentsv1.GetGuestSurveyResponse, *http.Request, error) {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	found, err := s.Peers.Guests().GetGuestSurvey(identity.AsService(r.Context(), serviceName), &momentsv1.GetGuestSurveyRequest{
		Token: r.PathValue("token"), Language: chosenLanguage(r, session.Session{}),
	})
	return found, s.asGuest(r, found), err
}

// asGuest makes the request somebody's who is not signed in, whoever else uses the browser.
func (s *Site) asGuest(r *http.Request, found *momentsv1.GetGuestSurveyResponse) *http.Request {
	guest := &visitor{frame: sync.OnceValue(func() *page.Frame {
		frame := s.frame(r, session.Session{}, identity.Actor{})
		zone, err := clock.Zone(found.GetTimeZone())
		if found == nil || err != nil {
			return frame
		}
		frame.Words = s.Words.Words(s.Words.Match(chosenLanguage(r, session.Session{}), found.GetLanguage()), zone)
		return frame
	})}
	return r.WithContext(context.WithValue(r.Context(), visitorKey{}, guest))
}

// guestGone meets a link that is wrong, was replaced, or whose time is long over.
func (s *Site) guestGone(w http.ResponseWriter, r *http.Request, err error) error {
	if !rpc.Is(err, connect.CodeNotFound) && !rpc.Is(err, connect.CodeInvalidArgument) {
		return err
	}
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	return s.draw(w, r, http.StatusNotFound, page.GuestEnd("guest.gone_title", "guest.gone", false))
}
