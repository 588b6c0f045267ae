package rpc

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"jalon.dev/pkg/people"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/customers"
	"jalon.dev/services/barometer/internal/mongostore"
)

// ImportCustomers reads a file of the panel, and keeps it unless there is a reason not to.
func (h Customers) ImportCustomers(ctx context.Context, req *barometerv1.ImportCustomersRequest) (*barometerv1.ImportCustomersResponse, error) {
	if err := allow(ctx, barometerv1connect.CustomersServiceImportCustomersProcedure); err != nil {
		return nil, err
	}
	units, err := h.Results.Register.Units(ctx)
	if err != nil {
		return nil, err
	}
	report := &barometerv1.CustomersReport{Outcome: barometerv1.CustomersReport_OUTCOME_REFUSED, FileName: req.GetFileName()}
	res := &barometerv1.ImportCustomersResponse{Report: report}
	read, err := customers.Read(bytes.NewReader(req.GetFile()), knownStores(units))
	if refusal := new(customers.RefusalError); errors.As(err, &refusal) {
		report.Refusals = problemViews(refusal.Problems)
		return res, nil
	}
	if err != nil {
		return nil, err
	}
	report.Accepted, report.Repeated = int32(read.Accepted), int32(read.Repeated)
	report.Rejected, report.Warnings = int32(read.Rejected), int32(read.Warnings)
	report.Problems, report.UnknownStores = problemViews(read.Problems), unknownStores(read.Problems)
	changed, err := h.compareWaves(ctx, report, read)
	if err != nil {
		return nil, err
	}
	switch {
	case req.GetDryRun():
		report.Outcome = barometerv1.CustomersReport_OUTCOME_DRY_RUN
		return res, nil
	case read.Refused(req.GetSkipRejected()), report.GetReplaces() && !req.GetReplace():
		return res, nil
	}
	if err := h.Kept.Keep(ctx, h.Results.Clock.Now(), req.GetFileName(), changed); err != nil {
		return nil, err
	}
	report.Outcome = barometerv1.CustomersReport_OUTCOME_APPLIED
	return res, nil
}

func knownStores(units []people.Unit) (stores []customers.Store) {
	for _, u := range units {
		if u.Kind == kindStore {
			stores = append(stores, customers.Store{ID: u.ID, Name: u.Name, Code: u.Code})
		}
	}
	return stores
}

// compareWaves tells of each wave of a file what is kept of it already, and returns the counts of those that would change something.
func (h Customers) compareWaves(ctx context.Context, report *barometerv1.CustomersReport, read customers.Report) (changed []customers.Counts, err error) {
	kept, err := h.Kept.Waves(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range read.Waves() {
		_, placed := name.Period()
		view := &barometerv1.WaveReport{Name: string(name), Placed: placed}
		report.Waves = append(report.Waves, view)
		var theirs []customers.Counts
		for _, c := range read.Counts { // in order of wave and store
			if c.Wave == name {
				theirs = append(theirs, c)
				view.Stores++
				view.Respondents += int32(c.Respondents)
			}
		}
		if at := slices.IndexFunc(kept, func(w mongostore.Wave) bool { return w.Name == name }); at >= 0 {
			ours, err := h.Kept.Of(ctx, kept[at])
			if err != nil {
				return nil, err
			}
			slices.SortFunc(ours, func(a, b customers.Counts) int { return strings.Compare(a.StoreID, b.StoreID) })
			view.Known, view.Unchanged = true, slices.Equal(ours, theirs)
			view.KnownStores, view.KnownRespondents = int32(kept[at].Stores), int32(kept[at].Respondents)
			report.Replaces = report.GetReplaces() || !view.GetUnchanged()
		}
		if !view.GetUnchanged() {
			changed = append(changed, theirs...)
		}
	}
	return changed, nil
}

// unknownStores are how the file calls stores that nobody knows, each once.
func unknownStores(problems []customers.Problem) (names []string) {
	for _, p := range problems {
		if p.Code == customers.StoreUnknown && !slices.Contains(names, p.Value) {
			names = append(names, p.Value)
		}
	}
	return names
}

var severities = map[customers.Severity]barometerv1.CustomersProblem_Severity{
	customers.Rejected: barometerv1.CustomersProblem_SEVERITY_REJECTED,
	customers.Warning:  barometerv1.CustomersProblem_SEVERITY_WARNING,
}

func problemViews(problems []customers.Problem) (views []*barometerv1.CustomersProblem) {
	for _, p := range problems {
		views = append(views, &barometerv1.CustomersProblem{
			Severity: severities[p.Severity], Line: int32(p.Line), Column: p.Column, Code: string(p.Code), Value: p.Value, Expected: p.Expected,
			Reason: p.Reason(),
		})
	}
	return views
}
