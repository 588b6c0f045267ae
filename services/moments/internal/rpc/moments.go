package rpc

import (
	"context"
	"errors"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
)

const (
	usualPage   = 50
	longestPage = 500
)

// ListMoments pages through moments, the last opened first.
func (h Handler) ListMoments(ctx context.Context, req *momentsv1.ListMomentsRequest) (*momentsv1.ListMomentsResponse, error) {
	var about policy.Subject
	if req.GetPersonId() != "" {
		p, _, err := h.person(ctx, req.GetPersonId())
		if err != nil {
			return nil, err
		}
		about = subject(p)
	}
	if err := allow(ctx, momentsv1connect.MomentsServiceListMomentsProcedure, about); err != nil {
		return nil, err
	}
	size, err := rpc.PageSize(req.GetPageSize(), usualPage, longestPage)
	if err != nil {
		return nil, err
	}
	query := mongostore.Query{KeyMoment: req.GetKeyMoment(), PersonID: req.GetPersonId(), UnitID: req.GetUnitId()}
	moments, next, err := h.Moments.List(ctx, query, size, req.GetPageToken())
	if errors.Is(err, mongodb.ErrPageToken) {
		return nil, rpc.InvalidField("page_token", "must come from the last answer to the same question")
	}
	if err != nil {
		return nil, err
	}
	total, err := h.Moments.Count(ctx, query)
	if err != nil {
		return nil, err
	}
	views, err := h.views(ctx, moments)
	if err != nil {
		return nil, err
	}
	return &momentsv1.ListMomentsResponse{Moments: views, NextPageToken: next, TotalSize: int32(total)}, nil
}

// GetMoment returns a moment with where each follow-up stands.
func (h Handler) GetMoment(ctx context.Context, req *momentsv1.GetMomentRequest) (*momentsv1.GetMomentResponse, error) {
	m, err := h.Moments.Get(ctx, req.GetMomentId())
	if err != nil {
		return nil, err
	}
	p, _, err := h.person(ctx, m.PersonID)
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, momentsv1connect.MomentsServiceGetMomentProcedure, subject(p)); err != nil {
		return nil, err
	}
	views, err := h.views(ctx, []moment.Moment{m})
	if err != nil {
		return nil, err
	}
	return &momentsv1.GetMomentResponse{Moment: views[0]}, nil
}

// views joins moments with their agenda items and with the people's newest facts.
func (h Handler) views(ctx context.Context, moments []moment.Moment) ([]*momentsv1.MomentView, error) {
	var invitations, persons []string
	for _, m := range moments {
		persons = append(persons, m.PersonID)
		for _, f := range m.FollowUps {
			invitations = append(invitations, f.InvitationID)
		}
	}
	items, err := h.Agenda.Get(ctx, invitations...)
	if err != nil {
		return nil, err
	}
	known, err := h.People.GetMany(ctx, persons)
	if err != nil {
		return nil, err
	}
	views := make([]*momentsv1.MomentView, len(moments))
	for i, m := range moments {
		standings := make([]moment.Standing, len(m.FollowUps))
		for j, f := range m.FollowUps {
			var kept moment.Standing
			if item, ok := items[f.InvitationID]; ok {
				kept = followup.Standing(item)
			}
			standings[j] = m.Stand(f, kept, contract(known[m.PersonID]))
		}
		views[i] = view(m, standings, known[m.PersonID], h.Clock.Now())
	}
	return views, nil
}

func view(m moment.Moment, standings []moment.Standing, p people.Person, now time.Time) *momentsv1.MomentView {
	v := &momentsv1.MomentView{
		Id: m.ID, KeyMoment: m.KeyMoment, PersonId: m.PersonID, HappensOn: m.HappensOn.String(), Cause: string(m.Cause),
		OpenedAt: instant(m.OpenedAt), State: lives[m.LifeOf(standings, clock.DateOf(now, p.Location()))],
	}
	for i, f := range m.FollowUps {
		s := standings[i]
		v.FollowUps = append(v.FollowUps, &momentsv1.FollowUpView{
			Code: f.Code, InvitationId: f.InvitationID, State: states[s.State], Reason: string(s.Reason),
			DueAt: instant(s.Due), AskedAt: instant(s.AskedAt),
		})
	}
	return v
}

var lives = map[moment.Life]momentsv1.MomentView_State{
	moment.Underway:  momentsv1.MomentView_STATE_OPEN,
	moment.Over:      momentsv1.MomentView_STATE_CLOSED,
	moment.CalledOff: momentsv1.MomentView_STATE_CANCELLED,
}

var states = map[moment.State]momentsv1.FollowUpView_State{
	moment.Planned:   momentsv1.FollowUpView_STATE_PLANNED,
	moment.Asked:     momentsv1.FollowUpView_STATE_ASKED,
	moment.Expired:   momentsv1.FollowUpView_STATE_EXPIRED,
	moment.Cancelled: momentsv1.FollowUpView_STATE_CANCELLED,
	moment.Skipped:   momentsv1.FollowUpView_STATE_SKIPPED,
}

// instant is RFC 3339, empty for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
