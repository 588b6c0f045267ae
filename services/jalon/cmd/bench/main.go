// Command bench measures Jalon beside the raw limit of the same machine in the same run, and prints one JSON line a figure.
//
//	bench              all figures
//	bench NAME         one of them
//	bench -million     those that show growth also for a million people, which takes minutes
package main

import (
	"context"
	"encoding/json"
	"flag"
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

// figures are all there are; those that show growth are measured at so many people.
func figures(people []int) []measurement {
	return []measurement{
		{"moment_to_prompt", momentToPrompt},
		{"answers", answers},
		{"due_release", dueRelease},
		{"campaign_launch", grown(people, campaignLaunch)},
		{"campaign_progress_age", campaignProgressAge},
		{"import_people", importPeople},
		{"gate_decisions", gateDecisions},
		{"email_handoff", emailHandoff},
		{"rhythm_plan", rhythmPlan},
		{"reminders_burst", remindersBurst},
		{"desk_page", deskPage},
		{"rhythm_board", rhythmBoard},
		{"ballot_cast", grown(people, ballotCast)},
		{"publication", grown(people, publicationFigure)},
		{"heatmap_page", heatmapPage},
		{"unit_page", unitPage},
		{"standalone_start", standaloneStart},
		{"standalone_memory", standaloneMemory},
	}
}

// grown measures as the company grows.
func grown(people []int, measure func(ctx context.Context, people int) (figure, error)) func(context.Context) ([]figure, error) {
	return func(ctx context.Context) (all []figure, err error) {
		for _, n := range people {
			f, err := measure(ctx, n)
			if err != nil {
				return all, fmt.Errorf("with %d people: %w", n, err)
			}
			all = append(all, f)
		}
		return all, nil
	}
}

func names(figures []measurement) string {
	all := make([]string, len(figures))
	for i, f := range figures {
		all[i] = f.name
	}
	return strings.Join(all, ", ")
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

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	million := flags.Bool("million", false, "measure growth also at a million people, which takes minutes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	people := []int{10_000, 100_000}
	if *million {
		people = append(people, 1_000_000)
	}
	all, encoder, measured := figures(people), json.NewEncoder(out), 0
	for _, f := range all {
		if flags.NArg() > 0 && !slices.Contains(flags.Args(), f.name) {
			continue
		}
		measured++
		fmt.Fprintf(os.Stderr, "measuring %s\n", f.name)
		results, err := f.measure(ctx)
		for _, r := range results {
			if err := encoder.Encode(r); err != nil {
				return err
			}
		}
		if err != nil {
			return fmt.Errorf("measuring %s: %w", f.name, err)
		}
	}
	if measured == 0 {
		return fmt.Errorf("no such figure; there are %s", names(all))
	}
	return nil
}
