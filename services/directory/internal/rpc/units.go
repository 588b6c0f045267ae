package rpc

import (
	"context"
	"errors"

	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/applying"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/unit"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// ImportUnits takes a file of units in.
func (h *Handler) ImportUnits(ctx context.Context, req *directoryv1.ImportUnitsRequest) (*directoryv1.ImportUnitsResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceImportUnitsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	result, err := h.importer.ImportUnits(ctx, req.GetFile(), req.GetFileName(), req.GetDryRun())
	if err != nil {
		return nil, busy(err)
	}
	return &directoryv1.ImportUnitsResponse{Report: reportOf(result)}, nil
}

// UpdateUnit changes one unit.
func (h *Handler) UpdateUnit(ctx context.Context, req *directoryv1.UpdateUnitRequest) (*directoryv1.UpdateUnitResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceUpdateUnitProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	changed, err := h.importer.UpdateUnit(ctx, unit.Unit{
		ID: req.GetId(), Version: req.GetVersion(), Name: req.GetName(), Kind: unit.Kind(req.GetKind()), ParentID: req.GetParentId(),
		TimeZone: req.GetTimeZone(), Holidays: req.GetHolidayCalendar(),
	})
	if wrong, ok := errors.AsType[*importing.EditError](err); ok {
		return nil, rpc.InvalidField(wrong.Field, "%s", wrong.Reason)
	}
	if err != nil {
		return nil, busy(err)
	}
	return &directoryv1.UpdateUnitResponse{Unit: applying.Unit(changed)}, nil
}
