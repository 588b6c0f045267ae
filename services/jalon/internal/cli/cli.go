// Package cli is the command line of Jalon: it starts the server, and asks a running one with the operator's key.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Version is set by the build.
var Version = "dev"

// Exit codes: what a script can tell apart.
const (
	exitDone    = 0
	exitFailed  = 1
	exitRefused = 2
	exitLater   = 75 // EX_TEMPFAIL of sysexits.h, which mail servers know
)

// refusedError says that the server understood and refused: a rejected line, or a guard.
type refusedError struct{ reason string }

func (e refusedError) Error() string { return e.reason }

// laterError says that the same may well succeed later.
type laterError struct{ error }

func (e laterError) Unwrap() error { return e.error }

// Run executes one command line and returns the process's exit code.
func Run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(stderr, "jalon:", err)
	if refused := (refusedError{}); errors.As(err, &refused) {
		return exitRefused
	}
	if later := (laterError{}); errors.As(err, &later) {
		return exitLater
	}
	return exitFailed
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "jalon",
		Short:         "Jalon watches for the key moments of working life",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(serveCommand(), demoCommand(), importCommand(), peopleCommand(), mailCommand(), webhooksCommand(), signInLinkCommand(),
		apiKeyCommand(), eventsCommand(), deadLettersCommand(), doctorCommand(), ballotsCommand(), versionCommand())
	return root
}

// group is a command that only holds others. It refuses a name that is none of theirs, which cobra would meet with help and success.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	parent := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	parent.AddCommand(commands...)
	return parent
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		Run:   func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), "jalon", Version) },
	}
}
