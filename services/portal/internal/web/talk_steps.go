package web

import (
	"net/http"
	"net/url"
	"strconv"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

const maxStepBytes = 64 << 10

// talkAddress leads back to the talk, to what has just been done there.
func talkAddress(r *http.Request, done, anchor string) string {
	query := url.Values{}
	if done != "" {
		query.Set("done", done)
	}
	if early(r) {
		query.Set("now", "")
	}
	address := "/talks/" + url.PathEscape(r.PathValue("id"))
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	if anchor != "" {
		address += "#" + url.PathEscape(anchor)
	}
	return address
}

// step leads on after something was done to a talk; what was refused comes back on the page, at the place that refused says.
func (s *Site) step(w http.ResponseWriter, r *http.Request, err error, done string, refused func(*page.TalkPage, string)) error {
	if text, known := refusal(visitorOf(r).frame().Words, err); known {
		return s.showTalk(w, r, http.StatusUnprocessableEntity, func(view *page.TalkPage) { refused(view, text) })
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, talkAddress(r, done, ""), http.StatusSeeOther)
	return nil
}

func smallForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxStepBytes)
	if err := r.ParseForm(); err != nil {
		return nil, errNotFound
	}
	return r.PostForm, nil
}

// proposeDate proposes another date, or takes the proposal back. Whoever began the talk moves it at once.
func (s *Site) proposeDate(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	sequence, _ := strconv.ParseInt(form.Get("sequence"), 10, 32)
	request := &interviewsv1.ProposeDateRequest{TalkId: r.PathValue("id"), Sequence: int32(sequence)}
	done := "withdrawn"
	if form.Get("withdraw") == "" {
		done = "proposed"
		request.PlannedOn, request.StartsAt = clip(form.Get("planned_on"), 10), clip(form.Get("starts_at"), 5)
	}
	if done == "proposed" && (request.GetPlannedOn() == "" || request.GetStartsAt() == "") {
		text := visitorOf(r).frame().Words.T("talk_wrong.planned_on")
		return s.showTalk(w, r, http.StatusUnprocessableEntity, func(view *page.TalkPage) { refusedDate(view, request, text) })
	}
	answer, err := s.Peers.Talks().ProposeDate(r.Context(), request)
	if err == nil && done == "proposed" && answer.GetAppointment().GetProposal() == nil {
		done = "moved"
	}
	return s.step(w, r, err, done, func(view *page.TalkPage, text string) { refusedDate(view, request, text) })
}

func refusedDate(view *page.TalkPage, entered *interviewsv1.ProposeDateRequest, text string) {
	view.Date = page.DateForm{On: entered.GetPlannedOn(), At: entered.GetStartsAt(), Problem: text, Open: true}
	view.Problem, view.ProblemAt = text, "planned_on"
}

// answerProposal accepts or declines what the other one proposed.
func (s *Site) answerProposal(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	accept, done := form.Get("accept") == "yes", "declined"
	if accept {
		done = "accepted"
	}
	_, err = s.Peers.Talks().AnswerProposal(r.Context(), &interviewsv1.AnswerProposalRequest{
		TalkId: r.PathValue("id"), Accept: accept,
		Proposal: &interviewsv1.Proposal{
			By: clip(form.Get("by"), 36), PlannedOn: clip(form.Get("planned_on"), 10), StartsAt: clip(form.Get("starts_at"), 5),
		},
	})
	return s.step(w, r, err, done, refusedAtDate)
}

func refusedAtDate(view *page.TalkPage, text string) { view.Problem, view.ProblemAt = text, "date" }

// sayHeld notes that the talk took place.
func (s *Site) sayHeld(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	on := clip(form.Get("held_on"), 10)
	_, err = s.Peers.Talks().SayHeld(r.Context(), &interviewsv1.SayHeldRequest{TalkId: r.PathValue("id"), HeldOn: on})
	return s.step(w, r, err, "held", func(view *page.TalkPage, text string) {
		view.Held = page.DayForm{On: on, Problem: text}
		view.Problem, view.ProblemAt = text, "held_on"
		if view.Phase == page.Ahead {
			view.Phase = page.Underway // where the form is
		}
	})
}

// answerHeld confirms or contests that it did.
func (s *Site) answerHeld(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	confirm, done := form.Get("confirm") == "yes", "contested"
	if confirm {
		done = "confirmed"
	}
	_, err = s.Peers.Talks().AnswerHeld(r.Context(), &interviewsv1.AnswerHeldRequest{TalkId: r.PathValue("id"), Confirm: confirm})
	return s.step(w, r, err, done, func(view *page.TalkPage, text string) { view.Problem, view.ProblemAt = text, "content" })
}

// cancelTalk calls off a talk that the reader began.
func (s *Site) cancelTalk(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Peers.Talks().CancelTalk(r.Context(), &interviewsv1.CancelTalkRequest{TalkId: r.PathValue("id")})
	return s.step(w, r, err, "cancelled", refusedAtDate)
}
