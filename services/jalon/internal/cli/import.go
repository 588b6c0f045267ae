package cli

import (
	"bufio"
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
	return group("import", "Bring data into a running Jalon", importPeopleCommand(), importUnitsCommand(), importCustomersCommand())
}

func importPeopleCommand() *cobra.Command {
	var request directoryv1.ImportPeopleRequest
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "people FILE [--confirm[=GUARD,…]]",
		Short: "Import an HR export (CSV); only differences become events",
		Long: "Import an HR export (CSV) into the running Jalon.\n\n" +
			"Delimiter, encoding, date order and French or English headers are recognised. With a rejected line nothing is applied,\n" +
			"unless --skip-rejected. Exit code 0: done; 2: refused (rejected lines, or a guard); 1: anything else.\n\n" +
			"Guards speak when a file may not be the one that is meant. The report names them; --confirm says that one is known, and\n" +
			"--confirm=older,moves that these are, where several speak.",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			write := writeReport
			if asJSON {
				write = writeReportJSON
			}
			path, err := exportPath(args, &request)
			if err != nil {
				return err
			}
			file, err := readExport(path)
			if err != nil {
				return err
			}
			if len(file) == 0 {
				return refuseEmpty(path, cmd.OutOrStdout(), write, request.GetAsOf())
			}
			request.File, request.FileName = file, filepath.Base(path)
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			response, err := jalon.directory.ImportPeople(cmd.Context(), &request)
			if err != nil {
				return jalon.explain("importing people", err)
			}
			report := response.GetReport()
			if err := write(cmd.OutOrStdout(), report); err != nil {
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
	flags.Var(confirmation{&request}, "confirm", "import although a guard warns; with several, name each: "+strings.Join(guards(), ", "))
	flags.Lookup("confirm").NoOptDefVal = confirmOne
	return cmd
}

func readExport(path string) ([]byte, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the export: %w", err)
	}
	return file, nil
}

// refuseEmpty answers for the server, whose contract knows no file without content: scripts read a report either way.
func refuseEmpty(path string, out io.Writer, write func(io.Writer, *directoryv1.ImportReport) error, asOf string) error {
	reason := path + " is empty: export it again"
	err := write(out, &directoryv1.ImportReport{
		Outcome: directoryv1.ImportReport_OUTCOME_REFUSED, AsOf: asOf,
		Refusal: &directoryv1.ImportProblem{Severity: directoryv1.ImportProblem_SEVERITY_REJECTED, Code: "file_empty", Reason: reason},
	})
	if err != nil {
		return err
	}
	return refusedError{"nothing was applied"}
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
	Guards        []guardJSON   `json:"guards"`
	RejectedLines []problemJSON `json:"rejected_lines"`
	WarningLines  []problemJSON `json:"warning_lines"`
	// Omitted is how many rejected lines and warnings are counted above and not listed, because the answer would be too long.
	Omitted int32 `json:"omitted"`
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
		Omitted: omitted(r),
	}
	out.Guards = guardsJSON(r)
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

func omitted(r *directoryv1.ImportReport) int32 {
	return r.GetRejected() + r.GetWarnings() - int32(len(r.GetProblems()))
}

func encodeJSON(w io.Writer, out any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(out)
}

func writeReport(out io.Writer, r *directoryv1.ImportReport) error {
	w := bufio.NewWriter(out) // it keeps the first error
	head := map[directoryv1.ImportReport_Outcome]string{
		directoryv1.ImportReport_OUTCOME_APPLIED: "Imported",
		directoryv1.ImportReport_OUTCOME_DRY_RUN: "Dry run: this is what would happen",
		directoryv1.ImportReport_OUTCOME_REFUSED: "Refused: nothing was applied",
	}[r.GetOutcome()]
	if asOf := r.GetAsOf(); asOf != "" {
		head += " (state of " + asOf + ")"
	}
	fmt.Fprintln(w, head)
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
	if refusal := r.GetRefusal(); refusal != nil && len(r.GetGuards()) == 0 {
		fmt.Fprintf(w, "\n%s\n", refusal.GetReason())
	}
	writeGuards(w, r)
	writeProblems(w, r)
	return w.Flush()
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
	if more := omitted(r); more > 0 {
		fmt.Fprintf(w, "and %d more, which are too many to list\n", more)
	}
}
