// Package rpc answers what interviews is asked: when, never what.
package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// Handler implements interviewsv1connect.InterviewsServiceHandler.
type Handler struct {
	talks    *mongostore.Store
	register *people.Register
	clock    clock.Clock
}

var _ interviewsv1connect.InterviewsServiceHandler = (*Handler)(nil)

// New returns a handler that reads from what it is given.
func New(talks *mongostore.Store, register *people.Register, clk clock.Clock) *Handler {
	return &Handler{talks: talks, register: register, clock: clk}
}

// GetNextTalk returns a person's next talk; it is unset where none is planned.
func (h *Handler) GetNextTalk(
	ctx context.Context, req *interviewsv1.GetNextTalkRequest,
) (*interviewsv1.GetNextTalkResponse, error) {
	person, err := h.person(ctx, req.GetEmployeeId())
	if err != nil {
		return nil, err
	}
	subject := policy.Subject{PersonID: person.ID, ManagerID: person.ManagerID, UnitPath: person.UnitPath}
	if err := allow(ctx, interviewsv1connect.InterviewsServiceGetNextTalkProcedure, subject); err != nil {
		return nil, err
	}
	res := &interviewsv1.GetNextTalkResponse{}
	t, err := h.talks.Get(ctx, person.ID)
	if errors.Is(err, mongodb.ErrNotFound) {
		return res, nil
	}
	if err != nil {
		return nil, err
	}
	if day, ok := t.Next(clock.Today(h.clock, person.Location())); ok {
		res.Talk = planning.TalkOf(t, day)
	}
	return res, nil
}

// ListTalks returns the next talks of a manager's direct reports, soonest first.
func (h *Handler) ListTalks(ctx context.Context, req *interviewsv1.ListTalksRequest) (*interviewsv1.ListTalksResponse, error) {
	manager, err := h.person(ctx, req.GetManagerId())
	if err != nil {
		return nil, err
	}
	// The list is the manager's own: it concerns the people whose manager that is.
	actor, _ := identity.FromContext(ctx)
	units, err := policy.Within(actor, interviewsv1connect.InterviewsServiceListTalksProcedure, policy.Subject{ManagerID: manager.ID})
	if err != nil {
		return nil, err
	}
	talks, err := h.talks.With(ctx, manager.ID)
	if err != nil {
		return nil, err
	}
	if talks, err = h.narrow(ctx, talks, units); err != nil {
		return nil, err
	}
	res := &interviewsv1.ListTalksResponse{}
	today := clock.Today(h.clock, manager.Location())
	for _, t := range talks {
		if day, ok := t.Next(today); ok {
			res.Talks = append(res.Talks, planning.TalkOf(t, day))
		}
	}
	slices.SortFunc(res.GetTalks(), func(x, y *interviewsv1.Talk) int {
		if c := strings.Compare(x.GetPlannedOn(), y.GetPlannedOn()); c != 0 {
			return c
		}
		return strings.Compare(x.GetEmployeeId(), y.GetEmployeeId())
	})
	return res, nil
}

// person returns what is known of a person; of somebody unknown, only the id. Whether that is allowed to be known, the
// policy says next.
func (h *Handler) person(ctx context.Context, id string) (people.Person, error) {
	person, err := h.register.Get(ctx, id)
	if errors.Is(err, mongodb.ErrNotFound) {
		return people.Person{ID: id}, nil
	}
	if err != nil {
		return people.Person{}, fmt.Errorf("looking up person %s: %w", id, err)
	}
	return person, nil
}

func allow(ctx context.Context, procedure string, subject policy.Subject) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, subject)
}
