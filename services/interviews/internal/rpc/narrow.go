package rpc

import (
	"context"
	"slices"

	"jalon.dev/services/interviews/internal/talk"
)

// narrow keeps the talks of people of the units; nil units keep all. A manager's reports may work elsewhere than the manager.
func (h Handler) narrow(ctx context.Context, talks []talk.Talk, units []string) ([]talk.Talk, error) {
	if units == nil {
		return talks, nil
	}
	ids := make([]string, len(talks))
	for i, t := range talks {
		ids[i] = t.EmployeeID
	}
	known, err := h.People.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(talks, func(t talk.Talk) bool {
		return !slices.ContainsFunc(known[t.EmployeeID].UnitPath, func(unit string) bool { return slices.Contains(units, unit) })
	}), nil
}
