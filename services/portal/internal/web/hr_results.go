package web

import (
	"net/http"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// hrResults shows what people answered, as far as moments lets it be seen.
func (s *Site) hrResults(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame.Words
	catalogue, err := s.Peers.Moments().ListKeyMoments(ctx, &momentsv1.ListKeyMomentsRequest{})
	if err != nil {
		return err
	}
	units, err := s.Peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return err
	}
	keyMoment := chooseKeyMoment(catalogue.GetKeyMoments(), r.FormValue("key_moment"))
	view := page.ResultsView{Units: unitChoices(units.GetUnits(), r.FormValue("unit"))}
	if keyMoment == nil {
		return s.show(w, r, page.Results(view))
	}
	view.Chosen = true
	view.KeyMoments = keyMomentChoices(words, catalogue.GetKeyMoments(), keyMoment.GetCode())
	request := &momentsv1.GetResultsRequest{KeyMoment: keyMoment.GetCode(), UnitId: r.FormValue("unit"), Language: words.Lang}
	for _, rule := range keyMoment.GetFollowUps() {
		chosen := rule.GetCode() == r.FormValue("follow_up")
		if chosen {
			request.FollowUp = rule.GetCode()
		}
		view.FollowUps = append(view.FollowUps, page.Choice{Value: rule.GetCode(), Label: followUpName(words, rule.GetCode()), Chosen: chosen})
	}
	results, err := s.Peers.Moments().GetResults(ctx, request)
	if err != nil {
		view.Failed = s.missing("results", err) != ""
		return s.show(w, r, page.Results(view))
	}
	view.TooFew, view.Threshold = results.GetTooFew(), int(results.GetThreshold())
	view.Responses, view.Invited = int(results.GetResponses()), int(results.GetInvited())
	for _, question := range results.GetQuestions() {
		view.Questions = append(view.Questions, resultView(words, question))
	}
	return s.show(w, r, page.Results(view))
}

// chooseKeyMoment is the one asked for, else the catalogue's first.
func chooseKeyMoment(catalogue []*momentsv1.KeyMoment, code string) *momentsv1.KeyMoment {
	for _, keyMoment := range catalogue {
		if keyMoment.GetCode() == code {
			return keyMoment
		}
	}
	if len(catalogue) == 0 {
		return nil
	}
	return catalogue[0]
}

func resultView(words *i18n.Words, result *momentsv1.QuestionResult) page.ResultView {
	question := result.GetQuestion()
	view := page.ResultView{
		Text: question.GetText(), Kind: kindOf(question.GetKind()), N: int(result.GetN()), TooFew: result.GetTooFew(),
		Mean: words.Decimal(result.GetMean()), Score: itoa(result.GetScore()), Favourable: words.Percent(result.GetFavourable()),
		LowLabel: question.GetLowLabel(), HighLabel: question.GetHighLabel(), Comments: result.GetComments(),
	}
	for i, count := range result.GetCounts() {
		label := count.GetLabel()
		if view.Kind == page.AskScale {
			label = pointLabel(words, question, i+1)
		}
		share := 0.0
		if result.GetN() > 0 {
			share = float64(count.GetCount()) / float64(result.GetN())
		}
		view.Counts = append(view.Counts, page.CountView{Label: label, Count: int(count.GetCount()), Share: words.Percent(share)})
	}
	return view
}

func pointLabel(words *i18n.Words, question *momentsv1.Question, point int) string {
	switch {
	case point == 1 && question.GetLowLabel() != "":
		return words.T("results.point", "Point", point, "Label", question.GetLowLabel())
	case point == int(question.GetPoints()) && question.GetHighLabel() != "":
		return words.T("results.point", "Point", point, "Label", question.GetHighLabel())
	default:
		return words.Number(point)
	}
}
