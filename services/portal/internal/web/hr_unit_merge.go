package web

import (
	"net/http"
	"slices"
	"strconv"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// hrUnitMerge asks which unit was meant by one that was a mistake, and says what follows.
func (s *Site) hrUnitMerge(w http.ResponseWriter, r *http.Request) error {
	org, err := s.organisation(r)
	if err != nil {
		return err
	}
	unit := org.byID[r.PathValue("id")]
	if unit == nil || unit.GetKind() == "company" {
		return errNotFound
	}
	return s.show(w, r, page.UnitMerge(org.mergeView(visitorOf(r).frame().Words, unit, "")))
}

// hrUnitMerged merges the unit into the one that was chosen.
func (s *Site) hrUnitMerged(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	id, into := r.PathValue("id"), r.PostFormValue("into")
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	if into == "" {
		into = id // which directory refuses, and says why
	}
	_, err := s.Peers.Directory().MergeUnit(r.Context(), &directoryv1.MergeUnitRequest{Id: id, Version: max(version, 1), IntoId: into})
	if err == nil {
		http.Redirect(w, r, unitsBase+into+"?merged", http.StatusSeeOther)
		return nil
	}
	org, failed := s.organisation(r)
	if failed != nil {
		return failed
	}
	unit := org.byID[id]
	switch {
	case unit == nil && org.byID[into] != nil: // the form was sent twice
		http.Redirect(w, r, unitsBase+into+"?merged", http.StatusSeeOther)
		return nil
	case unit == nil:
		return errNotFound
	}
	view := org.mergeView(words, unit, into)
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		view.Wrong = wrongUnit(words, rpc.Violations(err))["into"]
		return s.draw(w, r, http.StatusUnprocessableEntity, page.UnitMerge(view))
	case rpc.Is(err, connect.CodeAborted) && unit.GetVersion() == version:
		view.Trouble = words.T("units.busy")
	case rpc.Is(err, connect.CodeAborted):
		view.Trouble = words.T("units.conflict")
	default:
		return err
	}
	return s.draw(w, r, http.StatusConflict, page.UnitMerge(view))
}

func (o organisation) mergeView(words *i18n.Words, unit *directoryv1.Unit, into string) page.UnitMergeView {
	view := page.UnitMergeView{
		ID: unit.GetId(), Name: unit.GetName(), Version: strconv.FormatInt(unit.GetVersion(), 10), People: o.people[unit.GetId()],
	}
	for _, other := range o.units {
		if other != unit && slices.Contains(o.path(other.GetId()), unit) {
			view.Beneath++
		}
	}
	view.Into = teamChoices(words, slices.DeleteFunc(slices.Clone(o.units), func(other *directoryv1.Unit) bool { return !o.mayMean(unit, other) }), into)
	return view
}

// mayMean tells whether a unit may have been meant to be the other: directory has the last word.
func (o organisation) mayMean(unit, other *directoryv1.Unit) bool {
	if slices.Contains(o.path(other.GetId()), unit) {
		return false
	}
	if unit.GetKind() == "team" {
		return o.establishment(unit) == o.establishment(other)
	}
	return other.GetKind() != "team"
}

// establishment is the nearest unit upwards that is no team.
func (o organisation) establishment(unit *directoryv1.Unit) *directoryv1.Unit {
	for _, up := range o.path(unit.GetId()) {
		if up.GetKind() != "team" {
			return up
		}
	}
	return nil
}
