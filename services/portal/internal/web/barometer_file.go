package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
)

// barometerFile is what was published of a unit and of those below it, as a table for a spreadsheet.
func (s *Site) barometerFile(w http.ResponseWriter, r *http.Request) error {
	res, err := s.publishedOf(r)
	if err != nil {
		return err
	}
	if res.GetUnit() == nil {
		return errNotFound
	}
	words := visitorOf(r).frame().Words
	var out bytes.Buffer
	out.WriteString("\ufeff") // by which spreadsheets know UTF-8
	file := csv.NewWriter(&out)
	file.UseCRLF = true
	if words.Lang == "fr" {
		file.Comma = ';' // as spreadsheets in French expect
	}
	rows := [][]string{{
		words.T("barometer_results.unit"), words.T("barometer_results.file_ballots"), words.T("barometer_results.file_eligible"),
		words.T("barometer_results.file_what"), words.T("barometer_results.file_share"), words.T("barometer_results.file_change"),
	}}
	rows = append(rows, fileRows(words, res, res.GetUnit())...)
	for _, below := range res.GetBelow() {
		rows = append(rows, fileRows(words, res, below)...)
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = harmless(cell)
		}
		if err := file.Write(row); err != nil {
			return err
		}
	}
	file.Flush()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="jalon-barometer.csv"`)
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

// fileRows are the themes of a unit, and its questions where they are there.
func fileRows(words *i18n.Words, res *barometerv1.GetResultsResponse, u *barometerv1.UnitResult) [][]string {
	name := u.GetUnit().GetName()
	if u.GetRest() {
		name = words.T("barometer_results.rest", "Name", name)
	}
	row := func(what string, f *barometerv1.Figure) []string {
		share := strconv.Itoa(percent(f.GetShare()))
		if f.GetBand() {
			share = told(words, f)
		}
		change := ""
		if c := changeView(words, f.GetChange()); c != nil {
			change = c.Words
		}
		return []string{name, strconv.Itoa(int(u.GetBallots())), strconv.Itoa(int(u.GetEligible())), what, share, change}
	}
	var rows [][]string
	next := 0
	for i, theme := range res.GetThemes() {
		rows = append(rows, row(theme.GetName(), u.GetThemes()[i]))
		for _, statement := range theme.GetStatements() {
			if next < len(u.GetQuestions()) {
				rows = append(rows, row(statement.GetText(), u.GetQuestions()[next]))
				next++
			}
		}
	}
	return append(rows, []string{name, strconv.Itoa(int(u.GetBallots())), strconv.Itoa(int(u.GetEligible())), "eNPS", strconv.Itoa(int(u.GetEnps().GetPoints())), ""})
}
