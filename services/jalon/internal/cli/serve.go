package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"jalon.dev/services/jalon/internal/standalone"
)

func serveCommand() *cobra.Command {
	var demoIfNew bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run everything in one process; an empty data folder starts empty",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := standalone.LoadSettings()
			if err != nil {
				return err
			}
			newIs := standalone.Live
			if demoIfNew && settings.MongoDB == "" && settings.NATS == "" {
				newIs = standalone.Demo
			}
			return standalone.Run(cmd.Context(), settings, standalone.Options{NewIs: newIs, Version: Version, Out: cmd.OutOrStdout()})
		},
	}
	cmd.Flags().BoolVar(&demoIfNew, "demo-if-new", false,
		"make a new data folder a demo with a sample company, unless MONGODB_URI or NATS_URL is set")
	return cmd
}

// fewestPeople fill two stores.
const fewestPeople = 100

func demoCommand() *cobra.Command {
	var people int
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a sample company with three months of history",
		Long: "Run a sample company of about 1,250 people in 25 stores, with three months of lived history and a clock that can be\n" +
			"moved. The folder is JALON_DATA where that is set; otherwise a new one, removed at the end.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := standalone.LoadSettings()
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("people") && people < fewestPeople {
				return fmt.Errorf("--people %d is too few for stores and teams: %d at least", people, fewestPeople)
			}
			if os.Getenv("JALON_DATA") == "" {
				if settings.Data, err = os.MkdirTemp("", "jalon-demo-"); err != nil {
					return fmt.Errorf("making the demo's folder: %w", err)
				}
				defer func() { _ = os.RemoveAll(settings.Data) }() // in the temporary folder; nobody misses it
			}
			if mode, made := standalone.Peek(settings.Data); made && mode != standalone.Demo {
				return fmt.Errorf("the data folder %s is not a demo's: set JALON_DATA to a new folder, or unset it", settings.Data)
			}
			return standalone.Run(cmd.Context(), settings, standalone.Options{
				NewIs: standalone.Demo, DemoPeople: people, Version: Version, Out: cmd.OutOrStdout(),
			})
		},
	}
	cmd.Flags().IntVar(&people, "people", 0, "begin with about so many people, and be ready sooner: 1,250 unless told otherwise")
	return cmd
}
