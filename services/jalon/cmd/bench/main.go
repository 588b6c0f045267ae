// Command bench measures Jalon beside the raw limit of the same machine in the same run, and prints one JSON line a figure.
//
//	bench              all figures
//	bench NAME         one of them
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"jalon.dev/pkg/mongolocal"
	"jalon.dev/services/jalon/internal/standalone"
)

// See cmd/jalon: the engine's process is this program again.
func init() { runtime.LockOSThread() }

// figure is what is printed of one measurement.
type figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Limit is the official clients' figure for the least work that the task needs, in the same run and unit.
	Limit float64 `json:"limit,omitempty"`
	// Ratio is value over limit: for times smaller is better, for rates larger.
	Ratio float64 `json:"ratio,omitempty"`
	// LimitIs says what the limit did.
	LimitIs string `json:"limit_is,omitempty"`
	// Detail is what else was seen.
	Detail map[string]any `json:"detail,omitempty"`
}

func (f figure) over(limit float64, is string) figure {
	f.Limit, f.Ratio, f.LimitIs = limit, f.Value/limit, is
	return f
}

// measurement makes figures.
type measurement struct {
	name    string
	measure func(context.Context) ([]figure, error)
}

var figures = []measurement{
	{"moment_to_prompt", momentToPrompt},
	{"answers", answers},
	{"due_release", dueRelease},
	{"import_people", importPeople},
	{"gate_decisions", gateDecisions},
	{"email_handoff", emailHandoff},
	{"rhythm_plan", rhythmPlan},
	{"reminders_burst", remindersBurst},
	{"desk_page", deskPage},
	{"rhythm_board", rhythmBoard},
	{"ballot_cast", ballotCast},
	{"publication", publicationFigure},
	{"standalone_start", standaloneStart},
	{"standalone_memory", standaloneMemory},
}

func names() []string {
	all := make([]string, len(figures))
	for i, f := range figures {
		all[i] = f.name
	}
	return all
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == standalone.EngineArgument {
		os.Exit(mongolocal.ServeMain(os.Args[2:]))
	}
	runtime.UnlockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, wanted []string, out io.Writer) error {
	encoder := json.NewEncoder(out)
	measured := 0
	for _, f := range figures {
		if len(wanted) > 0 && !slices.Contains(wanted, f.name) {
			continue
		}
		measured++
		fmt.Fprintf(os.Stderr, "measuring %s\n", f.name)
		results, err := f.measure(ctx)
		if err != nil {
			return fmt.Errorf("measuring %s: %w", f.name, err)
		}
		for _, r := range results {
			if err := encoder.Encode(r); err != nil {
				return err
			}
		}
	}
	if measured == 0 {
		return fmt.Errorf("no such figure; there are %s", strings.Join(names(), ", "))
	}
	return nil
}
