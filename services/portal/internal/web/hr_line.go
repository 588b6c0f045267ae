package web

import (
	"context"
	"slices"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/page"
)

// reportsListed are listed on a person's page, and reportsShown at once; the list of people has the rest.
const (
	reportsListed = 100
	reportsShown  = 8
)

// line is to whom a person reports, and who reports to them: each of them leads to a page with a line of its own.
func (s *Site) line(ctx context.Context, person string) (page.LineView, error) {
	line, err := s.Peers.Directory().GetReportingLine(ctx, &directoryv1.GetReportingLineRequest{PersonId: person, PageSize: reportsListed})
	if err != nil {
		return page.LineView{}, err
	}
	view := page.LineView{Total: int(line.GetTotalSize())}
	for _, manager := range slices.Backward(line.GetManagers()) {
		view.Managers = append(view.Managers, page.Person{ID: manager.GetId(), Name: fullName(manager), JobTitle: manager.GetJobTitle()})
	}
	for i, report := range line.GetReports() {
		row := page.LineRow{
			Person:  page.Person{ID: report.GetId(), Name: fullName(report), JobTitle: report.GetJobTitle()},
			Reports: int(line.GetReportCounts()[report.GetId()]),
		}
		if i < reportsShown {
			view.Reports = append(view.Reports, row)
		} else {
			view.More = append(view.More, row)
		}
	}
	return view, nil
}
