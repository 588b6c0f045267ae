package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	// heatShown keeps the map light: a company may have 1,500 stores.
	heatShown = 50
	// byENPS is the choice of the recommendation among the themes.
	byENPS = "enps"
)

// heatChoice is which of the units below are wanted, and by which theme.
type heatChoice struct {
	theme, query string
	from         int
}

// heatMap shows the units right below; nil where there are none.
func heatMap(words *i18n.Words, res *barometerv1.GetResultsResponse, want heatChoice) *page.HeatMap {
	if len(res.GetBelow()) == 0 {
		return nil
	}
	unit, edition := res.GetUnit().GetUnit().GetId(), res.GetEditionId()
	heat := &page.HeatMap{
		Unit: unit, EditionID: edition, All: len(res.GetBelow()), Query: strings.TrimSpace(want.query), Searched: len(res.GetBelow()) > 10,
		ComparedWith: res.GetComparedWith(),
	}
	add := func(code, name string) bool {
		chosen := want.theme == code
		heat.Columns = append(heat.Columns, page.Column{Code: code, Name: name, Href: resultsHref(unit, edition, code), Chosen: chosen})
		return chosen
	}
	by := -1
	for i, theme := range res.GetThemes() {
		if add(theme.GetCode(), theme.GetName()) {
			by = i
		}
	}
	if add(byENPS, words.T("barometer_results.enps_short")) {
		by = len(res.GetThemes())
	}
	heat.Chosen = by >= 0
	if !heat.Chosen {
		want.theme = ""
	}
	below := slices.Clone(res.GetBelow())
	slices.SortStableFunc(below, heatOrder(by))
	heat.Rest = restName(words, res, below)
	query := folded(heat.Query)
	var rows []page.HeatRow
	for _, b := range below {
		row := heatRow(words, res, b, want.theme)
		if heat.Query == "" || strings.Contains(folded(row.Name), query) {
			rows = append(rows, row)
		}
	}
	heat.Found = len(rows)
	from := min(want.from, len(rows))
	to := min(from+heatShown, len(rows))
	heat.Rows = rows[from:to]
	if to < len(rows) {
		next := resultsQuery(unit, edition, want.theme)
		next.Set("from", strconv.Itoa(to))
		if heat.Query != "" {
			next.Set("q", heat.Query)
		}
		heat.Next = barometerResultsPage + "?" + next.Encode() + "#below"
	}
	heat.Within, heat.Least = typical(words, below)
	return heat
}

// heatOrder compares two units by a theme, or by the recommendation, which follows the themes: where care is needed first. Units come in
// the order of their names, and stay in it where by is none.
func heatOrder(by int) func(a, b *barometerv1.UnitResult) int {
	value := func(u *barometerv1.UnitResult) float64 {
		switch {
		case by < 0:
			return 0
		case by < len(u.GetThemes()):
			return shareShown(u.GetThemes()[by])
		default:
			return float64(u.GetEnps().GetPoints())
		}
	}
	return func(a, b *barometerv1.UnitResult) int {
		last := func(u *barometerv1.UnitResult) int { // what is left of the unit comes after those below it, except by figures
			if by < 0 && u.GetRest() {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(value(a), value(b)))
	}
}

func heatRow(words *i18n.Words, res *barometerv1.GetResultsResponse, u *barometerv1.UnitResult, theme string) page.HeatRow {
	row := page.HeatRow{
		Name: u.GetUnit().GetName(), Ballots: int(u.GetBallots()), Eligible: int(u.GetEligible()),
	}
	if u.GetRest() {
		row.Name = restName(words, res, res.GetBelow())
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
func restName(words *i18n.Words, res *barometerv1.GetResultsResponse, below []*barometerv1.UnitResult) string {
	kind, rest := "", false
	for _, u := range below {
		switch {
		case u.GetRest():
			rest = true
		case kind == "":
			kind = u.GetUnit().GetKind()
		case kind != u.GetUnit().GetKind():
			kind = "several"
		}
	}
	if !rest {
		return ""
	}
	return words.T(kindKey("barometer_results.rest_", kind), "Unit", res.GetUnit().GetUnit().GetName())
}

// typical is how far the shares of the map reach to either side, and the smallest change that could be seen: half of the cells have
// less. Least is empty where nothing is compared.
func typical(words *i18n.Words, units []*barometerv1.UnitResult) (within, least string) {
	var reach, seen []float64
	for _, u := range units {
		for _, f := range u.GetThemes() {
			if i := f.GetShareInterval(); i != nil && !f.GetBand() {
				reach = append(reach, 100*(i.GetHigh()-i.GetLow())/2)
			}
			if c := f.GetChange(); c != nil {
				seen = append(seen, c.GetDetectable())
			}
		}
	}
	middle := func(all []float64) string {
		if len(all) == 0 {
			return ""
		}
		slices.Sort(all)
		return words.Number(int(math.Ceil(all[(len(all)-1)/2])))
	}
	return middle(reach), middle(seen)
}
