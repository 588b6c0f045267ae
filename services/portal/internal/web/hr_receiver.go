package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"
	"github.com/google/uuid"

	"jalon.dev/pkg/rpc"
	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const receiverBase = outgoingBase + "/receivers/"

// hrReceiverNew is the form of a receiver that is not there yet.
func (s *Site) hrReceiverNew(w http.ResponseWriter, r *http.Request) error {
	found, err := s.Peers.Outgoing().ListOutgoing(r.Context(), &notificationsv1.ListOutgoingRequest{})
	if err != nil {
		return err
	}
	form := receiverForm(visitorOf(r).frame().Words, uuid.NewString(), 0, nil, found.GetTypes())
	return s.draw(w, r, http.StatusOK, page.ReceiverNew(form))
}

// hrReceiver shows a receiver and what it was told.
func (s *Site) hrReceiver(w http.ResponseWriter, r *http.Request) error {
	return s.showReceiver(w, r, http.StatusOK, func(view *page.ReceiverView) {
		words := visitorOf(r).frame().Words
		query := r.URL.Query()
		switch n, err := strconv.Atoi(query.Get("replayed")); {
		case query.Has("saved"):
			view.Saved = words.T("outgoing.receiver_saved")
		case query.Has("replayed") && err == nil:
			view.Replayed = words.N("outgoing_replayed", n)
		}
	})
}

// showReceiver draws a receiver's page, with what was just done.
func (s *Site) showReceiver(w http.ResponseWriter, r *http.Request, status int, more func(*page.ReceiverView)) error {
	found, err := s.Peers.Outgoing().GetReceiver(r.Context(), &notificationsv1.GetReceiverRequest{
		Id: r.PathValue("id"), Failed: r.URL.Query().Has("failed"),
	})
	if err != nil {
		return err
	}
	view := receiverView(visitorOf(r).frame().Words, found)
	view.Failed = r.URL.Query().Has("failed")
	more(&view)
	return s.draw(w, r, status, page.Receiver(view))
}

// hrReceiverSave makes a receiver, whose secret is shown this once, or changes one.
func (s *Site) hrReceiverSave(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	draft := &notificationsv1.ReceiverDraft{
		Name: strings.TrimSpace(r.PostFormValue("name")), Address: strings.TrimSpace(r.PostFormValue("address")),
		Types: r.PostForm["type"], HrSystem: r.PostFormValue("hr_system") != "",
	}
	saved, err := s.Peers.Outgoing().SaveReceiver(r.Context(), &notificationsv1.SaveReceiverRequest{
		Id: r.PathValue("id"), Version: max(version, 0), Draft: draft,
	})
	if err == nil {
		if saved.GetSecret() == "" {
			http.Redirect(w, r, receiverBase+r.PathValue("id")+"?saved", http.StatusSeeOther)
			return nil
		}
		return s.showReceiver(w, r, http.StatusOK, func(view *page.ReceiverView) { view.Secret = saved.GetSecret() })
	}
	wrong, trouble, err := outgoingWrong(words, err)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if trouble != "" {
		status = http.StatusConflict
	}
	entered := func(types []*notificationsv1.EventType) page.ReceiverForm {
		form := receiverForm(words, r.PathValue("id"), version, draft, types)
		form.Wrong, form.Trouble = wrong, trouble
		return form
	}
	found, err := s.Peers.Outgoing().GetReceiver(r.Context(), &notificationsv1.GetReceiverRequest{Id: r.PathValue("id")})
	switch {
	case err == nil && version > 0:
		view := receiverView(words, found)
		view.Form = entered(found.GetTypes())
		return s.draw(w, r, status, page.Receiver(view))
	case err == nil: // the button was pressed twice: it is there already, and its secret was shown
		http.Redirect(w, r, receiverBase+r.PathValue("id"), http.StatusSeeOther)
		return nil
	case !rpc.Is(err, connect.CodeNotFound):
		return err
	}
	all, err := s.Peers.Outgoing().ListOutgoing(r.Context(), &notificationsv1.ListOutgoingRequest{})
	if err != nil {
		return err
	}
	return s.draw(w, r, status, page.ReceiverNew(entered(all.GetTypes())))
}

