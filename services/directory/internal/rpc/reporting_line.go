package rpc

import (
	"context"
	"fmt"
	"slices"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/mongostore"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/unit"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// highest is how many managers are followed upwards at most: no company is taller, and a circle, which no import makes, ends too.
const highest = 30

// GetReportingLine tells to whom a person reports, up to the top, and who reports to them. Whoever sees some units only is told
// the managers' names in any case, as on the person's own page, and of the reports those whom they see.
func (h *Handler) GetReportingLine(ctx context.Context, req *directoryv1.GetReportingLineRequest) (*directoryv1.GetReportingLineResponse, error) {
	const procedure = directoryv1connect.DirectoryServiceGetReportingLineProcedure
	found, err := h.store.Get(ctx, []string{req.GetPersonId()})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("reading the reporting line of person %s: %w", req.GetPersonId(), mongodb.ErrNotFound)
	}
	tree, err := h.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	someone := found[0]
	subject := policy.Subject{PersonID: someone.ID, ManagerID: someone.ManagerID, UnitPath: tree.Path(someone.UnitID)}
	if err := allow(ctx, procedure, subject); err != nil {
		return nil, err
	}
	sees, err := within(ctx, procedure, policy.Subject{})
	if err != nil {
		return nil, err
	}
	res := &directoryv1.GetReportingLineResponse{}
	managers, err := h.managersAbove(ctx, someone)
	if err != nil {
		return nil, err
	}
	for _, m := range managers {
		res.Managers = append(res.Managers, card(m, tree))
	}
	return res, h.reports(ctx, req, res, sees, tree)
}

func (h *Handler) managersAbove(ctx context.Context, someone person.Person) ([]person.Person, error) {
	var line []person.Person
	passed := []string{someone.ID}
	for id := someone.ManagerID; id != "" && !slices.Contains(passed, id) && len(line) < highest; {
		found, err := h.store.Get(ctx, []string{id})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			break
		}
		line, passed, id = append(line, found[0]), append(passed, id), found[0].ManagerID
	}
	return line, nil
}

// reports adds one page of the people who report to the person, and how many report to each of these.
func (h *Handler) reports(
	ctx context.Context, req *directoryv1.GetReportingLineRequest, res *directoryv1.GetReportingLineResponse, sees []string, tree *unit.Tree,
) error {
	size, err := rpc.PageSize(req.GetPageSize(), peopleShown, peopleMost)
	if err != nil {
		return err
	}
	asked := fmt.Sprintf("line %q %q", req.GetPersonId(), sees)
	after, err := mongodb.ParsePageToken(req.GetPageToken(), asked, 2)
	if err != nil {
		return rpc.InvalidField("page_token", "%s", err)
	}
	search := mongostore.Search{ManagerID: req.GetPersonId(), StillOn: h.today(), Units: narrow(nil, sees, tree)}
	people, last, err := h.store.List(ctx, search, after, size)
	if err != nil {
		return err
	}
	total, err := h.store.Count(ctx, search)
	if err != nil {
		return err
	}
	res.TotalSize = int32(total)
	if last != nil {
		if res.NextPageToken, err = mongodb.PageToken(asked, last...); err != nil {
			return err
		}
	}
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
		res.Reports = append(res.Reports, card(p, tree))
	}
	res.ReportCounts, err = h.store.CountReports(ctx, ids, h.today())
	return err
}
