// Package rpc answers what interviews is asked: when, for those in charge; what, for the two people of a talk alone.
package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/interviews/internal/board"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// Handler implements interviewsv1connect.InterviewsServiceHandler.
type Handler struct {
	Talks    *mongostore.Store
	Settings *mongostore.Settings
	Trends   *mongostore.Trends
	Audits   *mongostore.Audits
	Board    *board.Board
	People   *people.Register
	Clock    clock.Clock
}

var _ interviewsv1connect.InterviewsServiceHandler = Handler{}

// GetNextTalk returns a person's next four-weekly talk; it is unset where none is planned.
func (h Handler) GetNextTalk(
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
	t, err := h.Talks.Next(ctx, person.ID)
	if errors.Is(err, mongodb.ErrNotFound) {
		return res, nil
	}
	if err != nil {
		return nil, err
	}
	if t.Takes() {
		res.Talk = planning.TalkOf(t)
	}
	return res, nil
}

// ListTalks returns the next four-weekly talks of a manager's direct reports, soonest first.
func (h Handler) ListTalks(ctx context.Context, req *interviewsv1.ListTalksRequest) (*interviewsv1.ListTalksResponse, error) {
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
	talks, err := h.Talks.PlannedWith(ctx, manager.ID)
	if err != nil {
		return nil, err
	}
	talks = slices.DeleteFunc(talks, func(t talk.Talk) bool { return t.Kind != talk.EI2D })
	if talks, err = h.narrow(ctx, talks, units); err != nil {
		return nil, err
	}
	res := &interviewsv1.ListTalksResponse{}
	for _, t := range soonest(talks) {
		res.Talks = append(res.Talks, planning.TalkOf(t))
	}
	return res, nil
}

// person returns what is known of a person; of somebody unknown, only the id. Whether that is allowed to be known, the
// policy says next.
func (h Handler) person(ctx context.Context, id string) (people.Person, error) {
	person, err := h.People.Get(ctx, id)
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
