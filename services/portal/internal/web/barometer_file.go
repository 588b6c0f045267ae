package web

import (
	"errors"
	"math"
	"net/http"
	"regexp"
	"strconv"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
)

// barometerFile is what was published of a unit and of those right below it, as a table for a spreadsheet: what the page shows, and no
// more.
func (s *Site) barometerFile(w http.ResponseWriter, r *http.Request) error {
	own, err := s.unitsToRead(r)
	if err != nil {
		return err
	}
	res, err := s.publishedOf(r, own)
	if errors.Is(err, errNothingToRead) || err == nil && res.GetUnit() == nil {
		return errNotFound
	}
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	rows := [][]string{fileHead(words)}
	rows = append(rows, unitRows(words, res, res.GetUnit())...)
	for _, below := range res.GetBelow() {
		rows = append(rows, unitRows(words, res, below)...)
	}
	return sendTable(w, words, "jalon-barometer-"+unsafeInFileName.ReplaceAllString(res.GetEditionName(), "-"), rows)
}

// unsafeInFileName is what has a meaning in a header, or in a folder.
var unsafeInFileName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// fileColumns are the keys of the columns' names, in order.
var fileColumns = [...]string{
	"unit", "eligible", "ballots", "what", "about", "value", "low", "high", "neutral", "against", "mean", "mean_low", "mean_high", "answer_1", "answer_2", "answer_3",
	"answer_4", "answer_5", "change", "points", "points_low", "points_high", "least", "best", "worst", "of", "remark",
}

func fileHead(words *i18n.Words) (head []string) {
	for _, column := range fileColumns {
		head = append(head, words.T("barometer_results.file_"+column))
	}
	return head
}

// fileLine is a row by the keys of its columns.
type fileLine map[string]string

func (line fileLine) row() (row []string) {
	for _, column := range fileColumns {
		row = append(row, line[column])
	}
	return row
}

// unitRows are the figures of a unit: its themes, its questions and comments where they are there, and how it recommends.
func unitRows(words *i18n.Words, res *barometerv1.GetResultsResponse, u *barometerv1.UnitResult) (rows [][]string) {
	name := u.GetUnit().GetName()
	if u.GetRest() {
		name = restName(words, res, res.GetBelow())
	}
	add := func(what, about string, line fileLine) {
		line["unit"], line["what"], line["about"] = name, words.T("barometer_results.file_is_"+what), about
		line["eligible"], line["ballots"] = strconv.Itoa(int(u.GetEligible())), strconv.Itoa(int(u.GetBallots()))
		rows = append(rows, line.row())
	}
	next := 0
	for i, theme := range res.GetThemes() {
		if f := figureAt(u.GetThemes(), i); f != nil {
			add("theme", theme.GetName(), figureLine(words, f))
		}
		for _, statement := range theme.GetStatements() {
			if f := figureAt(u.GetQuestions(), next); f != nil {
				add("question", statement.GetText(), figureLine(words, f))
			}
			next++
		}
	}
	if enps := u.GetEnps(); enps != nil {
		line := fileLine{"value": strconv.Itoa(int(enps.GetPoints()))}
		if i := enps.GetInterval(); i != nil {
			line["low"], line["high"] = tenths(words, i.GetLow()), tenths(words, i.GetHigh())
		}
		add("enps", res.GetEnps(), line)
	}
	for i, d := range u.GetDrivers() {
		if i < len(res.GetThemes()) {
			add("driver", res.GetThemes()[i].GetName(), fileLine{
				"value": plainNumber(words, d.GetR()), "low": plainNumber(words, d.GetInterval().GetLow()), "high": plainNumber(words, d.GetInterval().GetHigh()),
			})
		}
	}
	if u == res.GetUnit() {
		for _, theme := range res.GetThemes() {
			for _, c := range res.GetComments() {
				for _, text := range c.GetTexts() {
					if c.GetTheme() == theme.GetCode() {
						add("comment", theme.GetName(), fileLine{"remark": text})
					}
				}
			}
		}
	}
	return rows
}

// figureLine tells of a band what the page tells, and no number of it.
func figureLine(words *i18n.Words, f *barometerv1.Figure) fileLine {
	line := fileLine{}
	if change := changeView(words, f); change != nil {
		line["change"] = change.Words
	}
	if p := f.GetPlace(); p != nil {
		line["best"], line["worst"], line["of"] = strconv.Itoa(int(p.GetBest())), strconv.Itoa(int(p.GetWorst())), strconv.Itoa(int(p.GetOf()))
	}
	if f.GetBand() {
		line["remark"] = shareBar(words, f).Told
		return line
	}
	all := float64(max(answersOf(f), 1))
	line["value"], line["mean"] = tenths(words, 100*f.GetShare()), plainNumber(words, f.GetMean())
	line["neutral"], line["against"] = tenths(words, 100*float64(f.GetNeutral())/all), tenths(words, 100*float64(f.GetUnfavourable())/all)
	if i := f.GetShareInterval(); i != nil {
		line["low"], line["high"] = tenths(words, 100*i.GetLow()), tenths(words, 100*i.GetHigh())
	}
	if i := f.GetMeanInterval(); i != nil {
		line["mean_low"], line["mean_high"] = plainNumber(words, i.GetLow()), plainNumber(words, i.GetHigh())
	}
	for i, n := range f.GetDistribution() {
		line["answer_"+strconv.Itoa(i+1)] = strconv.Itoa(int(n))
	}
	if c := f.GetChange(); c != nil {
		line["points"], line["least"] = tenths(words, c.GetPoints()), tenths(words, c.GetDetectable())
		line["points_low"], line["points_high"] = tenths(words, c.GetInterval().GetLow()), tenths(words, c.GetInterval().GetHigh())
	}
	return line
}

func tenths(words *i18n.Words, x float64) string { return plainNumber(words, math.Round(10*x)/10) }
