package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/rpc"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

const (
	rhythmBase = "/hr/rhythm"
	// A rhythm of less than a week would be no rhythm of talks; the contract's own limit is half a year.
	fewestDays = 7
	mostDays   = 182
)

// hrRhythm shows how the talks of a unit and of those right below it go: counts, never what is said.
func (s *Site) hrRhythm(w http.ResponseWriter, r *http.Request) error {
	return s.showRhythm(w, r, http.StatusOK, page.RhythmForm{})
}

// hrRhythmSet sets the days between two talks of a unit.
func (s *Site) hrRhythmSet(w http.ResponseWriter, r *http.Request) error {
	form := page.RhythmForm{Days: strings.TrimSpace(r.PostFormValue("days")), Entered: true}
	var days int64
	if !r.PostForm.Has("inherit") {
		var err error
		if days, err = strconv.ParseInt(form.Days, 10, 32); err != nil || days < fewestDays || days > mostDays {
			form.Wrong = visitorOf(r).frame().Words.T("rhythm.days_wrong", "From", fewestDays, "To", mostDays)
			return s.showRhythm(w, r, http.StatusUnprocessableEntity, form)
		}
	}
	unit := r.PostFormValue("unit")
	_, err := s.Peers.Interviews().SetRhythm(r.Context(), &interviewsv1.SetRhythmRequest{UnitId: unit, Days: int32(days)})
	if rpc.Is(err, connect.CodeInvalidArgument) {
		return errNotFound // the form's own fields are checked above: it is the unit that is none
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, rhythmAddress(url.Values{"unit": {unit}, "saved": {""}}), http.StatusSeeOther)
	return nil
}

func (s *Site) showRhythm(w http.ResponseWriter, r *http.Request, status int, form page.RhythmForm) error {
	words := visitorOf(r).frame().Words
	board, err := s.Peers.Interviews().GetBoard(r.Context(), &interviewsv1.GetBoardRequest{UnitId: r.FormValue("unit")})
	if err != nil {
		return err
	}
	view := rhythmView(words, board, rhythmChoice{
		sort: r.FormValue("sort"), query: clip(strings.TrimSpace(r.FormValue("q")), 100), from: offset(r.FormValue("from")),
	})
	view.Form, view.Saved = form, r.URL.Query().Has("saved")
	if !form.Entered {
		view.Form.Days = strconv.Itoa(view.Head.Days)
	}
	if view.Trail, view.Own, err = s.rhythmTrail(r, view.Head.ID); err != nil {
		return err
	}
	return s.draw(w, r, status, page.Rhythm(view))
}

// offset is where in a long list a page begins; anything else is its beginning.
func offset(text string) int {
	from, err := strconv.Atoi(text)
	if err != nil || from < 0 {
		return 0
	}
	return from
}

// rhythmTrail leads from the company down to what is above the unit. Whoever reads some units only can go no higher than these;
// where they are several, the others are named too.
func (s *Site) rhythmTrail(r *http.Request, unit string) (trail []page.Crumb, own []page.Choice, err error) {
	ctx := r.Context()
	actor, _ := identity.FromContext(ctx)
	readable := ownUnits(actor)
	open := actor.Has(identity.HR)
	for id := unit; id != "" && len(trail) < deepestTree; {
		found, err := s.People.Unit(ctx, id)
		if errors.Is(err, mongodb.ErrNotFound) {
			break // not known here yet: the page does without
		}
		if err != nil {
			return nil, nil, err
		}
		if id != unit {
			trail = append(trail, page.Crumb{Name: found.Name, Href: rhythmAddress(url.Values{"unit": {id}})})
		}
		if !open && slices.Contains(readable, id) {
			break
		}
		id = found.ParentID
	}
	slices.Reverse(trail)
	if open || len(readable) < 2 {
		return trail, nil, nil
	}
	for _, id := range readable {
		if name := s.unitName(ctx, id); name != "" {
			own = append(own, page.Choice{Value: rhythmAddress(url.Values{"unit": {id}}), Label: name, Chosen: id == unit})
		}
	}
	return trail, own, nil
}

// deepestTree ends the way up a tree that is none.
const deepestTree = 30

// ownUnits are those over which somebody was granted a look, each once.
func ownUnits(actor identity.Actor) []string {
	units := append(actor.Units(identity.LocalHR), actor.Units(identity.Director)...)
	return slices.Compact(slices.Sorted(slices.Values(units)))
}

func rhythmAddress(query url.Values) string { return rhythmBase + "?" + query.Encode() }
