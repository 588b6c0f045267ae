package web

import (
	"net/http"
	"net/url"
	"strings"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

var kindsOfCommitments = map[string]interviewsv1.Commitment_Kind{
	string(page.Decision): interviewsv1.Commitment_KIND_DECISION, string(page.Skill): interviewsv1.Commitment_KIND_SKILL,
}

var statesOfCommitments = map[string]interviewsv1.Commitment_State{
	string(page.Open): interviewsv1.Commitment_STATE_OPEN, string(page.Done): interviewsv1.Commitment_STATE_DONE,
	string(page.Dropped): interviewsv1.Commitment_STATE_DROPPED,
}

// commit adds what the two have decided, or a skill to develop.
func (s *Site) commit(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	id := clip(form.Get("commitment_id"), 36)
	text := strings.TrimSpace(plain(form.Get("text")))
	_, err = s.Peers.Talks().SaveCommitment(r.Context(), &interviewsv1.SaveCommitmentRequest{
		TalkId: r.PathValue("id"), CommitmentId: id, Kind: kindsOfCommitments[form.Get("kind")], Text: text,
		OwnerId: clip(form.Get("owner"), 36), DueOn: clip(form.Get("due_on"), 10),
	})
	return s.committed(w, r, id, err, func(view *page.TalkPage, problem string) {
		view.Commit.ID, view.Commit.Kind, view.Commit.Text = id, form.Get("kind"), text
		view.Commit.Owner, view.Commit.DueOn, view.Commit.Problem = form.Get("owner"), form.Get("due_on"), problem
		view.Problem, view.ProblemAt = problem, "commit-text"
		if view.Phase == page.Ahead {
			view.Phase = page.Underway // where the form is
		}
	})
}

// changeCommitment does what one of a commitment's forms says: settles it, promises it, or words it anew.
func (s *Site) changeCommitment(w http.ResponseWriter, r *http.Request) error {
	form, err := smallForm(w, r)
	if err != nil {
		return err
	}
	id, ctx, talks := r.PathValue("commitment"), r.Context(), s.Peers.Talks()
	entered := enteredCommitment(form)
	switch entered.Form {
	case "settle":
		_, err = talks.SettleCommitment(ctx, &interviewsv1.SettleCommitmentRequest{
			CommitmentId: id, State: statesOfCommitments[entered.State], Outcome: entered.Outcome, Version: versionOf(form),
		})
	case "promise":
		_, err = talks.PromiseRequest(ctx, &interviewsv1.PromiseRequestRequest{
			CommitmentId: id, DueOn: entered.DueOn, Answer: entered.Answer, Version: versionOf(form),
		})
	case "change":
		_, err = talks.SaveCommitment(ctx, &interviewsv1.SaveCommitmentRequest{
			TalkId: r.PathValue("id"), CommitmentId: id, Kind: kindsOfCommitments[form.Get("kind")], Text: entered.Text,
			OwnerId: clip(form.Get("owner"), 36), DueOn: entered.DueOn, Version: versionOf(form),
		})
	default:
		return errNotFound
	}
	return s.committed(w, r, id, err, func(view *page.TalkPage, problem string) {
		view.Problem, view.ProblemAt = problem, "c-"+id
		for _, list := range [][]page.CommitmentView{view.Out, view.Earlier} {
			for i := range list {
				if list[i].ID == id {
					list[i].Entered, list[i].Problem = &entered, problem
				}
			}
		}
	})
}

func enteredCommitment(form url.Values) page.EnteredCommitment {
	text := func(name string) string { return strings.TrimSpace(plain(form.Get(name))) }
	return page.EnteredCommitment{
		Form: form.Get("do"), Text: text("text"), DueOn: clip(form.Get("due_on"), 10), Outcome: text("outcome"), Answer: text("answer"), State: form.Get("state"),
	}
}

// committed leads to the commitment where it now stands, or says beside it why nothing came of it.
func (s *Site) committed(w http.ResponseWriter, r *http.Request, id string, err error, refused func(*page.TalkPage, string)) error {
	if err != nil {
		return s.step(w, r, err, "", refused)
	}
	http.Redirect(w, r, talkAddress(r, "", "c-"+id), http.StatusSeeOther)
	return nil
}
