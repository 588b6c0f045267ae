package rpc

import (
	"context"

	"jalon.dev/services/interviews/internal/planning"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// SayHeld says that the talk took place on a day, and plans the next one.
func (h Talks) SayHeld(ctx context.Context, req *interviewsv1.SayHeldRequest) (*interviewsv1.SayHeldResponse, error) {
	t, me, err := h.open(ctx, interviewsv1connect.TalksServiceSayHeldProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	on, err := day("held_on", req.GetHeldOn())
	if err != nil {
		return nil, err
	}
	changed, err := t.SayHeld(me, on, h.Clock.Now())
	if err != nil {
		return nil, refused(err)
	}
	if changed {
		if err := planning.RecordHeld(ctx, &t, h.Clock.Now()); err != nil {
			return nil, err
		}
		err = h.save(ctx, &t)
	} else { // said again because no answer came: the other one may not have been asked
		err = h.Reminders.Ask(ctx, t)
	}
	if err != nil {
		return nil, err
	}
	next, err := h.Planner.AfterHeld(ctx, t)
	if err != nil {
		return nil, err
	}
	res := &interviewsv1.SayHeldResponse{}
	if next.Takes() {
		res.Next = planning.TalkOf(next)
	}
	return res, nil
}

// AnswerHeld confirms or contests what the other one said.
func (h Talks) AnswerHeld(ctx context.Context, req *interviewsv1.AnswerHeldRequest) (*interviewsv1.AnswerHeldResponse, error) {
	t, me, err := h.open(ctx, interviewsv1connect.TalksServiceAnswerHeldProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	changed, err := t.Answer(me, req.GetConfirm())
	if err != nil {
		return nil, refused(err)
	}
	if changed {
		if !req.GetConfirm() {
			if err := planning.RecordContested(ctx, &t, h.Clock.Now()); err != nil {
				return nil, err
			}
		}
		err = h.save(ctx, &t)
	} else {
		err = h.Reminders.Ask(ctx, t)
	}
	if err != nil {
		return nil, err
	}
	if !req.GetConfirm() {
		return &interviewsv1.AnswerHeldResponse{}, h.Planner.AfterContested(ctx, t)
	}
	return &interviewsv1.AnswerHeldResponse{}, nil
}
