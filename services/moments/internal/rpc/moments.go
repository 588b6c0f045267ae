package rpc

import (
	"context"
	"errors"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
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
	units, err := within(ctx, momentsv1connect.MomentsServiceListMomentsProcedure, about)
	if err != nil {
		return nil, err
	}
	size, err := rpc.PageSize(req.GetPageSize(), usualPage, longestPage)
	if err != nil {
		return nil, err
	}
	query := mongostore.Query{KeyMoment: req.GetKeyMoment(), PersonID: req.GetPersonId(), UnitID: req.GetUnitId(), Within: units}
	if actor, _ := identity.FromContext(ctx); !actor.Has(identity.HR) && !actor.Has(identity.LocalHR) {
		query.SeenBy, query.Hidden = actor.PersonID, h.Catalogue.Delicate()
	}
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
	about, err := h.seenBy(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, momentsv1connect.MomentsServiceGetMomentProcedure, about); err != nil {
		return nil, err
	}
	views, err := h.views(ctx, []moment.Moment{m})
	if err != nil {
		return nil, err
	}
	return &momentsv1.GetMomentResponse{Moment: views[0]}, nil
}

// seenBy is whom a moment concerns, for whoever asks: a team's moment concerns the manager who declared it, and a delicate one
// no other manager than who declared it or held the talk that it is.
func (h Handler) seenBy(ctx context.Context, m moment.Moment) (policy.Subject, error) {
	actor, _ := identity.FromContext(ctx)
	if moment.IsDelicate(m.KeyMoment) {
		about := declarer(actor, m)
		if m.SeenThrough(actor.PersonID) {
			about.ManagerID = actor.PersonID
		}
		return about, nil
	}
	if m.Collective() {
		about := declarer(actor, m)
		about.UnitPath = m.UnitPath
		return about, nil
	}
	if m.Guest {
		return policy.Subject{UnitPath: m.UnitPath}, nil
	}
	p, _, err := h.person(ctx, m.PersonID)
	return subject(p), err
}

// declarer is whom a moment concerns as far as it is HR's and that of whoever declared it: who declared it was the manager
// of all whom it concerned. The manager who held a talk is none: whether the other one is asked about it is not theirs to decide.
// Of the roles that hold for units, it is HR's alone that reaches it.
func declarer(actor policy.Actor, m moment.Moment) policy.Subject {
	about := policy.Subject{}
	if m.DeclaredBy != "" && m.DeclaredBy == actor.PersonID {
		about.ManagerID = actor.PersonID
	}
	for _, unit := range actor.Units(identity.LocalHR) {
		if slices.Contains(m.UnitPath, unit) {
			about.UnitPath = m.UnitPath
		}
	}
	return about
}

// views joins moments with their agenda items and with the people's newest facts.
func (h Handler) views(ctx context.Context, moments []moment.Moment) ([]*momentsv1.MomentView, error) {
	var invitations, persons, movers []string
	personal := make([][]moment.Moment, len(moments))
	for i, m := range moments {
		var err error
		if personal[i], err = m.Personal(); err != nil {
			return nil, err
		}
		for _, p := range personal[i] {
			persons = append(persons, p.PersonID)
			if p.Cause == moment.Moved {
				movers = append(movers, p.PersonID)
			}
			for _, f := range p.FollowUps {
				invitations = append(invitations, f.InvitationID)
			}
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
	moves, err := h.Arrivals.Of(ctx, movers)
	if err != nil {
		return nil, err
	}
	actor, _ := identity.FromContext(ctx)
	views := make([]*momentsv1.MomentView, len(moments))
	for i, m := range moments {
		sums, asked := make([]moment.Standing, len(m.FollowUps)), make([]int, len(m.FollowUps))
		for j := range m.FollowUps {
			standings := make([]moment.Standing, len(personal[i]))
			for k, p := range personal[i] {
				var kept moment.Standing
				if item, ok := items[p.FollowUps[j].InvitationID]; ok {
					kept = followup.Standing(item)
				}
				facts := contract(known[p.PersonID])
				facts.Moves = moves[p.PersonID]
				standings[k] = p.Stand(p.FollowUps[j], kept, facts)
			}
			sums[j], asked[j] = moment.Sum(standings)
		}
		views[i] = view(m, sums, asked, known[m.PersonID], h.Clock.Now())
		for j, f := range m.FollowUps {
			views[i].FollowUps[j].ToldAs = h.Catalogue.ToldAs(m.KeyMoment, f.Code, m.HappensOn.DaysUntil(f.On))
		}
		views[i].CanCancel = views[i].GetState() == momentsv1.MomentView_STATE_OPEN &&
			allow(ctx, momentsv1connect.MomentsServiceCancelMomentProcedure, declarer(actor, m)) == nil
	}
	return views, nil
}

func view(m moment.Moment, standings []moment.Standing, asked []int, p people.Person, now time.Time) *momentsv1.MomentView {
	v := &momentsv1.MomentView{
		Id: m.ID, KeyMoment: m.KeyMoment, PersonId: m.PersonID, HappensOn: m.HappensOn.String(), Cause: string(m.Cause),
		OpenedAt: instant(m.OpenedAt), State: lives[m.LifeOf(standings, clock.DateOf(now, p.Location()))],
		UnitId: m.UnitID, People: int32(m.People), DeclaredBy: m.DeclaredBy,
	}
	if c := m.Cancelled; c != nil {
		v.CancelledAt, v.CancelledBy, v.CancelReason = instant(c.At), c.By, c.Reason
	}
	if m.Guest {
		v.PersonId, v.Guest, v.UnitId = "", true, m.UnitPath[len(m.UnitPath)-1]
	}
	for i, f := range m.FollowUps {
		s := standings[i]
		step := &momentsv1.FollowUpView{
			Code: f.Code, InvitationId: f.InvitationID, State: states[s.State], Reason: string(s.Reason),
			DueAt: instant(s.Due), AskedAt: instant(s.AskedAt), ByLink: m.ByLink(f.On),
		}
		if m.Collective() {
			step.InvitationId, step.AskedPeople = "", int32(asked[i])
		}
		v.FollowUps = append(v.FollowUps, step)
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
