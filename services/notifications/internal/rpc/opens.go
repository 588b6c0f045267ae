package rpc

import (
	"context"

	"jalon.dev/services/notifications/internal/mail"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// Opens implements notificationsv1connect.OpensServiceHandler.
type Opens struct{ Mailer *mail.Mailer }

var _ notificationsv1connect.OpensServiceHandler = Opens{}

// CountOpen counts that an image was loaded. Who loaded it is not asked, and could not be told.
func (h Opens) CountOpen(ctx context.Context, req *notificationsv1.CountOpenRequest) (*notificationsv1.CountOpenResponse, error) {
	if err := mailAllowed(ctx, notificationsv1connect.OpensServiceCountOpenProcedure); err != nil {
		return nil, err
	}
	if err := h.Mailer.CountOpen(ctx, req.GetPiece(), req.GetMachine()); err != nil {
		return nil, err
	}
	return &notificationsv1.CountOpenResponse{}, nil
}

// GetOpens returns how often the images of a campaign were loaded.
func (h Opens) GetOpens(ctx context.Context, req *notificationsv1.GetOpensRequest) (*notificationsv1.GetOpensResponse, error) {
	if err := mailAllowed(ctx, notificationsv1connect.OpensServiceGetOpensProcedure); err != nil {
		return nil, err
	}
	res := &notificationsv1.GetOpensResponse{Enabled: h.Mailer.CountsOpens()}
	if !res.GetEnabled() {
		return res, nil
	}
	all, err := h.Mailer.OpensOf(ctx, req.GetCampaignId())
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		piece := &notificationsv1.GetOpensResponse_Piece{Variant: o.Variant(), Delivered: o.Delivered}
		if o.Tells() {
			piece.Loads, piece.MachineLoads = &o.Loads, &o.Machines
		}
		res.Pieces = append(res.Pieces, piece)
	}
	return res, nil
}
