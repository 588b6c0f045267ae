package rpc

import (
	"cmp"
	"context"
	"slices"

	"jalon.dev/pkg/policy"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/unit"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// GetHistory tells what happened to a person. Entries of one day stay in the order in which they became known.
func (h *Handler) GetHistory(ctx context.Context, req *directoryv1.GetHistoryRequest) (*directoryv1.GetHistoryResponse, error) {
	p, err := h.store.WithHistory(ctx, req.GetPersonId())
	if err != nil {
		return nil, err
	}
	tree, err := h.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	subject := policy.Subject{PersonID: p.ID, ManagerID: p.ManagerID, UnitPath: tree.Path(p.UnitID)}
	if err := allow(ctx, directoryv1connect.DirectoryServiceGetHistoryProcedure, subject); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.History, func(a, b person.Entry) int {
		return cmp.Or(a.On.Compare(b.On), a.NotedOn.Compare(b.NotedOn))
	})
	res := &directoryv1.GetHistoryResponse{AwayFrom: p.AwayFrom.String(), AwayUntil: p.AwayUntil.String()}
	for _, e := range p.History {
		if !meant(&e, tree) {
			continue
		}
		res.Entries = append(res.Entries, &directoryv1.HistoryEntry{
			On: e.On.String(), NotedOn: e.NotedOn.String(), What: string(e.What), From: e.From, To: e.To,
		})
	}
	return res, nil
}

// meant lets an entry speak of the units that were meant instead of those that were merged into them. It is false for a move
// that was none: from a unit to the same one under a mistyped name, or back.
func meant(e *person.Entry, tree *unit.Tree) bool {
	switch e.What {
	case person.Hired, person.UnitCorrected:
		e.To = tree.Meant(e.To)
	case person.Moved:
		e.From, e.To = tree.Meant(e.From), tree.Meant(e.To)
		return e.From != e.To
	}
	return true
}
