package rpc

import (
	"context"
	"fmt"
	"strings"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/moment"
)

// CancelMoment calls a moment off. HR may always; a manager only what that same manager declared.
func (h Handler) CancelMoment(ctx context.Context, req *momentsv1.CancelMomentRequest) (*momentsv1.CancelMomentResponse, error) {
	const procedure = momentsv1connect.MomentsServiceCancelMomentProcedure
	m, err := h.Moments.Get(ctx, req.GetMomentId())
	if err != nil {
		return nil, err
	}
	actor, _ := identity.FromContext(ctx)
	if err := allow(ctx, procedure, declarer(actor, m)); err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(req.GetReason())
	if reason == "" {
		return nil, rpc.InvalidField("reason", "must say why, for whoever reads the moment later")
	}
	first, err := h.Opener.Cancel(ctx, m, moment.Cancellation{At: h.Clock.Now(), By: actor.PersonID, Reason: reason})
	if err != nil {
		return nil, fmt.Errorf("cancelling moment %s: %w", m.ID, err)
	}
	return &momentsv1.CancelMomentResponse{AlreadyCancelled: !first}, nil
}
