package web

import (
	"math"
	"slices"
	"strings"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// recommendation is the question of customers that is told as a score from −100 to 100, and not as a share.
const recommendation = "recommendation"

// questionName is what customers were asked, in short.
func questionName(words *i18n.Words, question string) string {
	return words.Or("customer_question."+question, question)
}

// measured writes a figure of a measure: a share in percent, or a score with its sign.
func measured(words *i18n.Words, measure string, points float64) string {
	if measure == recommendation {
		return signedPoints(words, points)
	}
	return words.Percent(points / 100)
}

// elsewhereValue writes a figure as somebody entered it, tenths included.
func elsewhereValue(words *i18n.Words, measure string, points float64) string {
	if measure == recommendation || points == math.Trunc(points) {
		return measured(words, measure, points)
	}
	return strings.Replace(words.Percent(0), "0", plainNumber(words, tenths(points)), 1)
}

// onBar is where a figure of a measure lies on a bar from 0 to 100.
func onBar(measure string, points float64) float64 {
	if measure == recommendation {
		return 50 + points/2
	}
	return points
}

// customersBar draws a share of customers as those of employees are drawn, and says it in words.
func customersBar(words *i18n.Words, f *barometerv1.CustomersFigure) page.ShareBar {
	n := float64(max(f.GetN(), 1))
	neutral := 0.0
	if d := f.GetDistribution(); len(d) == 5 {
		neutral = float64(d[2]) / n
	}
	return page.ShareBar{
		Percent: words.Percent(f.GetPoints() / 100), Favourable: f.GetPoints(), Neutral: 100 * neutral,
		Sure: true, Low: f.GetInterval().GetLow(), High: f.GetInterval().GetHigh(),
		Told: words.T("barometer_results.told_between", "Share", words.Percent(f.GetPoints()/100), "Neutral", words.Percent(neutral),
			"Against", words.Percent(max(0, 1-f.GetPoints()/100-neutral)),
			"Low", words.Percent(f.GetInterval().GetLow()/100), "High", words.Percent(f.GetInterval().GetHigh()/100)),
	}
}

// marks are the values from elsewhere, by measure.
type marks map[string][]page.Mark

// marksOf are the newest of each source.
func marksOf(words *i18n.Words, all []*barometerv1.Benchmark) marks {
	found := marks{}
	seen := map[string]bool{}
	for _, b := range all { // of a measure, the newest first
		if key := b.GetMeasure() + "\x00" + b.GetSource(); !seen[key] {
			seen[key] = true
			found[b.GetMeasure()] = append(found[b.GetMeasure()], page.Mark{
				At:   onBar(b.GetMeasure(), b.GetValue()),
				Told: words.T("benchmarks.told", "Value", elsewhereValue(words, b.GetMeasure(), b.GetValue()), "Source", b.GetSource(), "Year", wholeYear(b)),
			})
		}
	}
	return found
}

// customersSection is what a unit's customers said last, and in the waves before; nil where they were not asked.
func customersSection(words *i18n.Words, res *barometerv1.GetCustomersResponse, elsewhere marks) *page.CustomersSection {
	waves := res.GetWaves()
	if len(waves) == 0 {
		return nil
	}
	last := waves[len(waves)-1]
	section := &page.CustomersSection{Wave: last.GetWave(), Respondents: int(last.GetRespondents()), Stores: int(last.GetStores())}
	for i, question := range res.GetQuestions() {
		if i >= len(last.GetFigures()) || last.GetFigures()[i].GetN() == 0 {
			continue
		}
		f := last.GetFigures()[i]
		row := page.CustomersRow{Name: questionName(words, question), Bar: customersBar(words, f), Trend: trend(words, question, i, waves)}
		if question == recommendation {
			row.Score = &page.ENPSView{
				Points: signedPoints(words, f.GetPoints()), At: f.GetPoints(), Sure: true, From: f.GetInterval().GetLow(), To: f.GetInterval().GetHigh(),
				Low: signedPoints(words, f.GetInterval().GetLow()), High: signedPoints(words, f.GetInterval().GetHigh()),
			}
		}
		row.Bar.Marks = elsewhere[question]
		section.Rows = append(section.Rows, row)
	}
	return section
}

// leastSpan is how many points a trend's drawing spans at least: what is less moves little, and shall look so.
const leastSpan = 30

// trend is a question over the waves; nil where there is one alone.
func trend(words *i18n.Words, question string, at int, waves []*barometerv1.WaveMeasures) *page.Trend {
	low, high := math.Inf(1), math.Inf(-1)
	var points []page.TrendPoint
	var told []string
	for _, wave := range waves {
		if at >= len(wave.GetFigures()) || wave.GetFigures()[at].GetN() == 0 {
			continue
		}
		f := wave.GetFigures()[at]
		points = append(points, page.TrendPoint{Wave: wave.GetWave(), At: f.GetPoints(), Low: f.GetInterval().GetLow(), High: f.GetInterval().GetHigh()})
		low, high = min(low, f.GetInterval().GetLow()), max(high, f.GetInterval().GetHigh())
		told = append(told, words.T("customers_results.trend_wave", "Wave", wave.GetWave(), "Value", measured(words, question, f.GetPoints())))
	}
	if len(points) < 2 {
		return nil
	}
	span := max(high-low, leastSpan)
	from := (low+high)/2 - span/2
	for i, p := range points {
		height := func(x float64) float64 { return 8 + 84*(1-(x-from)/span) }
		points[i].At, points[i].Low, points[i].High = height(p.At), height(p.Low), height(p.High)
		points[i].X = 100 * (float64(i) + 0.5) / float64(len(points))
	}
	return &page.Trend{Points: slices.Clip(points), First: points[0].Wave, Last: points[len(points)-1].Wave, Told: strings.Join(told, words.T("customers_results.trend_between"))}
}
