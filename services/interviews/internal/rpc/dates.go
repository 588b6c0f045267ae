package rpc

import (
	"context"
	"errors"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// ProposeDate proposes another date and time, or withdraws what was proposed.
func (h Talks) ProposeDate(ctx context.Context, req *interviewsv1.ProposeDateRequest) (*interviewsv1.ProposeDateResponse, error) {
	t, me, err := h.open(ctx, interviewsv1connect.TalksServiceProposeDateProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	if req.GetSequence() != t.Sequence {
		return nil, mongodb.ErrConflict
	}
	on, at, err := when(req.GetPlannedOn(), req.GetStartsAt())
	if err != nil {
		return nil, err
	}
	moved := false
	if on.IsZero() {
		err = t.Withdraw(me)
	} else {
		moved, err = t.Propose(me, on, at, h.Clock.Now())
	}
	if err != nil {
		return nil, refused(err)
	}
	if err := h.saveDate(ctx, &t, moved); err != nil {
		return nil, err
	}
	return &interviewsv1.ProposeDateResponse{Appointment: appointmentOf(t, me, h.today(t), nil)}, nil
}

// AnswerProposal accepts or declines what the other one proposed.
func (h Talks) AnswerProposal(
	ctx context.Context, req *interviewsv1.AnswerProposalRequest,
) (*interviewsv1.AnswerProposalResponse, error) {
	t, me, err := h.open(ctx, interviewsv1connect.TalksServiceAnswerProposalProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	on, at, err := when(req.GetProposal().GetPlannedOn(), req.GetProposal().GetStartsAt())
	if err != nil {
		return nil, err
	}
	proposal := talk.Proposal{By: req.GetProposal().GetBy(), On: on, StartsAt: at}
	if err := t.AnswerProposal(me, proposal, req.GetAccept(), h.Clock.Now()); err != nil {
		return nil, refused(err)
	}
	if err := h.saveDate(ctx, &t, req.GetAccept()); err != nil {
		return nil, err
	}
	return &interviewsv1.AnswerProposalResponse{Appointment: appointmentOf(t, me, h.today(t), nil)}, nil
}

// saveDate saves a talk whose date was spoken of, and tells of it where it moved. The days on which to remind of it are planned before:
// after that nothing would, if the process ended in between; and a day on which there turns out to be nothing to tell does no harm.
func (h Talks) saveDate(ctx context.Context, t *talk.Talk, moved bool) error {
	if !moved {
		return h.save(ctx, t)
	}
	if err := planning.RecordPlanned(ctx, t, h.Clock.Now()); err != nil {
		return err
	}
	if err := h.Reminders.Expect(ctx, []talk.Talk{*t}); err != nil {
		return err
	}
	return h.save(ctx, t)
}

// StartTalk plans a talk other than the four-weekly one.
func (h Talks) StartTalk(ctx context.Context, req *interviewsv1.StartTalkRequest) (*interviewsv1.StartTalkResponse, error) {
	actor, _ := identity.FromContext(ctx)
	kind, err := talk.ParseKind(req.GetKind())
	if err != nil {
		return nil, rpc.InvalidField("kind", "must be one of congratulation, reframing, recruitment, departure, return")
	}
	subject := policy.Subject{ManagerID: actor.PersonID}
	person, err := h.People.Get(ctx, actor.PersonID) // a recruitment is in the manager's own time zone and unit
	if kind != talk.Recruitment {
		person, err = h.People.Get(ctx, req.GetEmployeeId())
		subject = policy.Subject{PersonID: person.ID, ManagerID: person.ManagerID, UnitPath: person.UnitPath}
	}
	if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
		return nil, err
	}
	if err := policy.Allow(actor, interviewsv1connect.TalksServiceStartTalkProcedure, subject); err != nil {
		return nil, err
	}
	on, at, err := when(req.GetPlannedOn(), req.GetStartsAt())
	if err != nil {
		return nil, err
	}
	t, err := h.start(ctx, event.ID("started talk", actor.PersonID, req.GetRequestId()), kind, actor.PersonID, person, on, at)
	if err != nil {
		return nil, err
	}
	return &interviewsv1.StartTalkResponse{TalkId: t.ID}, nil
}

func (h Talks) start(
	ctx context.Context, id string, kind talk.Kind, managerID string, person people.Person, on clock.Date, at clock.TimeOfDay,
) (talk.Talk, error) {
	if known, err := h.Talks.Get(ctx, id); err == nil || !errors.Is(err, mongodb.ErrNotFound) {
		return known, err
	}
	employee, err := h.Planner.Employee(ctx, person)
	if err != nil {
		return talk.Talk{}, err
	}
	t, err := talk.Start(id, kind, managerID, employee, on, at, h.Clock.Now())
	if err != nil {
		return talk.Talk{}, refused(err)
	}
	if err := planning.RecordPlanned(ctx, &t, h.Clock.Now()); err != nil {
		return talk.Talk{}, err
	}
	// See saveDate.
	if err := errors.Join(h.Candidates.Expect(ctx, t), h.Reminders.Expect(ctx, []talk.Talk{t})); err != nil {
		return talk.Talk{}, err
	}
	if err := h.Talks.Save(ctx, t); err != nil && !errors.Is(err, mongodb.ErrConflict) { // a conflict: a double click
		return talk.Talk{}, err
	}
	h.Relay.Wake()
	return t, nil
}

// CancelTalk calls off a talk that was started.
func (h Talks) CancelTalk(ctx context.Context, req *interviewsv1.CancelTalkRequest) (*interviewsv1.CancelTalkResponse, error) {
	t, me, err := h.open(ctx, interviewsv1connect.TalksServiceCancelTalkProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	changed, err := t.Cancel(me)
	if err != nil {
		return nil, refused(err)
	}
	if !changed {
		return &interviewsv1.CancelTalkResponse{}, nil
	}
	if err := planning.RecordCancelled(ctx, &t, h.Clock.Now()); err != nil {
		return nil, err
	}
	return &interviewsv1.CancelTalkResponse{}, h.save(ctx, &t)
}

// when reads a date and a time of a request.
func when(date, timeOfDay string) (on clock.Date, at clock.TimeOfDay, err error) {
	if on, err = clock.ParseDate(date); err != nil {
		return on, 0, rpc.InvalidField("planned_on", "must be a day of the calendar, such as 2026-11-24")
	}
	if timeOfDay == "" && on.IsZero() {
		return on, 0, nil
	}
	if at, err = clock.ParseTimeOfDay(timeOfDay); err != nil {
		return on, 0, rpc.InvalidField("starts_at", "must be a time such as 14:30")
	}
	return on, at, nil
}
