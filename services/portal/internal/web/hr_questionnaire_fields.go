package web

import (
	"fmt"
	"slices"
	"strconv"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// How much the fields take; moments says the same, in words, of what comes by another way.
const (
	longestTitle    = 120
	longestQuestion = 300
	longestOption   = 100
	longestEnd      = 60
)

var questionKinds = []momentsv1.Question_Kind{
	momentsv1.Question_KIND_SCALE, momentsv1.Question_KIND_EMOTION, momentsv1.Question_KIND_RATING, momentsv1.Question_KIND_SINGLE,
	momentsv1.Question_KIND_MULTIPLE, momentsv1.Question_KIND_SHORT_TEXT, momentsv1.Question_KIND_TEXT,
}

var questionMeasures = []momentsv1.Measure{
	momentsv1.Measure_MEASURE_AGREEMENT, momentsv1.Measure_MEASURE_SATISFACTION, momentsv1.Measure_MEASURE_EASE,
}

func kindChoices(words *i18n.Words, chosen momentsv1.Question_Kind) (choices []page.Choice) {
	for _, kind := range questionKinds {
		choices = append(choices, page.Choice{
			Value: kind.String(), Label: words.T("questionnaire." + kind.String()), Chosen: kind == chosen,
		})
	}
	return choices
}

// fieldWriter makes the fields of a draft, with what is wrong in them.
type fieldWriter struct {
	words    *i18n.Words
	problems map[string]string
	focus    string
}

// pair is a text in French and in English.
func (f fieldWriter) pair(name, label string, text *momentsv1.Wording, longest, lines int, pairs ...any) []page.TextField {
	both := make([]page.TextField, 0, 2)
	for _, in := range [2][2]string{{"fr", text.GetFr()}, {"en", text.GetEn()}} {
		at := name + "." + in[0]
		both = append(both, page.TextField{
			Name: at, Label: f.words.T(label+"_"+in[0], pairs...), Value: in[1], Problem: f.problems[at], Longest: longest, Lines: lines,
			Focus: at == f.focus,
		})
	}
	return both
}

func (f fieldWriter) question(all []*momentsv1.QuestionTexts, i int) page.QuestionForm {
	q := all[i]
	at := fmt.Sprintf("questions[%d]", i)
	form := page.QuestionForm{
		Index: i, ID: q.GetId(), Kinds: kindChoices(f.words, q.GetKind()), Kind: kindOf(q.GetKind()), Required: q.GetRequired(),
		Text: f.pair(at+".text", "questionnaire.text", q.GetText(), longestQuestion, 2), MaxLength: int(q.GetMaxLength()),
		Problem: f.problems[at+".options"], OnProblem: f.problems[at+".show_if"], First: i == 0, Last: i == len(all)-1,
	}
	for _, m := range questionMeasures {
		form.Measures = append(form.Measures, page.Choice{
			Value: m.String(), Label: f.words.T("questionnaire." + m.String()), Chosen: m == q.GetMeasure(),
		})
	}
	form.Ends = append(f.pair(at+".low", "questionnaire.low", q.GetLow(), longestEnd, 0),
		f.pair(at+".high", "questionnaire.high", q.GetHigh(), longestEnd, 0)...)
	for j, o := range q.GetOptions() {
		form.Options = append(form.Options, page.OptionForm{Index: j, ID: o.GetId(), Label: f.pair(
			fmt.Sprintf("%s.options[%d].label", at, j), "questionnaire.option", o.GetLabel(), longestOption, 0, "Number", f.words.Number(j+1),
		)})
	}
	f.condition(&form, all, i)
	return form
}

// condition offers the earlier questions that an answer can be expected of; one that is chosen stays, wherever it is.
func (f fieldWriter) condition(form *page.QuestionForm, all []*momentsv1.QuestionTexts, i int) {
	on := all[i].GetShowIf()
	for j, q := range all {
		chosen := on.GetQuestionId() != "" && q.GetId() == on.GetQuestionId()
		if j == i || !chosen && (j > i || kindOf(q.GetKind()).Free()) {
			continue
		}
		form.On = append(form.On, page.Choice{
			Value: q.GetId(), Chosen: chosen,
			Label: f.words.T("questionnaire.only_if", "Number", f.words.Number(j+1), "Text", in(f.words, q.GetText())),
		})
		if !chosen {
			continue
		}
		for _, o := range q.GetOptions() {
			form.OnOptions = append(form.OnOptions, page.Choice{
				Value: o.GetId(), Label: in(f.words, o.GetLabel()), Chosen: slices.Contains(on.GetOptionIds(), o.GetId()),
			})
		}
		if low, high := pointsOf(q); high > 0 {
			for point := low; point <= high; point++ {
				choice := page.Choice{Value: strconv.Itoa(point), Label: f.words.Number(point)}
				from, to := choice, choice
				from.Chosen, to.Chosen = point == int(on.GetAtLeast()), point == int(on.GetAtMost())
				form.OnFrom, form.OnTo = append(form.OnFrom, from), append(form.OnTo, to)
			}
		}
	}
}

// pointsOf are the ends of what can be answered with a number; 0 and 0 for other questions.
func pointsOf(q *momentsv1.QuestionTexts) (low, high int) {
	switch q.GetKind() {
	case momentsv1.Question_KIND_RATING:
		return 0, highestRating
	case momentsv1.Question_KIND_SCALE:
		if q.GetMeasure() == momentsv1.Measure_MEASURE_EASE {
			return 1, 7
		}
		return 1, pointsOfAgreement
	default:
		return 0, 0
	}
}
