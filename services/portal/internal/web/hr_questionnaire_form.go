package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

const (
	maxQuestionnaireBytes = 1 << 20
	// mostWritten is more than moments lets be published, so that nothing that was written is dropped.
	mostWritten = 50
)

// hrQuestionnaireWrite keeps what was written, and does what the pressed button says.
func (s *Site) hrQuestionnaireWrite(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxQuestionnaireBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	action, _, _ := strings.Cut(r.PostForm.Get("action"), ":")
	if (action == "publish") != strings.HasSuffix(r.URL.Path, "/publish") {
		return errNotFound // publishing has a route of its own, which is recorded
	}
	if action == "next" {
		return s.hrQuestionnaireNext(w, r)
	}
	as := questionnairePage{checked: r.PostForm.Has("checked") || action == "publish", entered: writtenQuestionnaire(r)}
	if action == "overwrite" {
		current, err := s.Peers.Moments().GetQuestionnaire(r.Context(), &momentsv1.GetQuestionnaireRequest{Code: r.PathValue("code")})
		if err != nil {
			return err
		}
		as.entered.Revision = current.GetQuestionnaire().GetRevision()
	}
	as.focus = applyAction(as.entered, r.PostForm)
	saved, err := s.Peers.Moments().SaveQuestionnaire(r.Context(), as.entered)
	if err == nil && action == "publish" && len(saved.GetProblems()) == 0 {
		_, err = s.Peers.Moments().PublishQuestionnaire(r.Context(),
			&momentsv1.PublishQuestionnaireRequest{Code: as.entered.GetCode(), Revision: saved.GetRevision()})
		if err == nil {
			s.leadTo(w, r, questionnaireBase+as.entered.GetCode()+"?published")
			return nil
		}
	}
	switch {
	case err == nil:
		as.entered = nil
	case rpc.Is(err, connect.CodeAborted) && action == "publish" && s.publishedJustNow(r, as.entered.GetRevision()):
		s.leadTo(w, r, questionnaireBase+as.entered.GetCode()+"?published")
		return nil
	case rpc.Is(err, connect.CodeAborted):
		as.conflict = true
	case rpc.Is(err, connect.CodePermissionDenied), rpc.Is(err, connect.CodeUnauthenticated):
		return err
	default:
		s.missing("questionnaire", err)
		as.failed = true
	}
	if as.entered == nil && r.Header.Get("HX-Request") == "" {
		back := questionnaireBase + r.PathValue("code")
		if as.checked {
			back += "?checked"
		}
		http.Redirect(w, r, back+"#"+url.QueryEscape(as.focus), http.StatusSeeOther)
		return nil
	}
	return s.showQuestionnaire(w, r, as)
}

// leadTo leads the whole page on, also where a part of it asked.
func (s *Site) leadTo(w http.ResponseWriter, r *http.Request, address string) {
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", address)
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// publishedJustNow tells that the same button was pressed a moment before: saving and publishing are two revisions.
func (s *Site) publishedJustNow(r *http.Request, revision int64) bool {
	answer, err := s.Peers.Moments().GetQuestionnaire(r.Context(), &momentsv1.GetQuestionnaireRequest{Code: r.PathValue("code")})
	q := answer.GetQuestionnaire()
	actor, _ := identity.FromContext(r.Context())
	return err == nil && q.GetState() == momentsv1.Questionnaire_STATE_PUBLISHED && q.GetRevision() <= revision+2 &&
		q.GetChangedBy() == actor.PersonID
}

// hrQuestionnaireNext begins the next version with what the last one says.
func (s *Site) hrQuestionnaireNext(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.Peers.Moments().GetQuestionnaire(r.Context(), &momentsv1.GetQuestionnaireRequest{Code: r.PathValue("code")})
	if err != nil {
		return err
	}
	q := answer.GetQuestionnaire()
	_, err = s.Peers.Moments().SaveQuestionnaire(r.Context(), &momentsv1.SaveQuestionnaireRequest{
		Code: q.GetCode(), Revision: revisionOf(r), Title: q.GetTitle(), Named: q.GetNamed(), Questions: q.GetQuestions(),
	})
	if err != nil && !rpc.Is(err, connect.CodeAborted) { // somebody began it meanwhile: that is what is shown
		return err
	}
	http.Redirect(w, r, questionnaireBase+q.GetCode(), http.StatusSeeOther)
	return nil
}

// revisionOf is the revision that the form was drawn from; what is none meets a conflict.
func revisionOf(r *http.Request) int64 {
	revision, _ := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64)
	return max(revision, 0)
}

