package web

import (
	"net/http"
	"strings"
	"unicode"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const outgoingBase = "/hr/outgoing"

// hrOutgoing lists what is told outside of Jalon.
func (s *Site) hrOutgoing(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	found, err := s.Peers.Outgoing().ListOutgoing(r.Context(), &notificationsv1.ListOutgoingRequest{})
	if err != nil {
		return err
	}
	view := page.OutgoingView{On: found.GetEnabled(), Removed: r.URL.Query().Has("removed")}
	for _, receiver := range found.GetReceivers() {
		row := page.OutgoingRow{
			ID: receiver.GetId(), Name: receiver.GetDraft().GetName(),
			About: hostOf(receiver.GetDraft().GetAddress()) + " · " + words.N("outgoing_events", len(receiver.GetDraft().GetTypes())),
		}
		row.State, row.Tone = receiverState(words, receiver.GetState())
		view.Receivers = append(view.Receivers, row)
	}
	for _, c := range found.GetChannels() {
		row := page.OutgoingRow{
			ID: c.GetId(), Name: c.GetName(), State: words.T("outgoing.channel_on"), Tone: "good",
			About: strings.Join([]string{words.T("outgoing_kind." + channelKind(c)), words.Or("language."+c.GetLanguage(), c.GetLanguage()), c.GetHost()}, " · "),
		}
		if c.GetRevokedAt() != "" {
			row.State, row.Tone = words.T("outgoing.channel_dead"), "warn"
		}
		view.Channels = append(view.Channels, row)
	}
	return s.draw(w, r, http.StatusOK, page.Outgoing(view))
}

// answerView says what another system answered to a test.
func answerView(words *i18n.Words, a *notificationsv1.Answer) *page.AnswerView {
	return &page.AnswerView{Good: a.GetTrouble() == "", Said: answerWords(words, a), Text: strings.TrimSpace(a.GetText())}
}

// answerWords says what came of a call; nothing where none was made.
func answerWords(words *i18n.Words, a *notificationsv1.Answer) string {
	if a.GetStatus() == 0 && a.GetTrouble() == "" {
		return ""
	}
	pairs := []any{"Status", a.GetStatus(), "Milliseconds", words.Number(int(a.GetMilliseconds()))}
	if a.GetTrouble() == "" {
		return words.T("outgoing_answer.good", pairs...)
	}
	return words.Or("outgoing_answer."+a.GetTrouble(), words.T("outgoing_answer.odd", pairs...), pairs...)
}

// outgoingWrong says by field what would be right, and why nothing was done where that lies in no field; an error that is neither
// comes back.
func outgoingWrong(words *i18n.Words, err error) (wrong map[string]string, trouble string, left error) {
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		wrong = map[string]string{}
		for _, v := range rpc.Violations(err) {
			field := v.Field[strings.LastIndexByte(v.Field, '.')+1:]
			wrong[field] = words.Or("outgoing_wrong."+field+"_"+v.Description, words.T("outgoing_wrong.odd"))
		}
		return wrong, "", nil
	case rpc.Is(err, connect.CodeAborted):
		return nil, words.T("outgoing.conflict"), nil
	case rpc.Is(err, connect.CodeFailedPrecondition):
		return nil, words.T("outgoing.off"), nil
	case rpc.Is(err, connect.CodeResourceExhausted):
		return nil, words.T("outgoing.too_many"), nil
	}
	return nil, "", err
}

func receiverState(words *i18n.Words, state notificationsv1.Receiver_State) (text, tone string) {
	name := strings.ToLower(strings.TrimPrefix(state.String(), "STATE_"))
	return words.T("outgoing_state." + name), map[string]string{"on": "good", "failing": "warn", "gone": "warn"}[name]
}

// eventName is a kind of event as people say it.
func eventName(words *i18n.Words, typ string) string {
	var key strings.Builder
	for i, letter := range shortType(typ) {
		if unicode.IsUpper(letter) && i > 0 {
			key.WriteByte('_')
		}
		key.WriteRune(unicode.ToLower(letter))
	}
	return words.Or("outgoing_event."+key.String(), typ)
}

func shortType(typ string) string { return typ[strings.LastIndexByte(typ, '.')+1:] }
