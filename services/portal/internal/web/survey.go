package web

import (
	"net/http"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const maxSurveyBytes = 256 << 10

// survey shows the form, or why there is none.
func (s *Site) survey(w http.ResponseWriter, r *http.Request) error {
	survey, err := s.fetchSurvey(r)
	if err != nil {
		return err
	}
	switch survey.GetState() {
	case momentsv1.GetSurveyResponse_STATE_ANSWERED:
		if r.URL.Query().Has("thanks") {
			return s.show(w, r, page.SurveyThanks())
		}
		return s.show(w, r, page.SurveyAnswered())
	case momentsv1.GetSurveyResponse_STATE_EXPIRED:
		return s.show(w, r, page.SurveyExpired())
	default:
		return s.show(w, r, page.Survey(surveyView(visitorOf(r).frame().Words, survey)))
	}
}

// answer stores what was answered. The questions are asked for only when an answer is not accepted: then the form comes back
// with everything that was entered and what is wrong with it.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxSurveyBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	back := "/survey/" + r.PathValue("invitation")
	stored, err := s.Peers.Moments().SubmitResponse(r.Context(),
		&momentsv1.SubmitResponseRequest{
			InvitationId: r.PathValue("invitation"), Answers: enteredAnswers(r.PostForm), ContactMe: wantsContact(r),
		})
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		return s.correct(w, r)
	case err != nil && !rpc.Is(err, connect.CodeFailedPrecondition): // too late: the page says so
		return err
	}
	if err == nil && !stored.GetAlreadyAnswered() {
		back += "?thanks"
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// keepDraft keeps what is entered and not sent yet, for its writer alone.
func (s *Site) keepDraft(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxSurveyBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	_, err := s.Peers.Moments().SaveDraft(r.Context(),
		&momentsv1.SaveDraftRequest{InvitationId: r.PathValue("invitation"), Answers: enteredAnswers(r.PostForm)})
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// correct shows what was entered and what is wrong with it.
func (s *Site) correct(w http.ResponseWriter, r *http.Request) error {
	survey, err := s.fetchSurvey(r)
	if err != nil {
		return err
	}
	return s.draw(w, r, http.StatusUnprocessableEntity, page.Survey(corrected(visitorOf(r).frame().Words, survey, r)))
}

// corrected is the form with what was entered, and what is wrong with it.
func corrected(words *i18n.Words, survey *momentsv1.GetSurveyResponse, r *http.Request) page.SurveyView {
	view := surveyView(words, survey)
	view.ContactMe = wantsContact(r)
	for i := range view.Questions {
		q := &view.Questions[i]
		q.Values = entered(r.PostForm, q.Field())
	}
	for i := range view.Questions {
		if q := &view.Questions[i]; view.Asked(*q) {
			q.Problem = problem(words, *q)
		}
	}
	return view
}

// wantsContact tells that the box at the end is ticked.
func wantsContact(r *http.Request) bool { return r.PostForm.Get("contact_me") != "" }

func (s *Site) fetchSurvey(r *http.Request) (*momentsv1.GetSurveyResponse, error) {
	v := visitorOf(r)
	return s.Peers.Moments().GetSurvey(identity.NewContext(r.Context(), v.session.Actor()),
		&momentsv1.GetSurveyRequest{InvitationId: r.PathValue("invitation"), Language: v.frame().Words.Lang})
}
