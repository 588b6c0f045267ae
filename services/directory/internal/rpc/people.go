package rpc

import (
	"context"
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/applying"
	"jalon.dev/services/directory/internal/mongostore"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/unit"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

const (
	peopleShown = 50
	peopleMost  = 1000
)

// ListPeople pages through people by family and given name.
func (h *Handler) ListPeople(ctx context.Context, req *directoryv1.ListPeopleRequest) (*directoryv1.ListPeopleResponse, error) {
	sees, err := within(ctx, directoryv1connect.DirectoryServiceListPeopleProcedure, policy.Subject{ManagerID: req.GetManagerId()})
	if err != nil {
		return nil, err
	}
	size, err := rpc.PageSize(req.GetPageSize(), peopleShown, peopleMost)
	if err != nil {
		return nil, err
	}
	asked := fmt.Sprintf("%q %q %q %q", req.GetQuery(), req.GetUnitId(), req.GetManagerId(), sees)
	after, err := mongodb.ParsePageToken(req.GetPageToken(), asked, 2)
	if err != nil {
		return nil, rpc.InvalidField("page_token", "%s", err)
	}
	tree, err := h.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	search := mongostore.Search{Query: req.GetQuery(), ManagerID: req.GetManagerId()}
	if req.GetUnitId() != "" {
		// The company's own branch is everybody: no need to name each of its units.
		if root, ok := tree.Company(); !ok || root.ID != req.GetUnitId() {
			search.Units = append([]string{}, tree.Below(req.GetUnitId())...)
		}
	}
	search.Units = narrow(search.Units, sees, tree)
	people, last, err := h.store.List(ctx, search, after, size)
	if err != nil {
		return nil, err
	}
	total, err := h.store.Count(ctx, search)
	if err != nil {
		return nil, err
	}
	res := &directoryv1.ListPeopleResponse{TotalSize: int32(total)}
	if last != nil {
		if res.NextPageToken, err = mongodb.PageToken(asked, last...); err != nil {
			return nil, err
		}
	}
	for _, p := range people {
		res.People = append(res.People, card(p, tree))
	}
	return res, nil
}

// BatchGetPeople returns cards. An actor who may see some of the people but not all is refused: leaving some out would look
// as if they did not exist.
func (h *Handler) BatchGetPeople(ctx context.Context, req *directoryv1.BatchGetPeopleRequest) (*directoryv1.BatchGetPeopleResponse, error) {
	people, err := h.store.Get(ctx, req.GetIds())
	if err != nil {
		return nil, err
	}
	tree, err := h.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	res := &directoryv1.BatchGetPeopleResponse{}
	for _, p := range people {
		subject := policy.Subject{PersonID: p.ID, ManagerID: p.ManagerID, UnitPath: tree.Path(p.UnitID)}
		if err := allow(ctx, directoryv1connect.DirectoryServiceBatchGetPeopleProcedure, subject); err != nil {
			return nil, err
		}
		res.People = append(res.People, card(p, tree))
	}
	return res, nil
}

// FindPerson finds by employee number.
func (h *Handler) FindPerson(ctx context.Context, req *directoryv1.FindPersonRequest) (*directoryv1.FindPersonResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceFindPersonProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	p, err := h.store.ByNumber(ctx, req.GetNumber())
	if err != nil {
		return nil, err
	}
	tree, err := h.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	return &directoryv1.FindPersonResponse{Person: card(p, tree)}, nil
}

// ListUnits returns the tree from the top down.
func (h *Handler) ListUnits(ctx context.Context, req *directoryv1.ListUnitsRequest) (*directoryv1.ListUnitsResponse, error) {
	sees, err := within(ctx, directoryv1connect.DirectoryServiceListUnitsProcedure, policy.Subject{})
	if err != nil {
		return nil, err
	}
	tree, err := h.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	res := &directoryv1.ListUnitsResponse{Units: unitsWithin(units(tree.All()), sees, tree)}
	res.UnknownCalendars = h.unknownCalendars(res.GetUnits())
	if req.GetCountOn() == "" {
		return res, nil
	}
	on, err := clock.ParseDate(req.GetCountOn())
	if err != nil {
		return nil, rpc.InvalidField("count_on", "must be a date of the calendar, written YYYY-MM-DD")
	}
	counts, err := h.store.CountByUnit(ctx, on)
	if err != nil {
		return nil, err
	}
	res.People = map[string]int32{}
	for _, u := range res.GetUnits() {
		if n := counts[u.GetId()]; n > 0 {
			res.People[u.GetId()] = n
		}
	}
	return res, nil
}

// Snapshot pages by id through what events carry. All units come with the first page.
func (h *Handler) Snapshot(ctx context.Context, req *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceSnapshotProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	size, err := rpc.PageSize(req.GetPageSize(), peopleMost, peopleMost)
	if err != nil {
		return nil, err
	}
	after, err := mongodb.ParsePageToken(req.GetPageToken(), "snapshot", 1)
	if err != nil {
		return nil, rpc.InvalidField("page_token", "%s", err)
	}
	tree, err := h.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	res := &directoryv1.SnapshotResponse{}
	from := ""
	if after == nil {
		// Those that were merged too: an old event of theirs must not bring them back to whoever starts with this.
		res.Units = units(append(tree.All(), tree.Merged()...))
	} else if id, ok := after[0].(string); ok {
		from = id
	}
	people, err := h.store.Page(ctx, from, size)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		res.People = append(res.People, applying.Employee(p, tree.Path(p.UnitID), h.zone(p, tree)))
	}
	if len(people) == size {
		if res.NextPageToken, err = mongodb.PageToken("snapshot", people[size-1].ID); err != nil {
			return nil, err
		}
	}
	return res, nil
}

func (h *Handler) zone(p person.Person, tree *unit.Tree) string {
	for _, zone := range []string{p.TimeZone, tree.ZoneOf(p.UnitID)} {
		if zone != "" {
			return zone
		}
	}
	return h.company.TimeZone
}

func units(all []unit.Unit) []*directoryv1.Unit {
	var out []*directoryv1.Unit
	for _, u := range all {
		out = append(out, applying.Unit(u))
	}
	return out
}

func card(p person.Person, tree *unit.Tree) *directoryv1.PersonCard {
	return &directoryv1.PersonCard{
		Id: p.ID, Number: p.Number, GivenName: p.GivenName, FamilyName: p.FamilyName, Email: p.Email, JobTitle: p.JobTitle,
		Contract: p.Contract, UnitId: p.UnitID, UnitPath: tree.Path(p.UnitID), ManagerId: p.ManagerID, Language: p.Language,
		HiredOn: p.HiredOn.String(), LeftOn: p.LeftOn.String(),
	}
}
