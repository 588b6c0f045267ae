package web

import (
	"net/http"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/page"
)

// hrUnitNew is the form of a unit that is not there yet, beneath the one whose page led here.
func (s *Site) hrUnitNew(w http.ResponseWriter, r *http.Request) error {
	org, err := s.organisation(r)
	if err != nil {
		return err
	}
	want := &directoryv1.Unit{ParentId: r.URL.Query().Get("beneath"), Kind: "store"}
	if above := org.byID[want.GetParentId()]; above.GetKind() == "store" || above.GetKind() == "team" {
		want.Kind = "team"
	}
	return s.show(w, r, page.UnitNew(org.view(visitorOf(r).frame().Words, &directoryv1.Unit{ParentId: want.GetParentId()}, want)))
}

// hrUnitCreate adds a unit. What cannot be comes back with everything that was entered.
func (s *Site) hrUnitCreate(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	want := enteredUnit(r)
	want.Code = strings.TrimSpace(r.PostFormValue("code"))
	made, err := s.Peers.Directory().CreateUnit(r.Context(), &directoryv1.CreateUnitRequest{
		Code: want.GetCode(), Name: want.GetName(), Kind: want.GetKind(), ParentId: want.GetParentId(),
		TimeZone: want.GetTimeZone(), HolidayCalendar: want.GetHolidayCalendar(),
	})
	if err == nil {
		http.Redirect(w, r, unitsBase+made.GetUnit().GetId()+"?created", http.StatusSeeOther)
		return nil
	}
	if !rpc.Is(err, connect.CodeInvalidArgument) && !rpc.Is(err, connect.CodeAborted) {
		return err
	}
	org, failed := s.organisation(r)
	if failed != nil {
		return failed
	}
	for _, known := range org.units { // the form was sent twice
		if same(known, want) && known.GetCode() == want.GetCode() {
			http.Redirect(w, r, unitsBase+known.GetId()+"?created", http.StatusSeeOther)
			return nil
		}
	}
	view := org.view(words, &directoryv1.Unit{Code: want.GetCode(), ParentId: want.GetParentId()}, want)
	if rpc.Is(err, connect.CodeAborted) {
		view.Trouble = words.T("units.busy")
		return s.draw(w, r, http.StatusConflict, page.UnitNew(view))
	}
	view.Wrong = wrongUnit(words, rpc.Violations(err))
	return s.draw(w, r, http.StatusUnprocessableEntity, page.UnitNew(view))
}
