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

// barometerFile is what was published of a unit and of those right below it, as a table for a program that reads one: what the page
// shows, and no more. Its words and numbers are those of the workbook: see barometerBook.
func (s *Site) barometerFile(w http.ResponseWriter, r *http.Request) error {
	res, err := s.publishedFile(r)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	rows := [][]string{fileHead(words)}
	rows = append(rows, unitRows(words, res, res.GetUnit())...)
	for _, below := range res.GetBelow() {
		rows = append(rows, unitRows(words, res, below)...)
	}
	return sendTable(w, words, barometerFileName(res), rows)
}

// publishedFile are the results of the unit of the address, with all units below.
func (s *Site) publishedFile(r *http.Request) (*barometerv1.GetResultsResponse, error) {
	own, err := s.unitsToRead(r)
	if err != nil {
		return nil, err
	}
	res, err := s.publishedOf(r, own, nil)
	if errors.Is(err, errNothingToRead) || err == nil && res.GetUnit() == nil {
		return nil, errNotFound
	}
	return res, err
}

func barometerFileName(res *barometerv1.GetResultsResponse) string {
	return "jalon-barometer-" + unsafeInFileName.ReplaceAllString(res.GetEditionName(), "-")
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

// fileLine is a row by the keys of its columns: words, whole numbers, and measures, which have a part behind the point.
type fileLine map[string]any

func (line fileLine) row(words *i18n.Words) (row []string) {
	for _, column := range fileColumns {
		switch value := line[column].(type) {
		case string:
			row = append(row, value)
		case int:
			row = append(row, strconv.Itoa(value))
		case float64:
			row = append(row, plainNumber(words, value))
		default:
			row = append(row, "")
		}
	}
	return row
}

// unitRows are the figures of a unit: its themes, its questions and comments where they are there, and how it recommends.
func unitRows(words *i18n.Words, res *barometerv1.GetResultsResponse, u *barometerv1.UnitResult) (rows [][]string) {
	name := u.GetUnit().GetName()
	if u.GetRest() {
		name = restName(words, res)
	}
	add := func(what, about string, line fileLine) {
		line["unit"], line["what"], line["about"] = name, words.T("barometer_results.file_is_"+what), about
		line["eligible"], line["ballots"] = int(u.GetEligible()), int(u.GetBallots())
		rows = append(rows, line.row(words))
	}
	next := 0
	for i, theme := range res.GetThemes() {
		if f := figureAt(u.GetThemes(), i); f != nil {
			add("theme", theme.GetName(), figureLine(words, u, f))
		}
		for _, statement := range theme.GetStatements() {
			if f := figureAt(u.GetQuestions(), next); f != nil {
				add("question", statement.GetText(), figureLine(words, u, f))
			}
			next++
		}
	}
	if enps := u.GetEnps(); enps != nil {
		line := fileLine{"value": int(enps.GetPoints())}
		if i := enps.GetInterval(); i != nil {
			line["low"], line["high"] = tenths(i.GetLow()), tenths(i.GetHigh())
		}
		add("enps", res.GetEnps(), line)
	}
	for i, d := range u.GetDrivers() {
		if i < len(res.GetThemes()) {
			add("driver", res.GetThemes()[i].GetName(), fileLine{
				"value": d.GetR(), "low": d.GetInterval().GetLow(), "high": d.GetInterval().GetHigh(),
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

// figureLine tells of a band what the page tells, and no number of it. Of a mean that was not counted it says so.
func figureLine(words *i18n.Words, u *barometerv1.UnitResult, f *barometerv1.Figure) fileLine {
	line := fileLine{}
	if change := changeView(words, f); change != nil {
		line["change"] = change.Words
	}
	if p := f.GetPlace(); p != nil {
		line["best"], line["worst"], line["of"] = int(p.GetBest()), int(p.GetWorst()), int(p.GetOf())
	}
	if f.GetBand() {
		line["remark"] = shareBar(words, f).Told
		return line
	}
	all := float64(max(answersOf(f), 1))
	line["value"], line["mean"] = tenths(100*f.GetShare()), f.GetMean()
	if !u.GetDetailed() {
		line["remark"] = words.T("barometer_results.file_mean_estimated")
	}
	line["neutral"], line["against"] = tenths(100*float64(f.GetNeutral())/all), tenths(100*float64(f.GetUnfavourable())/all)
	if i := f.GetShareInterval(); i != nil {
		line["low"], line["high"] = tenths(100*i.GetLow()), tenths(100*i.GetHigh())
	}
	if i := f.GetMeanInterval(); i != nil {
		line["mean_low"], line["mean_high"] = i.GetLow(), i.GetHigh()
	}
	for i, n := range f.GetDistribution() {
		line["answer_"+strconv.Itoa(i+1)] = int(n)
	}
	if c := f.GetChange(); c != nil {
		line["points"], line["least"] = tenths(c.GetPoints()), tenths(c.GetDetectable())
		line["points_low"], line["points_high"] = tenths(c.GetInterval().GetLow()), tenths(c.GetInterval().GetHigh())
	}
	return line
}

func tenths(x float64) float64 { return math.Round(10*x) / 10 }
