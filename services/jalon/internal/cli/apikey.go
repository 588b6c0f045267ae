package cli

import (
	"cmp"
	"fmt"
	"text/tabwriter"

	"connectrpc.com/connect"
	"github.com/spf13/cobra"

	"jalon.dev/pkg/rpc"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
)

func apiKeyCommand() *cobra.Command {
	return group("apikey", "Keys with which outside systems declare moments", createKeyCommand(), listKeysCommand(), revokeKeyCommand())
}

func createKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "create NAME",
		Short: "Make a key for an outside system, and show it this once",
		Long: "Make a key for an outside system, and show it this once: Jalon keeps its hash only.\n\n" +
			"With it the system declares and cancels moments, and reads nothing of anybody. NAME says which system it is, in small\n" +
			"letters, digits and hyphens; it stands in the log, and serves once. The key alone is written to the standard output,\n" +
			"so that it can be handed to a secret store. Exit code 0: done; 2: refused; 1: anything else.",
		Example: "  jalon apikey create applicants",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			made, err := jalon.operator.CreateApiKey(cmd.Context(), &portalv1.CreateApiKeyRequest{Name: args[0]})
			switch {
			case rpc.Is(err, connect.CodeInvalidArgument):
				return refusedError{"no key was made: a name has small letters, digits and hyphens, begins with a letter, and has 2 to 40 of them"}
			case rpc.Is(err, connect.CodeAlreadyExists):
				return refusedError{"no key was made: the name " + args[0] + " served before; choose another, such as " + args[0] + "-2"}
			case err != nil:
				return jalon.explain("making an API key", err)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "The key of %s, shown this once. The system sends it as \"Authorization: Bearer ...\":\n", args[0])
			fmt.Fprintln(cmd.OutOrStdout(), made.GetSecret())
			return nil
		},
	}
}

func listKeysCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List every key that was made, with the last day of its use", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			list, err := jalon.operator.ListApiKeys(cmd.Context(), &portalv1.ListApiKeysRequest{})
			if err != nil {
				return jalon.explain("listing API keys", err)
			}
			if len(list.GetKeys()) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "No outside system has a key.")
				return nil
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			fmt.Fprintln(table, "NAME\tMADE\tLAST USED (UTC)\tREVOKED")
			for _, key := range list.GetKeys() {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", key.GetName(), localTime(key.GetCreatedAt()), cmp.Or(key.GetUsedOn(), "never"),
					cmp.Or(localTime(key.GetRevokedAt()), "no"))
			}
			return table.Flush()
		},
	}
}

func revokeKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "revoke NAME", Short: "End a key, at once and for good", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			revoked, err := jalon.operator.RevokeApiKey(cmd.Context(), &portalv1.RevokeApiKeyRequest{Name: args[0]})
			if rpc.Is(err, connect.CodeNotFound) {
				return refusedError{"no key has the name " + args[0] + ": see `jalon apikey list`"}
			}
			if err != nil {
				return jalon.explain("revoking an API key", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "The key of %s opens nothing since %s.\n", args[0], localTime(revoked.GetKey().GetRevokedAt()))
			return nil
		},
	}
}
