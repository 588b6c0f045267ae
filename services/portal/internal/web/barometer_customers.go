package web

import (
	"net/http"
	"strconv"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/page"
)

func wholeYear(b *barometerv1.Benchmark) string { return strconv.Itoa(int(b.GetYear())) }

// besideResults puts what customers said of a unit, and the values from elsewhere, beside the unit's results.
func (s *Site) besideResults(r *http.Request, res *barometerv1.GetResultsResponse, open func([]*barometerv1.UnitName) bool, view *page.BarometerResults) error {
	words := visitorOf(r).frame().Words
	list, err := s.Peers.Customers().ListBenchmarks(r.Context(), &barometerv1.ListBenchmarksRequest{Language: words.Lang})
	if err != nil {
		return err
	}
	elsewhere := marksOf(words, list.GetBenchmarks())
	for i := range view.Themes {
		view.Themes[i].Bar.Marks = elsewhere[view.Themes[i].Code]
		view.Marked = view.Marked || len(view.Themes[i].Bar.Marks) > 0
	}
	unit := res.GetPath()[len(res.GetPath())-1]
	from := unit // which is being read; those above show more stores
	for i, above := range res.GetPath() {
		if open(res.GetPath()[:i+1]) {
			from = above
			break
		}
	}
	crossing := crossingHref(from.GetId(), res.GetEditionId(), unit)
	if unit.GetKind() == "company" {
		view.Crossing = crossing // of the whole company, its stores say more
		return nil
	}
	said, err := s.Peers.Customers().GetCustomers(r.Context(), &barometerv1.GetCustomersRequest{UnitId: unit.GetId()})
	if rpc.Is(err, connect.CodeNotFound) || rpc.Is(err, connect.CodePermissionDenied) { // it is no unit any more, or another's today
		return nil
	}
	if err != nil {
		return err
	}
	if view.Customers = customersSection(words, said, elsewhere); view.Customers != nil {
		view.Crossing = crossing
	}
	return nil
}
