package rpc

import (
	"context"
	"errors"
	"slices"
	"strings"

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
	if err != nil {
		return nil, unwilling(err)
	}
	return &directoryv1.UpdateUnitResponse{Unit: applying.Unit(changed)}, nil
}

// CreateUnit adds one unit.
func (h *Handler) CreateUnit(ctx context.Context, req *directoryv1.CreateUnitRequest) (*directoryv1.CreateUnitResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceCreateUnitProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	made, err := h.importer.CreateUnit(ctx, unit.Unit{
		Code: strings.TrimSpace(req.GetCode()), Name: req.GetName(), Kind: unit.Kind(req.GetKind()), ParentID: req.GetParentId(),
		TimeZone: req.GetTimeZone(), Holidays: req.GetHolidayCalendar(),
	})
	if err != nil {
		return nil, unwilling(err)
	}
	return &directoryv1.CreateUnitResponse{Unit: applying.Unit(made)}, nil
}

// MergeUnit merges a unit into the one that it was meant to be.
func (h *Handler) MergeUnit(ctx context.Context, req *directoryv1.MergeUnitRequest) (*directoryv1.MergeUnitResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceMergeUnitProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	stays, err := h.importer.MergeUnit(ctx, req.GetId(), req.GetVersion(), req.GetIntoId())
	if err != nil {
		return nil, unwilling(err)
	}
	return &directoryv1.MergeUnitResponse{Unit: applying.Unit(stays)}, nil
}

// unwilling says which field of an edit cannot be as wanted, or that somebody else is at the gate.
func unwilling(err error) error {
	if wrong, ok := errors.AsType[*importing.EditError](err); ok {
		return rpc.InvalidField(wrong.Field, "%s", wrong.Reason)
	}
	return busy(err)
}

// unknownCalendars are the holiday calendars that units name and the installation does not know, in order.
func (h *Handler) unknownCalendars(units []*directoryv1.Unit) []string {
	var unknown []string
	for _, u := range units {
		if name := u.GetHolidayCalendar(); name != "" && !h.company.Calendars.Has(name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return slices.Compact(unknown)
}
