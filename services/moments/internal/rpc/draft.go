package rpc

import (
	"context"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/survey"
)

// SaveDraft keeps what is entered so far. Where there is nothing to answer any more, it keeps nothing and does not complain: the
// page that sends it may be older than the answer.
func (h Handler) SaveDraft(ctx context.Context, req *momentsv1.SaveDraftRequest) (*momentsv1.SaveDraftResponse, error) {
	in, err := h.invitation(ctx, momentsv1connect.MomentsServiceSaveDraftProcedure, req.GetInvitationId())
	if err != nil {
		return nil, err
	}
	return &momentsv1.SaveDraftResponse{}, h.keepDraft(ctx, in, answers(req.GetAnswers()))
}

func (h Handler) keepDraft(ctx context.Context, in invitation, entered []survey.Answer) error {
	answered, err := h.Responses.Exists(ctx, survey.ResponseID(in.InvitationID))
	if err != nil || !in.open || answered {
		return err
	}
	if err := h.Drafts.Save(ctx, in.InvitationID, in.questionnaire.Keep(entered), in.until); err != nil {
		return err
	}
	// The response may have come meanwhile, and its draft been removed before this one was there.
	if answered, err = h.Responses.Exists(ctx, survey.ResponseID(in.InvitationID)); err == nil && answered {
		err = h.Drafts.Drop(ctx, in.InvitationID)
	}
	return err
}
