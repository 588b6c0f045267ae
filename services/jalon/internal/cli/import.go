package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func importCommand() *cobra.Command {
	return group("import", "Bring data into a running Jalon", importPeopleCommand(), importUnitsCommand())
}

func importPeopleCommand() *cobra.Command {
	var request directoryv1.ImportPeopleRequest
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "people FILE",
		Short: "Import an HR export (CSV); only differences become events",
		Long: "Import an HR export (CSV) into the running Jalon.\n\n" +
			"Delimiter, encoding, date order and French or English headers are recognised. With a rejected line nothing is applied,\n" +
			"unless --skip-rejected. Exit code 0: done; 2: refused (rejected lines, or a guard); 1: anything else.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readExport(args[0])
			if err != nil {
				return err
			}
			request.File, request.FileName = file, filepath.Base(args[0])
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			response, err := jalon.directory.ImportPeople(cmd.Context(), &request)
			if err != nil {
				return jalon.explain("importing people", err)
			}
			report := response.GetReport()
			if asJSON {
				err = writeReportJSON(cmd.OutOrStdout(), report)
			} else {
				writeReport(cmd.OutOrStdout(), report)
			}
			if err != nil {
				return err
			}
			if refused(report, request.GetSkipRejected()) {
				return refusedError{"nothing was applied"}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&request.DryRun, "dry-run", false, "say what would happen, change nothing")
	flags.BoolVar(&asJSON, "json", false, "print the report as JSON")
	flags.StringVar(&request.AsOf, "as-of", "", "the `DATE` (YYYY-MM-DD) whose state the file tells; default today")
	flags.BoolVar(&request.SkipRejected, "skip-rejected", false, "apply the other lines when some are rejected")
	flags.BoolVar(&request.Full, "full", false, "the file names everybody: absence from it ends the contract")
	flags.BoolVar(&request.Confirm, "confirm", false, "import although a guard warns: an older file, many contracts ended")
	return cmd
}

func readExport(path string) ([]byte, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the export: %w", err)
	}
	if len(file) == 0 {
		return nil, refusedError{path + " is empty: export it again; nothing was applied"}
	}
	return file, nil
}

// refused tells that the file was, or in a dry run would be, refused.
func refused(r *directoryv1.ImportReport, skipRejected bool) bool {
	return r.GetOutcome() == directoryv1.ImportReport_OUTCOME_REFUSED || r.GetRefusal() != nil || (r.GetRejected() > 0 && !skipRejected)
}

// reportJSON is the report as scripts read it; its names are a promise.
type reportJSON struct {
	Outcome       string        `json:"outcome"`
	AsOf          string        `json:"as_of"`
	Baseline      bool          `json:"baseline"`
	Added         int32         `json:"added"`
	Changed       int32         `json:"changed"`
	Moved         int32         `json:"moved"`
	Ended         int32         `json:"ended"`
	Unchanged     int32         `json:"unchanged"`
	Rejected      int32         `json:"rejected"`
	Warnings      int32         `json:"warnings"`
	Absent        int32         `json:"absent"`
	Refusal       string        `json:"refusal,omitempty"`
	RejectedLines []problemJSON `json:"rejected_lines"`
	WarningLines  []problemJSON `json:"warning_lines"`
}

type problemJSON struct {
	Line   int32  `json:"line"`
	Column string `json:"column"`
	Reason string `json:"reason"`
	Code   string `json:"code"`
}

var outcomes = map[directoryv1.ImportReport_Outcome]string{
	directoryv1.ImportReport_OUTCOME_APPLIED: "applied",
	directoryv1.ImportReport_OUTCOME_DRY_RUN: "dry_run",
	directoryv1.ImportReport_OUTCOME_REFUSED: "refused",
}

func writeReportJSON(w io.Writer, r *directoryv1.ImportReport) error {
	out := reportJSON{
		Outcome: outcomes[r.GetOutcome()], AsOf: r.GetAsOf(), Baseline: r.GetBaseline(),
		Added: r.GetAdded(), Changed: r.GetChanged(), Moved: r.GetMoved(), Ended: r.GetEnded(), Unchanged: r.GetUnchanged(),
		Rejected: r.GetRejected(), Warnings: r.GetWarnings(), Absent: r.GetAbsent(), Refusal: r.GetRefusal().GetReason(),
	}
	out.RejectedLines, out.WarningLines = problemsJSON(r)
	return encodeJSON(w, out)
}

func problemsJSON(r *directoryv1.ImportReport) (rejected, warnings []problemJSON) {
	rejected, warnings = []problemJSON{}, []problemJSON{}
	for _, p := range r.GetProblems() {
		problem := problemJSON{Line: p.GetLine(), Column: p.GetColumn(), Reason: p.GetReason(), Code: p.GetCode()}
		if p.GetSeverity() == directoryv1.ImportProblem_SEVERITY_REJECTED {
			rejected = append(rejected, problem)
		} else {
			warnings = append(warnings, problem)
		}
	}
	return rejected, warnings
}

func encodeJSON(w io.Writer, out any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(out)
}

func writeReport(w io.Writer, r *directoryv1.ImportReport) {
	head := map[directoryv1.ImportReport_Outcome]string{
		directoryv1.ImportReport_OUTCOME_APPLIED: "Imported",
		directoryv1.ImportReport_OUTCOME_DRY_RUN: "Dry run: this is what would happen",
		directoryv1.ImportReport_OUTCOME_REFUSED: "Refused: nothing was applied",
	}[r.GetOutcome()]
	fmt.Fprintf(w, "%s (state of %s)\n", head, r.GetAsOf())
	if r.GetBaseline() {
		fmt.Fprintln(w, "First import: people are registered, no moment is opened for the past.")
	}
	for _, count := range []struct {
		name string
		n    int32
	}{
		{"added", r.GetAdded()},
		{"changed", r.GetChanged()},
		{"moved", r.GetMoved()},
		{"ended", r.GetEnded()},
		{"unchanged", r.GetUnchanged()},
		{"absent from the file", r.GetAbsent()},
		{"rejected", r.GetRejected()},
		{"warnings", r.GetWarnings()},
	} {
		fmt.Fprintf(w, "%8d  %s\n", count.n, count.name)
	}
	if refusal := r.GetRefusal(); refusal != nil {
		fmt.Fprintf(w, "\n%s\n", refusal.GetReason())
	}
	writeProblems(w, r)
}

func writeProblems(w io.Writer, r *directoryv1.ImportReport) {
	for _, p := range r.GetProblems() {
		kind := "warning"
		if p.GetSeverity() == directoryv1.ImportProblem_SEVERITY_REJECTED {
			kind = "REJECTED"
		}
		fmt.Fprintf(w, "line %d, %s: %s: %s", p.GetLine(), p.GetColumn(), kind, p.GetReason())
		if p.GetValue() != "" && !strings.Contains(p.GetReason(), p.GetValue()) {
			fmt.Fprintf(w, " (%q)", p.GetValue())
		}
		fmt.Fprintln(w)
	}
}