// writtenQuestionnaire reads the form. The names of its fields are the paths by which moments says what is wrong.
func writtenQuestionnaire(r *http.Request) *momentsv1.SaveQuestionnaireRequest {
	form := r.PostForm
	written := &momentsv1.SaveQuestionnaireRequest{
		Code: r.PathValue("code"), Revision: revisionOf(r), Title: writtenText(form, "title"), Named: form.Get("named") == "true",
	}
	for i := 0; i < mostWritten && form.Has(fmt.Sprintf("questions[%d].id", i)); i++ {
		written.Questions = append(written.Questions, writtenQuestion(form, fmt.Sprintf("questions[%d].", i)))
	}
	for _, q := range written.GetQuestions() {
		completeCondition(q, written.GetQuestions())
	}
	return written
}

func writtenQuestion(form url.Values, at string) *momentsv1.QuestionTexts {
	q := &momentsv1.QuestionTexts{
		Id: clip(form.Get(at+"id"), 100), Kind: momentsv1.Question_Kind(momentsv1.Question_Kind_value[form.Get(at+"kind")]),
		Text: writtenText(form, at+"text"), Required: form.Get(at+"required") != "",
		Measure: momentsv1.Measure(momentsv1.Measure_value[form.Get(at+"measure")]),
		Low:     writtenText(form, at+"low"), High: writtenText(form, at+"high"), MaxLength: writtenNumber(form, at+"max_length"),
	}
	if q.GetKind() == momentsv1.Question_KIND_SCALE && q.GetMeasure() == momentsv1.Measure_MEASURE_UNSPECIFIED {
		q.Measure = momentsv1.Measure_MEASURE_AGREEMENT
	}
	for j := 0; j < mostWritten && form.Has(fmt.Sprintf("%soptions[%d].id", at, j)); j++ {
		q.Options = append(q.Options, &momentsv1.OptionTexts{
			Id: clip(form.Get(fmt.Sprintf("%soptions[%d].id", at, j)), 100), Label: writtenText(form, fmt.Sprintf("%soptions[%d].label", at, j)),
		})
	}
	if (q.GetKind() == momentsv1.Question_KIND_SINGLE || q.GetKind() == momentsv1.Question_KIND_MULTIPLE) && len(q.GetOptions()) == 0 {
		addOption(q)
		addOption(q)
	}
	if on := form.Get(at + "show_if.question"); on != "" {
		q.ShowIf = &momentsv1.ShowIf{
			QuestionId: clip(on, 100), OptionIds: form[at+"show_if.options"],
			AtLeast: writtenNumber(form, at+"show_if.from"), AtMost: writtenNumber(form, at+"show_if.to"),
		}
		if !form.Has(at + "show_if.from") {
			q.ShowIf.AtLeast = -1 // not chosen yet
		}
	}
	return q
}

