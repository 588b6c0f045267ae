package rpc

import (
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/survey"
)

// versionView is a version of HR's, given all versions of its questionnaire.
func versionView(v survey.Version, versions []survey.Version) *momentsv1.Questionnaire {
	view := questionnaireView(v.Questionnaire())
	view.Code, view.Number, view.Revision = v.Code, int32(v.Number), v.Revision
	view.ChangedAt, view.ChangedBy = instant(v.ChangedAt), v.ChangedBy
	view.State = momentsv1.Questionnaire_STATE_DRAFT
	if v.Published {
		view.State = momentsv1.Questionnaire_STATE_PUBLISHED
	}
	for _, other := range versions {
		if other.Published {
			view.NamedIsFixed, view.PublishedId = true, other.ID
		}
	}
	return view
}

func standardView(q survey.Questionnaire) *momentsv1.Questionnaire {
	view := questionnaireView(q)
	code, number, _ := survey.ReadVersionID(q.ID)
	view.Code, view.Number = code, int32(number)
	view.State, view.Standard, view.NamedIsFixed, view.PublishedId = momentsv1.Questionnaire_STATE_PUBLISHED, true, true, q.ID
	return view
}

func questionnaireView(q survey.Questionnaire) *momentsv1.Questionnaire {
	view := &momentsv1.Questionnaire{Id: q.ID, Title: wordingView(q.Title), Named: q.Named}
	for _, question := range q.Questions {
		text := &momentsv1.QuestionTexts{
			Id: question.ID, Kind: kinds[question.Kind], Text: wordingView(question.Text), Required: question.Required,
			Points: int32(question.Points), Low: wordingView(question.Low), High: wordingView(question.High),
			MaxLength: int32(question.MaxLength), ShowIf: showIfView(question.ShowIf),
		}
		if question.Kind == survey.Scale {
			text.Measure = measures[question.Measure]
		}
		for _, o := range question.Options {
			text.Options = append(text.Options, &momentsv1.OptionTexts{Id: o.ID, Label: wordingView(o.Label)})
		}
		view.Questions = append(view.Questions, text)
	}
	return view
}

func wordingView(w survey.Wording) *momentsv1.Wording { return &momentsv1.Wording{Fr: w.FR, En: w.EN} }

func problemViews(problems []survey.Problem) []*momentsv1.QuestionnaireProblem {
	out := make([]*momentsv1.QuestionnaireProblem, len(problems))
	for i, p := range problems {
		out[i] = &momentsv1.QuestionnaireProblem{Field: p.Field, Code: string(p.Code)}
	}
	return out
}

// written is what the author of a draft sent.
func written(req *momentsv1.SaveQuestionnaireRequest) survey.Questionnaire {
	q := survey.Questionnaire{Title: wording(req.GetTitle()), Named: req.GetNamed()}
	for _, text := range req.GetQuestions() {
		question := survey.Question{
			ID: text.GetId(), Kind: kindOf(text.GetKind()), Text: wording(text.GetText()), Required: text.GetRequired(),
			Measure: measureOf(text.GetMeasure()), Low: wording(text.GetLow()), High: wording(text.GetHigh()),
			MaxLength: int(text.GetMaxLength()),
		}
		for _, o := range text.GetOptions() {
			question.Options = append(question.Options, survey.Option{ID: o.GetId(), Label: wording(o.GetLabel())})
		}
		if on := text.GetShowIf(); on != nil {
			question.ShowIf = &survey.Condition{
				Question: on.GetQuestionId(), Options: on.GetOptionIds(), AtLeast: int(on.GetAtLeast()), AtMost: int(on.GetAtMost()),
			}
		}
		q.Questions = append(q.Questions, question)
	}
	return q
}

func wording(w *momentsv1.Wording) survey.Wording {
	return survey.Wording{FR: w.GetFr(), EN: w.GetEn()}
}

// kindOf is 0, which is no kind, for what is not known.
func kindOf(view momentsv1.Question_Kind) survey.Kind {
	for kind, its := range kinds {
		if its == view {
			return kind
		}
	}
	return 0
}

func measureOf(view momentsv1.Measure) survey.Measure {
	for measure, its := range measures {
		if its == view {
			return measure
		}
	}
	return survey.Agreement
}
