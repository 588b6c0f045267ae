package portaltest

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// GetReportingLine follows the managers of the sample's cards.
func (d directory) GetReportingLine(_ context.Context, req *directoryv1.GetReportingLineRequest) (*directoryv1.GetReportingLineResponse, error) {
	byID := map[string]*directoryv1.PersonCard{}
	answer := &directoryv1.GetReportingLineResponse{ReportCounts: map[string]int32{}}
	for _, card := range Cards {
		byID[card.GetId()] = card
		if card.GetManagerId() == req.GetPersonId() && !d.Now().Empty {
			answer.Reports = append(answer.Reports, card)
			answer.TotalSize++
		}
	}
	for _, report := range answer.GetReports() {
		for _, card := range Cards {
			if card.GetManagerId() == report.GetId() {
				answer.ReportCounts[report.GetId()]++
			}
		}
	}
	answer.TotalSize += d.Now().MoreReports
	someone := byID[req.GetPersonId()]
	if someone == nil {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such person"))
	}
	for up := byID[someone.GetManagerId()]; up != nil; up = byID[up.GetManagerId()] {
		answer.Managers = append(answer.Managers, up)
	}
	return answer, nil
}
