package rpc

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/applying"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/mongostore"
	"jalon.dev/services/directory/internal/roster"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

const (
	importsShown = 20
	importsMost  = 100
	// problemsShared is how many problems a list of imports shows in all, a fair share each, so that it fits into a message:
	// a list of one shows all that are kept.
	problemsShared = 2000
	// problemBytes is how long the problems of one answer may be together: half of what callers take, since cutting keeps the
	// gravest, which may be the longest.
	problemBytes = rpc.MaxImportBytes / 2
)

// ImportPeople takes an HR file in.
func (h *Handler) ImportPeople(ctx context.Context, req *directoryv1.ImportPeopleRequest) (*directoryv1.ImportPeopleResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceImportPeopleProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	asOf, err := clock.ParseDate(req.GetAsOf())
	if err != nil {
		return nil, rpc.InvalidField("as_of", "must be a date of the calendar, written YYYY-MM-DD")
	}
	result, err := h.importer.Import(ctx, applying.Request{
		File: req.GetFile(), FileName: req.GetFileName(), AsOf: asOf, DryRun: req.GetDryRun(),
		SkipRejected: req.GetSkipRejected(), Full: req.GetFull(), Confirm: confirmation(req),
	})
	if err != nil {
		return nil, busy(err)
	}
	return &directoryv1.ImportPeopleResponse{Report: reportOf(result)}, nil
}

func confirmation(req *directoryv1.ImportPeopleRequest) importing.Confirmation {
	c := importing.Confirmation{Shown: req.GetConfirm()}
	for _, name := range req.GetConfirmGuards() {
		c.Named = append(c.Named, importing.Guard(name))
	}
	return c
}

// busy tells who comes at a bad time to come again.
func busy(err error) error {
	if errors.Is(err, mongostore.ErrBusy) {
		return connect.NewError(connect.CodeAborted, errors.New("another import is running: try again when it has ended"))
	}
	return err
}

func reportOf(r applying.Result) *directoryv1.ImportReport {
	out := report(r.Import, outcome(r))
	if r.Reading == nil {
		return out
	}
	out.Reading = &directoryv1.FileReading{
		Encoding: string(r.Reading.Encoding), Delimiter: string(r.Reading.Delimiter), DateOrder: r.Reading.DateOrder,
	}
	for _, c := range r.Reading.Columns {
		out.Reading.Columns = append(out.Reading.Columns, &directoryv1.ColumnReading{Header: c.Header, Field: c.Field, Example: c.Example})
	}
	return out
}

func outcome(r applying.Result) directoryv1.ImportReport_Outcome {
	switch {
	case r.DryRun:
		return directoryv1.ImportReport_OUTCOME_DRY_RUN
	case r.Refused:
		return directoryv1.ImportReport_OUTCOME_REFUSED
	default:
		return directoryv1.ImportReport_OUTCOME_APPLIED
	}
}

// ListImports tells of accepted imports.
func (h *Handler) ListImports(ctx context.Context, req *directoryv1.ListImportsRequest) (*directoryv1.ListImportsResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceListImportsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	size, err := rpc.PageSize(req.GetPageSize(), importsShown, importsMost)
	if err != nil {
		return nil, err
	}
	of := mongostore.OfPeople
	if req.GetUnits() {
		of = mongostore.OfUnits
	}
	imports, err := h.store.Imports(ctx, of, size)
	if err != nil {
		return nil, err
	}
	res := &directoryv1.ListImportsResponse{}
	for _, i := range imports {
		i.Report.Problems = i.Report.Foremost(problemsShared / size)
		res.Imports = append(res.Imports, report(i, directoryv1.ImportReport_OUTCOME_APPLIED))
	}
	return res, nil
}

func report(i mongostore.Import, outcome directoryv1.ImportReport_Outcome) *directoryv1.ImportReport {
	r := i.Report
	out := &directoryv1.ImportReport{
		ImportId: i.ID, Outcome: outcome, AsOf: r.AsOf.String(), Baseline: r.Baseline,
		Added: int32(r.Added), Changed: int32(r.Changed), Moved: int32(r.Moved), Ended: int32(r.Ended), Unchanged: int32(r.Unchanged),
		Rejected: int32(r.Rejected), Warnings: int32(r.Warnings), Absent: int32(r.Absent),
		FileName: i.FileName, ImportedAt: i.ImportedAt.Format(time.RFC3339),
	}
	out.Problems = problems(r, problemBytes)
	if r.Refusal != nil {
		out.Refusal = problem(*r.Refusal)
	}
	for _, w := range r.Guards {
		out.Guards = append(out.Guards, &directoryv1.ImportGuard{Name: string(w.Guard), Problem: problem(w.Problem), Confirmed: w.Confirmed})
	}
	return out
}

// problems are all that is wrong; where that is longer than most bytes, as many of the foremost.
func problems(r importing.Report, most int) (told []*directoryv1.ImportProblem) {
	fit := 0
	for size := 0; fit < len(r.Problems); fit++ {
		if size += proto.Size(problem(r.Problems[fit])); size > most {
			break
		}
	}
	for _, p := range r.Foremost(fit) {
		told = append(told, problem(p))
	}
	return told
}

func problem(p roster.Problem) *directoryv1.ImportProblem {
	severity := directoryv1.ImportProblem_SEVERITY_WARNING
	if p.Severity == roster.Rejected {
		severity = directoryv1.ImportProblem_SEVERITY_REJECTED
	}
	return &directoryv1.ImportProblem{
		Severity: severity, Line: int32(p.Line), Column: p.Column, Code: string(p.Code),
		Value: p.Value, Expected: p.Expected, Reason: p.Reason,
	}
}
