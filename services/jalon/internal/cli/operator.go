package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
)

func signInLinkCommand() *cobra.Command {
	var request portalv1.CreateSignInLinkRequest
	var hr bool
	cmd := &cobra.Command{
		Use:   "signin-link",
		Short: "Make a link that signs a named person in, once, within fifteen minutes",
		Example: "  jalon signin-link --name 'Jeanne Martin' --hr\n" +
			"  jalon signin-link --name 'Karim Duval' --employee 001002",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if hr {
				request.Roles = []string{"hr"}
			}
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			link, err := jalon.operator.CreateSignInLink(cmd.Context(), &request)
			if err != nil {
				return jalon.explain("making a sign-in link", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s%s\nFor %s alone, once, until %s.\n", jalon.public, link.GetPath(), request.GetName(),
				localTime(link.GetExpiresAt()))
			return nil
		},
	}
	cmd.Flags().StringVar(&request.Name, "name", "", "who the link is for")
	cmd.Flags().StringVar(&request.EmployeeNumber, "employee", "", "the person's employee `NUMBER`, if an import named it")
	cmd.Flags().BoolVar(&hr, "hr", false, "make them HR: with --employee for good, on the page Access; else for this sign-in")
	_ = cmd.MarkFlagRequired("name") // fails only for a flag that does not exist
	return cmd
}

func eventsCommand() *cobra.Command {
	var request portalv1.TailEventsRequest
	tail := &cobra.Command{
		Use:   "tail",
		Short: "Print events as CloudEvents JSON, one a line, as they happen",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			stream, err := jalon.operator.TailEvents(cmd.Context(), &request)
			if err != nil {
				return jalon.explain("following the events", err)
			}
			defer func() { _ = stream.Close() }() // the command ends with it
			for stream.Receive() {
				fmt.Fprintln(cmd.OutOrStdout(), stream.Msg().GetCloudEvent())
			}
			if cmd.Context().Err() != nil { // Ctrl-C is how following ends
				return nil
			}
			return jalon.explain("following the events", stream.Err())
		},
	}
	tail.Flags().Int32Var(&request.Last, "last", 0, "first print the last `N` events")
	tail.Flags().StringVar(&request.Type, "type", "", "only this event `TYPE`, such as jalon.moments.v1.MomentsOpened")
	tail.Flags().BoolVar(&request.Once, "once", false, "stop after the past events")
	return group("events", "Look at what happens on the bus", tail)
}

func deadLettersCommand() *cobra.Command {
	return group("deadletters", "Events that a handler gave up on",
		&cobra.Command{
			Use: "list", Short: "List them, newest first", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				jalon, err := runningServer()
				if err != nil {
					return err
				}
				letters, err := jalon.deadLetters(cmd.Context())
				if err != nil {
					return err
				}
				if len(letters) == 0 {
					fmt.Fprintln(cmd.OutOrStdout(), "No dead letters: every event was handled.")
					return nil
				}
				table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
				fmt.Fprintln(table, "ID\tFAILED\tHANDLER\tEVENT\tREASON")
				for _, d := range letters {
					fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", d.GetId(), localTime(d.GetFailedAt()), d.GetHandler(), d.GetEventType(), d.GetReason())
				}
				return table.Flush()
			},
		},
		&cobra.Command{
			Use: "show ID", Short: "Show one with its content", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				jalon, err := runningServer()
				if err != nil {
					return err
				}
				letter, err := jalon.operator.GetDeadLetter(cmd.Context(), &portalv1.GetDeadLetterRequest{Id: args[0]})
				if err != nil {
					return jalon.explain("reading the dead letter", err)
				}
				d := letter.GetDeadLetter()
				fmt.Fprintf(cmd.OutOrStdout(), "%s gave up on %s at %s:\n%s\n\n", d.GetHandler(), d.GetEventType(), localTime(d.GetFailedAt()), d.GetReason())
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(json.RawMessage(letter.GetCloudEvent()))
			},
		},
		&cobra.Command{
			Use: "replay [ID...]", Short: "Give them back to the handler that failed; all of them without an ID",
			RunE: func(cmd *cobra.Command, args []string) error {
				jalon, err := runningServer()
				if err != nil {
					return err
				}
				done, err := jalon.operator.ReplayDeadLetters(cmd.Context(), &portalv1.ReplayDeadLettersRequest{Ids: args})
				if err != nil {
					return jalon.explain("replaying dead letters", err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d given back.\n", done.GetReplayed())
				return nil
			},
		},
	)
}

// deadLetters are the newest thousand.
func (s *server) deadLetters(ctx context.Context) ([]*portalv1.DeadLetter, error) {
	list, err := s.operator.ListDeadLetters(ctx, &portalv1.ListDeadLettersRequest{PageSize: 1000})
	if err != nil {
		return nil, s.explain("listing dead letters", err)
	}
	return list.GetDeadLetters(), nil
}
