package web

import (
	"cmp"
	"math"
	"slices"
	"strings"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

func round(x float64) int { return int(math.Round(x)) }

func percent(share float64) int { return round(100 * share) }

// shareBar draws a figure and says it in words. A band is not told more exactly by the drawing.
func shareBar(words *i18n.Words, f *barometerv1.Figure) page.ShareBar {
	all := float64(f.GetFavourable() + f.GetNeutral() + f.GetUnfavourable())
	bar := page.ShareBar{
		Percent: told(words, f), Band: f.GetBand(), Favourable: 100 * f.GetShare(), Change: changeView(words, f.GetChange()),
		Told: words.T("barometer_results.band_told", "Share", told(words, f)),
	}
	if p := f.GetPlace(); p != nil {
		bar.Place = place(words, p)
	}
	if f.GetBand() {
		return bar
	}
	bar.Neutral = 100 * float64(f.GetNeutral()) / all
	bar.Low, bar.High = 100*f.GetShareInterval().GetLow(), 100*f.GetShareInterval().GetHigh()
	bar.Told = words.T("barometer_results.told",
		"Share", told(words, f), "Low", words.Percent(f.GetShareInterval().GetLow()), "High", words.Percent(f.GetShareInterval().GetHigh()),
		"Neutral", words.Percent(float64(f.GetNeutral())/all), "Against", words.Percent(float64(f.GetUnfavourable())/all))
	return bar
}

// told is the share, or that nearly all are of one mind: which of the two it is nobody may learn exactly.
func told(words *i18n.Words, f *barometerv1.Figure) string {
	switch {
	case !f.GetBand():
		return words.Percent(f.GetShare())
	case f.GetFavourable() > f.GetNeutral()+f.GetUnfavourable():
		return words.T("barometer_results.nearly_all")
	default:
		return words.T("barometer_results.nearly_none")
	}
}

func place(words *i18n.Words, p *barometerv1.Place) string {
	if p.GetBest() == p.GetWorst() {
		return words.T("barometer_results.place", "Place", p.GetBest(), "Of", p.GetOf())
	}
	return words.T("barometer_results.places", "Best", p.GetBest(), "Worst", p.GetWorst(), "Of", p.GetOf())
}

func changeView(words *i18n.Words, c *barometerv1.Change) *page.ChangeView {
	if c == nil {
		return nil
	}
	view := &page.ChangeView{Told: words.T("barometer_results.change_told", "Points", words.Signed(round(c.GetPoints())),
		"Low", words.Signed(round(c.GetInterval().GetLow())), "High", words.Signed(round(c.GetInterval().GetHigh())))}
	switch c.GetVerdict() {
	case barometerv1.Change_VERDICT_RISING:
		view.Mark, view.Words, view.Tone = "▲", words.T("barometer_results.rising", "Points", words.Signed(round(c.GetPoints()))), "calm-tag"
	case barometerv1.Change_VERDICT_FALLING:
		view.Mark, view.Words, view.Tone = "▼", words.T("barometer_results.falling", "Points", words.Signed(round(c.GetPoints()))), "warn"
	case barometerv1.Change_VERDICT_STABLE:
		view.Mark, view.Words = "=", words.T("barometer_results.stable")
	default:
		view.Mark, view.Words = "·", words.T("barometer_results.too_few_to_say")
	}
	return view
}

func distribution(words *i18n.Words, counts []int32) string {
	if len(counts) == 0 {
		return ""
	}
	parts := make([]string, len(counts))
	for i, n := range counts {
		parts[i] = words.Number(i+1) + "\u00a0: " + words.Number(int(n))
	}
	return strings.Join(parts, " · ")
}

// inShort says in a few sentences what a director must know.
func inShort(words *i18n.Words, res *barometerv1.GetResultsResponse) []string {
	figures := res.GetUnit().GetThemes()
	name := func(i int) string { return res.GetThemes()[i].GetName() }
	strongest, weakest := 0, 0
	var rose, fell []string
	said := 0
	for i, f := range figures {
		if f.GetShare() > figures[strongest].GetShare() {
			strongest = i
		}
		if f.GetShare() < figures[weakest].GetShare() {
			weakest = i
		}
		switch f.GetChange().GetVerdict() {
		case barometerv1.Change_VERDICT_RISING:
			rose = append(rose, name(i))
		case barometerv1.Change_VERDICT_FALLING:
			fell = append(fell, name(i))
		case barometerv1.Change_VERDICT_STABLE:
			said++
		}
	}
	sentences := []string{words.T("barometer_results.strongest",
		"Strong", name(strongest), "StrongShare", told(words, figures[strongest]), "Weak", name(weakest), "WeakShare", told(words, figures[weakest]))}
	if len(fell) > 0 {
		sentences = append(sentences, words.T("barometer_results.fell", "Themes", words.List(fell)))
	}
	if len(rose) > 0 {
		sentences = append(sentences, words.T("barometer_results.rose", "Themes", words.List(rose)))
	}
	switch {
	case res.GetComparedWith() == "" || figures[0].GetChange() == nil:
		sentences = append(sentences, words.T("barometer_results.nothing_before"))
	case len(fell)+len(rose) == 0 && said > 0:
		sentences = append(sentences, words.T("barometer_results.nothing_moved"))
	case len(fell)+len(rose) == 0:
		sentences = append(sentences, words.T("barometer_results.cannot_say"))
	}
	return sentences
}

const levels = 10

// heatRows are the units below, by name, or by the theme that was chosen.
func heatRows(words *i18n.Words, res *barometerv1.GetResultsResponse, sortBy string) []page.HeatRow {
	below := slices.Clone(res.GetBelow())
	if by := slices.IndexFunc(res.GetThemes(), func(t *barometerv1.Theme) bool { return t.GetCode() == sortBy }); by >= 0 {
		slices.SortStableFunc(below, func(x, y *barometerv1.UnitResult) int {
			return cmp.Compare(y.GetThemes()[by].GetShare(), x.GetThemes()[by].GetShare())
		})
	}
	rows := make([]page.HeatRow, len(below))
	for i, b := range below {
		row := page.HeatRow{
			Name: b.GetUnit().GetName(), ENPS: words.Signed(int(b.GetEnps().GetPoints())),
			People: words.T("barometer_results.of_people", "Ballots", words.Number(int(b.GetBallots())), "Eligible", words.Number(int(b.GetEligible()))),
		}
		if b.GetRest() {
			row.Name = words.T("barometer_results.rest", "Name", b.GetUnit().GetName())
		} else {
			row.Href = resultsHref(b.GetUnit().GetId(), res.GetEditionId(), sortBy)
		}
		for _, f := range b.GetThemes() {
			cell := page.HeatCell{
				Percent: words.Number(percent(f.GetShare())), Told: told(words, f), Level: min(levels-1, int(f.GetShare()*levels)), Change: changeView(words, f.GetChange()),
			}
			if f.GetBand() {
				cell.Percent = map[bool]string{true: "≥ 90", false: "≤ 10"}[f.GetShare() > 0.5]
				cell.Level = map[bool]int{true: levels - 1, false: 0}[f.GetShare() > 0.5]
			}
			if cell.Change != nil {
				cell.Told += ", " + cell.Change.Words
				if cell.Change.Tone == "" {
					cell.Change = nil // only what moved is marked
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		rows[i] = row
	}
	return rows
}

// drivers are the themes by how closely they go with recommending.
func drivers(words *i18n.Words, res *barometerv1.GetResultsResponse) []page.DriverView {
	var views []page.DriverView
	found := res.GetUnit().GetDrivers()
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(found[y].GetR(), found[x].GetR()) })
	for _, i := range order {
		d := found[i]
		views = append(views, page.DriverView{
			Name: res.GetThemes()[i].GetName(), Length: 100 * max(0, d.GetR()),
			Told: words.T("barometer_results.driver", "R", words.Decimal(d.GetR()), "Low", words.Decimal(d.GetInterval().GetLow()), "High", words.Decimal(d.GetInterval().GetHigh())),
		})
	}
	return views
}
