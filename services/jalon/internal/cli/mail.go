package cli

import (
	"fmt"
	"io"
	"os"

	"connectrpc.com/connect"
	"github.com/spf13/cobra"

	"jalon.dev/pkg/rpc"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// largestReport is more than a server quotes of a mail of ours.
const largestReport = 1 << 20

func mailCommand() *cobra.Command {
	return group("mail", "What concerns e-mail", mailBouncedCommand())
}

func mailBouncedCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "bounced [FILE]",
		Short: "Take in a mail that a server returned, from FILE or standard input",
		Long: "Take in a mail that a server returned because it could not deliver it (a report by RFC 3464).\n\n" +
			"Made for the mail server's alias of JALON_MAIL_BOUNCES; docs/operations.md shows how. An address that does not exist is\n" +
			"not written to any more, until the HR file names another one. Exit code 0: done, or nothing to do; 2: this is no such report,\n" +
			"or not of a mail of Jalon's; 75: try again later, which mail servers do by themselves; 1: the file cannot be read.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			message, err := readReturned(cmd.InOrStdin(), args)
			if err != nil {
				return err
			}
			jalon, err := runningServer()
			if err != nil {
				return laterError{err}
			}
			done, err := jalon.notifications.ReportBounce(cmd.Context(), &notificationsv1.ReportBounceRequest{Message: message})
			switch {
			case rpc.Is(err, connect.CodeInvalidArgument), rpc.Is(err, connect.CodeNotFound):
				return refusedError{jalon.explain("taking in a returned mail", err).Error()}
			case err != nil: // whatever it is, it may be mended, and the report must not be lost
				return laterError{jalon.explain("taking in a returned mail", err)}
			}
			fmt.Fprintln(cmd.OutOrStdout(), bounceOutcomes[done.GetOutcome()])
			return nil
		},
	}
}

var bounceOutcomes = map[notificationsv1.ReportBounceResponse_Outcome]string{
	notificationsv1.ReportBounceResponse_OUTCOME_NOTHING:         "Nothing to do: the report is of a delay, or of success.",
	notificationsv1.ReportBounceResponse_OUTCOME_ADDRESS_REFUSED: "The address does not exist: Jalon does not write to it any more.",
	notificationsv1.ReportBounceResponse_OUTCOME_NOT_DELIVERED:   "The mail did not arrive. The next one to that person is sent all the same.",
}

func readReturned(in io.Reader, args []string) ([]byte, error) {
	if len(args) == 1 {
		file, err := os.Open(args[0])
		if err != nil {
			return nil, fmt.Errorf("reading the returned mail: %w", err)
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	// The report comes before what it quotes: of a longer one, the end does not matter.
	message, err := io.ReadAll(io.LimitReader(in, largestReport))
	if err != nil {
		return nil, fmt.Errorf("reading the returned mail: %w", err)
	}
	return message, nil
}
