package portaltest

import (
	"context"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// GetHistory is a working life with something of everything.
func (d directory) GetHistory(context.Context, *directoryv1.GetHistoryRequest) (*directoryv1.GetHistoryResponse, error) {
	if d.Now().Empty {
		return &directoryv1.GetHistoryResponse{}, nil
	}
	entry := func(on, noted, what, from, to string) *directoryv1.HistoryEntry {
		return &directoryv1.HistoryEntry{On: on, NotedOn: noted, What: what, From: from, To: to}
	}
	return &directoryv1.GetHistoryResponse{
		AwayFrom: "2026-10-05", AwayUntil: "2026-11-27",
		Entries: []*directoryv1.HistoryEntry{
			entry("2019-09-02", "2026-01-05", "hired", "", Rennes),
			entry("2026-01-05", "2026-01-05", "corrected", "2019-09-12", "2019-09-02"),
			entry("2026-02-02", "2026-02-02", "moved", Rennes, Nantes),
			entry("2026-02-02", "2026-02-02", "manager_changed", Jeanne, Karim),
			entry("2026-03-01", "2026-03-02", "promoted", "Vendeuse", `<b>Responsable</b> de rayon`),
			entry("2026-04-06", "2026-04-06", "job_changed", "Responsable", "Responsable montagne"),
			entry("2026-05-04", "2026-05-04", "on_leave", "", "2026-06-30"),
			entry("2026-07-01", "2026-07-06", "returned", "2026-05-04", ""),
			entry("2026-08-03", "2026-08-03", "stayed", "2026-12-31", ""),
			entry("2026-09-07", "2026-09-07", "leave_changed", "2026-10-01", "2026-10-05"),
			entry("2026-09-14", "2026-09-14", "manager_changed", Karim, "somebody-erased"),
			entry("2027-01-31", "2026-10-05", "left", "", "2027-01-31"),
		},
	}, nil
}
