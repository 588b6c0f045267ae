package web

import (
	"errors"
	"net/http"
	"net/url"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/page"
)

// crossingPage is where what employees say is read beside what customers say.
const crossingPage = barometerResultsPage + "/customers"

// crossing puts a theme beside a question of customers, store by store.
func (s *Site) crossing(w http.ResponseWriter, r *http.Request) error {
	console := visitorOf(r).frame().Viewer.HR
	published, err := s.Peers.Results().ListPublications(r.Context(), &barometerv1.ListPublicationsRequest{})
	if err != nil {
		return err
	}
	if len(published.GetPublications()) == 0 {
		return s.show(w, r, page.BarometerNone(page.BarometerResults{Console: console, Unpublished: true}))
	}
	own, err := s.unitsToRead(r)
	if err != nil {
		return err
	}
	res, err := s.crossingOf(r, own)
	if errors.Is(err, errNothingToRead) {
		return s.show(w, r, page.BarometerNone(page.BarometerResults{Console: console}))
	}
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	view := crossingView(words, res, crossingChoice{
		wave: r.FormValue("wave"), store: r.FormValue("store"), query: clip(r.FormValue("q"), 100), from: offset(r.FormValue("from")),
	})
	open := readable(r, own)
	for i, above := range res.GetPath() {
		step := page.Crumb{Name: above.GetName()}
		if open(res.GetPath()[:i+1]) {
			step.Href = resultsHref(above.GetId(), res.GetEditionId(), "")
		}
		view.Path = append(view.Path, step)
	}
	view.Console = console
	for _, p := range published.GetPublications() {
		view.Editions = append(view.Editions, page.Choice{Value: p.GetEditionId(), Label: p.GetName(), Chosen: p.GetEditionId() == res.GetEditionId()})
	}
	return s.show(w, r, page.Crossing(view))
}

// crossingOf is the crossing as seen from the unit of the address. Where it names none, it is seen from the company by HR, and by others
// from the first of their units that has one.
func (s *Site) crossingOf(r *http.Request, own []string) (*barometerv1.GetCrossingResponse, error) {
	get := func(unit string) (*barometerv1.GetCrossingResponse, error) {
		return s.Peers.Customers().GetCrossing(r.Context(), &barometerv1.GetCrossingRequest{
			EditionId: r.FormValue("edition"), UnitId: unit, Theme: r.FormValue("theme"), Question: r.FormValue("question"), Wave: r.FormValue("wave"),
			Language: visitorOf(r).frame().Words.Lang,
		})
	}
	actor, _ := identity.FromContext(r.Context())
	if unit := r.FormValue("unit"); unit != "" || actor.Has(identity.HR) {
		return get(unit)
	}
	for _, unit := range own {
		res, err := get(unit)
		if rpc.Is(err, connect.CodeNotFound) || rpc.Is(err, connect.CodePermissionDenied) {
			continue
		}
		return res, err
	}
	return nil, errNothingToRead
}

// crossingHref leads to the crossing as seen from a unit; where the page comes from a store, that one is marked.
func crossingHref(from, edition string, of *barometerv1.UnitName) string {
	query := url.Values{"unit": {from}, "edition": {edition}}
	if of.GetKind() == "store" {
		query.Set("store", of.GetId())
	}
	return crossingPage + "?" + query.Encode()
}
