package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/roles"
)

// hrAccess shows who holds which role, and who is in whom no HR file names.
func (s *Site) hrAccess(w http.ResponseWriter, r *http.Request) error {
	return s.showAccess(w, r, http.StatusOK, page.AccessForm{})
}

func (s *Site) showAccess(w http.ResponseWriter, r *http.Request, status int, form page.AccessForm) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	held, err := s.Roles.All(ctx)
	if err != nil {
		return err
	}
	units, err := s.Peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, unit := range units.GetUnits() {
		names[unit.GetId()] = unit.GetName()
	}
	var ids []string
	for _, h := range held {
		ids = append(ids, h.PersonID, h.GivenBy)
	}
	cards, err := s.cards(ctx, ids...)
	if err != nil {
		return err
	}
	without, err := s.Sessions.Accesses(ctx)
	if err != nil {
		return err
	}
	view := page.AccessView{Form: form, Units: unitChoices(words, units.GetUnits(), form.Unit), Without: accessRows(visitorOf(r), without)}
	for _, kind := range roles.Kinds() {
		view.Roles = append(view.Roles, page.Choice{Value: string(kind), Label: words.T("role." + string(kind)), Chosen: string(kind) == form.Role})
	}
	for _, h := range held {
		row := page.RoleRow{
			ID: h.ID, Who: personOf(cards, h.PersonID), Role: words.T("role." + string(h.Role)),
			Where: cmp.Or(names[h.UnitID], words.T("access.company")), On: words.Date(h.GivenAt.In(words.Zone()).Format(time.DateOnly)),
			By: cmp.Or(personOf(cards, h.GivenBy).Name, givenBy(words, without, h.GivenBy)),
		}
		if h.UnitID != "" && names[h.UnitID] == "" {
			row.Where = words.T("access.unit_gone")
		}
		view.Held = append(view.Held, row)
	}
	slices.SortStableFunc(view.Held, func(a, b page.RoleRow) int {
		return cmp.Or(words.Compare(a.Who.Name, b.Who.Name), words.Compare(a.Role, b.Role), words.Compare(a.Where, b.Where))
	})
	return s.draw(w, r, status, page.Access(view))
}

// giveRole gives a person a role, or says which field is wrong and what would be right.
func (s *Site) giveRole(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	form := page.AccessForm{
		Number: strings.TrimSpace(r.PostFormValue("number")), Role: r.PostFormValue("role"), Unit: r.PostFormValue("unit"),
	}
	role := identity.Role(form.Role)
	if !slices.Contains(roles.Kinds(), role) {
		form.WrongRole = words.T("access.wrong_role")
	}
	if role.Local() {
		if known, err := s.hasUnit(ctx, form.Unit); err != nil {
			return err
		} else if !known {
			form.WrongUnit = words.T("access.wrong_unit")
		}
	} else {
		form.Unit = ""
	}
	person, err := s.numbered(ctx, form.Number)
	if err != nil {
		return err
	}
	if person == nil {
		form.WrongNumber = words.T("access.wrong_number")
	}
	if form.Wrong() {
		return s.showAccess(w, r, http.StatusUnprocessableEntity, form)
	}
	actor, _ := identity.FromContext(ctx)
	audit.About(ctx, person.GetId(), form.Unit)
	_, err = s.Roles.Give(ctx, roles.Held{PersonID: person.GetId(), Role: role, UnitID: form.Unit, GivenBy: actor.Who()})
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/hr/access", http.StatusSeeOther)
	return nil
}

func (s *Site) hasUnit(ctx context.Context, id string) (bool, error) {
	units, err := s.unitNames(ctx)
	return units[id] != nil, err
}

// takeRole takes a role back. Nobody takes their own: a company without HR would need its operator to get in again.
func (s *Site) takeRole(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	actor, _ := identity.FromContext(ctx)
	taken, err := s.Roles.Take(ctx, r.PathValue("id"), actor.PersonID)
	if errors.Is(err, roles.ErrOwn) {
		return s.showAccess(w, r, http.StatusUnprocessableEntity, page.AccessForm{Refusal: words.T("access.own")})
	}
	if err != nil {
		return err
	}
	audit.About(ctx, taken.PersonID, taken.UnitID)
	http.Redirect(w, r, "/hr/access", http.StatusSeeOther)
	return nil
}
