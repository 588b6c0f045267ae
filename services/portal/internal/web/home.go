package web

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"go.uber.org/zap"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// home is an employee's page. One service that does not answer does not take the others' part of the page away.
func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	if v.session.PersonID == "" {
		http.Redirect(w, r, "/hr", http.StatusSeeOther)
		return nil
	}
	view := page.HomeView{FirstName: firstName(v.session.Name)}
	prompts, err := s.prompts(r.Context(), v.session.PersonID, v.frame().Words)
	if err != nil {
		view.Gone = append(view.Gone, s.missing("prompts", err))
	}
	view.Prompts = prompts
	talk, err := s.nextTalk(r.Context(), v.session.PersonID)
	if err != nil {
		view.Gone = append(view.Gone, s.missing("talk", err))
	}
	if talk != nil {
		view.TalkID, view.TalkOn, view.TalkAt = talk.GetId(), talk.GetPlannedOn(), talk.GetStartsAt()
		cards, err := s.cards(r.Context(), talk.GetManagerId())
		if err != nil {
			view.Gone = append(view.Gone, s.missing("manager", err))
		}
		if card := cards[talk.GetManagerId()]; card != nil {
			view.TalkManager = fullName(card)
		}
	}
	return s.show(w, r, page.Home(view))
}

// prompts are what waits for a person, the oldest first.
func (s *Site) prompts(ctx context.Context, person string, words *i18n.Words) ([]page.PromptView, error) {
	answer, err := s.Peers.Notifications().ListPrompts(ctx, &notificationsv1.ListPromptsRequest{PersonId: person})
	if err != nil {
		return nil, err
	}
	views := make([]page.PromptView, 0, len(answer.GetPrompts()))
	for _, prompt := range answer.GetPrompts() {
		views = append(views, promptView(words, prompt))
	}
	return views, nil
}

func promptView(words *i18n.Words, prompt *notificationsv1.Prompt) page.PromptView {
	if prompt.GetKeyMoment() == talkReminder {
		return talkPrompt(words, prompt)
	}
	view := page.PromptView{
		ID:    prompt.GetInvitationId(),
		Title: cmp.Or(subjectIn(words, prompt.GetSubject()), words.Or("prompt_title."+prompt.GetKeyMoment()+"."+prompt.GetFollowUp(), words.T("prompt.generic"))),
		Why:   words.Or("prompt_why."+prompt.GetKeyMoment(), words.T("prompt_why.generic")),
		Href:  answeredAt(prompt.GetKeyMoment(), prompt.GetInvitationId()), Reminder: prompt.GetReminder(), Reminders: int(prompt.GetReminderNumber()), Open: words.Or("prompt_open."+prompt.GetKeyMoment(), words.T("home.answer")),
	}
	if prompt.GetQuiet() && prompt.GetKeyMoment() != "barometer" { // in other, and fewer, words
		view.Why = words.T("reach.prompt_why")
	}
	return view
}

// subjectIn is HR's own line for a prompt in the reader's language; empty where there is none.
func subjectIn(words *i18n.Words, subject *notificationsv1.Subject) string {
	if words.Lang == "en" {
		return subject.GetEn()
	}
	return subject.GetFr()
}

func (s *Site) nextTalk(ctx context.Context, person string) (*interviewsv1.Talk, error) {
	answer, err := s.Peers.Interviews().GetNextTalk(ctx, &interviewsv1.GetNextTalkRequest{EmployeeId: person})
	if err != nil {
		return nil, err
	}
	return answer.GetTalk(), nil
}

// missing notes that a part of a page could not be fetched, and names the part.
func (s *Site) missing(part string, err error) string {
	s.Log.Warn("a part of a page is missing", zap.String("part", part), zap.Error(err))
	return part
}

func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}
