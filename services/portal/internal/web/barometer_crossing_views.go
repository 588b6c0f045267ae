package web

import (
	"net/url"
	"strconv"
	"strings"

	"jalon.dev/pkg/fold"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// crossingChoice is what the address asks for beside what the service answers.
type crossingChoice struct {
	// wave is the one that was asked for; empty for the nearest. store is the one to mark.
	wave, store, query string
	from               int
}

// crossingShown keeps the table light: a company may have 1,500 stores.
const crossingShown = 25

func crossingView(words *i18n.Words, res *barometerv1.GetCrossingResponse, want crossingChoice) page.CrossingView {
	unit := res.GetPath()[len(res.GetPath())-1]
	view := page.CrossingView{
		Unit: unit.GetId(), Name: unit.GetName(), Store: want.store, EditionID: res.GetEditionId(), Edition: res.GetEditionName(),
		Wave: res.GetWave(), Query: strings.TrimSpace(want.query), ThemeCode: res.GetTheme(), QuestionCode: res.GetQuestion(), AskedWave: want.wave,
		Question: questionName(words, res.GetQuestion()), Stores: int(res.GetStores()), FewestCustomers: int(res.GetFewestCustomers()),
		Score: res.GetQuestion() == recommendation,
	}
	for _, theme := range res.GetThemes() {
		chosen := theme.GetCode() == res.GetTheme()
		if chosen {
			view.Theme = theme.GetName()
		}
		view.Themes = append(view.Themes, page.Choice{Value: theme.GetCode(), Label: theme.GetName(), Chosen: chosen})
	}
	for _, question := range res.GetQuestions() {
		view.Questions = append(view.Questions, page.Choice{Value: question, Label: questionName(words, question), Chosen: question == res.GetQuestion()})
	}
	view.Waves = append(view.Waves, page.Choice{Label: words.T("crossing.nearest"), Chosen: want.wave == ""})
	for _, wave := range res.GetWaves() {
		view.Waves = append(view.Waves, page.Choice{Value: wave, Label: wave, Chosen: wave == want.wave})
	}
	if len(res.GetWaves()) == 0 {
		view.NoWaves = true
		return view
	}
	view.Sentence, view.Numbers = related(words, view, res)
	view.Constant = res.GetChosen().GetVerdict() == barometerv1.Relation_VERDICT_UNCLEAR && res.GetChosen().GetInterval() == nil
	for _, r := range res.GetAround() {
		view.Around = append(view.Around, relationRow(words, r, res.GetWave()))
	}
	if len(res.GetPositions()) == 0 {
		return view
	}
	view.Chart = scatter(words, res, want.store)
	view.Quadrants = quadrantCounts(words, res.GetMiddle())
	view.Unnamed = int(res.GetStores()) - len(res.GetPositions())
	crossingTable(words, res, want, &view)
	return view
}

// related says what is told of the chosen wave: a sentence, and its numbers.
func related(words *i18n.Words, view page.CrossingView, res *barometerv1.GetCrossingResponse) (sentence, numbers string) {
	r := res.GetChosen()
	about := []any{"Theme", view.Theme, "Question", view.Question}
	if i := r.GetInterval(); i != nil {
		numbers = words.N("crossing.numbers", int(r.GetStores()), "R", hundredths(words, r.GetR()), "Low", hundredths(words, i.GetLow()), "High", hundredths(words, i.GetHigh()))
	}
	switch r.GetVerdict() {
	case barometerv1.Relation_VERDICT_TOGETHER:
		return words.T("crossing.together", about...), numbers
	case barometerv1.Relation_VERDICT_OPPOSITE:
		return words.T("crossing.opposite", about...), numbers
	case barometerv1.Relation_VERDICT_UNCLEAR:
		return words.T("crossing.unclear", about...), numbers
	default:
		return words.N("crossing.too_few", int(r.GetStores()), "Fewest", words.Number(int(res.GetFewest()))), ""
	}
}

var (
	lagKeys = map[barometerv1.Relation_Lag]string{
		barometerv1.Relation_LAG_BEFORE: "crossing.before", barometerv1.Relation_LAG_SAME: "crossing.same", barometerv1.Relation_LAG_AFTER: "crossing.after",
	}
	relationKeys = map[barometerv1.Relation_Verdict]string{
		barometerv1.Relation_VERDICT_TOGETHER: "crossing.short_together", barometerv1.Relation_VERDICT_OPPOSITE: "crossing.short_opposite",
		barometerv1.Relation_VERDICT_UNCLEAR: "crossing.short_unclear", barometerv1.Relation_VERDICT_TOO_FEW_STORES: "crossing.short_too_few",
	}
)

func relationRow(words *i18n.Words, r *barometerv1.Relation, chosen string) page.RelationRow {
	row := page.RelationRow{
		When: words.T(lagKeys[r.GetLag()]), Wave: r.GetWave(), Said: words.T(relationKeys[r.GetVerdict()]), Chosen: r.GetWave() == chosen,
	}
	if i := r.GetInterval(); i != nil {
		row.Sure, row.At, row.From, row.To = true, r.GetR(), i.GetLow(), i.GetHigh()
		row.R, row.Low, row.High = hundredths(words, r.GetR()), hundredths(words, i.GetLow()), hundredths(words, i.GetHigh())
	}
	return row
}

// crossingTable lists the named stores: all that the chart shows, in words.
func crossingTable(words *i18n.Words, res *barometerv1.GetCrossingResponse, want crossingChoice, view *page.CrossingView) {
	query := fold.Text(view.Query)
	var rows []page.StoreRow
	for _, p := range res.GetPositions() {
		if query == "" || strings.Contains(fold.Text(p.GetStore().GetName()), query) {
			rows = append(rows, storeRow(words, res, p, want.store))
		}
	}
	view.All, view.Found = len(res.GetPositions()), len(rows)
	from := min(want.from, len(rows))
	to := min(from+crossingShown, len(rows))
	view.Rows = rows[from:to]
	if to < len(rows) {
		next := url.Values{
			"unit": {view.Unit}, "edition": {view.EditionID}, "theme": {view.ThemeCode}, "question": {view.QuestionCode}, "wave": {want.wave},
			"store": {want.store}, "q": {view.Query}, "from": {strconv.Itoa(to)},
		}
		view.Next = crossingPage + "?" + next.Encode() + "#stores"
	}
}

func storeRow(words *i18n.Words, res *barometerv1.GetCrossingResponse, p *barometerv1.StorePosition, marked string) page.StoreRow {
	row := page.StoreRow{
		Name: p.GetStore().GetName(), Href: resultsHref(p.GetStore().GetId(), res.GetEditionId(), ""), Marked: p.GetStore().GetId() == marked,
		Employees: employeesTold(words, p), Customers: measured(words, res.GetQuestion(), p.GetCustomers().GetPoints()),
		Answered: words.N("customers.respondents", int(p.GetCustomers().GetN())),
		Shape:    shapes[p.GetQuadrant()], Quadrant: quadrantName(words, p.GetQuadrant()),
	}
	if i := p.GetEmployeesInterval(); i != nil {
		row.EmployeesBetween = words.T("crossing.between", "Low", words.Percent(i.GetLow()/100), "High", words.Percent(i.GetHigh()/100))
	}
	if i := p.GetCustomers().GetInterval(); i != nil {
		row.CustomersBetween = words.T("crossing.between", "Low", measured(words, res.GetQuestion(), i.GetLow()), "High", measured(words, res.GetQuestion(), i.GetHigh()))
	}
	return row
}

// employeesTold is the favourable share, or its band.
func employeesTold(words *i18n.Words, p *barometerv1.StorePosition) string {
	edge := words.Percent(p.GetEmployees() / 100)
	switch {
	case !p.GetBand():
		return edge
	case p.GetEmployees() >= 50:
		return words.T("barometer_results.at_least", "Edge", edge)
	default:
		return words.T("barometer_results.at_most", "Edge", edge)
	}
}
