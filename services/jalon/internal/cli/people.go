package cli

import (
	"fmt"

	"connectrpc.com/connect"
	"github.com/spf13/cobra"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func peopleCommand() *cobra.Command {
	return group("people", "What concerns single people", erasePersonCommand())
}

func erasePersonCommand() *cobra.Command {
	var confirmed, stillEmployed bool
	cmd := &cobra.Command{
		Use:   "erase NUMBER",
		Short: "Erase the person with an employee number everywhere; this cannot be undone",
		Long: "Erase the person with an employee number, in every part of the running Jalon. This cannot be undone.\n\n" +
			"Their record, history, moments, named answers, messages, talks and access go. Answers given in confidence stay, without\n" +
			"them. Exit code 0: done; 2: refused; 1: anything else.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !confirmed {
				return refusedError{"nothing was erased: this cannot be undone; say --confirm if it is meant"}
			}
			jalon, err := runningServer()
			if err != nil {
				return err
			}
			found, err := jalon.directory.FindPerson(cmd.Context(), &directoryv1.FindPersonRequest{Number: args[0]})
			if rpc.Is(err, connect.CodeNotFound) {
				return refusedError{"nobody has the employee number " + args[0]}
			}
			if err != nil {
				return jalon.explain("looking the person up", err)
			}
			person := found.GetPerson().GetId()
			done, err := jalon.directory.ErasePerson(cmd.Context(), &directoryv1.ErasePersonRequest{
				PersonId: person, ConfirmNumber: args[0], StillEmployed: stillEmployed,
			})
			for _, violation := range rpc.Violations(err) {
				if violation.Field == "still_employed" {
					return refusedError{"nothing was erased: the person has not left yet; say --still-employed if that is known"}
				}
			}
			if err != nil {
				return jalon.explain("erasing the person", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Erased on %s. What is left is the id %s, which leads to nobody.\n"+
				"The other services erase what they kept within seconds. The bus holds that id for 30 days, and no name;\n"+
				"backups hold the person for as long as they are kept.\n", done.GetErasedOn(), person)
			return nil
		},
	}
	cmd.Flags().BoolVar(&confirmed, "confirm", false, "this is meant, and cannot be undone")
	cmd.Flags().BoolVar(&stillEmployed, "still-employed", false, "erase somebody who has not left, too")
	return cmd
}
