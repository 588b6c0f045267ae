package web

import (
	"cmp"
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

const maxCatalogueBytes = 256 << 10

// hrKeyMomentEdit is the form that changes an entry of the catalogue.
func (s *Site) hrKeyMomentEdit(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.Peers.Moments().GetKeyMoment(r.Context(), &momentsv1.GetKeyMomentRequest{
		Code: r.PathValue("code"), Language: visitorOf(r).frame().Words.Lang,
	})
	if err != nil {
		return err
	}
	view := editView(visitorOf(r).frame().Words, answer.GetKeyMoment(), answer.GetTexts())
	view.Emotions = emotionChoices(answer.GetEmotions(), answer.GetKeyMoment().GetExpectedEmotions())
	if err := s.offerQuestionnaires(r, &view, answer.GetKeyMoment()); err != nil {
		return err
	}
	return s.show(w, r, page.KeyMomentEdit(view))
}

// offerQuestionnaires lets each follow-up ask another questionnaire: any that is published, in its newest version.
func (s *Site) offerQuestionnaires(r *http.Request, view *page.EditView, entry *momentsv1.KeyMoment) error {
	words := visitorOf(r).frame().Words
	all, err := s.Peers.Moments().ListQuestionnaires(r.Context(), &momentsv1.ListQuestionnairesRequest{})
	if err != nil {
		return err
	}
	for i, rule := range entry.GetFollowUps() {
		chosen := cmp.Or(r.PostFormValue("questionnaire_"+rule.GetCode()), rule.GetQuestionnaireId())
		offered, known := []page.Choice{{Value: rule.GetQuestionnaireId(), Label: words.T("edit.questionnaire_as_is")}}, false
		for _, q := range all.GetQuestionnaires() {
			if id := q.GetPublishedId(); id != "" {
				offered = append(offered, page.Choice{Value: id, Label: questionnaireTitle(words, q), Chosen: id == chosen})
				known = known || id == rule.GetQuestionnaireId()
			}
		}
		if known {
			offered = offered[1:]
		}
		view.FollowUps[i].Questionnaires = offered
	}
	return nil
}

func editView(words *i18n.Words, entry *momentsv1.KeyMoment, texts []*momentsv1.KeyMomentTexts) page.EditView {
	view := page.EditView{
		Code: entry.GetCode(), Name: entry.GetName(), Version: strconv.FormatInt(entry.GetVersion(), 10), Problems: map[string]string{},
	}
	for _, rule := range entry.GetFollowUps() {
		view.FollowUps = append(view.FollowUps, page.EditFollowUp{
			Code: rule.GetCode(), Name: ruleName(words, rule), Offset: strconv.Itoa(int(rule.GetOffsetDays())), On: !rule.GetOff(),
			Contact: rule.GetAsksContact(),
			Grace:   strconv.Itoa(int(rule.GetGraceDays())), Answer: strconv.Itoa(int(rule.GetAnswerDays())),
		})
	}
	for _, t := range texts {
		list := func(name string, lines []string) page.EditList {
			return page.EditList{Field: name + "_" + t.GetLanguage(), Label: words.T("catalogue." + name), Text: strings.Join(lines, "\n")}
		}
		view.Languages = append(view.Languages, page.EditLanguage{
			Code: t.GetLanguage(), Label: words.T("edit.language_" + t.GetLanguage()), Summary: t.GetSummary(),
			Lists: []page.EditList{
				list("emotional", t.GetEmotional()), list("relational", t.GetRelational()), list("operational", t.GetOperational()),
				list("prepare", t.GetPrepare()),
			},
		})
	}
	return view
}

// hrKeyMomentSave keeps a new version of an entry. What cannot stand comes back with everything that was entered.
func (s *Site) hrKeyMomentSave(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxCatalogueBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	words := visitorOf(r).frame().Words
	answer, err := s.Peers.Moments().GetKeyMoment(r.Context(), &momentsv1.GetKeyMomentRequest{Code: r.PathValue("code"), Language: words.Lang})
	if err != nil {
		return err
	}
	entry := answer.GetKeyMoment()
	request, problems := enteredVersion(words, r, entry)
	if len(problems) == 0 {
		_, err = s.Peers.Moments().UpdateKeyMoment(r.Context(), request)
		switch {
		case err == nil:
			http.Redirect(w, r, hrCatalogueBase+entry.GetCode()+"?saved", http.StatusSeeOther)
			return nil
		case rpc.Is(err, connect.CodeInvalidArgument):
			for _, violation := range rpc.Violations(err) {
				problems[violation.Field] = wrongText(words, violation.Field)
			}
		case !rpc.Is(err, connect.CodeAborted):
			return err
		}
	}
	view := editView(words, entry, request.GetTexts())
	view.Version, view.Problems, view.Conflict = r.PostFormValue("version"), problems, rpc.Is(err, connect.CodeAborted)
	if err := s.offerQuestionnaires(r, &view, entry); err != nil {
		return err
	}
	view.Emotions = emotionChoices(answer.GetEmotions(), entry.GetExpectedEmotions())
	if chosen := request.GetExpectedEmotions(); chosen != nil {
		for i, emotion := range view.Emotions {
			view.Emotions[i].Chosen = slices.Contains(chosen.GetIds(), emotion.Value)
		}
	}
	for i := range view.FollowUps {
		f := &view.FollowUps[i]
		f.Grace, f.Answer = r.PostFormValue("grace_"+f.Code), r.PostFormValue("answer_"+f.Code)
		f.Offset, f.On = r.PostFormValue("offset_"+f.Code), r.PostFormValue("on_"+f.Code) != ""
		f.Contact = r.PostFormValue("contact_"+f.Code) != ""
	}
	return s.show(w, r, page.KeyMomentEdit(view))
}

// enteredVersion reads the form.
func enteredVersion(words *i18n.Words, r *http.Request, entry *momentsv1.KeyMoment) (*momentsv1.UpdateKeyMomentRequest, map[string]string) {
	problems := map[string]string{}
	request := &momentsv1.UpdateKeyMomentRequest{Code: entry.GetCode()}
	request.Version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	for _, language := range []string{"fr", "en"} {
		request.Texts = append(request.Texts, &momentsv1.KeyMomentTexts{
			Language: language, Summary: strings.TrimSpace(r.PostFormValue("summary_" + language)),
			Emotional: lineList(r, "emotional_"+language), Relational: lineList(r, "relational_"+language),
			Operational: lineList(r, "operational_"+language), Prepare: lineList(r, "prepare_"+language),
		})
	}
	if r.PostForm.Has("expected") { // an empty value stands for none
		request.ExpectedEmotions = &momentsv1.OptionIds{
			Ids: slices.DeleteFunc(slices.Clone(r.PostForm["expected"]), func(id string) bool { return id == "" }),
		}
	}
	for _, rule := range entry.GetFollowUps() {
		field := "offset_" + rule.GetCode()
		days, err := strconv.ParseInt(strings.TrimSpace(r.PostFormValue(field)), 10, 32)
		if err != nil {
			problems[field] = wrongText(words, field)
		}
		request.FollowUps = append(request.FollowUps, &momentsv1.FollowUpRule{
			Code: rule.GetCode(), OffsetDays: int32(days), Off: r.PostFormValue("on_"+rule.GetCode()) == "",
			AsksContact:     r.PostFormValue("contact_"+rule.GetCode()) != "",
			QuestionnaireId: r.PostFormValue("questionnaire_" + rule.GetCode()),
			GraceDays:       enteredDays(words, r, "grace_"+rule.GetCode(), problems),
			AnswerDays:      enteredDays(words, r, "answer_"+rule.GetCode(), problems),
		})
	}
	return request, problems
}

// enteredDays is a number of days; nil where the form has none, which leaves it as it is.
func enteredDays(words *i18n.Words, r *http.Request, field string, problems map[string]string) *int32 {
	if !r.PostForm.Has(field) {
		return nil
	}
	days, err := strconv.ParseInt(strings.TrimSpace(r.PostFormValue(field)), 10, 32)
	if err != nil {
		problems[field] = wrongText(words, field)
	}
	return new(int32(days))
}

// emotionChoices are the emotions that may be expected.
func emotionChoices(all, expected []*momentsv1.Option) []page.Choice {
	choices := make([]page.Choice, len(all))
	for i, emotion := range all {
		choices[i] = page.Choice{Value: emotion.GetId(), Label: emotion.GetLabel(), Chosen: slices.ContainsFunc(expected, func(o *momentsv1.Option) bool {
			return o.GetId() == emotion.GetId()
		})}
	}
	return choices
}

// lineList are the lines of a text area that say something.
func lineList(r *http.Request, field string) []string {
	var lines []string
	for line := range strings.Lines(r.PostFormValue(field)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// wrongText says what would be right in a field.
func wrongText(words *i18n.Words, field string) string {
	kind, _, _ := strings.Cut(field, "_")
	return words.Or("edit.wrong_"+kind, words.T("edit.wrong_text"))
}
