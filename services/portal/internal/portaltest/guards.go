package portaltest

import (
	"bytes"
	"slices"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// guarded lets two guards that refuse and one that holds back speak of a file that begins with "clean guarded", as directory does.
func guarded(report *directoryv1.ImportReport, req *directoryv1.ImportPeopleRequest) {
	if req.GetAsOf() > "2026-11-04" {
		report.Refusal = &directoryv1.ImportProblem{Code: "file_ahead", Expected: "2026-11-04", Reason: "In English."}
		return
	}
	if !bytes.HasPrefix(req.GetFile(), []byte("clean guarded")) {
		return
	}
	for _, g := range [][2]string{{"older", "file_older"}, {"moves", "moves_too_many"}, {"unnamed", "absence_held"}} {
		guard := &directoryv1.ImportGuard{
			Name: g[0], Problem: &directoryv1.ImportProblem{Code: g[1], Reason: "In English."}, Confirmed: slices.Contains(req.GetConfirmGuards(), g[0]),
		}
		report.Guards = append(report.Guards, guard)
		if !guard.GetConfirmed() && g[0] != "unnamed" && report.GetRefusal() == nil {
			report.Refusal = guard.GetProblem()
		}
	}
}
