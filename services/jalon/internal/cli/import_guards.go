package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// guards are the names by which directory's signs that a file may not be meant are confirmed.
func guards() []string { return []string{"older", "truncated", "moves", "unnamed"} }

// confirmOne is what --confirm means without names.
const confirmOne = "true"

// confirmation is the flag --confirm: alone it confirms the guard that speaks, with names these.
type confirmation struct {
	request *directoryv1.ImportPeopleRequest
}

func (c confirmation) String() string {
	if c.request == nil {
		return ""
	}
	return strings.Join(c.request.GetConfirmGuards(), ",")
}

// Type is the word for the flag's value in help.
func (c confirmation) Type() string { return "guards" }

// Set takes the names, or the word for none.
func (c confirmation) Set(value string) error {
	if value == confirmOne {
		c.request.Confirm = true
		return nil
	}
	names, ok := guardNames(value)
	if !ok {
		return fmt.Errorf("%q names no guards: they are %s", value, strings.Join(guards(), ", "))
	}
	c.request.ConfirmGuards = append(c.request.ConfirmGuards, names...)
	return nil
}

func guardNames(value string) ([]string, bool) {
	names := strings.Split(value, ",")
	for _, name := range names {
		if !slices.Contains(guards(), name) {
			return nil, false
		}
	}
	return names, true
}

// exportPath is which of the arguments is the file: names of guards may stand behind --confirm with a blank between, as with
// other flags.
func exportPath(args []string, request *directoryv1.ImportPeopleRequest) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	for i, arg := range args {
		if names, ok := guardNames(arg); ok && request.GetConfirm() {
			request.Confirm, request.ConfirmGuards = false, names
			return args[len(args)-1-i], nil
		}
	}
	return "", errors.New("give one FILE at a time")
}

type guardJSON struct {
	Name      string `json:"name"`
	Reason    string `json:"reason"`
	Confirmed bool   `json:"confirmed"`
}

func guardsJSON(r *directoryv1.ImportReport) []guardJSON {
	out := []guardJSON{}
	for _, g := range r.GetGuards() {
		out = append(out, guardJSON{Name: g.GetName(), Reason: g.GetProblem().GetReason(), Confirmed: g.GetConfirmed()})
	}
	return out
}

// writeGuards names the guards that spoke, and how to confirm them all.
func writeGuards(w io.Writer, r *directoryv1.ImportReport) {
	if len(r.GetGuards()) == 0 {
		return
	}
	fmt.Fprintln(w)
	var names []string
	open := false
	for _, g := range r.GetGuards() {
		state := ""
		if g.GetConfirmed() {
			state = " (confirmed)"
		}
		fmt.Fprintf(w, "guard %s%s: %s\n", g.GetName(), state, g.GetProblem().GetReason())
		names, open = append(names, g.GetName()), open || !g.GetConfirmed()
	}
	if open {
		fmt.Fprintf(w, "If this is meant: --confirm=%s\n", strings.Join(names, ","))
	}
}
