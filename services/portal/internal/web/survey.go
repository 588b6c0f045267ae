package web

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"jalon.dev/pkg/identity"
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
		return s.show(w, r, page.Survey(surveyView(visitorOf(r).frame.Words, survey)))
	}
}

// answer stores what was answered. What is incomplete comes back with everything that was entered.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxSurveyBytes)
	survey, err := s.fetchSurvey(r)
	if err != nil {
		return err
	}
	back := "/survey/" + r.PathValue("invitation")
	if survey.GetState() != momentsv1.GetSurveyResponse_STATE_OPEN {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	words := visitorOf(r).frame.Words
	view := surveyView(words, survey)
	answers := readAnswers(words, &view, r.PostFormValue)
	if view.Problems() {
		return s.draw(w, r, http.StatusUnprocessableEntity, page.Survey(view))
	}
	stored, err := s.Peers.Moments().SubmitResponse(r.Context(),
		&momentsv1.SubmitResponseRequest{InvitationId: r.PathValue("invitation"), Answers: answers})
	if err != nil {
		return err
	}
	if !stored.GetAlreadyAnswered() {
		back += "?thanks"
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

func (s *Site) fetchSurvey(r *http.Request) (*momentsv1.GetSurveyResponse, error) {
	v := visitorOf(r)
	return s.Peers.Moments().GetSurvey(identity.NewContext(r.Context(), v.session.Actor()),
		&momentsv1.GetSurveyRequest{InvitationId: r.PathValue("invitation"), Language: v.frame.Words.Lang})
}

func surveyView(words *i18n.Words, survey *momentsv1.GetSurveyResponse) page.SurveyView {
	view := page.SurveyView{
		Invitation: survey.GetInvitationId(),
		Title:      survey.GetTitle(),
		About: words.T("survey.about", "Moment", keyMomentName(words, survey.GetKeyMoment()),
			"Date", words.Date(survey.GetHappensOn())),
	}
	for _, question := range survey.GetQuestions() {
		view.Questions = append(view.Questions, questionView(question))
	}
	return view
}

func questionView(q *momentsv1.Question) page.QuestionView {
	view := page.QuestionView{
		ID: q.GetId(), Kind: kindOf(q.GetKind()), Text: q.GetText(), Required: q.GetRequired(),
		Points: int(q.GetPoints()), LowLabel: q.GetLowLabel(), HighLabel: q.GetHighLabel(), MaxLength: int(q.GetMaxLength()),
	}
	for _, option := range q.GetOptions() {
		view.Options = append(view.Options, page.OptionView{ID: option.GetId(), Label: option.GetLabel()})
	}
	return view
}

func kindOf(kind momentsv1.Question_Kind) page.QuestionKind {
	switch kind {
	case momentsv1.Question_KIND_SCALE:
		return page.AskScale
	case momentsv1.Question_KIND_TEXT:
		return page.AskText
	default:
		return page.AskEmotion
	}
}

// readAnswers takes what was entered into the view, with what is wrong with it, and returns the answers.
func readAnswers(words *i18n.Words, view *page.SurveyView, entered func(field string) string) []*momentsv1.Answer {
	var answers []*momentsv1.Answer
	for i := range view.Questions {
		q := &view.Questions[i]
		// Browsers send line ends as CR LF and count them as one character.
		q.Value = strings.ReplaceAll(strings.TrimSpace(entered(q.Field())), "\r\n", "\n")
		answer, problem := readAnswer(words, *q)
		q.Problem = problem
		if answer != nil {
			answers = append(answers, answer)
		}
	}
	return answers
}

func readAnswer(words *i18n.Words, q page.QuestionView) (answer *momentsv1.Answer, problem string) {
	if q.Value == "" {
		switch {
		case !q.Required:
			return nil, ""
		case q.Kind == page.AskText:
			return nil, words.T("survey.missing_text")
		default:
			return nil, words.T("survey.missing")
		}
	}
	answer = &momentsv1.Answer{QuestionId: q.ID}
	switch q.Kind {
	case page.AskText:
		if q.MaxLength > 0 && utf8.RuneCountInString(q.Value) > q.MaxLength {
			return nil, words.T("survey.too_long", "Max", words.Number(q.MaxLength))
		}
		answer.Value = &momentsv1.Answer_Text{Text: q.Value}
	case page.AskScale:
		point, err := strconv.Atoi(q.Value)
		if err != nil || point < 1 || point > q.Points {
			return nil, words.T("survey.bad_choice")
		}
		answer.Value = &momentsv1.Answer_Number{Number: int32(point)} //nolint:gosec // between 1 and the scale's points
	default:
		if !offered(q, q.Value) {
			return nil, words.T("survey.bad_choice")
		}
		answer.Value = &momentsv1.Answer_OptionId{OptionId: q.Value}
	}
	return answer, ""
}

func offered(q page.QuestionView, id string) bool {
	for _, option := range q.Options {
		if option.ID == id {
			return true
		}
	}
	return false
}
