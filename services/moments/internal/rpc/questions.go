package rpc

import (
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/survey"
)

func answers(given []*momentsv1.Answer) []survey.Answer {
	out := make([]survey.Answer, len(given))
	for i, a := range given {
		out[i] = survey.Answer{
			Question: a.GetQuestionId(), Option: a.GetOptionId(), Options: a.GetOptionIds().GetIds(), Text: a.GetText(),
		}
		if n, ok := a.GetValue().(*momentsv1.Answer_Number); ok {
			out[i].Number = new(int(n.Number))
		}
	}
	return out
}

func answerViews(kept []survey.Answer) []*momentsv1.Answer {
	out := make([]*momentsv1.Answer, len(kept))
	for i, a := range kept {
		view := &momentsv1.Answer{QuestionId: a.Question}
		switch {
		case a.Number != nil:
			view.Value = &momentsv1.Answer_Number{Number: int32(*a.Number)}
		case a.Option != "":
			view.Value = &momentsv1.Answer_OptionId{OptionId: a.Option}
		case len(a.Options) > 0:
			view.Value = &momentsv1.Answer_OptionIds{OptionIds: &momentsv1.OptionIds{Ids: a.Options}}
		default:
			view.Value = &momentsv1.Answer_Text{Text: a.Text}
		}
		out[i] = view
	}
	return out
}

func questionViews(asked []survey.Question, language string) []*momentsv1.Question {
	out := make([]*momentsv1.Question, len(asked))
	for i, q := range asked {
		out[i] = question(q, language)
	}
	return out
}

func question(q survey.Question, language string) *momentsv1.Question {
	out := &momentsv1.Question{
		Id: q.ID, Kind: kinds[q.Kind], Text: q.Text.In(language), Required: q.Required,
		Points: int32(q.Points), LowLabel: q.Low.In(language), HighLabel: q.High.In(language), MaxLength: int32(q.MaxLength),
	}
	for _, o := range q.Options {
		out.Options = append(out.Options, &momentsv1.Option{Id: o.ID, Label: o.Label.In(language)})
	}
	if q.Kind == survey.Scale {
		out.Measure = measures[q.Measure]
	}
	out.ShowIf = showIfView(q.ShowIf)
	return out
}

func showIfView(c *survey.Condition) *momentsv1.ShowIf {
	if c == nil {
		return nil
	}
	return &momentsv1.ShowIf{QuestionId: c.Question, OptionIds: c.Options, AtLeast: int32(c.AtLeast), AtMost: int32(c.AtMost)}
}

var kinds = map[survey.Kind]momentsv1.Question_Kind{
	survey.Emotion:   momentsv1.Question_KIND_EMOTION,
	survey.Scale:     momentsv1.Question_KIND_SCALE,
	survey.Text:      momentsv1.Question_KIND_TEXT,
	survey.Rating:    momentsv1.Question_KIND_RATING,
	survey.Single:    momentsv1.Question_KIND_SINGLE,
	survey.Multiple:  momentsv1.Question_KIND_MULTIPLE,
	survey.ShortText: momentsv1.Question_KIND_SHORT_TEXT,
}

var measures = map[survey.Measure]momentsv1.Measure{
	survey.Agreement:    momentsv1.Measure_MEASURE_AGREEMENT,
	survey.Satisfaction: momentsv1.Measure_MEASURE_SATISFACTION,
	survey.Ease:         momentsv1.Measure_MEASURE_EASE,
}
