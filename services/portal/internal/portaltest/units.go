package portaltest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func (d directory) ListUnits(_ context.Context, req *directoryv1.ListUnitsRequest) (*directoryv1.ListUnitsResponse, error) {
	now := d.Now()
	answer := &directoryv1.ListUnitsResponse{Units: now.Units, UnknownCalendars: now.UnknownCalendars}
	if req.GetCountOn() != "" {
		answer.People = map[string]int32{Company: 2, Nantes: 40, Team: 12, Rennes: 52}
		if now.Empty {
			answer.Units, answer.People = nil, nil
		}
	}
	return answer, nil
}

func (d directory) UpdateUnit(_ context.Context, req *directoryv1.UpdateUnitRequest) (*directoryv1.UpdateUnitResponse, error) {
	var changed *directoryv1.Unit
	var err error
	d.Set(func(s *State) {
		at := slices.IndexFunc(s.Units, func(u *directoryv1.Unit) bool { return u.GetId() == req.GetId() })
		switch {
		case at < 0:
			err = connect.NewError(connect.CodeNotFound, errors.New("no such unit"))
			return
		case s.Units[at].GetVersion() != req.GetVersion():
			err = connect.NewError(connect.CodeAborted, errors.New("changed since"))
			return
		case strings.HasPrefix(req.GetTimeZone(), "Mars"):
			err = rpc.InvalidField("time_zone", "must be an IANA time zone")
			return
		}
		changed = proto.CloneOf(s.Units[at])
		changed.Version++
		changed.Name, changed.Kind, changed.ParentId = req.GetName(), req.GetKind(), req.GetParentId()
		changed.TimeZone, changed.HolidayCalendar, changed.Unplaced = req.GetTimeZone(), req.GetHolidayCalendar(), false
		s.Units = slices.Clone(s.Units)
		s.Units[at] = changed
	})
	if err != nil {
		return nil, err
	}
	return &directoryv1.UpdateUnitResponse{Unit: changed}, nil
}

func (d directory) CreateUnit(_ context.Context, req *directoryv1.CreateUnitRequest) (*directoryv1.CreateUnitResponse, error) {
	made := &directoryv1.Unit{
		Id: event.ID("unit", req.GetName()), Version: 1, Name: req.GetName(), Kind: req.GetKind(), ParentId: req.GetParentId(), Code: req.GetCode(),
		TimeZone: req.GetTimeZone(), HolidayCalendar: req.GetHolidayCalendar(),
	}
	var err error
	d.Set(func(s *State) {
		if slices.ContainsFunc(s.Units, func(u *directoryv1.Unit) bool { return u.GetCode() != "" && u.GetCode() == req.GetCode() }) {
			err = rpc.InvalidField("code", "must not be the code of another unit")
			return
		}
		s.Units = append(slices.Clone(s.Units), made)
	})
	if err != nil {
		return nil, err
	}
	return &directoryv1.CreateUnitResponse{Unit: made}, nil
}

func (d directory) MergeUnit(_ context.Context, req *directoryv1.MergeUnitRequest) (*directoryv1.MergeUnitResponse, error) {
	var stays *directoryv1.Unit
	var err error
	d.Set(func(s *State) {
		at := slices.IndexFunc(s.Units, func(u *directoryv1.Unit) bool { return u.GetId() == req.GetId() })
		switch {
		case at < 0:
			err = connect.NewError(connect.CodeNotFound, errors.New("no such unit"))
			return
		case s.Units[at].GetVersion() != req.GetVersion():
			err = connect.NewError(connect.CodeAborted, errors.New("changed since"))
			return
		case req.GetId() == req.GetIntoId():
			err = rpc.InvalidField("into_id", "must be another unit")
			return
		}
		s.Units = slices.Delete(slices.Clone(s.Units), at, at+1)
		for _, u := range s.Units {
			if u.GetId() == req.GetIntoId() {
				stays = u
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return &directoryv1.MergeUnitResponse{Unit: stays}, nil
}

func (d directory) ImportUnits(_ context.Context, req *directoryv1.ImportUnitsRequest) (*directoryv1.ImportUnitsResponse, error) {
	answer := unitsReport(req.GetFile())
	answer.FileName = req.GetFileName()
	switch {
	case req.GetDryRun():
		answer.Outcome = directoryv1.ImportReport_OUTCOME_DRY_RUN
	case answer.GetRejected() > 0:
		answer.Outcome = directoryv1.ImportReport_OUTCOME_REFUSED
	}
	return &directoryv1.ImportUnitsResponse{Report: answer}, nil
}

// unitsReport is what a file of units would do; one that begins with "messy" has a line that cannot be.
func unitsReport(file []byte) *directoryv1.ImportReport {
	problems := []*directoryv1.ImportProblem{{
		Severity: directoryv1.ImportProblem_SEVERITY_WARNING, Line: 7, Column: "Nom", Code: "unit_name_seen", Value: "Nantes", Expected: "4", Reason: "In English.",
	}}
	var rejected int32
	if bytes.HasPrefix(file, []byte("messy")) {
		rejected = 2
		for line, code := range map[int32]string{6: "unit_parent_unknown", 9: "unit_kind_unknown"} {
			problems = append(problems, &directoryv1.ImportProblem{
				Severity: directoryv1.ImportProblem_SEVERITY_REJECTED, Line: line, Column: "Parent", Code: code, Value: "NORD", Reason: "In English.",
			})
		}
	}
	return &directoryv1.ImportReport{
		ImportId: "units-1", Outcome: directoryv1.ImportReport_OUTCOME_APPLIED, FileName: "units.csv", ImportedAt: "2026-11-02T08:12:00Z",
		Added: 1, Changed: 2, Moved: 3, Unchanged: 21, Absent: 1, Rejected: rejected, Warnings: 1, Problems: problems,
		Reading: &directoryv1.FileReading{
			Encoding: "UTF-8", Delimiter: ";",
			Columns: []*directoryv1.ColumnReading{{Header: "Code", Field: "unit_code", Example: "M01"}, {Header: "Surface", Example: "1 200 m²"}},
		},
	}
}
