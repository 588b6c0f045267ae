package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

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
		return s.show(w, r, page.Survey(surveyView(visitorOf(r).frame.Words, survey)))
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
		&momentsv1.SubmitResponseRequest{InvitationId: r.PathValue("invitation"), Answers: enteredAnswers(r.PostForm)})
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		return s.correct(w, r)
	case err != nil && !rpc.Is(err, connect.CodeFailedPrecondition): // too late: the page says so
		return err
	}
	if err == nil && !stored.GetAlreadyAnswered() {
		back += "?thanks"
	}
	http.Redirect(w, r, back, http.StatusSeeOther) //nolint:gosec // a page of this site
	return nil
}

// correct shows what was entered and what is wrong with it.
func (s *Site) correct(w http.ResponseWriter, r *http.Request) error {
	survey, err := s.fetchSurvey(r)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame.Words
	view := surveyView(words, survey)
	for i := range view.Questions {
		q := &view.Questions[i]
		q.Value = entered(r.PostForm, q.Field())
		q.Problem = problem(words, *q)
	}
	return s.draw(w, r, http.StatusUnprocessableEntity, page.Survey(view))
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

// enteredAnswers are the fields that were filled in; a field's name says which question it answers, and of what kind.
func enteredAnswers(form url.Values) []*momentsv1.Answer {
	var answers []*momentsv1.Answer
	for field := range form {
		question, kind, ok := page.ReadField(field)
		value := entered(form, field)
		if !ok || value == "" {
			continue
		}
		answer := &momentsv1.Answer{QuestionId: question}
		switch kind {
		case page.AskText:
			answer.Value = &momentsv1.Answer_Text{Text: value}
		case page.AskScale:
			point, _ := strconv.ParseInt(value, 10, 32) // no number is no point of the scale either
			answer.Value = &momentsv1.Answer_Number{Number: int32(point)}
		default:
			answer.Value = &momentsv1.Answer_OptionId{OptionId: value}
		}
		answers = append(answers, answer)
	}
	return answers
}

// entered is a field's value. Browsers send line ends as CR LF and count them as one character.
func entered(form url.Values, field string) string {
	return strings.ReplaceAll(strings.TrimSpace(form.Get(field)), "\r\n", "\n")
}

// problem says what is wrong with an answer, in the reader's language; nothing when it is right.
func problem(words *i18n.Words, q page.QuestionView) string {
	switch {
	case q.Value == "" && !q.Required:
		return ""
	case q.Value == "" && q.Kind == page.AskText:
		return words.T("survey.missing_text")
	case q.Value == "":
		return words.T("survey.missing")
	case q.Kind == page.AskText && q.MaxLength > 0 && utf8.RuneCountInString(q.Value) > q.MaxLength:
		return words.T("survey.too_long", "Max", words.Number(q.MaxLength))
	case q.Kind == page.AskScale && !onScale(q), q.Kind == page.AskEmotion && !offered(q, q.Value):
		return words.T("survey.bad_choice")
	default:
		return ""
	}
}

func onScale(q page.QuestionView) bool {
	point, err := strconv.Atoi(q.Value)
	return err == nil && point >= 1 && point <= q.Points
}

func offered(q page.QuestionView, id string) bool {
	for _, option := range q.Options {
		if option.ID == id {
			return true
		}
	}
	return false
}
