package web

import (
	"bytes"
	"encoding/csv"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
)

// hrResultsFile is what the results page shows, as a table for a spreadsheet: moments decides what may be shown in both.
func (s *Site) hrResultsFile(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	catalogue, err := s.Peers.Moments().ListKeyMoments(ctx, &momentsv1.ListKeyMomentsRequest{Language: words.Lang})
	if err != nil {
		return err
	}
	keyMoment := chooseKeyMoment(catalogue.GetKeyMoments(), r.FormValue("key_moment"))
	if keyMoment == nil {
		return errNotFound
	}
	results, err := s.Peers.Moments().GetResults(ctx, resultsRequest(r, words, keyMoment))
	if err != nil {
		return err
	}
	return sendTable(w, words, "jalon-"+keyMoment.GetCode(), resultRows(words, results))
}

// sendTable answers with a file of rows as spreadsheets of the reader's language read them. No cell of it is a formula.
func sendTable(w http.ResponseWriter, words *i18n.Words, name string, rows [][]string) error {
	var out bytes.Buffer
	out.WriteString("\ufeff") // by which spreadsheets know UTF-8
	file := csv.NewWriter(&out)
	file.UseCRLF = true
	if words.Lang == "fr" {
		file.Comma = ';' // as spreadsheets in French expect
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
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

// resultsFile is the address of the file for what the page shows.
func resultsFile(request *momentsv1.GetResultsRequest) string {
	query := url.Values{}
	for name, value := range map[string]string{
		"key_moment": request.GetKeyMoment(), "follow_up": request.GetFollowUp(), "unit": request.GetUnitId(),
		"from": request.GetFromMonth(), "to": request.GetToMonth(),
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return "/hr/results.csv?" + query.Encode()
}

// resultRows has a row for each figure: question, what is told, of which answer or month, its value, of how many answers.
func resultRows(words *i18n.Words, results *momentsv1.GetResultsResponse) [][]string {
	rows := [][]string{{
		words.T("results.file_question"), words.T("results.file_what"), words.T("results.file_of"), words.T("results.file_value"),
		words.T("results.file_n"),
	}}
	if results.GetTooFew() {
		return append(rows, []string{"", words.T("results.too_few_title"), "", "", ""})
	}
	responses := strconv.Itoa(int(results.GetResponses()))
	rows = append(rows,
		[]string{"", words.T("results.file_responses"), "", responses, ""},
		[]string{"", words.T("results.file_invited"), "", strconv.Itoa(int(results.GetInvited())), ""})
	if results.GetInvited() > 0 {
		rate := math.Round(100 * float64(results.GetAnswered()) / float64(results.GetInvited()))
		rows = append(rows,
			[]string{"", words.T("results.file_answered"), "", strconv.Itoa(int(results.GetAnswered())), ""},
			[]string{"", words.T("results.file_rate"), "", plainNumber(words, rate), ""})
	}
	for _, result := range results.GetQuestions() {
		rows = append(rows, questionRows(words, result)...)
	}
	return rows
}

func questionRows(words *i18n.Words, result *momentsv1.QuestionResult) (rows [][]string) {
	question := result.GetQuestion()
	add := func(what, of, value string, n int32) {
		rows = append(rows, []string{question.GetText(), what, of, value, strconv.Itoa(int(n))})
	}
	if result.GetTooFew() {
		return [][]string{{question.GetText(), words.T("results.too_few_title"), "", "", ""}}
	}
	for _, m := range measuresOf(words, question, figuresOf(result)) {
		add(m.label, "", plainNumber(words, m.value), result.GetN())
	}
	if result.AsExpected != nil {
		add(words.T("results.as_expected"), "", plainNumber(words, math.Round(100*result.GetAsExpected())), result.GetN())
	}
	for i, count := range result.GetCounts() {
		add(words.T("results.count"), countLabel(words, question, count, i), strconv.Itoa(int(count.GetCount())), result.GetN())
	}
	for _, point := range result.GetTrend() {
		if m := measuresOf(words, question, point); len(m) > 0 {
			add(m[0].label, point.GetMonth(), plainNumber(words, m[0].value), point.GetN())
		}
	}
	for _, comment := range result.GetComments() {
		add(words.T("results.file_comment"), "", comment, result.GetN())
	}
	return rows
}

// plainNumber writes a figure so that a spreadsheet of the reader's language reads a number.
func plainNumber(words *i18n.Words, value float64) string {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if i := strings.IndexByte(text, '.'); i >= 0 && len(text) > i+3 {
		text = strconv.FormatFloat(value, 'f', 2, 64)
	}
	if words.Lang == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// harmless keeps a spreadsheet from taking what somebody wrote for a formula. Numbers stay what they are.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n|%", rune(cell[0])) && !strings.HasPrefix(cell, "＝") {
		return cell
	}
	if _, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64); err == nil && cell[0] == '-' {
		return cell
	}
	return "'" + cell
}
