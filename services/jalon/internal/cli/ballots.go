package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/barometer/inspection"
	"jalon.dev/services/jalon/internal/standalone"
)

// barometerDatabase is where the barometer keeps what is its own.
const barometerDatabase = "jalon_barometer"

// looking bounds a whole check: a million people and their ballots are read in a minute or so.
const looking = 10 * time.Minute

func ballotsCommand() *cobra.Command {
	return group("ballots", "What a works council can see for itself of the barometer", checkBallotsCommand())
}

func checkBallotsCommand() *cobra.Command {
	var asJSON bool
	var language, address string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Compare what a running Jalon stores and serves of ballots with what is promised",
		Long: "Compare what a running Jalon stores and serves of ballots with what docs/barometer.md promises. It is for a works council, or\n" +
			"for somebody on its behalf, on the server, beside the running system. It reads everything in the barometer's database and\n" +
			"changes nothing, and tells neither a name nor a number of a group.\n\n" +
			"Exit code 0: all is as promised; 1: something is not, and it is said what; 75: it could not be seen.",
		Example: "  jalon ballots check\n" +
			"  jalon ballots check --address https://jalon.example.com   # the scripts as people's browsers get them",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			words, err := ballotWordsFor(language)
			if err != nil {
				return err
			}
			settings, err := standalone.LoadSettings()
			if err != nil {
				return err
			}
			if address == "" {
				address = settings.LocalURL()
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), looking)
			defer cancel()
			seen, err := checkBallots(ctx, settings, strings.TrimSuffix(address, "/"))
			if err != nil {
				return laterError{err}
			}
			write := words.write
			if asJSON {
				write = func(out io.Writer, seen ballotReport) error { return encodeJSON(out, seen) }
			}
			if err := write(cmd.OutOrStdout(), seen); err != nil {
				return err
			}
			if !seen.Kept {
				return errors.New(words.failed)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was seen as JSON")
	cmd.Flags().StringVar(&language, "lang", "", "fr or en; that of LANG when empty")
	cmd.Flags().StringVar(&address, "address", "", "where people open Jalon, as a `URL`; the server on this machine when empty")
	return cmd
}

// ballotReport is what was seen; its names are a promise to scripts.
type ballotReport struct {
	Kept    bool   `json:"kept"`
	Version string `json:"version"`
	inspection.Report
	Questionnaire string         `json:"questionnaire"`
	Scripts       []servedScript `json:"scripts"`
}

type servedScript struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Same   bool   `json:"same"`
}

func checkBallots(ctx context.Context, settings standalone.Settings, address string) (ballotReport, error) {
	uri, err := settings.DatabaseURI()
	if err != nil {
		return ballotReport{}, err
	}
	// The server first: where it is away, so may be the database, and its absence is told sooner and in better words.
	probe := ballotProbe{address: address, metrics: settings.MetricsAddress}
	intake, err := probe.intake(ctx)
	if err != nil {
		return ballotReport{}, err
	}
	client, err := mongodb.Connect(ctx, uri)
	if err != nil {
		return ballotReport{}, fmt.Errorf("opening the database beside the running Jalon: %w", err)
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }() // nothing was written
	seen := ballotReport{Version: Version, Questionnaire: inspection.Questionnaire()}
	if seen.Report, err = inspection.Look(ctx, client.Database(barometerDatabase)); err != nil {
		return ballotReport{}, err
	}
	measures, err := probe.measures(ctx)
	if err != nil {
		return ballotReport{}, err
	}
	scripts, served, err := probe.scripts(ctx)
	if err != nil {
		return ballotReport{}, err
	}
	seen.Scripts = served
	seen.Findings = append(seen.Findings, intake, measures, scripts)
	seen.Kept = seen.Report.Kept()
	return seen, nil
}

// ballotWordsFor finds the words of a language; of the terminal's where none is named.
func ballotWordsFor(language string) (ballotWords, error) {
	if language == "" {
		language = "en"
		for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
			if value := os.Getenv(name); value != "" {
				if strings.HasPrefix(strings.ToLower(value), "fr") {
					language = "fr"
				}
				break
			}
		}
	}
	i := slices.IndexFunc(allBallotWords, func(w ballotWords) bool { return w.language == language })
	if i < 0 {
		return ballotWords{}, fmt.Errorf("--lang: %q must be fr or en", language)
	}
	return allBallotWords[i], nil
}
