package rpc

import (
	"context"
	"errors"
	"strings"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// SaveCommitment adds or changes a decision or a skill to develop.
func (h Talks) SaveCommitment(
	ctx context.Context, req *interviewsv1.SaveCommitmentRequest,
) (*interviewsv1.SaveCommitmentResponse, error) {
	t, me, err := h.writable(ctx, interviewsv1connect.TalksServiceSaveCommitmentProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	due, err := day("due_on", req.GetDueOn())
	if err != nil {
		return nil, err
	}
	owner := req.GetOwnerId()
	if owner == "" {
		owner = me
	}
	c, err := h.Commitments.Get(ctx, req.GetCommitmentId())
	switch {
	case errors.Is(err, mongodb.ErrNotFound) && req.GetVersion() == 0:
		c, err = talk.Commit(req.GetCommitmentId(), t, word(commitmentKinds, req.GetKind()), req.GetText(), owner, due, h.today(t))
	case err != nil:
		return nil, err
	case c.TalkID != t.ID || !c.Of(me):
		return nil, policy.ErrDenied
	case req.GetVersion() == 0 && c.Wording.Text == strings.TrimSpace(req.GetText()): // a double click
		return &interviewsv1.SaveCommitmentResponse{Version: c.Version}, nil
	case c.Version != req.GetVersion():
		return nil, mongodb.ErrConflict
	default:
		err = c.Change(req.GetText(), owner, due)
	}
	if err != nil {
		return nil, refused(err)
	}
	version, err := h.saveCommitment(ctx, c)
	if err != nil {
		return nil, err
	}
	return &interviewsv1.SaveCommitmentResponse{Version: version}, h.handOn(ctx, c)
}

// handOn gives a commitment that has just been written to the manager of now, where the talk was with another: what was open before,
// that one took over already, and nothing else would remind of it.
func (h Talks) handOn(ctx context.Context, c talk.Commitment) error {
	person, err := h.People.Get(ctx, c.EmployeeID)
	if errors.Is(err, mongodb.ErrNotFound) { // erased meanwhile
		return nil
	}
	if err != nil || person.ManagerID == "" || person.ManagerID == person.ID || person.ManagerID == c.ManagerID {
		return err
	}
	return h.Commitments.HandOver(ctx, c.EmployeeID, person.ManagerID)
}

// PromiseRequest answers what the employee expects.
func (h Talks) PromiseRequest(
	ctx context.Context, req *interviewsv1.PromiseRequestRequest,
) (*interviewsv1.PromiseRequestResponse, error) {
	c, me, err := h.commitment(ctx, interviewsv1connect.TalksServicePromiseRequestProcedure, req.GetCommitmentId(), req.GetVersion())
	if err != nil {
		return nil, err
	}
	due, err := day("due_on", req.GetDueOn())
	if err != nil {
		return nil, err
	}
	if err := c.Promise(me, due, req.GetAnswer()); err != nil {
		return nil, refused(err)
	}
	version, err := h.saveCommitment(ctx, c)
	return &interviewsv1.PromiseRequestResponse{Version: version}, err
}

// SettleCommitment says what became of a decision, a skill or a request.
func (h Talks) SettleCommitment(
	ctx context.Context, req *interviewsv1.SettleCommitmentRequest,
) (*interviewsv1.SettleCommitmentResponse, error) {
	c, me, err := h.commitment(ctx, interviewsv1connect.TalksServiceSettleCommitmentProcedure, req.GetCommitmentId(), req.GetVersion())
	if err != nil {
		return nil, err
	}
	zone := h.zone(ctx, c.EmployeeID)
	if err := c.Settle(me, word(commitmentStates, req.GetState()), req.GetOutcome(), clock.DateOf(h.Clock.Now(), zone)); err != nil {
		return nil, refused(err)
	}
	version, err := h.saveCommitment(ctx, c)
	return &interviewsv1.SettleCommitmentResponse{Version: version}, err
}

// commitment returns one for one of its two people, who is asking about a version of it.
func (h Talks) commitment(ctx context.Context, procedure, id string, version int64) (c talk.Commitment, me string, err error) {
	if c, err = h.Commitments.Get(ctx, id); err != nil {
		return talk.Commitment{}, "", err
	}
	actor, _ := identity.FromContext(ctx)
	if err := policy.Allow(actor, procedure, policy.Subject{PersonID: c.EmployeeID, ManagerID: c.ManagerID}); err != nil {
		return talk.Commitment{}, "", err
	}
	if !c.Of(actor.PersonID) {
		return talk.Commitment{}, "", policy.ErrDenied
	}
	if c.Version != version {
		return talk.Commitment{}, "", mongodb.ErrConflict
	}
	return c, actor.PersonID, nil
}

func (h Talks) saveCommitment(ctx context.Context, c talk.Commitment) (version int64, err error) {
	c.Version++
	return c.Version, h.Commitments.Save(ctx, c)
}

func day(field, text string) (clock.Date, error) {
	date, err := clock.ParseDate(text)
	if err != nil {
		return clock.Date{}, rpc.InvalidField(field, "must be a day of the calendar, such as 2026-11-24")
	}
	return date, nil
}
