package cli

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

func importCustomersCommand() *cobra.Command {
	var request barometerv1.ImportCustomersRequest
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "customers FILE",
		Short: "Import the customer panel (CSV): a line per customer, of one wave or several",
		Long: "Import the customer panel (CSV) into the running Jalon: wave, store, respondent, four answers from 1 to 5, one from 0 to 10.\n\n" +
			"Delimiter, encoding and French or English headers are recognised. Of customers only counts are kept, by store, wave and\n" +
			"question. With a rejected line nothing is applied, unless --skip-rejected. A wave that is kept already and says something\n" +
			"else is replaced only with --replace. Exit code 0: done; 2: refused; 1: anything else.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			write := writeCustomers
			if asJSON {
				write = writeCustomersJSON
			}
			file, err := readExport(args[0])
			if err != nil {
				return err
			}
			report := &barometerv1.CustomersReport{Outcome: barometerv1.CustomersReport_OUTCOME_REFUSED, Refusals: []*barometerv1.CustomersProblem{{
				Severity: barometerv1.CustomersProblem_SEVERITY_REJECTED, Code: "file_empty", Reason: args[0] + " is empty: export it again",
			}}}
			if len(file) > 0 { // the contract knows no file without content
				request.File, request.FileName = file, filepath.Base(args[0])
				jalon, err := runningServer()
				if err != nil {
					return err
				}
				response, err := jalon.customers.ImportCustomers(cmd.Context(), &request)
				if err != nil {
					return jalon.explain("importing customers", err)
				}
				report = response.GetReport()
			}
			if err := write(cmd.OutOrStdout(), report); err != nil {
				return err
			}
			if customersRefused(report, &request) {
				return refusedError{"nothing was applied"}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&request.DryRun, "dry-run", false, "say what would happen, change nothing")
	flags.BoolVar(&asJSON, "json", false, "print the report as JSON")
	flags.BoolVar(&request.SkipRejected, "skip-rejected", false, "apply the other lines when some are rejected")
	flags.BoolVar(&request.Replace, "replace", false, "replace waves that are kept already and say something else")
	return cmd
}

// customersRefused tells that the file was, or in a dry run would be, refused.
func customersRefused(r *barometerv1.CustomersReport, asked *barometerv1.ImportCustomersRequest) bool {
	return r.GetOutcome() == barometerv1.CustomersReport_OUTCOME_REFUSED || r.GetAccepted() == 0 ||
		(r.GetRejected() > 0 && !asked.GetSkipRejected()) || (r.GetReplaces() && !asked.GetReplace())
}

// customersJSON is the report as scripts read it; its names are a promise.
type customersJSON struct {
	Outcome       string        `json:"outcome"`
	Accepted      int32         `json:"accepted"`
	Repeated      int32         `json:"repeated"`
	Rejected      int32         `json:"rejected"`
	Warnings      int32         `json:"warnings"`
	Waves         []waveJSON    `json:"waves"`
	Replaces      bool          `json:"replaces"`
	UnknownStores []string      `json:"unknown_stores"`
	Refusals      []problemJSON `json:"refusals"`
	RejectedLines []problemJSON `json:"rejected_lines"`
	WarningLines  []problemJSON `json:"warning_lines"`
	// Omitted is how many rejected lines and warnings are counted above and not listed: of those that are alike, the first are.
	Omitted int32 `json:"omitted"`
}

type waveJSON struct {
	Name        string `json:"name"`
	Placed      bool   `json:"placed"`
	Stores      int32  `json:"stores"`
	Respondents int32  `json:"respondents"`
	Known       bool   `json:"known"`
	Unchanged   bool   `json:"unchanged"`
}

var customersOutcomes = map[barometerv1.CustomersReport_Outcome]string{
	barometerv1.CustomersReport_OUTCOME_APPLIED: "applied",
	barometerv1.CustomersReport_OUTCOME_DRY_RUN: "dry_run",
	barometerv1.CustomersReport_OUTCOME_REFUSED: "refused",
}

