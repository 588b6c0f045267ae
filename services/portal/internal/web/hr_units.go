package web

import (
	"net/http"
	"strconv"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const unitsBase = "/hr/units/"

// hrUnits is the organisation as a tree: what an import of people had to invent comes first, to be placed.
func (s *Site) hrUnits(w http.ResponseWriter, r *http.Request) error {
	org, err := s.organisation(r)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	view := page.UnitsView{Total: len(org.units), UnknownCalendars: org.unknown}
	walkUnits(words, org.units, func(unit *directoryv1.Unit, depth int) {
		row := org.row(words, unit, depth)
		if row.Unplaced {
			view.Unplaced = append(view.Unplaced, row)
		}
		if last := len(view.Rows) - 1; unit.GetKind() == "team" && last >= 0 {
			view.Rows[last].Teams = append(view.Rows[last].Teams, row)
		} else {
			view.Rows = append(view.Rows, row)
		}
	})
	return s.show(w, r, page.Units(view))
}

// hrUnit is one unit, and the form that changes it.
func (s *Site) hrUnit(w http.ResponseWriter, r *http.Request) error {
	org, err := s.organisation(r)
	if err != nil {
		return err
	}
	unit := org.byID[r.PathValue("id")]
	if unit == nil {
		return errNotFound
	}
	view := org.view(visitorOf(r).frame().Words, unit, unit)
	query := r.URL.Query()
	view.Saved, view.Created, view.Merged = query.Has("saved"), query.Has("created"), query.Has("merged")
	return s.show(w, r, page.Unit(view))
}

// hrUnitSave changes a unit. What cannot be comes back with everything that was entered; somebody else's change, with what is
// known now beside it.
func (s *Site) hrUnitSave(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	want := enteredUnit(r)
	_, err := s.Peers.Directory().UpdateUnit(r.Context(), &directoryv1.UpdateUnitRequest{
		Id: want.GetId(), Version: want.GetVersion(), Name: want.GetName(), Kind: want.GetKind(), ParentId: want.GetParentId(),
		TimeZone: want.GetTimeZone(), HolidayCalendar: want.GetHolidayCalendar(),
	})
	if err == nil {
		http.Redirect(w, r, unitsBase+want.GetId()+"?saved", http.StatusSeeOther)
		return nil
	}
	if !rpc.Is(err, connect.CodeInvalidArgument) && !rpc.Is(err, connect.CodeAborted) {
		return err
	}
	org, failed := s.organisation(r)
	if failed != nil {
		return failed
	}
	known := org.byID[want.GetId()]
	if known == nil {
		return errNotFound
	}
	if same(known, want) { // the form was sent twice, or somebody else had the same idea
		http.Redirect(w, r, unitsBase+want.GetId()+"?saved", http.StatusSeeOther)
		return nil
	}
	view := org.view(words, known, want)
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		view.Wrong = wrongUnit(words, rpc.Violations(err))
		return s.draw(w, r, http.StatusUnprocessableEntity, page.Unit(view))
	case known.GetVersion() == want.GetVersion():
		view.Trouble = words.T("units.busy")
	default:
		view.Version, view.Trouble = strconv.FormatInt(known.GetVersion(), 10), words.T("units.conflict")
	}
	return s.draw(w, r, http.StatusConflict, page.Unit(view))
}

// enteredUnit is the unit that the form describes.
func enteredUnit(r *http.Request) *directoryv1.Unit {
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	unit := &directoryv1.Unit{
		Id: r.PathValue("id"), Version: max(version, 1), Name: strings.TrimSpace(r.PostFormValue("name")), Kind: r.PostFormValue("kind"),
		ParentId: r.PostFormValue("parent"), TimeZone: strings.TrimSpace(r.PostFormValue("zone")),
		HolidayCalendar: strings.ToUpper(strings.TrimSpace(r.PostFormValue("holidays"))),
	}
	if unit.GetKind() == "" { // the company's form asks for neither
		unit.Kind, unit.ParentId = "company", ""
	}
	return unit
}

// same tells whether everything that can be changed is as wanted.
func same(known, want *directoryv1.Unit) bool {
	return known.GetName() == want.GetName() && known.GetKind() == want.GetKind() && known.GetParentId() == want.GetParentId() &&
		known.GetTimeZone() == want.GetTimeZone() && known.GetHolidayCalendar() == want.GetHolidayCalendar()
}

// wrongUnit says by field of the form what would be right.
func wrongUnit(words *i18n.Words, violations []rpc.Violation) map[string]string {
	fields := map[string]string{"parent_id": "parent", "time_zone": "zone", "holiday_calendar": "holidays", "into_id": "into"}
	wrong := map[string]string{}
	for _, violation := range violations {
		field := violation.Field
		if named, ok := fields[field]; ok {
			field = named
		}
		wrong[field] = words.Or("units.wrong_"+field, violation.Description)
	}
	return wrong
}
