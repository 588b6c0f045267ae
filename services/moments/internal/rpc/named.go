package rpc

import (
	"context"
	"errors"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
)

// ListNamedResponses shows HR the answers to questionnaires that told people so. No confidential response is ever among them.
func (h Handler) ListNamedResponses(
	ctx context.Context, req *momentsv1.ListNamedResponsesRequest,
) (*momentsv1.ListNamedResponsesResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceListNamedResponsesProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	size, err := rpc.PageSize(req.GetPageSize(), usualPage, longestPage)
	if err != nil {
		return nil, err
	}
	responses, next, err := h.Responses.Named(ctx, req.GetKeyMoment(), req.GetFollowUp(), size, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	res := &momentsv1.ListNamedResponsesResponse{NextPageToken: next}
	for _, r := range responses {
		asked, err := h.Questionnaires.Find(ctx, r.Questionnaire)
		if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
			return nil, err
		}
		if !asked.Named {
			continue
		}
		res.Responses = append(res.Responses, &momentsv1.NamedResponse{
			PersonId: r.PersonID, FollowUp: r.FollowUp, QuestionnaireId: r.Questionnaire, AnsweredOn: r.AnsweredOn.String(),
			Questions: questionViews(asked.Questions, req.GetLanguage()), Answers: answerViews(r.Answers),
		})
	}
	return res, nil
}
