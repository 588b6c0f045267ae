package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func webhooksCommand() *cobra.Command {
	return group("webhooks", "Other systems that are told of events", listWebhooksCommand(), testWebhookCommand())
}

func listWebhooksCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the systems that HR named, with what waits for them and what failed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			receivers, err := jalon.receivers(cmd.Context())
			if err != nil {
				return err
			}
			if len(receivers) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "No other system is told of events.")
				return nil
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			fmt.Fprintln(table, "NAME\tHOST\tSTATE\tSINCE\tWAITING\tFAILED\tLAST DELIVERED")
			for _, r := range receivers {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", r.GetDraft().GetName(), hostOf(r), receiverStates[r.GetState()],
					localTime(r.GetStateSince()), r.GetWaiting(), r.GetFailed(), cmp.Or(localTime(r.GetLastDeliveredAt()), "never"))
			}
			return table.Flush()
		},
	}
}

// hostOf leaves the rest of an address out: some systems put a secret into it.
func hostOf(r *notificationsv1.Receiver) string {
	address, err := url.Parse(r.GetDraft().GetAddress())
	if err != nil {
		return "?"
	}
	return address.Host
}

var receiverStates = map[notificationsv1.Receiver_State]string{
	notificationsv1.Receiver_STATE_ON:      "on",
	notificationsv1.Receiver_STATE_OFF:     "off",
	notificationsv1.Receiver_STATE_FAILING: "failing",
	notificationsv1.Receiver_STATE_GONE:    "gone",
}

func testWebhookCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test NAME",
		Short: "Send a system a WebhookTested at once, and say what it answers",
		Long: "Send a system a WebhookTested at once, and say what it answers. Nothing happened, and nothing is kept of it.\n\n" +
			"Exit code 0: it took it; 2: it did not, or there is no such system; 1: anything else.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			receivers, err := jalon.receivers(cmd.Context())
			if err != nil {
				return err
			}
			var named []*notificationsv1.Receiver
			for _, r := range receivers {
				if strings.EqualFold(r.GetDraft().GetName(), args[0]) || r.GetId() == args[0] {
					named = append(named, r)
				}
			}
			switch len(named) {
			case 0:
				return refusedError{"no system has the name " + args[0] + ": see `jalon webhooks list`"}
			case 1:
			default:
				return refusedError{fmt.Sprintf("%d systems have the name %s: give them other names, on the page Other tools", len(named), args[0])}
			}
			tested, err := jalon.outgoing.TestReceiver(cmd.Context(), &notificationsv1.TestReceiverRequest{Id: named[0].GetId()})
			if err != nil {
				return jalon.explain("testing a webhook", err)
			}
			answer := tested.GetAnswer()
			if text := strings.TrimSpace(answer.GetText()); text != "" {
				fmt.Fprintln(cmd.OutOrStdout(), text)
			}
			if answer.GetTrouble() != "" {
				return refusedError{fmt.Sprintf("%s did not take it after %d ms: %s", args[0], answer.GetMilliseconds(), webhookTrouble(answer))}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s took it: %d after %d ms.\n", args[0], answer.GetStatus(), answer.GetMilliseconds())
			return nil
		},
	}
}

// webhookTrouble says what went wrong.
func webhookTrouble(a *notificationsv1.Answer) string {
	status := fmt.Sprintf("it answered %d", a.GetStatus())
	said, known := map[string]string{
		"status":       status,
		"redirect":     status + ", which leads elsewhere: Jalon does not follow, enter the final address",
		"timeout":      "no answer in time",
		"unknown_host": "the name in its address does not exist",
		"unreachable":  "nobody answers at its address",
		"tls":          "the certificate of its address is not valid",
		"forbidden":    "its address leads into a network that JALON_OUTGOING_NETWORKS does not name",
		"closed":       "the line was closed before an answer",
	}[a.GetTrouble()]
	if !known {
		return a.GetTrouble()
	}
	return said
}

// receivers are the systems that are told of events, in the order of their names.
func (s *server) receivers(ctx context.Context) ([]*notificationsv1.Receiver, error) {
	all, err := s.outgoing.ListOutgoing(ctx, &notificationsv1.ListOutgoingRequest{})
	if err != nil {
		return nil, s.explain("listing webhooks", err)
	}
	if !all.GetEnabled() {
		return nil, refusedError{"nothing leaves: set JALON_OUTGOING_KEY, as docs/operations.md says"}
	}
	return all.GetReceivers(), nil
}
