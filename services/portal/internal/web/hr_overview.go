package web

import (
	"context"
	"net/http"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	latestShown  = 6
	importsShown = 4
	// A month's moments are counted page by page; beyond this many the tile says "and more".
	countPage  = 200
	countPages = 10
)

// hrOverview gathers a figure from each service; one that does not answer leaves its figure out.
func (s *Site) hrOverview(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	view := page.HROverviewView{ShareHint: words.T("hr.tile_share_hint")}
	gone := func(part string, err error) bool {
		// What the reader's role does not open is no part of this reader's page; nothing is missing.
		if err != nil && !refused(err) {
			view.Gone = append(view.Gone, s.missing(part, err))
		}
		return err != nil
	}

	people, err := s.Peers.Directory().ListPeople(ctx, &directoryv1.ListPeopleRequest{PageSize: 1})
	if !gone("people", err) {
		view.People = words.Number(int(people.GetTotalSize()))
	}
	if list, err := s.Peers.Directory().ListImports(ctx, &directoryv1.ListImportsRequest{PageSize: importsShown}); !gone("imports", err) {
		view.Imports = importRows(words, s.peopleFiles().FileKind, list.GetImports())
	}
	if err := s.overviewMoments(ctx, words, &view); !gone("moments", err) && view.Moments == "" {
		view.Moments = words.Number(0)
	}
	share, err := s.overallShare(ctx, words)
	if !gone("results", err) {
		if view.Share = share; share == "" {
			view.ShareHint = words.T("hr.tile_share_few")
		}
	}
	if rhythm, err := s.rhythmTotals(ctx, words); !gone("rhythm", err) {
		view.Rhythm = rhythm
	}
	if totals, err := s.mailTotals(ctx, words); !gone("mails", err) {
		view.Mails = totals
	}
	cells, err := s.Peers.Barometer().ListCells(ctx, &barometerv1.ListCellsRequest{})
	if !gone("cells", err) {
		view.Cells = words.Number(len(cells.GetCells()))
	}
	return s.show(w, r, page.HROverview(view))
}

func (s *Site) overviewMoments(ctx context.Context, words *i18n.Words, view *page.HROverviewView) error {
	now := s.now().In(words.Zone())
	monthStart := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, words.Zone())
	request := &momentsv1.ListMomentsRequest{PageSize: countPage}
	count := 0
	for range countPages {
		list, err := s.Peers.Moments().ListMoments(ctx, request)
		if err != nil {
			return err
		}
		if request.GetPageToken() == "" {
			if view.Latest, err = s.momentRows(ctx, words, list.GetMoments()[:min(latestShown, len(list.GetMoments()))]); err != nil {
				return err
			}
		}
		fresh := 0
		for _, moment := range list.GetMoments() {
			if at, err := time.Parse(time.RFC3339, moment.GetOpenedAt()); err == nil && !at.Before(monthStart) {
				fresh++
			}
		}
		count += fresh
		request.PageToken = list.GetNextPageToken()
		if request.GetPageToken() == "" || fresh == 0 {
			view.Moments = words.Number(count)
			return nil
		}
	}
	view.Moments = words.Number(count) + "+"
	return nil
}

// overallShare sums what may be shown; empty when nothing may.
func (s *Site) overallShare(ctx context.Context, words *i18n.Words) (string, error) {
	catalogue, err := s.Peers.Moments().ListKeyMoments(ctx, &momentsv1.ListKeyMomentsRequest{})
	if err != nil {
		return "", err
	}
	var responses, invited int32
	for _, keyMoment := range catalogue.GetKeyMoments() {
		results, err := s.Peers.Moments().GetResults(ctx, &momentsv1.GetResultsRequest{KeyMoment: keyMoment.GetCode(), Language: words.Lang})
		if rpc.Is(err, connect.CodeNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if !results.GetTooFew() {
			responses += results.GetResponses()
			invited += results.GetInvited()
		}
	}
	if invited == 0 {
		return "", nil
	}
	return words.Percent(float64(responses) / float64(invited)), nil
}

func importRows(words *i18n.Words, kind page.FileKind, imports []*directoryv1.ImportReport) []page.ImportRow {
	var rows []page.ImportRow
	for _, report := range imports {
		rows = append(rows, page.ImportRow{
			At: words.Instant(report.GetImportedAt()),
			Words: words.T(kind.Texts+".line",
				"Added", words.Number(int(report.GetAdded())), "Moved", words.Number(int(report.GetMoved())),
				"Ended", words.Number(int(report.GetEnded())), "Changed", words.Number(int(report.GetChanged()))),
		})
	}
	return rows
}

func (s *Site) hrBarometer(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	cells, err := s.Peers.Barometer().ListCells(r.Context(), &barometerv1.ListCellsRequest{})
	if err != nil {
		return s.show(w, r, page.Barometer(page.BarometerView{Failed: s.missing("cells", err) != ""}))
	}
	view := page.BarometerView{
		Eligible: int(cells.GetEligible()), Minimum: int(cells.GetMinimum()), TooFew: cells.GetTooFew(), AsOf: words.Instant(cells.GetAsOf()),
	}
	if view.Editions, err = s.editionRows(r); err != nil {
		return s.show(w, r, page.Barometer(page.BarometerView{Failed: s.missing("editions", err) != ""}))
	}
	for _, cell := range inTreeOrder(words, cells.GetCells()) {
		names := make([]string, 0, len(cell.GetMerged()))
		for _, unit := range cell.GetMerged() {
			names = append(names, unit.GetUnitName())
		}
		view.Cells = append(view.Cells, page.CellView{
			Name: cell.GetUnitName(), Kind: words.Or("unit_kind."+cell.GetUnitKind(), ""), Depth: max(len(cell.GetUnitPath())-1, 0),
			Eligible: int(cell.GetEligible()), Merged: words.List(names), Count: len(names),
		})
	}
	return s.show(w, r, page.Barometer(view))
}

func pageToken(r *http.Request) string { return clip(r.FormValue("page"), 1000) }
