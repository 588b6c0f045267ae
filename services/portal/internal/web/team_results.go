package web

import (
	"net/http"
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/services/portal/internal/page"
)

// teamResults shows a manager what the people of a unit answered whom the manager leads alone; see people.Register.Leads.
func (s *Site) teamResults(w http.ResponseWriter, r *http.Request) error {
	led, err := s.People.LedUnits(r.Context(), visitorOf(r).session.PersonID, clock.DateOf(s.now(), s.Zone))
	if err != nil {
		return err
	}
	view := page.ResultsView{Address: "/team/results"}
	if len(led) == 0 {
		return s.show(w, r, page.TeamResults(view))
	}
	words := visitorOf(r).frame().Words
	slices.SortFunc(led, func(a, b people.Unit) int { return words.Compare(a.Name, b.Name) })
	chosen := max(slices.IndexFunc(led, func(u people.Unit) bool { return u.ID == r.FormValue("unit") }), 0)
	for i, unit := range led {
		view.Units = append(view.Units, page.Choice{Value: unit.ID, Label: unit.Name, Chosen: i == chosen})
	}
	if _, err := s.fillResults(r, &view, led[chosen].ID); err != nil {
		return err
	}
	return s.show(w, r, page.TeamResults(view))
}
