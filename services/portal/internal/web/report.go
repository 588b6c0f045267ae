package web

import (
	"cmp"
	"slices"

	"jalon.dev/pkg/clock"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const problemsShown = 200

// reportView is an import's report in the reader's words.
func reportView(words *i18n.Words, report *directoryv1.ImportReport) page.ReportView {
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
	if refusal := report.GetRefusal(); refusal != nil {
		view.Refusal = whatIsWrong(words, refusal)
		if right := whatWouldBeRight(words, refusal); right != "" && !guard(refusal.GetCode()) {
			view.Refusal += " " + words.T("import.right") + " " + right + "."
		}
		view.ByGuard = guard(refusal.GetCode())
	}
	problems := slices.Clone(report.GetProblems())
	slices.SortStableFunc(problems, func(a, b *directoryv1.ImportProblem) int {
		return cmp.Or(cmp.Compare(a.GetSeverity(), b.GetSeverity()), cmp.Compare(a.GetLine(), b.GetLine()))
	})
	for _, problem := range problems[:min(len(problems), problemsShown)] {
		view.Problems = append(view.Problems, page.ProblemView{
			Rejected: problem.GetSeverity() == directoryv1.ImportProblem_SEVERITY_REJECTED,
			Line:     int(problem.GetLine()), Column: problem.GetColumn(), Value: problem.GetValue(),
			What: whatIsWrong(words, problem), Right: whatWouldBeRight(words, problem),
		})
	}
	view.Hidden = max(view.Rejected+view.Warnings-len(view.Problems), 0)
	return view
}

// guard tells codes that refuse a file out of caution: somebody who has checked may overrule them.
func guard(code string) bool { return code == "file_older" || code == "ends_too_many" }

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
