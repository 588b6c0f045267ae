package web

import (
	"cmp"
	"slices"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// barometerView is a unit's page.
func barometerView(words *i18n.Words, res *barometerv1.GetResultsResponse, open func([]*barometerv1.UnitName) bool, want heatChoice) page.BarometerResults {
	path := res.GetPath()
	unit := path[len(path)-1]
	view := page.BarometerResults{
		Unit: unit.GetId(), Name: unit.GetName(), Edition: res.GetEditionName(), EditionID: res.GetEditionId(), ClosedOn: words.Date(res.GetClosedOn()),
		ComparedWith: res.GetComparedWith(), ScoresFrom: int(res.GetScoresFrom()), Details: int(res.GetDetailsFrom()),
	}
	for i, above := range path[:len(path)-1] {
		step := page.Crumb{Name: above.GetName()}
		if open(path[:i+1]) {
			step.Href = resultsHref(above.GetId(), res.GetEditionId(), want.theme)
		}
		view.Path = append(view.Path, step)
	}
	if with := res.GetCountedWith(); with != nil {
		view.CountedWith = &page.Crumb{Name: with.GetName()}
		at := slices.IndexFunc(path, func(above *barometerv1.UnitName) bool { return above.GetId() == with.GetId() })
		if at >= 0 && open(path[:at+1]) || at < 0 && open(path[:1]) {
			view.CountedWith.Href = resultsHref(with.GetId(), res.GetEditionId(), "")
		}
		return view
	}
	u := res.GetUnit()
	if u == nil {
		return view
	}
	query := "?" + resultsQuery(unit.GetId(), res.GetEditionId(), "").Encode()
	view.Workbook, view.Table = barometerResultsPage+".xlsx"+query, barometerResultsPage+".csv"+query
	view.Ballots, view.Eligible, view.Detailed = int(u.GetBallots()), int(u.GetEligible()), u.GetDetailed()
	view.Sentences = inShort(words, res)
	view.Themes, view.Banded = themeViews(words, res)
	view.ENPS = enpsView(words, res)
	view.Heat = heatMap(words, res, want)
	view.Drivers = drivers(words, res)
	return view
}

// themeViews are the themes with their questions and comments; banded tells whether one of them is told as a band.
func themeViews(words *i18n.Words, res *barometerv1.GetResultsResponse) (themes []page.ResultTheme, banded bool) {
	comments := map[string][]string{}
	for _, c := range res.GetComments() {
		comments[c.GetTheme()] = c.GetTexts()
	}
	kind := res.GetUnit().GetUnit().GetKind()
	next := 0
	for i, theme := range res.GetThemes() {
		f := figureAt(res.GetUnit().GetThemes(), i)
		shown := page.ResultTheme{
			Code: theme.GetCode(), Name: theme.GetName(), Bar: shareBar(words, f), Place: placeOf(words, kind, f.GetPlace()), Comments: comments[theme.GetCode()],
		}
		shown.ChangeTold = changeTold(words, res.GetComparedWith(), f)
		banded = banded || f.GetBand()
		for _, statement := range theme.GetStatements() {
			of := figureAt(res.GetUnit().GetQuestions(), next)
			next++
			if of == nil {
				continue
			}
			question := page.ResultQuestion{Text: statement.GetText(), Bar: shareBar(words, of)}
			if !of.GetBand() {
				question.Distribution = distribution(of.GetDistribution())
			}
			banded = banded || of.GetBand()
			shown.Questions = append(shown.Questions, question)
		}
		themes = append(themes, shown)
	}
	return themes, banded
}

// figureAt is the figure at a place of the questionnaire; nil where there is none.
func figureAt(figures []*barometerv1.Figure, i int) *barometerv1.Figure {
	if i >= len(figures) {
		return nil
	}
	return figures[i]
}

// distribution are the columns of 1 to 5, with their heights out of 100.
func distribution(counts []int32) (columns []page.AnswerColumn) {
	if len(counts) == 0 {
		return nil
	}
	most := max(slices.Max(counts), 1)
	for i, n := range counts {
		columns = append(columns, page.AnswerColumn{Answer: i + 1, Count: int(n), Height: 100 * float64(n) / float64(most)})
	}
	return columns
}

func enpsView(words *i18n.Words, res *barometerv1.GetResultsResponse) *page.ENPSView {
	enps := res.GetUnit().GetEnps()
	if enps == nil {
		return nil
	}
	view := &page.ENPSView{Points: words.Signed(int(enps.GetPoints())), At: float64(enps.GetPoints()), Question: res.GetEnps()}
	if i := enps.GetInterval(); i != nil {
		view.Sure, view.From, view.To = true, i.GetLow(), i.GetHigh()
		view.Low, view.High = words.Signed(round(i.GetLow())), words.Signed(round(i.GetHigh()))
	}
	return view
}

// drivers are the themes by how closely they go with recommending.
func drivers(words *i18n.Words, res *barometerv1.GetResultsResponse) (views []page.DriverView) {
	type driver struct {
		theme *barometerv1.Theme
		*barometerv1.Driver
	}
	var found []driver
	for i, d := range res.GetUnit().GetDrivers() {
		if i < len(res.GetThemes()) {
			found = append(found, driver{res.GetThemes()[i], d})
		}
	}
	slices.SortStableFunc(found, func(x, y driver) int { return cmp.Compare(y.GetR(), x.GetR()) })
	for _, d := range found {
		views = append(views, page.DriverView{
			Name: d.theme.GetName(), R: hundredths(words, d.GetR()), At: d.GetR(), From: d.GetInterval().GetLow(), To: d.GetInterval().GetHigh(),
			Low: hundredths(words, d.GetInterval().GetLow()), High: hundredths(words, d.GetInterval().GetHigh()),
			Chance: d.GetInterval().GetLow() <= 0 && d.GetInterval().GetHigh() >= 0,
		})
	}
	return views
}
