package web

import (
	"cmp"
	"slices"

	"jalon.dev/pkg/clock"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	// linesShown of each kind of problem are listed at once, and linesUnfolded on demand; the file to download has the rest.
	linesShown    = 5
	linesUnfolded = 100
)

// reportView is an import's report in the reader's words.
func reportView(words *i18n.Words, kind page.FileKind, report *directoryv1.ImportReport) page.ReportView {
	count := func(label string, n int32) page.CountOf { return page.CountOf{Label: label, N: int(n)} }
	view := page.ReportView{
		FileName: report.GetFileName(), AsOf: report.GetAsOf(), Baseline: report.GetBaseline(), Absent: int(report.GetAbsent()),
		Rejected: int(report.GetRejected()), Warnings: int(report.GetWarnings()),
		Changes: int(report.GetAdded() + report.GetChanged() + report.GetMoved() + report.GetEnded()),
		Counts: []page.CountOf{
			count("import.count_added", report.GetAdded()),
			count("import.count_changed", report.GetChanged()),
			count("import.count_moved", report.GetMoved()),
			count("import.count_ended", report.GetEnded()),
			count("import.count_unchanged", report.GetUnchanged()),
			count("import.count_rejected", report.GetRejected()),
			count("import.count_warnings", report.GetWarnings()),
		},
	}
	if kind.Units { // no contract ends with a unit
		view.Counts = slices.Delete(view.Counts, 3, 4)
	}
	if refusal := report.GetRefusal(); refusal != nil {
		view.Refusal = whatIsWrong(words, refusal)
		if right := whatWouldBeRight(words, refusal); right != "" && !guard(refusal.GetCode()) {
			view.Refusal += " " + words.T("import.right") + " " + right + "."
		}
		view.ByGuard, view.Ahead = guard(refusal.GetCode()), refusal.GetCode() == "file_ahead"
	}
	for _, g := range report.GetGuards() {
		view.Guards = append(view.Guards, page.GuardView{
			Name: g.GetName(), Words: whatIsWrong(words, g.GetProblem()), Yes: words.T("import_guard." + g.GetName()), Refuses: g.GetName() != "unnamed",
			Confirmed: g.GetConfirmed(),
		})
	}
	view.Groups, view.Hidden = problemGroups(words, report)
	view.Reading = readingView(words, report.GetReading())
	return view
}

// problemGroups gathers what is wrong in the same way, rejections first, by the first line of each. hidden is how many problems
// are left out.
func problemGroups(words *i18n.Words, report *directoryv1.ImportReport) (groups []page.ProblemGroup, hidden int) {
	type kind struct {
		severity     directoryv1.ImportProblem_Severity
		code, column string
	}
	kinds := map[kind][]*directoryv1.ImportProblem{}
	var order []kind
	shown := sortedProblems(report)
	hidden = max(int(report.GetRejected()+report.GetWarnings())-len(shown), 0)
	for _, problem := range shown {
		k := kind{problem.GetSeverity(), problem.GetCode(), problem.GetColumn()}
		if kinds[k] == nil {
			order = append(order, k)
		}
		kinds[k] = append(kinds[k], problem)
	}
	for _, k := range order {
		group := page.ProblemGroup{
			Rejected: k.severity == directoryv1.ImportProblem_SEVERITY_REJECTED, Column: k.column,
			What: whatIsWrong(words, kinds[k][0]), Right: whatWouldBeRight(words, kinds[k][0]),
		}
		for _, problem := range kinds[k] {
			if whatWouldBeRight(words, problem) != group.Right {
				group.Right = ""
			}
		}
		for i, problem := range kinds[k] {
			line := page.ProblemLine{Line: int(problem.GetLine()), Value: problem.GetValue()}
			if group.Right == "" {
				line.Right = whatWouldBeRight(words, problem)
			}
			switch {
			case i < linesShown:
				group.Lines = append(group.Lines, line)
			case i < linesUnfolded:
				group.More = append(group.More, line)
			default:
				hidden++
			}
		}
		groups = append(groups, group)
	}
	return groups, hidden
}

func sortedProblems(report *directoryv1.ImportReport) []*directoryv1.ImportProblem {
	problems := slices.Clone(report.GetProblems())
	slices.SortStableFunc(problems, func(a, b *directoryv1.ImportProblem) int {
		return cmp.Or(cmp.Compare(a.GetSeverity(), b.GetSeverity()), cmp.Compare(a.GetLine(), b.GetLine()))
	})
	return problems
}

// readingView says in words how the file was understood; nil where it was not.
func readingView(words *i18n.Words, reading *directoryv1.FileReading) *page.ReadingView {
	if reading == nil {
		return nil
	}
	names := map[string]string{";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
	view := &page.ReadingView{
		Encoding:  reading.GetEncoding(),
		Delimiter: words.Or("import_delimiter."+names[reading.GetDelimiter()], reading.GetDelimiter()),
		DateOrder: words.Or("import_order."+reading.GetDateOrder(), ""),
	}
	for _, column := range reading.GetColumns() {
		c := page.ColumnView{Header: column.GetHeader(), Example: column.GetExample()}
		if column.GetField() == "" {
			view.Ignored++
		} else {
			c.Field = words.Or("import_field."+column.GetField(), column.GetField())
		}
		view.Columns = append(view.Columns, c)
	}
	return view
}

// guard tells codes that refuse a file out of caution: somebody who has checked may overrule them.
func guard(code string) bool {
	return code == "file_older" || code == "ends_too_many" || code == "moves_too_many" || code == "guards_several"
}

func whatIsWrong(words *i18n.Words, problem *directoryv1.ImportProblem) string {
	return words.Or("problem."+problem.GetCode(), problem.GetReason())
}

func whatWouldBeRight(words *i18n.Words, problem *directoryv1.ImportProblem) string {
	expected := problem.GetExpected()
	if date, err := clock.ParseDate(expected); err == nil && !date.IsZero() {
		expected = words.Date(expected)
	}
	return words.Or("expected."+problem.GetCode(), expected, "Expected", expected)
}
