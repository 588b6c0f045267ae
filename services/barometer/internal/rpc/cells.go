package rpc

import (
	"context"
	"slices"
	"strings"
	"time"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/cell"
	"jalon.dev/services/barometer/internal/electorate"
)

// ListCells returns the cells that people would vote in if an edition were launched today.
func (h Handler) ListCells(ctx context.Context, _ *barometerv1.ListCellsRequest) (*barometerv1.ListCellsResponse, error) {
	if err := allow(ctx, barometerv1connect.BarometerServiceListCellsProcedure); err != nil {
		return nil, err
	}
	now := h.Clock.Now()
	voters, err := electorate.Now(ctx, h.Register, now)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListCellsResponse{
		Minimum: cell.Minimum, AsOf: now.UTC().Format(time.RFC3339), TooFew: voters.Total < cell.Minimum,
	}
	if !res.GetTooFew() {
		res.Eligible = int32(voters.Total) // below the minimum even the whole is a small number
	}
	for _, divided := range voters.Cells {
		res.Cells = append(res.Cells, cellView(voters.Organisation, divided))
	}
	return res, nil
}

func cellView(o electorate.Organisation, c cell.Cell) *barometerv1.Cell {
	unit := o.Unit(c.UnitID)
	view := &barometerv1.Cell{
		UnitId: c.UnitID, UnitName: unit.Name, UnitKind: unit.Kind, UnitPath: o.Path(c.UnitID), Eligible: int32(c.Eligible),
	}
	for _, id := range c.Merged {
		view.Merged = append(view.Merged, &barometerv1.MergedUnit{UnitId: id, UnitName: o.Unit(id).Name})
	}
	slices.SortStableFunc(view.GetMerged(), func(x, y *barometerv1.MergedUnit) int {
		return strings.Compare(x.GetUnitName(), y.GetUnitName())
	})
	return view
}
