package web

import (
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// customersPreview is what a file of the panel holds, in the reader's words.
func customersPreview(words *i18n.Words, id string, report *barometerv1.CustomersReport) page.CustomersPreviewView {
	problems := asImport(report)
	view := page.CustomersPreviewView{
		UploadID: id, FileName: report.GetFileName(), Unknown: report.GetUnknownStores(), Replaces: report.GetReplaces(),
		Nothing: report.GetAccepted() == 0,
		Report: page.ReportView{
			Rejected: int(report.GetRejected()), Warnings: int(report.GetWarnings()),
			Counts: []page.CountOf{
				{Label: "customers.count_accepted", N: int(report.GetAccepted())},
				{Label: "customers.count_repeated", N: int(report.GetRepeated())},
				{Label: "import.count_rejected", N: int(report.GetRejected())},
				{Label: "import.count_warnings", N: int(report.GetWarnings())},
			},
		},
	}
	for _, refusal := range report.GetRefusals() {
		p := asProblem(refusal)
		view.Refusals = append(view.Refusals, page.Refusal{Column: p.GetColumn(), What: whatIsWrong(words, p), Right: whatWouldBeRight(words, p)})
	}
	for _, wave := range report.GetWaves() {
		row := page.WaveRow{
			Name: wave.GetName(), Unplaced: !wave.GetPlaced(), Stores: int(wave.GetStores()), Respondents: int(wave.GetRespondents()),
			State: words.T("customers.wave_new"), Tone: "good",
		}
		switch {
		case wave.GetUnchanged():
			row.State, row.Tone = words.T("customers.wave_same"), ""
		case wave.GetKnown():
			row.State = words.T("customers.wave_replaces", "Respondents", words.Number(int(wave.GetKnownRespondents())), "Stores", words.Number(int(wave.GetKnownStores())))
			row.Tone = "warn"
		}
		view.Waves = append(view.Waves, row)
	}
	view.Report.Groups, view.Report.Hidden = problemGroups(words, problems)
	if len(problems.GetProblems()) > 0 {
		view.Report.ProblemsFile = customersBase + "/" + id + "/problems.csv"
	}
	return view
}

// asImport tells the problems of a file of customers as those of the other files are told.
func asImport(report *barometerv1.CustomersReport) *directoryv1.ImportReport {
	told := &directoryv1.ImportReport{Rejected: report.GetRejected(), Warnings: report.GetWarnings()}
	for _, p := range report.GetProblems() {
		told.Problems = append(told.Problems, asProblem(p))
	}
	return told
}

func asProblem(p *barometerv1.CustomersProblem) *directoryv1.ImportProblem {
	severity := directoryv1.ImportProblem_SEVERITY_WARNING
	if p.GetSeverity() == barometerv1.CustomersProblem_SEVERITY_REJECTED {
		severity = directoryv1.ImportProblem_SEVERITY_REJECTED
	}
	return &directoryv1.ImportProblem{
		Severity: severity, Line: p.GetLine(), Column: p.GetColumn(), Code: "customers_" + p.GetCode(), Value: p.GetValue(), Expected: p.GetExpected(),
		Reason: p.GetReason(),
	}
}
