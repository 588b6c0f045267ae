package web

import (
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/page"
)

const teamMomentsBase = "/team/moments/"

// teamMoments is where a manager finds what to prepare, and what was just declared.
func (s *Site) teamMoments(w http.ResponseWriter, r *http.Request) error {
	catalogue, err := s.catalogue(r, teamMomentsBase)
	if err != nil {
		return err
	}
	view := page.TeamMomentsView{Catalogue: catalogue, Cancelled: r.URL.Query().Has("cancelled")}
	if id := r.URL.Query().Get("declared"); id != "" {
		found, err := s.Peers.Moments().GetMoment(r.Context(), &momentsv1.GetMomentRequest{MomentId: id})
		if err != nil {
			return err
		}
		rows, err := s.momentRows(r.Context(), visitorOf(r).frame().Words, []*momentsv1.MomentView{found.GetMoment()})
		if err != nil {
			return err
		}
		view.Declared, view.MayCancel = &rows[0], found.GetMoment().GetCanCancel()
	}
	return s.show(w, r, page.TeamMoments(view))
}

// teamKeyMoment is what a manager prepares for one key moment, and the form that declares it.
func (s *Site) teamKeyMoment(w http.ResponseWriter, r *http.Request) error {
	return s.showTeamKeyMoment(w, r, page.DeclareView{On: s.today(r)})
}

func (s *Site) showTeamKeyMoment(w http.ResponseWriter, r *http.Request, form page.DeclareView) error {
	words := visitorOf(r).frame().Words
	view, entry, err := s.keyMoment(r)
	if err != nil {
		return err
	}
	view.Back, view.BackWords, view.Section = "/team/moments", words.T("team_moments.title"), "team"
	form.Action, form.Collective = teamMomentsBase+entry.GetCode(), entry.GetCollective()
	if form.People, form.Units, err = s.ownTeam(r); err != nil {
		return err
	}
	view.Declare = form
	return s.show(w, r, page.KeyMoment(view))
}

// ownTeam are the manager's reports, and the units in which they work.
func (s *Site) ownTeam(r *http.Request) (reports, units []page.Choice, err error) {
	people, err := s.People.Reports(r.Context(), visitorOf(r).session.PersonID)
	if err != nil {
		return nil, nil, err
	}
	var ids, paths []string
	for _, person := range people {
		if !s.hasLeft(person) {
			ids = append(ids, person.ID)
			paths = append(paths, person.UnitPath...)
		}
	}
	cards, err := s.cards(r.Context(), ids...)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		if person := personOf(cards, id); person.Name != "" {
			reports = append(reports, page.Choice{Value: id, Label: person.Name, Chosen: id == r.FormValue("person")})
		}
	}
	words := visitorOf(r).frame().Words
	slices.SortFunc(reports, byLabel(words))
	slices.Sort(paths)
	for _, id := range slices.Compact(paths) {
		unit, err := s.People.Unit(r.Context(), id)
		if err != nil || unit.Kind == "company" {
			continue // what is not known yet cannot be chosen
		}
		units = append(units, page.Choice{Value: id, Label: unit.Name, Chosen: id == r.FormValue("unit")})
	}
	slices.SortFunc(units, byLabel(words))
	return reports, units, nil
}

// teamDeclare opens a moment that a manager declares of their own team.
func (s *Site) teamDeclare(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	form := page.DeclareView{On: r.PostFormValue("on"), Problems: map[string]string{}}
	request := &momentsv1.DeclareMomentRequest{
		KeyMoment: r.PathValue("code"), HappensOn: form.On, PersonId: r.PostFormValue("person"), UnitId: r.PostFormValue("unit"),
	}
	if request.GetPersonId() == "" && request.GetUnitId() == "" {
		form.Problems["who"] = words.T("declare.who_wrong")
		return s.showTeamKeyMoment(w, r, form)
	}
	declared, err := s.Peers.Moments().DeclareMoment(r.Context(), request)
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		form.Problems = declareProblems(words, err)
		return s.showTeamKeyMoment(w, r, form)
	case rpc.Is(err, connect.CodePermissionDenied) && request.GetUnitId() != "":
		form.Problems["who"] = words.T("declare.unit_not_yours")
		return s.showTeamKeyMoment(w, r, form)
	case err != nil:
		return err
	}
	if declared.GetCancelled() {
		form.Problems["on"] = words.T("declare.cancelled")
		return s.showTeamKeyMoment(w, r, form)
	}
	http.Redirect(w, r, "/team/moments?declared="+declared.GetMomentId(), http.StatusSeeOther)
	return nil
}

// teamCancel takes back what the manager declared.
func (s *Site) teamCancel(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Peers.Moments().CancelMoment(r.Context(), &momentsv1.CancelMomentRequest{
		MomentId: r.PathValue("id"), Reason: clip(strings.TrimSpace(r.PostFormValue("reason")), 300),
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/team/moments?cancelled", http.StatusSeeOther)
	return nil
}
