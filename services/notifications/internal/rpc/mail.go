package rpc

import (
	"bytes"
	"context"
	"errors"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/notifications/internal/mail"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// WithMail lets the handler answer what concerns e-mail.
func (h *Handler) WithMail(mailer *mail.Mailer) *Handler {
	h.mailer = mailer
	return h
}

// GetMailChoice tells whether the person of an unsubscribe link wants e-mail.
func (h *Handler) GetMailChoice(ctx context.Context, req *notificationsv1.GetMailChoiceRequest) (*notificationsv1.GetMailChoiceResponse, error) {
	if err := mailAllowed(ctx, notificationsv1connect.NotificationsServiceGetMailChoiceProcedure); err != nil {
		return nil, err
	}
	wanted, err := h.mailer.Wanted(ctx, req.GetToken())
	if err != nil {
		return nil, badLink(err)
	}
	return &notificationsv1.GetMailChoiceResponse{Wanted: wanted}, nil
}

// SetMailChoice stops or resumes e-mail.
func (h *Handler) SetMailChoice(ctx context.Context, req *notificationsv1.SetMailChoiceRequest) (*notificationsv1.SetMailChoiceResponse, error) {
	if err := mailAllowed(ctx, notificationsv1connect.NotificationsServiceSetMailChoiceProcedure); err != nil {
		return nil, err
	}
	person, err := h.mailer.Person(req.GetToken())
	if err != nil {
		return nil, badLink(err)
	}
	if erased, err := h.register.Erased(ctx, []string{person}); err != nil || len(erased) > 0 {
		return &notificationsv1.SetMailChoiceResponse{}, err // there is nobody any more who could be written to
	}
	if err := h.mailer.Choose(ctx, req.GetToken(), req.GetWanted()); err != nil {
		return nil, badLink(err)
	}
	if err := h.alignPreferences(ctx, req.GetToken(), req.GetWanted()); err != nil {
		return nil, err
	}
	return &notificationsv1.SetMailChoiceResponse{}, nil
}

// alignPreferences makes the person's own page say the same as the link that was used.
func (h *Handler) alignPreferences(ctx context.Context, token string, wanted bool) error {
	personID, err := h.mailer.Person(token)
	if err != nil {
		return badLink(err)
	}
	boxes, err := h.inboxes.Load(ctx, personID)
	if err != nil {
		return err
	}
	chosen := boxes[0].Preferences
	if chosen.NoEmail == !wanted {
		return nil
	}
	chosen.NoEmail = !wanted
	return h.delivery.Prefer(ctx, personID, chosen)
}

// CountMails tells what became of all e-mail.
func (h *Handler) CountMails(ctx context.Context, _ *notificationsv1.CountMailsRequest) (*notificationsv1.CountMailsResponse, error) {
	if err := mailAllowed(ctx, notificationsv1connect.NotificationsServiceCountMailsProcedure); err != nil {
		return nil, err
	}
	return h.mailer.Count(ctx)
}

// ReportBounce takes in what a mail server returned.
func (h *Handler) ReportBounce(ctx context.Context, req *notificationsv1.ReportBounceRequest) (*notificationsv1.ReportBounceResponse, error) {
	if err := mailAllowed(ctx, notificationsv1connect.NotificationsServiceReportBounceProcedure); err != nil {
		return nil, err
	}
	became, err := h.mailer.Returned(ctx, bytes.NewReader(req.GetMessage()))
	switch {
	case errors.Is(err, mail.ErrNoReport):
		return nil, connect.NewError(connect.CodeInvalidArgument, mail.ErrNoReport)
	case errors.Is(err, mail.ErrNotOurs):
		return nil, connect.NewError(connect.CodeNotFound, mail.ErrNotOurs)
	case errors.Is(err, mail.ErrTooSoon):
		return nil, connect.NewError(connect.CodeUnavailable, mail.ErrTooSoon)
	case err != nil:
		return nil, err
	}
	return &notificationsv1.ReportBounceResponse{Outcome: bounceOutcomes[became]}, nil
}

var bounceOutcomes = map[mail.State]notificationsv1.ReportBounceResponse_Outcome{
	mail.Sent:    notificationsv1.ReportBounceResponse_OUTCOME_NOTHING,
	mail.Bounced: notificationsv1.ReportBounceResponse_OUTCOME_ADDRESS_REFUSED,
	mail.Failed:  notificationsv1.ReportBounceResponse_OUTCOME_NOT_DELIVERED,
}

func mailAllowed(ctx context.Context, procedure string) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, policy.Subject{})
}

func badLink(err error) error {
	if errors.Is(err, mail.ErrBadToken) {
		return connect.NewError(connect.CodeNotFound, mail.ErrBadToken)
	}
	return err
}
