package rpc

import (
	"context"
	"slices"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/directory/internal/unit"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// within is allow for lists: where the actor sees only some units, the list has to be narrowed to those returned.
func within(ctx context.Context, procedure string, subject policy.Subject) ([]string, error) {
	actor, _ := identity.FromContext(ctx)
	return policy.Within(actor, procedure, subject)
}

// narrow returns which of the units asked for lie within those that the actor sees; nil asks for all, and nil sees all.
func narrow(asked, within []string, tree *unit.Tree) []string {
	if within == nil {
		return asked
	}
	seen := []string{} // not nil: somebody who sees nothing does not see everything
	for _, id := range within {
		for _, below := range tree.Below(id) {
			if (asked == nil || slices.Contains(asked, below)) && !slices.Contains(seen, below) {
				seen = append(seen, below)
			}
		}
	}
	return seen
}

func unitsWithin(all []*directoryv1.Unit, within []string, tree *unit.Tree) []*directoryv1.Unit {
	if within == nil {
		return all
	}
	seen := narrow(nil, within, tree)
	return slices.DeleteFunc(all, func(u *directoryv1.Unit) bool { return !slices.Contains(seen, u.GetId()) })
}
