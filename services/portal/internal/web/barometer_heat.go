package web

import (
	"math"
	"strconv"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	// heatShown keeps the map light: a company may have 1,500 stores.
	heatShown = 50
	// mostUnits is more than any company has.
	mostUnits = 1_000_000
	// byENPS is the choice of the recommendation among the themes.
	byENPS = "enps"
)

// heatChoice is which of the units below are wanted, and by which theme.
type heatChoice struct {
	theme, query string
	from         int
}

// request is what barometer is asked for: no more than is shown.
func (want heatChoice) request() *barometerv1.BelowWanted {
	return &barometerv1.BelowWanted{OrderBy: want.theme, NameContains: want.query, Offset: int32(min(want.from, mostUnits)), Limit: heatShown}
}

// heatMap shows the units right below; nil where there are none.
func heatMap(words *i18n.Words, res *barometerv1.GetResultsResponse, want heatChoice) *page.HeatMap {
	all := res.GetBelowSummary()
	if all == nil {
		return nil
	}
	unit, edition := res.GetUnit().GetUnit().GetId(), res.GetEditionId()
	heat := &page.HeatMap{
		Unit: unit, EditionID: edition, All: int(all.GetAll()), Found: int(all.GetFound()), Query: want.query, Searched: all.GetAll() > 10,
		ComparedWith: res.GetComparedWith(), Rest: restName(words, res), Within: upTo(words, all.GetReach()), Least: upTo(words, all.GetDetectable()),
	}
	add := func(code, name string) {
		chosen := want.theme == code
		heat.Columns = append(heat.Columns, page.Column{Code: code, Name: name, Href: resultsHref(unit, edition, code), Chosen: chosen})
		heat.Chosen = heat.Chosen || chosen
	}
	for _, theme := range res.GetThemes() {
		add(theme.GetCode(), theme.GetName())
	}
	add(byENPS, words.T("barometer_results.enps_short"))
	if !heat.Chosen {
		want.theme = ""
	}
	for _, b := range res.GetBelow() {
		heat.Rows = append(heat.Rows, heatRow(words, res, b, want.theme))
	}
	if to := want.from + len(heat.Rows); len(heat.Rows) > 0 && to < heat.Found {
		next := resultsQuery(unit, edition, want.theme)
		next.Set("from", strconv.Itoa(to))
		if heat.Query != "" {
			next.Set("q", heat.Query)
		}
		heat.Next = barometerResultsPage + "?" + next.Encode() + "#below"
	}
	return heat
}

// upTo is a whole number of points that nothing goes beyond; empty for none.
func upTo(words *i18n.Words, points float64) string {
	if points <= 0 {
		return ""
	}
	return words.Number(int(math.Ceil(points)))
}

func heatRow(words *i18n.Words, res *barometerv1.GetResultsResponse, u *barometerv1.UnitResult, theme string) page.HeatRow {
	row := page.HeatRow{
		Name: u.GetUnit().GetName(), Ballots: int(u.GetBallots()), Eligible: int(u.GetEligible()),
	}
	if u.GetRest() {
		row.Name = restName(words, res)
	} else {
		row.Href = resultsHref(u.GetUnit().GetId(), res.GetEditionId(), theme)
	}
	for i := range res.GetThemes() {
		f := figureAt(u.GetThemes(), i)
		if f == nil {
			row.Cells = append(row.Cells, page.HeatCell{})
			continue
		}
		cell := page.HeatCell{Text: strconv.Itoa(round(100 * f.GetShare())), Level: level(shareShown(f), shareBounds...)}
		if f.GetBand() {
			cell.Text = bandEdgeTold(f)
		}
		// Only what moved is marked.
		if change := changeView(words, f); change != nil && change.Tone != "" {
			cell.Change = change
		}
		row.Cells = append(row.Cells, cell)
	}
	points := u.GetEnps().GetPoints()
	row.Cells = append(row.Cells, page.HeatCell{Text: signedPoints(words, float64(points)), Level: level(float64(points), enpsBounds...)})
	return row
}

// bandEdgeTold is a band as short as a cell.
func bandEdgeTold(f *barometerv1.Figure) string {
	if bandFor(f) {
		return "≥\u00a0" + strconv.Itoa(bandEdge(f))
	}
	return "≤\u00a0" + strconv.Itoa(100-bandEdge(f))
}

// level is how many of the bounds a figure reaches.
func level(figure float64, bounds ...float64) int {
	reached := 0
	for _, bound := range bounds {
		if math.Round(figure) >= bound {
			reached++
		}
	}
	return reached
}

// restName names what is left of the unit without those below it, by what these are; empty where nothing is left.
func restName(words *i18n.Words, res *barometerv1.GetResultsResponse) string {
	below := res.GetBelowSummary()
	if !below.GetRest() {
		return ""
	}
	return words.T(kindKey("barometer_results.rest_", below.GetKind()), "Unit", res.GetUnit().GetUnit().GetName())
}
