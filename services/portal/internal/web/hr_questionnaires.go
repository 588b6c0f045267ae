package web

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const questionnaireBase = "/hr/questionnaires/"

// The preview is the only page that another page, one of this site, may show in a frame; and it can send nothing.
const previewPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'none'; " +
	"base-uri 'none'; frame-ancestors 'self'"

// hrQuestionnaires lists HR's questionnaires, and those that Jalon comes with.
func (s *Site) hrQuestionnaires(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	all, err := s.Peers.Moments().ListQuestionnaires(r.Context(), &momentsv1.ListQuestionnairesRequest{})
	if err != nil {
		return err
	}
	view := page.QuestionnairesView{NewCode: newQuestionnaireCode()}
	for _, q := range all.GetQuestionnaires() {
		row := page.QuestionnaireRow{
			Code: q.GetCode(), Title: questionnaireTitle(words, q), Version: questionnaireVersion(words, q), Uses: questionnaireUses(words, q),
		}
		if q.GetStandard() {
			view.Standard = append(view.Standard, row)
		} else {
			row.State, row.Tone = questionnaireState(words, q)
			view.Own = append(view.Own, row)
		}
		view.From = append(view.From, page.Choice{Value: q.GetCode(), Label: row.Title})
	}
	byTitle := func(a, b page.QuestionnaireRow) int { return words.Compare(a.Title, b.Title) }
	slices.SortStableFunc(view.Own, byTitle)
	slices.SortStableFunc(view.Standard, byTitle)
	slices.SortStableFunc(view.From, byLabel(words))
	return s.show(w, r, page.Questionnaires(view))
}

// newQuestionnaireCode is chosen before the form is sent, so that sending it twice begins one questionnaire.
func newQuestionnaireCode() string {
	var random [6]byte
	_, _ = rand.Read(random[:]) // never fails: the runtime ends the program if the system has no randomness
	return "hr_" + hex.EncodeToString(random[:])
}

// hrQuestionnaireBegin makes a draft, empty or as a copy.
func (s *Site) hrQuestionnaireBegin(w http.ResponseWriter, r *http.Request) error {
	request := &momentsv1.SaveQuestionnaireRequest{Code: r.PostFormValue("code")}
	if from := r.PostFormValue("from"); from != "" {
		answer, err := s.Peers.Moments().GetQuestionnaire(r.Context(), &momentsv1.GetQuestionnaireRequest{Code: from})
		if err != nil {
			return err
		}
		q := answer.GetQuestionnaire()
		request.Title, request.Named, request.Questions = q.GetTitle(), q.GetNamed(), q.GetQuestions()
	}
	_, err := s.Peers.Moments().SaveQuestionnaire(r.Context(), request)
	if err != nil && !rpc.Is(err, connect.CodeAborted) { // sent before, and written in since
		return err
	}
	http.Redirect(w, r, questionnaireBase+request.GetCode(), http.StatusSeeOther)
	return nil
}

// hrQuestionnaire is the editor of a draft, or what a published version says.
func (s *Site) hrQuestionnaire(w http.ResponseWriter, r *http.Request) error {
	return s.showQuestionnaire(w, r, questionnairePage{checked: r.URL.Query().Has("checked")})
}

// questionnairePage is how a questionnaire is shown.
type questionnairePage struct {
	// entered is what was written and could not be kept.
	entered          *momentsv1.SaveQuestionnaireRequest
	conflict, failed bool
	// checked shows what is missing.
	checked bool
	focus   string
}

func (s *Site) showQuestionnaire(w http.ResponseWriter, r *http.Request, as questionnairePage) error {
	words := visitorOf(r).frame().Words
	answer, err := s.Peers.Moments().GetQuestionnaire(r.Context(), &momentsv1.GetQuestionnaireRequest{Code: r.PathValue("code")})
	var q *momentsv1.Questionnaire
	switch {
	case err == nil:
		q = answer.GetQuestionnaire()
	case as.entered != nil: // what was written is shown all the same
		q, as.failed = &momentsv1.Questionnaire{Code: r.PathValue("code")}, true
	default:
		return err
	}
	problems := answer.GetProblems()
	if e := as.entered; e != nil {
		q.State, q.Revision = momentsv1.Questionnaire_STATE_DRAFT, e.GetRevision()
		q.Title, q.Questions = e.GetTitle(), e.GetQuestions()
		if !q.GetNamedIsFixed() {
			q.Named = e.GetNamed()
		}
		problems = nil
	}
	view := questionnaireView(words, q, problems, as)
	view.Languages = previewLanguages(words, r.FormValue("preview"))
	view.Published = r.URL.Query().Has("published")
	w.Header().Set("Content-Security-Policy", s.contentPolicy()+"; frame-src 'self'")
	return s.show(w, r, page.Questionnaire(view))
}

func previewLanguages(words *i18n.Words, chosen string) []page.Choice {
	if chosen != "fr" && chosen != "en" {
		chosen = words.Lang
	}
	return []page.Choice{
		{Value: "fr", Label: words.T("questionnaire.french"), Chosen: chosen == "fr"},
		{Value: "en", Label: words.T("questionnaire.english"), Chosen: chosen == "en"},
	}
}