func writeCustomersJSON(w io.Writer, r *barometerv1.CustomersReport) error {
	out := customersJSON{
		Outcome: customersOutcomes[r.GetOutcome()], Accepted: r.GetAccepted(), Repeated: r.GetRepeated(), Rejected: r.GetRejected(),
		Warnings: r.GetWarnings(), Waves: []waveJSON{}, Replaces: r.GetReplaces(), UnknownStores: append([]string{}, r.GetUnknownStores()...),
		Refusals: []problemJSON{}, RejectedLines: []problemJSON{}, WarningLines: []problemJSON{}, Omitted: customersOmitted(r),
	}
	for _, wave := range r.GetWaves() {
		out.Waves = append(out.Waves, waveJSON{
			wave.GetName(), wave.GetPlaced(), wave.GetStores(), wave.GetRespondents(), wave.GetKnown(), wave.GetUnchanged(),
		})
	}
	line := func(p *barometerv1.CustomersProblem) problemJSON {
		return problemJSON{Line: p.GetLine(), Column: p.GetColumn(), Reason: p.GetReason(), Code: p.GetCode()}
	}
	for _, p := range r.GetRefusals() {
		out.Refusals = append(out.Refusals, line(p))
	}
	for _, p := range r.GetProblems() {
		if p.GetSeverity() == barometerv1.CustomersProblem_SEVERITY_REJECTED {
			out.RejectedLines = append(out.RejectedLines, line(p))
		} else {
			out.WarningLines = append(out.WarningLines, line(p))
		}
	}
	return encodeJSON(w, out)
}

func customersOmitted(r *barometerv1.CustomersReport) int32 {
	return r.GetRejected() + r.GetWarnings() - int32(len(r.GetProblems()))
}

func writeCustomers(out io.Writer, r *barometerv1.CustomersReport) error {
	w := bufio.NewWriter(out) // it keeps the first error
	fmt.Fprintln(w, map[barometerv1.CustomersReport_Outcome]string{
		barometerv1.CustomersReport_OUTCOME_APPLIED: "Imported",
		barometerv1.CustomersReport_OUTCOME_DRY_RUN: "Dry run: this is what would happen",
		barometerv1.CustomersReport_OUTCOME_REFUSED: "Refused: nothing was applied",
	}[r.GetOutcome()])
	for _, count := range []struct {
		name string
		n    int32
	}{
		{"customers counted", r.GetAccepted()},
		{"repeated", r.GetRepeated()},
		{"rejected", r.GetRejected()},
		{"warnings", r.GetWarnings()},
	} {
		fmt.Fprintf(w, "%8d  %s\n", count.n, count.name)
	}
	for _, wave := range r.GetWaves() {
		state := "new"
		switch {
		case wave.GetUnchanged():
			state = "kept already, and the same"
		case wave.GetKnown():
			state = fmt.Sprintf("in place of one with %d customers in %d stores", wave.GetKnownRespondents(), wave.GetKnownStores())
		}
		fmt.Fprintf(w, "wave %s: %d customers in %d stores, %s\n", wave.GetName(), wave.GetRespondents(), wave.GetStores(), state)
	}
	if r.GetReplaces() && r.GetOutcome() != barometerv1.CustomersReport_OUTCOME_APPLIED {
		fmt.Fprintln(w, "A wave is kept already and says something else. If it shall be replaced: --replace")
	}
	for _, p := range r.GetRefusals() {
		fmt.Fprintf(w, "\n%s%s\n", columnOf(p), p.GetReason())
	}
	for _, p := range r.GetProblems() {
		kind := "warning"
		if p.GetSeverity() == barometerv1.CustomersProblem_SEVERITY_REJECTED {
			kind = "REJECTED"
		}
		fmt.Fprintf(w, "line %d, %s%s: %s\n", p.GetLine(), columnOf(p), kind, p.GetReason())
	}
	if more := customersOmitted(r); more > 0 {
		fmt.Fprintf(w, "and %d more that are like those\n", more)
	}
	return w.Flush()
}

func columnOf(p *barometerv1.CustomersProblem) string {
	if p.GetColumn() == "" {
		return ""
	}
	return p.GetColumn() + ": "
}
