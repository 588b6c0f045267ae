package web

import (
	"cmp"
	"net/http"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// why tells the reader what they were asked or not, and why.
func (s *Site) why(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	if v.session.PersonID == "" {
		return errNotFound
	}
	answer, err := s.Peers.Notifications().ExplainMessages(r.Context(),
		&notificationsv1.ExplainMessagesRequest{PersonId: v.session.PersonID})
	if err != nil {
		return err
	}
	view := page.WhyView{
		PersonID: v.session.PersonID, Hours: hoursInWords(v.frame().Words, answer.GetCompany()), Limits: limitsInWords(v.frame().Words, answer.GetLimits()),
	}
	if len(answer.GetSpared()) > 0 {
		view.Spared = limitsInWords(v.frame().Words, answer.GetSpared())
	}
	for _, message := range answer.GetMessages() {
		view.Messages = append(view.Messages, whyMessage(v.frame().Words, message, true))
	}
	return s.show(w, r, page.Why(view))
}

// hrWhy tells HR the same of a person, up to the moment a question was asked: what became of it then is the person's own.
func (s *Site) hrWhy(w http.ResponseWriter, r *http.Request) error {
	ctx, id, words := r.Context(), r.PathValue("id"), visitorOf(r).frame().Words
	found, err := s.Peers.Directory().BatchGetPeople(ctx, &directoryv1.BatchGetPeopleRequest{Ids: []string{id}})
	if err != nil {
		return err
	}
	if len(found.GetPeople()) == 0 {
		return errNotFound
	}
	answer, err := s.Peers.Notifications().ExplainMessages(ctx, &notificationsv1.ExplainMessagesRequest{PersonId: id})
	if err != nil {
		return err
	}
	view := page.WhyView{
		PersonID: id, Name: fullName(found.GetPeople()[0]),
		Hours: hoursInWords(words, answer.GetCompany()), Limits: limitsInWords(words, answer.GetLimits()),
	}
	for _, message := range answer.GetMessages() {
		view.Messages = append(view.Messages, whyMessage(words, message, false))
	}
	return s.show(w, r, page.Why(view))
}

func whyMessage(words *i18n.Words, message *notificationsv1.Message, self bool) page.WhyMessage {
	view := page.WhyMessage{
		Title: cmp.Or(subjectIn(words, message.GetSubject()), keyMomentName(words, message.GetKeyMoment())+", "+followUpName(words, message.GetFollowUp())),
	}
	if !self {
		view.State, view.Tone = messageState(words, message)
		view.Decisions = decisionViews(words, message.GetDecisions())
		view.Summary = []string{asked(words, message)}
		return view
	}
	view.State, view.Tone = ownState(words, message)
	view.Summary = []string{asked(words, message)}
	if message.GetState() == notificationsv1.Message_STATE_SHOWN {
		view.Href = answeredAt(message.GetKeyMoment(), message.GetInvitationId())
	}
	reminded := false
	for _, d := range message.GetDecisions() {
		view.Decisions = append(view.Decisions, page.DecisionView{At: words.Instant(d.GetAt()), Words: decisionWords(words, d)})
		if d.GetReminder() && d.GetVerdict() == letThrough {
			view.Summary, reminded = append(view.Summary, words.T("why.reminded", "At", words.Instant(d.GetAt()))), true
		}
	}
	switch { // a campaign may remind twice
	case message.GetState() != notificationsv1.Message_STATE_SHOWN:
	case message.GetRemindAt() != "":
		view.Summary = append(view.Summary, words.T("why.will_remind", "At", words.Instant(message.GetRemindAt())))
	case reminded:
		view.Summary = append(view.Summary, words.T("why.reminded_last"))
	}
	return view
}

// ownState is where a message of the reader's own stands.
func ownState(words *i18n.Words, message *notificationsv1.Message) (text, tone string) {
	switch message.GetState() {
	case notificationsv1.Message_STATE_SHOWN:
		return words.T("why.state_waits"), "accent"
	case notificationsv1.Message_STATE_CLOSED:
		if !wasAsked(message.GetDecisions()) {
			return words.T("message_state.not_needed"), ""
		}
		return words.T("why.state_closed"), "good"
	case notificationsv1.Message_STATE_EXPIRED:
		if wasAsked(message.GetDecisions()) {
			return words.T("why.state_over"), ""
		}
		return words.T("message_state.expired"), ""
	default:
		return words.T("message_state.deferred"), "warn"
	}
}

// asked says in a sentence whether and when a question was asked, or why not and when Jalon tries again.
func asked(words *i18n.Words, message *notificationsv1.Message) string {
	decisions, tell := message.GetDecisions(), whySentences(message)
	for _, d := range decisions {
		if d.GetVerdict() == letThrough && !d.GetReminder() {
			return words.T(tell+".asked", "At", words.Instant(d.GetAt()))
		}
	}
	if len(decisions) == 0 {
		return words.T(tell + ".undecided")
	}
	last := decisions[len(decisions)-1]
	switch reason := words.Or("reason."+last.GetReason(), last.GetReason()); message.GetState() {
	case notificationsv1.Message_STATE_DEFERRED:
		return words.T(tell+".not_yet", "Reason", reason, "Until", words.Instant(message.GetNextTryAt()))
	case notificationsv1.Message_STATE_CLOSED:
		return words.T(tell + ".not_needed")
	default:
		return words.T(tell+".not_asked", "Reason", reason)
	}
}

// decisionWords is one decision, on the question or on its reminder.
func decisionWords(words *i18n.Words, d *notificationsv1.Decision) string {
	text := words.Or("verdict."+d.GetVerdict()+"."+d.GetReason(), words.Or("verdict."+d.GetVerdict(), d.GetVerdict()))
	if d.GetUntil() != "" {
		text = words.T("verdict.until", "Words", text, "Until", words.Instant(d.GetUntil()))
	}
	if d.GetReminder() {
		return words.T("why.about_reminder", "Words", text)
	}
	return text
}
