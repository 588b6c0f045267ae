package portaltest

import (
	"context"
	"errors"
	"strings"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/rpc"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

var errMeanwhile = connect.NewError(connect.CodeAborted, errors.New("changed meanwhile: read it again and retry"))

// save keeps a text unless the service is away, or another version was saved since.
func (all *Talks) save(text *FakeText, version int64, write func(*FakeText)) error {
	switch {
	case all.Failing > 0:
		all.Failing--
		return connect.NewError(connect.CodeUnavailable, errors.New("away"))
	case text.Version != version:
		return errMeanwhile
	}
	write(text)
	text.Version++
	all.Saved++
	return nil
}

func (f talksFake) SavePreparation(ctx context.Context, req *interviewsv1.SavePreparationRequest) (*interviewsv1.SavePreparationResponse, error) {
	answer := &interviewsv1.SavePreparationResponse{}
	err := f.changing(ctx, req.GetTalkId(), func(all *Talks, talk *FakeTalk) error {
		text := talk.Written("preparation/" + asker(ctx))
		err := all.save(text, req.GetVersion(), func(t *FakeText) { t.Points = req.GetPoints() })
		answer.Version = text.Version
		return err
	})
	return answer, err
}

func (f talksFake) SharePreparation(ctx context.Context, req *interviewsv1.SharePreparationRequest) (*interviewsv1.SharePreparationResponse, error) {
	answer := &interviewsv1.SharePreparationResponse{}
	err := f.changing(ctx, req.GetTalkId(), func(all *Talks, talk *FakeTalk) error {
		text := talk.Written("preparation/" + asker(ctx))
		if text.SharedAt == "" {
			text.SharedAt = Today.Format(time.RFC3339)
		}
		answer.SharedAt = text.SharedAt
		for _, p := range text.Points {
			if p.GetKind() == interviewsv1.Point_KIND_EXPECTATION && talk.GetTalk().GetEmployeeId() == asker(ctx) {
				all.request(talk, p)
			}
		}
		return nil
	})
	return answer, err
}

// request makes of an expectation what the manager answers, once.
func (all *Talks) request(talk *FakeTalk, p *interviewsv1.Point) {
	id := event.ID("request", talk.GetTalk().GetId(), p.GetId())
	for _, c := range all.Commitments {
		if c.GetId() == id {
			return
		}
	}
	all.Commitments = append(all.Commitments, &interviewsv1.Commitment{
		Id: id, TalkId: talk.GetTalk().GetId(), Kind: interviewsv1.Commitment_KIND_REQUEST, Text: p.GetText(), OwnerId: talk.GetTalk().GetManagerId(),
		EmployeeId: talk.GetTalk().GetEmployeeId(), State: interviewsv1.Commitment_STATE_OPEN, MadeOn: today(), Version: 1,
	})
}

func (f talksFake) SaveNotes(ctx context.Context, req *interviewsv1.SaveNotesRequest) (*interviewsv1.SaveNotesResponse, error) {
	key := "own/" + asker(ctx)
	if req.GetShared() {
		key = "shared"
	}
	answer := &interviewsv1.SaveNotesResponse{}
	err := f.changing(ctx, req.GetTalkId(), func(all *Talks, talk *FakeTalk) error {
		text := talk.Written(key)
		err := all.save(text, req.GetVersion(), func(t *FakeText) { t.Text = req.GetText() })
		answer.Version = text.Version
		return err
	})
	return answer, err
}

func (f talksFake) SaveCommitment(ctx context.Context, req *interviewsv1.SaveCommitmentRequest) (*interviewsv1.SaveCommitmentResponse, error) {
	answer := &interviewsv1.SaveCommitmentResponse{Version: req.GetVersion() + 1}
	err := f.changing(ctx, req.GetTalkId(), func(all *Talks, talk *FakeTalk) error {
		if strings.TrimSpace(req.GetText()) == "" {
			return rpc.InvalidField("text", "must say something")
		}
		for _, c := range all.Commitments {
			if c.GetId() == req.GetCommitmentId() {
				if c.GetVersion() != req.GetVersion() {
					return errMeanwhile
				}
				c.Text, c.OwnerId, c.DueOn, c.Version = req.GetText(), req.GetOwnerId(), req.GetDueOn(), c.GetVersion()+1
				return nil
			}
		}
		all.Commitments = append(all.Commitments, &interviewsv1.Commitment{
			Id: req.GetCommitmentId(), TalkId: req.GetTalkId(), Kind: req.GetKind(), Text: req.GetText(), OwnerId: req.GetOwnerId(), DueOn: req.GetDueOn(),
			State: interviewsv1.Commitment_STATE_OPEN, MadeOn: today(), Version: 1, EmployeeId: talk.GetTalk().GetEmployeeId(),
		})
		return nil
	})
	return answer, err
}

// settled runs change on the commitment if nobody changed it since.
func (f talksFake) settled(id string, version int64, change func(*interviewsv1.Commitment)) (err error) {
	err = connect.NewError(connect.CodeNotFound, errors.New("no such commitment"))
	f.Set(func(s *State) {
		for _, c := range s.Talks.Commitments {
			switch {
			case c.GetId() != id:
			case s.Talks.Refusing != "":
				err = refusal(s.Talks.Refusing)
			case c.GetVersion() != version:
				err = errMeanwhile
			default:
				change(c)
				c.Version++
				err = nil
			}
		}
	})
	return err
}

func (f talksFake) PromiseRequest(_ context.Context, req *interviewsv1.PromiseRequestRequest) (*interviewsv1.PromiseRequestResponse, error) {
	err := f.settled(req.GetCommitmentId(), req.GetVersion(), func(c *interviewsv1.Commitment) {
		c.DueOn, c.Answer, c.LateDays = req.GetDueOn(), req.GetAnswer(), 0
	})
	return &interviewsv1.PromiseRequestResponse{Version: req.GetVersion() + 1}, err
}

func (f talksFake) SettleCommitment(_ context.Context, req *interviewsv1.SettleCommitmentRequest) (*interviewsv1.SettleCommitmentResponse, error) {
	err := f.settled(req.GetCommitmentId(), req.GetVersion(), func(c *interviewsv1.Commitment) {
		c.State, c.Outcome, c.SettledOn, c.LateDays = req.GetState(), req.GetOutcome(), today(), 0
		if req.GetState() == interviewsv1.Commitment_STATE_OPEN {
			c.SettledOn = ""
		}
	})
	return &interviewsv1.SettleCommitmentResponse{Version: req.GetVersion() + 1}, err
}

func (f talksFake) ProposeDate(ctx context.Context, req *interviewsv1.ProposeDateRequest) (*interviewsv1.ProposeDateResponse, error) {
	answer := &interviewsv1.ProposeDateResponse{}
	err := f.changing(ctx, req.GetTalkId(), func(_ *Talks, talk *FakeTalk) error {
		switch {
		case talk.GetTalk().GetSequence() != req.GetSequence():
			return errMeanwhile
		case req.GetPlannedOn() == "":
			talk.Proposal = nil
		case req.GetPlannedOn() < today():
			return refusal("past")
		case talk.GetTalk().GetKind() != "ei2d" && talk.GetTalk().GetManagerId() == asker(ctx):
			talk.Talk.PlannedOn, talk.Talk.StartsAt, talk.Reason = req.GetPlannedOn(), req.GetStartsAt(), "set"
			talk.Talk.Sequence++
		default:
			talk.Proposal = &interviewsv1.Proposal{By: asker(ctx), PlannedOn: req.GetPlannedOn(), StartsAt: req.GetStartsAt()}
		}
		answer.Appointment = talk.as(asker(ctx))
		return nil
	})
	return answer, err
}

func (f talksFake) AnswerProposal(ctx context.Context, req *interviewsv1.AnswerProposalRequest) (*interviewsv1.AnswerProposalResponse, error) {
	answer := &interviewsv1.AnswerProposalResponse{}
	err := f.changing(ctx, req.GetTalkId(), func(_ *Talks, talk *FakeTalk) error {
		if !proto.Equal(talk.GetProposal(), req.GetProposal()) {
			return refusal("no_proposal")
		}
		if req.GetAccept() {
			talk.Talk.PlannedOn, talk.Talk.StartsAt, talk.Reason = req.GetProposal().GetPlannedOn(), req.GetProposal().GetStartsAt(), "agreed"
			talk.Talk.Sequence++
		}
		talk.Proposal = nil
		answer.Appointment = talk.as(asker(ctx))
		return nil
	})
	return answer, err
}

func (f talksFake) SayHeld(ctx context.Context, req *interviewsv1.SayHeldRequest) (*interviewsv1.SayHeldResponse, error) {
	err := f.changing(ctx, req.GetTalkId(), func(all *Talks, talk *FakeTalk) error {
		switch {
		case talk.GetState() == interviewsv1.Appointment_STATE_HELD && talk.GetHeldOn() == req.GetHeldOn():
			return nil
		case talk.GetState() != interviewsv1.Appointment_STATE_PLANNED:
			return refusal("not_planned")
		case req.GetHeldOn() > today():
			return refusal("future")
		}
		talk.State, talk.HeldOn, talk.HeldSaidBy, talk.LateDays = interviewsv1.Appointment_STATE_HELD, req.GetHeldOn(), asker(ctx), 0
		all.Held++
		return nil
	})
	return &interviewsv1.SayHeldResponse{}, err
}

func (f talksFake) AnswerHeld(ctx context.Context, req *interviewsv1.AnswerHeldRequest) (*interviewsv1.AnswerHeldResponse, error) {
	err := f.changing(ctx, req.GetTalkId(), func(_ *Talks, talk *FakeTalk) error {
		switch {
		case talk.GetState() != interviewsv1.Appointment_STATE_HELD:
			return refusal("nothing_said")
		case req.GetConfirm():
			talk.State = interviewsv1.Appointment_STATE_CONFIRMED
		default:
			talk.State = interviewsv1.Appointment_STATE_CONTESTED
		}
		return nil
	})
	return &interviewsv1.AnswerHeldResponse{}, err
}

func (f talksFake) StartTalk(ctx context.Context, req *interviewsv1.StartTalkRequest) (*interviewsv1.StartTalkResponse, error) {
	id := event.ID("talk", req.GetRequestId())
	var err error
	f.Set(func(s *State) {
		s.Talks.Started = append(s.Talks.Started, req)
		switch {
		case s.Talks.Talk(id) != nil:
		case req.GetPlannedOn() < today():
			err = refusal("past")
		case req.GetEmployeeId() == "" && req.GetKind() != "recruitment":
			err = rpc.InvalidField("employee_id", "must be a direct report")
		default:
			s.Talks.All = append(s.Talks.All, talkWith(id, req.GetEmployeeId(), asker(ctx), req.GetKind(), req.GetPlannedOn(), req.GetStartsAt(), "set"))
		}
	})
	return &interviewsv1.StartTalkResponse{TalkId: id}, err
}

func (f talksFake) CancelTalk(ctx context.Context, req *interviewsv1.CancelTalkRequest) (*interviewsv1.CancelTalkResponse, error) {
	err := f.changing(ctx, req.GetTalkId(), func(_ *Talks, talk *FakeTalk) error {
		talk.State = interviewsv1.Appointment_STATE_CANCELLED
		return nil
	})
	return &interviewsv1.CancelTalkResponse{}, err
}

func (f talksFake) SetDaysOff(_ context.Context, req *interviewsv1.SetDaysOffRequest) (*interviewsv1.SetDaysOffResponse, error) {
	f.Set(func(s *State) { s.Talks.DaysOff = req.GetDaysOff() })
	return &interviewsv1.SetDaysOffResponse{}, nil
}

func (f talksFake) MakeCalendarFeed(context.Context, *interviewsv1.MakeCalendarFeedRequest) (*interviewsv1.MakeCalendarFeedResponse, error) {
	f.Set(func(s *State) { s.Talks.Feeds++ })
	return &interviewsv1.MakeCalendarFeedResponse{Secret: FeedSecret}, nil
}