// hrReceiverSwitch stops or resumes deliveries.
func (s *Site) hrReceiverSwitch(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Peers.Outgoing().SwitchReceiver(r.Context(), &notificationsv1.SwitchReceiverRequest{
		Id: r.PathValue("id"), On: r.PostFormValue("on") != "",
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, receiverBase+r.PathValue("id"), http.StatusSeeOther)
	return nil
}

// hrReceiverRotate makes a new secret and shows it this once.
func (s *Site) hrReceiverRotate(w http.ResponseWriter, r *http.Request) error {
	rotated, err := s.Peers.Outgoing().RotateSecret(r.Context(), &notificationsv1.RotateSecretRequest{Id: r.PathValue("id")})
	return s.afterTrying(w, r, err, func(view *page.ReceiverView) { view.Secret = rotated.GetSecret() })
}

// hrReceiverTest sends a test and shows the answer.
func (s *Site) hrReceiverTest(w http.ResponseWriter, r *http.Request) error {
	tested, err := s.Peers.Outgoing().TestReceiver(r.Context(), &notificationsv1.TestReceiverRequest{Id: r.PathValue("id")})
	return s.afterTrying(w, r, err, func(view *page.ReceiverView) {
		view.Tested = answerView(visitorOf(r).frame().Words, tested.GetAnswer())
	})
}

// afterTrying shows a receiver with what was just done, or with why it was not.
func (s *Site) afterTrying(w http.ResponseWriter, r *http.Request, err error, done func(*page.ReceiverView)) error {
	if err == nil {
		return s.showReceiver(w, r, http.StatusOK, done)
	}
	_, trouble, err := outgoingWrong(visitorOf(r).frame().Words, err)
	if err != nil {
		return err
	}
	return s.showReceiver(w, r, http.StatusConflict, func(view *page.ReceiverView) { view.Note = trouble })
}

// hrReceiverReplay tells again one event, or all that failed.
func (s *Site) hrReceiverReplay(w http.ResponseWriter, r *http.Request) error {
	res, err := s.Peers.Outgoing().Replay(r.Context(), &notificationsv1.ReplayRequest{
		Id: r.PathValue("id"), DeliveryId: r.PostFormValue("delivery"), Since: r.PostFormValue("since"),
	})
	if rpc.Is(err, connect.CodeInvalidArgument) { // no browser sends such a day
		return errNotFound
	}
	if err != nil {
		return err
	}
	query := url.Values{"replayed": {strconv.FormatInt(res.GetDeliveries(), 10)}}
	http.Redirect(w, r, receiverBase+r.PathValue("id")+"?"+query.Encode(), http.StatusSeeOther)
	return nil
}

// hrReceiverRemove forgets a receiver.
func (s *Site) hrReceiverRemove(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Peers.Outgoing().RemoveReceiver(r.Context(), &notificationsv1.RemoveReceiverRequest{Id: r.PathValue("id")}); err != nil {
		return err
	}
	http.Redirect(w, r, outgoingBase+"?removed", http.StatusSeeOther)
	return nil
}

func receiverForm(
	words *i18n.Words, id string, version int64, draft *notificationsv1.ReceiverDraft, types []*notificationsv1.EventType,
) page.ReceiverForm {
	form := page.ReceiverForm{
		ID: id, Version: strconv.FormatInt(version, 10), Name: draft.GetName(), Address: draft.GetAddress(), HRSystem: draft.GetHrSystem(),
	}
	for _, typ := range types {
		choice := page.EventChoice{Type: shortType(typ.GetName()), Choice: page.Choice{
			Value: typ.GetName(), Label: eventName(words, typ.GetName()), Chosen: slices.Contains(draft.GetTypes(), typ.GetName()),
		}}
		if typ.GetClass() == eventv1.Class_CLASS_PUBLIC {
			form.Public = append(form.Public, choice)
		} else {
			form.HR = append(form.HR, choice)
		}
	}
	return form
}

func receiverView(words *i18n.Words, found *notificationsv1.GetReceiverResponse) page.ReceiverView {
	known := found.GetReceiver()
	view := page.ReceiverView{
		ID: known.GetId(), Name: known.GetDraft().GetName(), Address: known.GetDraft().GetAddress(), SecretHint: known.GetSecretHint(),
		CanSwitchOn: known.GetState() != notificationsv1.Receiver_STATE_ON, CanReplay: known.GetFailed() > 0,
		Form: receiverForm(words, known.GetId(), known.GetVersion(), known.GetDraft(), found.GetTypes()),
	}
	view.State, view.Tone = receiverState(words, known.GetState())
	view.Note = words.Or("outgoing_note."+strings.ToLower(strings.TrimPrefix(known.GetState().String(), "STATE_")), "", "Since", words.Instant(known.GetStateSince()))
	if known.GetOldSecretUntil() != "" {
		view.OldSecret = words.Instant(known.GetOldSecretUntil())
	}
	if known.GetMissedTo() != "" {
		view.Missed = words.T("outgoing.missed", "From", words.Instant(known.GetMissedFrom()), "To", words.Instant(known.GetMissedTo()))
	}
	last := ""
	if known.GetLastDeliveredAt() != "" {
		last = words.T("outgoing.last_delivered", "At", words.Instant(known.GetLastDeliveredAt()))
	}
	view.Figures = []page.CampaignFigure{
		{Label: words.T("outgoing.waiting"), Text: words.Number(int(known.GetWaiting())), Hint: last},
		{Label: words.T("outgoing.failed"), Text: words.Number(int(known.GetFailed())), Hint: words.T("outgoing.failed_hint")},
	}
	for _, d := range found.GetDeliveries() {
		view.Deliveries = append(view.Deliveries, deliveryRow(words, d))
	}
	return view
}

func deliveryRow(words *i18n.Words, d *notificationsv1.Delivery) page.DeliveryRow {
	state := strings.ToLower(strings.TrimPrefix(d.GetState().String(), "STATE_"))
	row := page.DeliveryRow{
		ID: d.GetId(), Event: eventName(words, d.GetType()), HappenedAt: words.Instant(d.GetHappenedAt()), State: words.T("outgoing_delivery." + state),
		Tone:      map[string]string{"waiting": "accent", "delivered": "good", "failed": "warn"}[state],
		CanReplay: state == "delivered" || state == "failed",
	}
	if said := answerWords(words, d.GetAnswer()); said != "" {
		row.Said = said
		if n := int(d.GetAttempts()); n > 1 {
			row.Said += " · " + words.N("outgoing_attempts", n)
		}
	}
	if d.GetNextTryAt() != "" && d.GetAttempts() > 0 {
		row.Next = words.T("outgoing.next_try", "At", words.Instant(d.GetNextTryAt()))
	}
	return row
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}
