package web

import (
	"math"
	"net/http"
	"net/url"
	"time"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// hrResults shows what people answered, as far as moments lets it be seen.
func (s *Site) hrResults(w http.ResponseWriter, r *http.Request) error {
	units, err := s.Peers.Directory().ListUnits(r.Context(), &directoryv1.ListUnitsRequest{})
	if err != nil {
		return err
	}
	view := page.ResultsView{Address: "/hr/results", Units: unitChoices(visitorOf(r).frame().Words, units.GetUnits(), r.FormValue("unit"))}
	request, err := s.fillResults(r, &view, r.FormValue("unit"))
	if err != nil {
		return err
	}
	if request != nil {
		view.File = resultsFile(request)
		view.Named = "/hr/results/named?" + url.Values{"key_moment": {request.GetKeyMoment()}, "follow_up": {request.GetFollowUp()}}.Encode()
	}
	return s.show(w, r, page.Results(view))
}

// fillResults asks what a unit's people answered, and returns the question; nil where there is nothing to ask about.
func (s *Site) fillResults(r *http.Request, view *page.ResultsView, unit string) (*momentsv1.GetResultsRequest, error) {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	catalogue, err := s.Peers.Moments().ListKeyMoments(ctx, &momentsv1.ListKeyMomentsRequest{Language: words.Lang})
	if err != nil {
		return nil, err
	}
	keyMoment := chooseKeyMoment(catalogue.GetKeyMoments(), r.FormValue("key_moment"))
	if keyMoment == nil {
		return nil, nil //nolint:nilnil // an empty catalogue is a state, not a failure
	}
	view.Chosen = true
	view.KeyMoments = keyMomentChoices(words, catalogue.GetKeyMoments(), keyMoment.GetCode())
	request := resultsRequest(r, words, keyMoment)
	request.UnitId = unit
	for _, rule := range keyMoment.GetFollowUps() {
		view.FollowUps = append(view.FollowUps, page.Choice{
			Value: rule.GetCode(), Label: ruleName(words, rule), Chosen: rule.GetCode() == request.GetFollowUp(),
		})
	}
	view.From = monthChoices(words, s.now(), request.GetFromMonth())
	view.To = monthChoices(words, s.now(), request.GetToMonth())
	results, err := s.Peers.Moments().GetResults(ctx, request)
	if err != nil {
		view.Failed = s.missing("results", err) != ""
		return request, nil
	}
	view.TooFew, view.Threshold = results.GetTooFew(), int(results.GetThreshold())
	view.SeveralVersions = results.GetSeveralVersions()
	view.Responses, view.Invited, view.Answered = int(results.GetResponses()), int(results.GetInvited()), int(results.GetAnswered())
	view.CountedBefore = words.Date(results.GetCountedBefore())
	for _, question := range results.GetQuestions() {
		view.Questions = append(view.Questions, resultView(words, question))
	}
	return request, nil
}

// resultsRequest is what the page's filters ask for. What cannot be meant limits nothing: an address may be older than the
// catalogue.
func resultsRequest(r *http.Request, words *i18n.Words, keyMoment *momentsv1.KeyMoment) *momentsv1.GetResultsRequest {
	request := &momentsv1.GetResultsRequest{
		KeyMoment: keyMoment.GetCode(), UnitId: r.FormValue("unit"), Language: words.Lang,
		FromMonth: monthGiven(r.FormValue("from")), ToMonth: monthGiven(r.FormValue("to")),
	}
	if request.GetFromMonth() != "" && request.GetToMonth() != "" && request.GetFromMonth() > request.GetToMonth() {
		request.FromMonth, request.ToMonth = request.GetToMonth(), request.GetFromMonth()
	}
	for _, rule := range keyMoment.GetFollowUps() {
		if rule.GetCode() == r.FormValue("follow_up") {
			request.FollowUp = rule.GetCode()
		}
	}
	return request
}

func monthGiven(text string) string {
	if _, err := time.Parse(monthForm, text); err != nil {
		return ""
	}
	return text
}

const (
	monthForm   = "2006-01"
	monthsShown = 36
)

// monthChoices are the last months, this one first.
func monthChoices(words *i18n.Words, now time.Time, chosen string) (choices []page.Choice) {
	now = now.In(words.Zone())
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for i := range monthsShown {
		month := first.AddDate(0, -i, 0).Format(monthForm)
		choices = append(choices, page.Choice{Value: month, Label: words.Month(month), Chosen: month == chosen})
	}
	return choices
}

// firstRead is the key moment whose results the page opens with: the one that every company soon has answers about.
const firstRead = "onboarding"

// chooseKeyMoment returns the key moment of the code, else the one to begin with; nil where the catalogue is empty.
func chooseKeyMoment(catalogue []*momentsv1.KeyMoment, code string) *momentsv1.KeyMoment {
	for _, wanted := range []string{code, firstRead} {
		for _, keyMoment := range catalogue {
			if keyMoment.GetCode() == wanted {
				return keyMoment
			}
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
		LowLabel: question.GetLowLabel(), HighLabel: question.GetHighLabel(), Comments: result.GetComments(),
	}
	if result.GetTooFew() {
		return view
	}
	for _, m := range measuresOf(words, question, figuresOf(result)) {
		view.Measures = append(view.Measures, page.MeasureView{Label: m.label, Value: m.text})
	}
	if result.AsExpected != nil {
		view.Compared = true
		view.Measures = append(view.Measures, page.MeasureView{Label: words.T("results.as_expected"), Value: words.Percent(result.GetAsExpected())})
	}
	for i, count := range result.GetCounts() {
		label := countLabel(words, question, count, i)
		share := 0.0
		if result.GetN() > 0 {
			share = float64(count.GetCount()) / float64(result.GetN())
		}
		view.Counts = append(view.Counts, page.CountView{Label: label, Count: int(count.GetCount()), Share: words.Percent(share)})
	}
	for _, point := range result.GetTrend() {
		if m := measuresOf(words, question, point); len(m) > 0 {
			view.Trend = append(view.Trend, page.TrendView{
				Month: words.Month(point.GetMonth()), N: int(point.GetN()), Value: m[0].value, Figure: m[0].text,
			})
		}
	}
	return view
}

// figuresOf is a whole result, as a point of a trend is told.
func figuresOf(result *momentsv1.QuestionResult) *momentsv1.TrendPoint {
	return &momentsv1.TrendPoint{
		N: result.GetN(), Mean: result.GetMean(), Score: result.GetScore(), Favourable: result.GetFavourable(), Enps: result.GetEnps(),
	}
}

// measure is one figure with its name.
type measure struct {
	label, text string
	value       float64
}

// measuresOf are the figures that make sense for a question, the main one first; none for choices.
func measuresOf(words *i18n.Words, question *momentsv1.Question, f *momentsv1.TrendPoint) []measure {
	mean := measure{words.T("results.mean"), words.Decimal(f.GetMean()), f.GetMean()}
	switch kindOf(question.GetKind()) {
	case page.AskRating:
		return []measure{{words.T("results.enps"), words.Signed(int(f.GetEnps())), float64(f.GetEnps())}, mean}
	case page.AskScale:
		score := measure{words.T("results.score"), words.Number(int(f.GetScore())), float64(f.GetScore())}
		share := measure{words.T("results.favourable"), words.Percent(f.GetFavourable()), math.Round(100 * f.GetFavourable())}
		switch {
		case question.GetMeasure() == momentsv1.Measure_MEASURE_SATISFACTION:
			share.label = words.T("results.csat")
		case question.GetMeasure() == momentsv1.Measure_MEASURE_EASE:
			share.label = words.T("results.effort")
		case question.GetPoints() != pointsOfAgreement:
			return []measure{mean, score}
		}
		return []measure{share, mean, score}
	default:
		return nil
	}
}

const pointsOfAgreement = 5

// countLabel names an answer, and says of an emotion that it was expected: in the table, and so in the chart that is drawn from it.
func countLabel(words *i18n.Words, question *momentsv1.Question, count *momentsv1.Count, i int) string {
	switch {
	case kindOf(question.GetKind()) == page.AskScale:
		return pointLabel(words, question, i+1)
	case count.GetExpected():
		return words.T("results.expected", "Label", count.GetLabel())
	default:
		return count.GetLabel()
	}
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
