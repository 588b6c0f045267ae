package rpc

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/moment"
)

// DeclareMoment opens a moment that no event told of. Declaring it again opens nothing.
func (h Handler) DeclareMoment(ctx context.Context, req *momentsv1.DeclareMomentRequest) (*momentsv1.DeclareMomentResponse, error) {
	req, err := h.byNumber(ctx, req)
	if err != nil {
		return nil, err
	}
	about, err := h.concerned(ctx, req)
	if err != nil {
		return nil, err
	}
	catalogue, err := h.KeyMoments.Current(ctx)
	if err != nil {
		return nil, err
	}
	km, ok := catalogue.Find(req.GetKeyMoment())
	switch {
	case !ok:
		return nil, rpc.InvalidField("key_moment", "must be a code of the catalogue")
	case km.Collective && req.GetUnitId() == "":
		return nil, rpc.InvalidField("unit_id", "must say whose moment it is: it is a team's")
	case !km.Collective && req.GetUnitId() != "":
		return nil, rpc.InvalidField("person_id", "must say whose moment it is: it is one person's")
	}
	now := h.Clock.Now()
	happensOn, id, err := h.meant(ctx, req, about.zone, now)
	if err != nil {
		return nil, err
	}
	var m moment.Moment
	if km.Collective {
		unit := moment.Unit{ID: req.GetUnitId(), Path: about.subject.UnitPath, Zone: about.zone}
		m = moment.OpenTogether(km, unit, about.members, happensOn, now)
	} else {
		who := moment.Person{ID: req.GetPersonId(), UnitPath: about.subject.UnitPath, Zone: about.zone}
		m = moment.Open(km, who, happensOn, moment.Declared, now)
	}
	actor, _ := identity.FromContext(ctx)
	m.DeclaredBy = actor.PersonID
	return h.declare(ctx, m.As(id))
}

func (h Handler) declare(ctx context.Context, m moment.Moment) (*momentsv1.DeclareMomentResponse, error) {
	opened, err := h.Opener.Declare(ctx, m)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.DeclareMomentResponse{MomentId: m.ID, AlreadyKnown: !opened}
	if !opened {
		known, err := h.Moments.Get(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		res.Cancelled = known.Cancelled != nil
	}
	return res, nil
}

// concerned is whom a declaration is about.
type concerned struct {
	subject policy.Subject
	zone    *time.Location
	members []moment.Member
}

// concerned finds whom a declaration is about, and refuses those who may not make it.
func (h Handler) concerned(ctx context.Context, req *momentsv1.DeclareMomentRequest) (concerned, error) {
	const procedure = momentsv1connect.MomentsServiceDeclareMomentProcedure
	switch {
	case req.GetUnitId() != "" && req.GetPersonId() != "":
		return concerned{}, rpc.InvalidField("unit_id", "must be empty where there is a person_id")
	case req.GetUnitId() != "":
		return h.team(ctx, procedure, req.GetUnitId())
	}
	p, known, err := h.person(ctx, req.GetPersonId())
	if err != nil {
		return concerned{}, err
	}
	if err := allow(ctx, procedure, subject(p)); err != nil {
		return concerned{}, err
	}
	if !known {
		return concerned{}, connect.NewError(connect.CodeNotFound, errors.New("no such person"))
	}
	return concerned{subject: subject(p), zone: p.Location()}, nil
}

// team is everybody who works in a unit or below it today. To a manager it is the manager's own team if everybody else in it
// reports to them.
func (h Handler) team(ctx context.Context, procedure, unitID string) (concerned, error) {
	actor, _ := identity.FromContext(ctx)
	units, err := h.People.Units(ctx)
	if err != nil {
		return concerned{}, err
	}
	path, below := tree(units, unitID)
	members, err := h.People.Members(ctx, below...)
	if err != nil {
		return concerned{}, err
	}
	team := concerned{subject: policy.Subject{ManagerID: actor.PersonID, UnitPath: path}}
	for _, p := range members {
		if !p.Employed(clock.DateOf(h.Clock.Now(), p.Location())) {
			continue
		}
		if p.ID != actor.PersonID && p.ManagerID != actor.PersonID {
			team.subject.ManagerID = ""
		}
		team.members = append(team.members, moment.Member{ID: p.ID, Zone: p.Location().String()})
		team.zone = p.Location()
	}
	slices.SortFunc(team.members, func(a, b moment.Member) int { return strings.Compare(a.ID, b.ID) })
	if len(team.members) == 0 {
		team.subject.ManagerID = ""
	}
	if err := allow(ctx, procedure, team.subject); err != nil {
		return concerned{}, err
	}
	switch {
	case len(path) == 0:
		return concerned{}, connect.NewError(connect.CodeNotFound, errors.New("no such unit"))
	case len(team.members) == 0:
		return concerned{}, rpc.InvalidField("unit_id", "must be a unit in which somebody works")
	case len(team.members) > moment.MostMembers:
		return concerned{}, rpc.InvalidField("unit_id", "must be a unit of at most %d people", moment.MostMembers)
	}
	return team, nil
}

// tree is the path from the company down to a unit, empty for an unknown one, and the unit with all units below it.
func tree(units []people.Unit, id string) (path, below []string) {
	parents, children := map[string]string{}, map[string][]string{}
	for _, u := range units {
		parents[u.ID] = u.ParentID
		children[u.ParentID] = append(children[u.ParentID], u.ID)
	}
	if _, ok := parents[id]; !ok {
		return nil, nil
	}
	for at := id; at != "" && !slices.Contains(path, at); at = parents[at] {
		path = append(path, at)
	}
	slices.Reverse(path)
	below = []string{id}
	for i := 0; i < len(below); i++ {
		for _, child := range children[below[i]] {
			if !slices.Contains(below, child) {
				below = append(below, child)
			}
		}
	}
	return path, below
}
