package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/upload"
)

// problems gives what is wrong with a file as a table, for whoever corrects it in the HR system: of a file that waits,
// by a dry run; of one that was imported, from the record.
func (in intake) problems(w http.ResponseWriter, r *http.Request) error {
	report, err := in.reportOf(r)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	var out bytes.Buffer
	out.WriteString("\ufeff") // by which spreadsheets know UTF-8
	file := csv.NewWriter(&out)
	file.UseCRLF = true
	if words.Lang == "fr" {
		file.Comma = ';' // as spreadsheets in French expect
	}
	for _, row := range problemRows(words, report) {
		for i, cell := range row {
			row[i] = harmless(cell)
		}
		if err := file.Write(row); err != nil {
			return err
		}
	}
	file.Flush()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="jalon-import.csv"`)
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

func (in intake) reportOf(r *http.Request) (*directoryv1.ImportReport, error) {
	file, err := in.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if err == nil {
		return in.try(r.Context(), file)
	}
	if !errors.Is(err, upload.ErrGone) {
		return nil, err
	}
	list, err := in.Peers.Directory().ListImports(r.Context(), &directoryv1.ListImportsRequest{PageSize: importsShown, Units: in.Units})
	if err != nil {
		return nil, err
	}
	for _, report := range list.GetImports() {
		if report.GetImportId() == r.PathValue("id") {
			return report, nil
		}
	}
	return nil, errNotFound
}

func problemRows(words *i18n.Words, report *directoryv1.ImportReport) [][]string {
	rows := [][]string{{
		words.T("import_reading.file_line"), words.T("import_reading.file_kind"), words.T("import_reading.file_column"),
		words.T("import_reading.file_what"), words.T("import_reading.file_found"), words.T("import_reading.file_right"),
	}}
	for _, problem := range sortedProblems(report) {
		kind := words.T("import.tag_warning")
		if problem.GetSeverity() == directoryv1.ImportProblem_SEVERITY_REJECTED {
			kind = words.T("import.tag_rejected")
		}
		line := words.T("import.whole_file")
		if problem.GetLine() > 0 {
			line = strconv.Itoa(int(problem.GetLine()))
		}
		rows = append(rows, []string{
			line, kind, problem.GetColumn(), whatIsWrong(words, problem), problem.GetValue(), whatWouldBeRight(words, problem),
		})
	}
	return rows
}
