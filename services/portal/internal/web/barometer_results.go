package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/page"
)

// barometerResultsPage is where what was published is read.
const barometerResultsPage = "/barometer/results"

// errNothingToRead says that there is no publication, or none that the reader may read.
var errNothingToRead = errors.New("nothing is published for the reader")

// barometerOf shows what was published of a unit: the one of the address, or the reader's own.
func (s *Site) barometerOf(w http.ResponseWriter, r *http.Request) error {
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
	want := heatChoice{theme: clip(r.FormValue("theme"), 40), query: strings.TrimSpace(clip(r.FormValue("q"), 100)), from: offset(r.FormValue("from"))}
	res, err := s.publishedOf(r, own, want.request())
	if errors.Is(err, errNothingToRead) {
		return s.show(w, r, page.BarometerNone(page.BarometerResults{Console: console}))
	}
	if err != nil {
		return err
	}
	open := readable(r, own)
	view := barometerView(visitorOf(r).frame().Words, res, open, want)
	if err := s.besideResults(r, res, open, &view); err != nil {
		return err
	}
	view.Console = console
	for _, p := range published.GetPublications() {
		view.Editions = append(view.Editions, page.Choice{Value: p.GetEditionId(), Label: p.GetName(), Chosen: p.GetEditionId() == res.GetEditionId()})
	}
	apart := s.topmost(r.Context(), own)
	for _, id := range apart {
		if name := s.unitName(r.Context(), id); name != "" && len(apart) > 1 {
			view.Own = append(view.Own, page.Choice{Value: resultsHref(id, res.GetEditionId(), ""), Label: name, Chosen: id == view.Unit})
		}
	}
	return s.show(w, r, page.BarometerOf(view))
}

// publishedOf are the results of the unit of the address. Where it names none, they are the company's for HR, and for others those of
// the first of their units of which there are some. Of the units below there are those that are wanted, or all.
func (s *Site) publishedOf(r *http.Request, own []string, below *barometerv1.BelowWanted) (*barometerv1.GetResultsResponse, error) {
	get := func(unit string) (*barometerv1.GetResultsResponse, error) {
		return s.Peers.Results().GetResults(r.Context(), &barometerv1.GetResultsRequest{
			EditionId: r.FormValue("edition"), UnitId: unit, Language: visitorOf(r).frame().Words.Lang, Below: below,
		})
	}
	actor, _ := identity.FromContext(r.Context())
	if unit := r.FormValue("unit"); unit != "" || actor.Has(identity.HR) {
		return get(unit)
	}
	for _, unit := range own {
		res, err := get(unit)
		// A unit that is younger than the edition is none of it.
		if rpc.Is(err, connect.CodeNotFound) || rpc.Is(err, connect.CodePermissionDenied) {
			continue
		}
		return res, err
	}
	return nil, errNothingToRead
}

// unitsToRead are those over which the reader was granted a look, and those that they lead. HR of the company reads from the top.
func (s *Site) unitsToRead(r *http.Request) ([]string, error) {
	actor, _ := identity.FromContext(r.Context())
	if actor.Has(identity.HR) {
		return nil, nil
	}
	units := ownUnits(actor)
	led, err := s.People.LedUnits(r.Context(), actor.PersonID, clock.DateOf(s.now(), s.Zone))
	if err != nil {
		return nil, err
	}
	for _, unit := range slices.Backward(led) { // those above come after those below
		if !slices.Contains(units, unit.ID) {
			units = append(units, unit.ID)
		}
	}
	return units, nil
}

// readable tells of a path from the company down which of its units open for the reader: their own, and what is below them. The
// service decides; this only keeps links from leading nowhere. A unit that one leads opens without those below it.
func readable(r *http.Request, own []string) func(path []*barometerv1.UnitName) bool {
	actor, _ := identity.FromContext(r.Context())
	granted := ownUnits(actor)
	return func(path []*barometerv1.UnitName) bool {
		if actor.Has(identity.HR) {
			return true
		}
		for i, unit := range path {
			if slices.Contains(granted, unit.GetId()) || i == len(path)-1 && slices.Contains(own, unit.GetId()) {
				return true
			}
		}
		return false
	}
}

// resultsHref leads to a unit's results in an edition, by a theme where one was chosen.
func resultsHref(unit, edition, theme string) string {
	return barometerResultsPage + "?" + resultsQuery(unit, edition, theme).Encode()
}

func resultsQuery(unit, edition, theme string) url.Values {
	query := url.Values{"unit": {unit}, "edition": {edition}}
	if theme != "" {
		query.Set("theme", theme)
	}
	return query
}
