package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

func surveyView(words *i18n.Words, survey *momentsv1.GetSurveyResponse) page.SurveyView {
	view := page.SurveyView{
		Invitation: survey.GetInvitationId(), Address: "/survey/" + survey.GetInvitationId(), AsksContact: survey.GetAsksContact(),
		Title: survey.GetTitle(), Message: survey.GetMessage(),
		About: words.T("survey.about", "Moment", keyMomentName(words, survey.GetKeyMoment()),
			"Date", words.Date(survey.GetHappensOn())),
		Named:    !survey.GetConfidential(),
		Restored: len(survey.GetDraft()) > 0,
	}
	drafted := map[string]*momentsv1.Answer{}
	for _, answer := range survey.GetDraft() {
		drafted[answer.GetQuestionId()] = answer
	}
	for _, question := range survey.GetQuestions() {
		q := questionView(question)
		q.Values = valuesOf(drafted[q.ID])
		if on := question.GetShowIf(); on != nil {
			q.ShowIf = showIfView(words, view.Questions, on)
		}
		view.Questions = append(view.Questions, q)
	}
	return view
}

func questionView(q *momentsv1.Question) page.QuestionView {
	view := page.QuestionView{
		ID: q.GetId(), Kind: kindOf(q.GetKind()), Text: q.GetText(), Required: q.GetRequired(),
		LowLabel: q.GetLowLabel(), HighLabel: q.GetHighLabel(), MaxLength: int(q.GetMaxLength()),
	}
	switch view.Kind {
	case page.AskScale:
		view.Lowest, view.Highest = 1, int(q.GetPoints())
	case page.AskRating:
		view.Highest = highestRating
	}
	for _, option := range q.GetOptions() {
		view.Options = append(view.Options, page.OptionView{ID: option.GetId(), Label: option.GetLabel()})
	}
	return view
}

const highestRating = 10

// showIfView says what an earlier question must be answered with; nothing where there is no such question.
func showIfView(words *i18n.Words, earlier []page.QuestionView, on *momentsv1.ShowIf) *page.ShowIfView {
	for _, q := range earlier {
		if q.ID != on.GetQuestionId() {
			continue
		}
		view := &page.ShowIfView{Field: q.Field(), Values: on.GetOptionIds()}
		var labels []string
		if q.Kind.Numeric() {
			for point := int(on.GetAtLeast()); point <= int(on.GetAtMost()); point++ {
				view.Values = append(view.Values, strconv.Itoa(point))
			}
			labels = []string{words.T("survey.from_to", "From", on.GetAtLeast(), "To", on.GetAtMost())}
		}
		for _, option := range q.Options {
			if slices.Contains(on.GetOptionIds(), option.ID) {
				labels = append(labels, option.Label)
			}
		}
		view.Hint = words.T("survey.only_if", "Question", q.Text, "Answers", strings.Join(labels, ", "))
		return view
	}
	return nil
}

func kindOf(kind momentsv1.Question_Kind) page.QuestionKind {
	switch kind {
	case momentsv1.Question_KIND_SCALE:
		return page.AskScale
	case momentsv1.Question_KIND_TEXT:
		return page.AskText
	case momentsv1.Question_KIND_RATING:
		return page.AskRating
	case momentsv1.Question_KIND_SINGLE:
		return page.AskSingle
	case momentsv1.Question_KIND_MULTIPLE:
		return page.AskMultiple
	case momentsv1.Question_KIND_SHORT_TEXT:
		return page.AskShortText
	default:
		return page.AskEmotion
	}
}

// valuesOf is what was entered, as the form's fields hold it.
func valuesOf(answer *momentsv1.Answer) []string {
	switch value := answer.GetValue().(type) {
	case *momentsv1.Answer_OptionId:
		return []string{value.OptionId}
	case *momentsv1.Answer_OptionIds:
		return value.OptionIds.GetIds()
	case *momentsv1.Answer_Number:
		return []string{strconv.Itoa(int(value.Number))}
	case *momentsv1.Answer_Text:
		return []string{value.Text}
	default:
		return nil
	}
}

// enteredAnswers are the fields that were filled in; a field's name says which question it answers, and of what kind.
func enteredAnswers(form url.Values) []*momentsv1.Answer {
	var answers []*momentsv1.Answer
	for field := range form {
		question, kind, ok := page.ReadField(field)
		values := entered(form, field)
		if !ok || len(values) == 0 {
			continue
		}
		answer := &momentsv1.Answer{QuestionId: question}
		switch {
		case kind.Free():
			answer.Value = &momentsv1.Answer_Text{Text: values[0]}
		case kind.Numeric():
			point, err := strconv.ParseInt(values[0], 10, 32)
			if err != nil {
				point = -1 // no number is no point of any scale either
			}
			answer.Value = &momentsv1.Answer_Number{Number: int32(point)}
		case kind == page.AskMultiple:
			answer.Value = &momentsv1.Answer_OptionIds{OptionIds: &momentsv1.OptionIds{Ids: values}}
		default:
			answer.Value = &momentsv1.Answer_OptionId{OptionId: values[0]}
		}
		answers = append(answers, answer)
	}
	return answers
}

// entered is what a field holds, without what is empty. Browsers send line ends as CR LF and count them as one character.
func entered(form url.Values, field string) []string {
	var values []string
	for _, value := range form[field] {
		if value = strings.ReplaceAll(strings.TrimSpace(value), "\r\n", "\n"); value != "" {
			values = append(values, value)
		}
	}
	return values
}

// problem says what is wrong with an answer, in the reader's language; nothing when it is right.
func problem(words *i18n.Words, q page.QuestionView) string {
	value := q.Value()
	switch {
	case value == "" && !q.Required:
		return ""
	case value == "" && q.Kind.Free():
		return words.T("survey.missing_text")
	case value == "":
		return words.T("survey.missing")
	case q.Kind.Free() && q.MaxLength > 0 && utf8.RuneCountInString(value) > q.MaxLength:
		return words.T("survey.too_long", "Max", words.Number(q.MaxLength))
	case q.Kind == page.AskShortText && strings.Contains(value, "\n"):
		return words.T("survey.one_line")
	case q.Kind.Numeric() && !onScale(q), !q.Kind.Numeric() && !q.Kind.Free() && !offered(q):
		return words.T("survey.bad_choice")
	default:
		return ""
	}
}

func onScale(q page.QuestionView) bool {
	point, err := strconv.Atoi(q.Value())
	return err == nil && point >= q.Lowest && point <= q.Highest
}

// offered tells whether everything chosen is among the options.
func offered(q page.QuestionView) bool {
	for _, value := range q.Values {
		if !slices.ContainsFunc(q.Options, func(o page.OptionView) bool { return o.ID == value }) {
			return false
		}
	}
	return true
}