// hrQuestionnairePreview is the survey as people will see it.
func (s *Site) hrQuestionnairePreview(w http.ResponseWriter, r *http.Request) error {
	number, _ := strconv.ParseInt(r.URL.Query().Get("number"), 10, 32) // the newest version where none is asked for
	answer, err := s.Peers.Moments().GetQuestionnaire(r.Context(),
		&momentsv1.GetQuestionnaireRequest{Code: r.PathValue("code"), Number: int32(max(number, 0))})
	if err != nil {
		return err
	}
	frame := *visitorOf(r).frame()
	if lang := r.URL.Query().Get("lang"); lang == "fr" || lang == "en" {
		frame.Words = s.Words.Words(lang, frame.Words.Zone())
	}
	q := answer.GetQuestionnaire()
	survey := &momentsv1.GetSurveyResponse{Title: in(frame.Words, q.GetTitle()), Confidential: !q.GetNamed()}
	for _, question := range q.GetQuestions() {
		survey.Questions = append(survey.Questions, questionIn(frame.Words, question))
	}
	view := surveyView(frame.Words, survey)
	view.Preview, view.About = true, frame.Words.T("questionnaire.preview_about")
	if r.URL.Query().Has("campaign") {
		view.About = keyMomentName(frame.Words, "campaign")
	}
	if view.Title == "" {
		view.Title = frame.Words.T("questionnaire.untitled")
	}
	var out bytes.Buffer
	if err := page.SurveyPreview(view).Render(page.WithFrame(r.Context(), &frame), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", previewPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

// questionIn is a question in one language, as it is asked.
func questionIn(words *i18n.Words, q *momentsv1.QuestionTexts) *momentsv1.Question {
	asked := &momentsv1.Question{
		Id: q.GetId(), Kind: q.GetKind(), Text: in(words, q.GetText()), Required: q.GetRequired(), Points: q.GetPoints(),
		LowLabel: in(words, q.GetLow()), HighLabel: in(words, q.GetHigh()), MaxLength: q.GetMaxLength(), ShowIf: q.GetShowIf(),
	}
	if asked.GetText() == "" {
		asked.Text = words.T("questionnaire.no_text")
	}
	for _, o := range q.GetOptions() {
		asked.Options = append(asked.Options, &momentsv1.Option{Id: o.GetId(), Label: cmp.Or(in(words, o.GetLabel()), "…")})
	}
	return asked
}

func in(words *i18n.Words, text *momentsv1.Wording) string {
	if words.Lang == "en" {
		return text.GetEn()
	}
	return text.GetFr()
}

// questionnaireTitle is the title in the reader's language, else in the other.
func questionnaireTitle(words *i18n.Words, q *momentsv1.Questionnaire) string {
	return cmp.Or(in(words, q.GetTitle()), q.GetTitle().GetFr(), q.GetTitle().GetEn(), words.T("questionnaire.untitled"))
}

func questionnaireVersion(words *i18n.Words, q *momentsv1.Questionnaire) string {
	return words.T("questionnaire.version", "Number", words.Number(int(q.GetNumber())))
}

func questionnaireState(words *i18n.Words, q *momentsv1.Questionnaire) (text, tone string) {
	switch {
	case q.GetStandard():
		return words.T("questionnaire.state_standard"), "calm-tag"
	case q.GetState() == momentsv1.Questionnaire_STATE_PUBLISHED:
		return words.T("questionnaire.state_published"), "good"
	default:
		return words.T("questionnaire.state_draft"), "warn"
	}
}

func questionnaireUses(words *i18n.Words, q *momentsv1.Questionnaire) string {
	var uses []string
	for _, use := range q.GetUses() {
		name := words.T("questionnaire.use", "Moment", keyMomentName(words, use.GetKeyMoment()), "FollowUp", followUpName(words, use.GetFollowUp()))
		if use.GetOff() {
			name = words.T("questionnaire.use_off", "Use", name)
		}
		uses = append(uses, name)
	}
	return strings.Join(uses, " · ")
}

func questionnaireView(
	words *i18n.Words, q *momentsv1.Questionnaire, problems []*momentsv1.QuestionnaireProblem, as questionnairePage,
) page.QuestionnaireView {
	told := map[string]string{}
	if as.checked {
		for _, p := range problems {
			told[p.GetField()] = words.Or("questionnaire.problem_"+p.GetCode(), words.T("questionnaire.problem_other"))
		}
	}
	view := page.QuestionnaireView{
		Code: q.GetCode(), Title: questionnaireTitle(words, q), Version: questionnaireVersion(words, q), Uses: questionnaireUses(words, q),
		Revision: strconv.FormatInt(q.GetRevision(), 10), Draft: q.GetState() == momentsv1.Questionnaire_STATE_DRAFT, Standard: q.GetStandard(),
		Named: q.GetNamed(), NamedIsFixed: q.GetNamedIsFixed(), NamedProblem: told["named"], QuestionsProblem: told["questions"],
		ToDo: len(problems), Checked: as.checked, Conflict: as.conflict, Failed: as.failed,
		Saved: words.Instant(q.GetChangedAt()), NewCode: newQuestionnaireCode(),
		AddKinds: kindChoices(words, momentsv1.Question_KIND_SCALE),
	}
	view.State, view.Tone = questionnaireState(words, q)
	write := fieldWriter{words: words, problems: told, focus: as.focus}
	pair := write.pair("title", "questionnaire.title", q.GetTitle(), longestTitle, 0)
	view.TitleFR, view.TitleEN = pair[0], pair[1]
	for i := range q.GetQuestions() {
		view.Questions = append(view.Questions, write.question(q.GetQuestions(), i))
	}
	return view
}
