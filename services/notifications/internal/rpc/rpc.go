// Package rpc answers what notifications is asked: it checks who asks, asks the inboxes, converts.
package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
	"jalon.dev/services/notifications/internal/mail"
	"jalon.dev/services/notifications/internal/mongostore"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// Handler implements notificationsv1connect.NotificationsServiceHandler.
type Handler struct {
	notificationsv1connect.UnimplementedNotificationsServiceHandler
	delivery *delivery.Delivery
	inboxes  *mongostore.Store
	register *people.Register
	clock    clock.Clock
	mailer   *mail.Mailer
}

var _ notificationsv1connect.NotificationsServiceHandler = (*Handler)(nil)

// New returns a handler that reads from, and changes through, what it is given.
func New(messages *delivery.Delivery, inboxes *mongostore.Store, register *people.Register, clk clock.Clock) *Handler {
	return &Handler{delivery: messages, inboxes: inboxes, register: register, clock: clk}
}

// ListPrompts returns a person's open prompts, oldest first.
func (h *Handler) ListPrompts(
	ctx context.Context, req *notificationsv1.ListPromptsRequest,
) (*notificationsv1.ListPromptsResponse, error) {
	box, err := h.inboxFor(ctx, req.GetPersonId(), notificationsv1connect.NotificationsServiceListPromptsProcedure)
	if err != nil {
		return nil, err
	}
	res := &notificationsv1.ListPromptsResponse{}
	for _, m := range box.Open(h.clock.Now()) {
		prompt := delivery.PromptOf(box.PersonID, m)
		prompt.Quiet = box.Quiet() && m.Questions()
		res.Prompts = append(res.Prompts, prompt)
	}
	if actor, _ := identity.FromContext(ctx); actor.PersonID == box.PersonID {
		if err := h.delivery.See(ctx, box); err != nil {
			return nil, err
		}
	}
	return res, nil
}

// ExplainMessages returns the messages of a person with the gate's decisions on each, newest first.
func (h *Handler) ExplainMessages(
	ctx context.Context, req *notificationsv1.ExplainMessagesRequest,
) (*notificationsv1.ExplainMessagesResponse, error) {
	box, err := h.inboxFor(ctx, req.GetPersonId(), notificationsv1connect.NotificationsServiceExplainMessagesProcedure)
	if err != nil {
		return nil, err
	}
	actor, _ := identity.FromContext(ctx)
	self := actor.PersonID == req.GetPersonId()
	res := &notificationsv1.ExplainMessagesResponse{
		Company: companyHours(h.delivery.Company()), Limits: limits(h.delivery.Limits()),
	}
	if self && box.Quiet() {
		res.Spared = limits(h.delivery.Spared())
	}
	for _, m := range slices.Backward(box.Messages) {
		if m.Discreet && !self {
			continue
		}
		// One that was closed before it was asked for has nothing to explain.
		if m.RequestedAt.IsZero() || req.GetInvitationId() != "" && m.ID != req.GetInvitationId() {
			continue
		}
		message := explained(m)
		if !self {
			conceal(message)
		}
		res.Messages = append(res.Messages, message)
	}
	return res, nil
}

// inboxFor returns the person's inbox if whoever asks may see it by the procedure.
func (h *Handler) inboxFor(ctx context.Context, personID, procedure string) (*inbox.Inbox, error) {
	subject := policy.Subject{PersonID: personID}
	switch person, err := h.register.Get(ctx, personID); {
	case err == nil:
		subject.ManagerID, subject.UnitPath = person.ManagerID, person.UnitPath
	case !errors.Is(err, mongodb.ErrNotFound):
		return nil, fmt.Errorf("looking up person %s: %w", personID, err)
	}
	actor, _ := identity.FromContext(ctx)
	if err := policy.Allow(actor, procedure, subject); err != nil {
		return nil, err
	}
	boxes, err := h.inboxes.Load(ctx, personID)
	if err != nil {
		return nil, err
	}
	return boxes[0], nil
}

var states = map[inbox.State]notificationsv1.Message_State{
	inbox.Waiting: notificationsv1.Message_STATE_DEFERRED,
	inbox.Shown:   notificationsv1.Message_STATE_SHOWN,
	inbox.Closed:  notificationsv1.Message_STATE_CLOSED,
	inbox.Expired: notificationsv1.Message_STATE_EXPIRED,
}

func explained(m inbox.Message) *notificationsv1.Message {
	message := &notificationsv1.Message{
		InvitationId: m.ID, KeyMoment: m.KeyMoment, FollowUp: m.FollowUp,
		State: states[m.State], NextTryAt: rfc3339(m.NextTryAt), RemindAt: rfc3339(m.RemindAt),
		Subject: delivery.SubjectOf(m),
	}
	for _, d := range m.Decisions {
		message.Decisions = append(message.Decisions, &notificationsv1.Decision{
			At: rfc3339(d.At), Verdict: string(d.Verdict), Reason: string(d.Reason), Until: rfc3339(d.Until),
			Reminder: d.Reminder,
		})
	}
	return message
}

// conceal makes a message that was shown look the same whatever became of it: whoever could tell a closed one from an expired
// one would know who answered, and the surveys behind are confidential.
func conceal(message *notificationsv1.Message) {
	message.RemindAt = ""
	for _, d := range message.GetDecisions() {
		if d.GetReason() == string(gate.OwnHours) { // what hours people choose is their own business
			d.Reason = string(gate.OutsideWindow)
		}
		if d.GetReason() == string(gate.Spared) { // whether they react is, too
			d.Reason = string(gate.OverCap)
		}
	}
	for i, d := range message.GetDecisions() {
		if d.GetVerdict() == string(gate.LetThrough) {
			message.State = notificationsv1.Message_STATE_SHOWN
			message.Decisions = message.GetDecisions()[:i+1]
			return
		}
	}
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
