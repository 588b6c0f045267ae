package web

import (
	"math"
	"strconv"
	"strings"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

func round(x float64) int { return int(math.Round(x)) }

func answersOf(f *barometerv1.Figure) int {
	return int(f.GetFavourable() + f.GetNeutral() + f.GetUnfavourable())
}

// hundredths writes a number from −1 to 1 as the language does.
func hundredths(words *i18n.Words, x float64) string {
	text := strconv.FormatFloat(x, 'f', 2, 64)
	if words.Lang == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return strings.Replace(text, "-", "−", 1)
}

// signedPoints writes a change with its sign.
func signedPoints(words *i18n.Words, points float64) string {
	return strings.Replace(words.Signed(round(points)), "-", "−", 1)
}

// shareBar draws a figure and says it in words. A band is drawn no more exactly than it is told.
func shareBar(words *i18n.Words, f *barometerv1.Figure) page.ShareBar {
	all := float64(max(answersOf(f), 1))
	bar := page.ShareBar{Percent: percentTold(words, f), Change: changeView(words, f)}
	if f.GetBand() {
		edge := words.Percent(float64(bandEdge(f)) / 100)
		bar.Edge = float64(bandEdge(f))
		switch f.GetFavourable() {
		default:
			bar.Band, bar.Told = page.NearlyAllAgainst, words.T("barometer_results.band_against", "Edge", edge)
			if f.GetNeutral() > f.GetUnfavourable() {
				bar.Band, bar.Told = page.NearlyAllBetween, words.T("barometer_results.band_between", "Edge", edge)
			}
		case max(f.GetFavourable(), f.GetNeutral(), f.GetUnfavourable()):
			bar.Band, bar.Told = page.NearlyAllFor, words.T("barometer_results.band_for", "Edge", edge)
		}
		return bar
	}
	neutral, against := float64(f.GetNeutral())/all, float64(f.GetUnfavourable())/all
	bar.Favourable, bar.Neutral = 100*f.GetShare(), 100*neutral
	parts := []any{"Share", words.Percent(f.GetShare()), "Neutral", words.Percent(neutral), "Against", words.Percent(against)}
	bar.Told = words.T("barometer_results.told", parts...)
	if i := f.GetShareInterval(); i != nil {
		bar.Sure, bar.Low, bar.High = true, 100*i.GetLow(), 100*i.GetHigh()
		bar.Told = words.T("barometer_results.told_between", append(parts, "Low", words.Percent(i.GetLow()), "High", words.Percent(i.GetHigh()))...)
	}
	return bar
}

// bandEdge is the share, in tens of percents, which one class of a band has at least: all, or all but one, answered alike.
func bandEdge(f *barometerv1.Figure) int {
	n := max(answersOf(f), 1)
	return 10 * (10 * (n - 1) / n)
}

// percentTold is the favourable share, or its band.
func percentTold(words *i18n.Words, f *barometerv1.Figure) string {
	switch edge := float64(bandEdge(f)) / 100; {
	case !f.GetBand():
		return words.Percent(f.GetShare())
	case bandFor(f):
		return words.T("barometer_results.at_least", "Edge", words.Percent(edge))
	default:
		return words.T("barometer_results.at_most", "Edge", words.Percent(1-edge))
	}
}

// bandFor tells of a band that nearly all are favourable.
func bandFor(f *barometerv1.Figure) bool {
	return f.GetFavourable() > f.GetNeutral() && f.GetFavourable() > f.GetUnfavourable()
}

// shareShown is the share in percent as it may be compared: the edge of a band.
func shareShown(f *barometerv1.Figure) float64 {
	switch {
	case !f.GetBand():
		return 100 * f.GetShare()
	case bandFor(f):
		return float64(bandEdge(f))
	default:
		return float64(100 - bandEdge(f))
	}
}

// changeView is the word about a change; nil where there is none.
func changeView(words *i18n.Words, f *barometerv1.Figure) *page.ChangeView {
	c := f.GetChange()
	points := signedPoints(words, c.GetPoints())
	if f.GetBand() {
		points = "" // with last year's share they would tell this one
	}
	switch c.GetVerdict() {
	case barometerv1.Change_VERDICT_RISING:
		return &page.ChangeView{Mark: "▲", Words: words.T("barometer_results.rising"), Points: points, Tone: "calm-tag"}
	case barometerv1.Change_VERDICT_FALLING:
		return &page.ChangeView{Mark: "▼", Words: words.T("barometer_results.falling"), Points: points, Tone: "accent"}
	case barometerv1.Change_VERDICT_STABLE:
		return &page.ChangeView{Mark: "=", Words: words.T("barometer_results.stable")}
	case barometerv1.Change_VERDICT_TOO_FEW_TO_SAY:
		return &page.ChangeView{Mark: "?", Words: words.T("barometer_results.too_few_to_say")}
	default:
		return nil
	}
}

// changeTold says how far a change went, how surely, and what could have been seen; empty where there is nothing to compare, and for
// bands.
func changeTold(words *i18n.Words, before string, f *barometerv1.Figure) string {
	c := f.GetChange()
	if c == nil || f.GetBand() {
		return ""
	}
	return words.T("barometer_results.change_told", "Before", before, "Points", signedPoints(words, c.GetPoints()),
		"Low", signedPoints(words, c.GetInterval().GetLow()), "High", signedPoints(words, c.GetInterval().GetHigh()),
		"Least", words.Number(int(math.Ceil(c.GetDetectable()))))
}

// placeOf says where the unit stands among those of its kind; empty where that is not told.
func placeOf(words *i18n.Words, kind string, p *barometerv1.Place) string {
	if p == nil {
		return ""
	}
	among := words.N(kindKey("barometer_results.among_", kind), int(p.GetOf()))
	switch best, worst := int(p.GetBest()), int(p.GetWorst()); {
	case best <= 1 && worst >= int(p.GetOf()):
		return words.T("barometer_results.place_any", "Among", among)
	case best == worst:
		return words.T("barometer_results.place", "Place", ordinal(words, best), "Among", among)
	default:
		return words.T("barometer_results.places", "Best", ordinal(words, best), "Worst", ordinal(words, worst), "Among", among)
	}
}

// kindKey ends a key with a kind of unit that the catalogue knows.
func kindKey(key, kind string) string {
	switch kind {
	case "region", "store", "team":
		return key + kind
	default:
		return key + "unit"
	}
}

// ordinal writes a place: "1re", "3e"; "1st", "3rd".
func ordinal(words *i18n.Words, n int) string {
	ending := "th"
	switch {
	case words.Lang == "fr" && n == 1:
		ending = "re"
	case words.Lang == "fr":
		ending = "e"
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		ending = "st"
	case n%10 == 2:
		ending = "nd"
	case n%10 == 3:
		ending = "rd"
	}
	return words.Number(n) + ending
}
