package cli

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func importUnitsCommand() *cobra.Command {
	var request directoryv1.ImportUnitsRequest
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "units FILE",
		Short: "Import the organisation (CSV): code, name, kind, parent, time zone, holiday calendar",
		Long: "Import the organisation (CSV) into the running Jalon: code, name, kind, parent, time zone, holiday calendar.\n\n" +
			"Delimiter, encoding and French or English headers are recognised. Kinds are company, region, store and team. A unit is\n" +
			"known by its code, or by its name when an import of people had to create it. With a rejected line nothing is applied.\n" +
			"Exit code 0: done; 2: refused; 1: anything else.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			write := writeUnitsReport
			if asJSON {
				write = writeUnitsJSON
			}
			file, err := readExport(args[0])
			if err != nil {
				return err
			}
			if len(file) == 0 {
				return refuseEmpty(args[0], cmd.OutOrStdout(), write, "")
			}
			request.File, request.FileName = file, filepath.Base(args[0])
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			response, err := jalon.directory.ImportUnits(cmd.Context(), &request)
			if err != nil {
				return jalon.explain("importing units", err)
			}
			report := response.GetReport()
			if err := write(cmd.OutOrStdout(), report); err != nil {
				return err
			}
			if refused(report, false) {
				return refusedError{"nothing was applied"}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&request.DryRun, "dry-run", false, "say what would happen, change nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

// unitsJSON is the report as scripts read it; its names are a promise.
type unitsJSON struct {
	Outcome       string        `json:"outcome"`
	Added         int32         `json:"added"`
	Changed       int32         `json:"changed"`
	Moved         int32         `json:"moved"`
	Unchanged     int32         `json:"unchanged"`
	Rejected      int32         `json:"rejected"`
	Warnings      int32         `json:"warnings"`
	Absent        int32         `json:"absent"`
	Refusal       string        `json:"refusal,omitempty"`
	RejectedLines []problemJSON `json:"rejected_lines"`
	WarningLines  []problemJSON `json:"warning_lines"`
	Omitted       int32         `json:"omitted"`
}

func writeUnitsJSON(w io.Writer, r *directoryv1.ImportReport) error {
	rejected, warnings := problemsJSON(r)
	return encodeJSON(w, unitsJSON{
		Outcome: outcomes[r.GetOutcome()], Added: r.GetAdded(), Changed: r.GetChanged(), Moved: r.GetMoved(), Unchanged: r.GetUnchanged(),
		Rejected: r.GetRejected(), Warnings: r.GetWarnings(), Absent: r.GetAbsent(), Refusal: r.GetRefusal().GetReason(),
		RejectedLines: rejected, WarningLines: warnings, Omitted: omitted(r),
	})
}

func writeUnitsReport(out io.Writer, r *directoryv1.ImportReport) error {
	w := bufio.NewWriter(out) // it keeps the first error
	fmt.Fprintln(w, map[directoryv1.ImportReport_Outcome]string{
		directoryv1.ImportReport_OUTCOME_APPLIED: "Imported",
		directoryv1.ImportReport_OUTCOME_DRY_RUN: "Dry run: this is what would happen",
		directoryv1.ImportReport_OUTCOME_REFUSED: "Refused: nothing was applied",
	}[r.GetOutcome()])
	for _, count := range []struct {
		name string
		n    int32
	}{
		{"added", r.GetAdded()},
		{"changed", r.GetChanged()},
		{"moved or placed", r.GetMoved()},
		{"unchanged", r.GetUnchanged()},
		{"not in the file", r.GetAbsent()},
		{"rejected", r.GetRejected()},
		{"warnings", r.GetWarnings()},
	} {
		fmt.Fprintf(w, "%8d  %s\n", count.n, count.name)
	}
	if refusal := r.GetRefusal(); refusal != nil {
		fmt.Fprintf(w, "\n%s\n", refusal.GetReason())
	}
	writeProblems(w, r)
	return w.Flush()
}