// completeCondition keeps of a condition what the question that it looks at can be answered with; it may be another than before.
func completeCondition(q *momentsv1.QuestionTexts, all []*momentsv1.QuestionTexts) {
	on := q.GetShowIf()
	if on == nil {
		return
	}
	i := slices.IndexFunc(all, func(other *momentsv1.QuestionTexts) bool { return other.GetId() == on.GetQuestionId() })
	if i < 0 {
		q.ShowIf = nil // it was removed
		return
	}
	on.OptionIds = slices.DeleteFunc(slices.Clone(on.GetOptionIds()), func(id string) bool {
		return !slices.ContainsFunc(all[i].GetOptions(), func(o *momentsv1.OptionTexts) bool { return o.GetId() == id })
	})
	low, high := pointsOf(all[i])
	if high == 0 || on.GetAtLeast() < 0 || int(on.GetAtLeast()) < low || int(on.GetAtMost()) > high {
		on.AtLeast, on.AtMost = int32(low), int32(high)
	}
}

func writtenText(form url.Values, at string) *momentsv1.Wording {
	text := func(language string) string {
		return clip(strings.ToValidUTF8(form.Get(at+"."+language), ""), 4000)
	}
	return &momentsv1.Wording{Fr: text("fr"), En: text("en")}
}

func writtenNumber(form url.Values, at string) int32 {
	number, _ := strconv.ParseInt(form.Get(at), 10, 16)
	return max(int32(number), 0)
}

// applyAction does to what was written what the pressed button says: "add", "up:2", "drop:2:0". It returns the field to write in
// next.
func applyAction(written *momentsv1.SaveQuestionnaireRequest, form url.Values) (focus string) {
	parts := append(strings.Split(form.Get("action"), ":"), "", "")
	at, err := strconv.Atoi(parts[1])
	if parts[0] == "add" {
		return addQuestion(written, momentsv1.Question_Kind(momentsv1.Question_Kind_value[form.Get("add_kind")]))
	}
	questions := written.GetQuestions()
	if err != nil || at < 0 || at >= len(questions) {
		return ""
	}
	switch parts[0] {
	case "up":
		if at > 0 {
			questions[at-1], questions[at] = questions[at], questions[at-1]
		}
	case "down":
		if at < len(questions)-1 {
			questions[at+1], questions[at] = questions[at], questions[at+1]
		}
	case "remove":
		written.Questions = slices.Delete(questions, at, at+1)
		for _, q := range written.GetQuestions() {
			completeCondition(q, written.GetQuestions())
		}
	case "option":
		addOption(questions[at])
		return fmt.Sprintf("questions[%d].options[%d].label.fr", at, len(questions[at].GetOptions())-1)
	case "drop":
		if j, err := strconv.Atoi(parts[2]); err == nil && j >= 0 && j < len(questions[at].GetOptions()) {
			questions[at].Options = slices.Delete(questions[at].GetOptions(), j, j+1)
			for _, q := range questions {
				completeCondition(q, questions)
			}
		}
	}
	return ""
}

// addQuestion names the question by the revision that it is added to: pressing twice adds one.
func addQuestion(written *momentsv1.SaveQuestionnaireRequest, kind momentsv1.Question_Kind) string {
	if len(written.GetQuestions()) == mostWritten {
		return ""
	}
	q := &momentsv1.QuestionTexts{
		Id: fmt.Sprintf("new_%d", written.GetRevision()), Kind: kind, Required: !kindOf(kind).Free(),
		Measure: momentsv1.Measure_MEASURE_AGREEMENT,
	}
	if kind == momentsv1.Question_KIND_SINGLE || kind == momentsv1.Question_KIND_MULTIPLE {
		addOption(q)
		addOption(q)
	}
	written.Questions = append(written.Questions, q)
	return fmt.Sprintf("questions[%d].text.fr", len(written.GetQuestions())-1)
}

// addOption gives a new choice an id that none of the others has.
func addOption(q *momentsv1.QuestionTexts) {
	if len(q.GetOptions()) == mostWritten {
		return
	}
	last := 0
	for _, o := range q.GetOptions() {
		if n, err := strconv.Atoi(strings.TrimPrefix(o.GetId(), "o")); err == nil {
			last = max(last, n)
		}
	}
	q.Options = append(q.Options, &momentsv1.OptionTexts{Id: fmt.Sprint("o", last+1)})
}
