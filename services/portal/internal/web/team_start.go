package web

import (
	"net/http"
	"slices"

	"connectrpc.com/connect"
	"github.com/google/uuid"

	"jalon.dev/pkg/rpc"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

// teamStart offers the talks that a manager starts, then the form of the chosen one.
func (s *Site) teamStart(w http.ResponseWriter, r *http.Request) error {
	view := page.StartView{RequestID: uuid.NewString(), Date: page.DateForm{At: "10:00"}}
	if kind := r.URL.Query().Get("kind"); slices.Contains(page.StartKinds, kind) {
		view.Kind = kind
	}
	return s.showStart(w, r, http.StatusOK, view)
}

func (s *Site) showStart(w http.ResponseWriter, r *http.Request, status int, view page.StartView) error {
	view.Today = s.today(r)
	if view.Kind != "" && view.Kind != recruitment {
		var err error
		if view.People, _, err = s.ownTeam(r); err != nil {
			return err
		}
	}
	return s.draw(w, r, status, page.TeamStart(view))
}

// teamStartTalk plans a talk with one of the reader's reports.
func (s *Site) teamStartTalk(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	view := page.StartView{
		Kind: form.Get("kind"), RequestID: form.Get("request_id"),
		Date: page.DateForm{On: clip(form.Get("planned_on"), 10), At: clip(form.Get("starts_at"), 5)},
	}
	if !slices.Contains(page.StartKinds, view.Kind) {
		return errNotFound
	}
	request := &interviewsv1.StartTalkRequest{
		Kind: view.Kind, PlannedOn: view.Date.On, StartsAt: view.Date.At, RequestId: clip(view.RequestID, 36),
	}
	if view.Kind != recruitment {
		request.EmployeeId = clip(form.Get("person"), 36)
		if request.GetEmployeeId() == "" {
			view.PersonProblem = words.T("talk_wrong.employee_id")
			return s.showStart(w, r, http.StatusUnprocessableEntity, view)
		}
	}
	started, err := s.Peers.Talks().StartTalk(r.Context(), request)
	if text, known := refusal(words, err); known {
		if view.Problem = text; wrongDate(err) {
			view.Date.Problem = text
		}
		return s.showStart(w, r, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/talks/"+started.GetTalkId()+"?done=started", http.StatusSeeOther)
	return nil
}

// wrongDate tells refusals that another date or time would meet.
func wrongDate(err error) bool {
	if rpc.Is(err, connect.CodeInvalidArgument) {
		return slices.Contains([]string{"planned_on", "starts_at"}, wrongField(err))
	}
	return slices.Contains([]string{"past", "too_far", "left"}, reasonOf(err))
}
