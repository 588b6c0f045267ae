package operator

import (
	"context"
	"errors"
	"slices"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/roles"
)

const (
	entriesShown = 50
	entriesMost  = 500
)

// Access implements the contract's AccessService: who holds which role, and who did what with it.
type Access struct {
	roles     *roles.Book
	audit     *audit.Log
	directory directoryv1connect.DirectoryServiceClient
}

// NewAccess returns the server.
func NewAccess(book *roles.Book, log *audit.Log, directory directoryv1connect.DirectoryServiceClient) *Access {
	return &Access{roles: book, audit: log, directory: directory}
}

// ListRoles returns every role that somebody holds.
func (a *Access) ListRoles(ctx context.Context, _ *portalv1.ListRolesRequest) (*portalv1.ListRolesResponse, error) {
	held, err := a.roles.All(ctx)
	if err != nil {
		return nil, err
	}
	res := &portalv1.ListRolesResponse{}
	for _, h := range held {
		res.Roles = append(res.Roles, roleHeld(h))
	}
	return res, nil
}

// GiveRole gives a person a role.
func (a *Access) GiveRole(ctx context.Context, req *portalv1.GiveRoleRequest) (*portalv1.GiveRoleResponse, error) {
	found, err := a.directory.FindPerson(ctx, &directoryv1.FindPersonRequest{Number: req.GetEmployeeNumber()})
	if err != nil {
		return nil, err
	}
	role := identity.Role(req.GetRole())
	if role.Local() != (req.GetUnitId() != "") {
		return nil, rpc.InvalidField("unit_id", "is needed for the roles local_hr and director, and must be empty for hr")
	}
	if role.Local() {
		units, err := a.directory.ListUnits(ctx, &directoryv1.ListUnitsRequest{})
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(units.GetUnits(), func(u *directoryv1.Unit) bool { return u.GetId() == req.GetUnitId() }) {
			return nil, rpc.InvalidField("unit_id", "must be the id of a unit of directory")
		}
	}
	actor, _ := identity.FromContext(ctx)
	audit.About(ctx, found.GetPerson().GetId())
	held, err := a.roles.Give(ctx, roles.Held{
		PersonID: found.GetPerson().GetId(), Role: role, UnitID: req.GetUnitId(), GivenBy: actor.Who(),
	})
	if err != nil {
		return nil, err
	}
	return &portalv1.GiveRoleResponse{Role: roleHeld(held)}, nil
}

// TakeRole takes a role back.
func (a *Access) TakeRole(ctx context.Context, req *portalv1.TakeRoleRequest) (*portalv1.TakeRoleResponse, error) {
	actor, _ := identity.FromContext(ctx)
	taken, err := a.roles.Take(ctx, req.GetId(), actor.PersonID)
	if errors.Is(err, roles.ErrOwn) {
		return nil, connect.NewError(connect.CodeFailedPrecondition, err)
	}
	if err != nil {
		return nil, err
	}
	audit.About(ctx, taken.PersonID, taken.UnitID)
	return &portalv1.TakeRoleResponse{}, nil
}

// ListAudit pages through what was done, newest first.
func (a *Access) ListAudit(ctx context.Context, req *portalv1.ListAuditRequest) (*portalv1.ListAuditResponse, error) {
	size, err := rpc.PageSize(req.GetPageSize(), entriesShown, entriesMost)
	if err != nil {
		return nil, err
	}
	entries, next, err := a.audit.List(ctx, audit.Query{PersonID: req.GetPersonId(), About: req.GetAboutId()}, size, req.GetPageToken())
	if errors.Is(err, audit.ErrPage) {
		return nil, rpc.InvalidField("page_token", "must come from the last answer to the same question")
	}
	if err != nil {
		return nil, err
	}
	res := &portalv1.ListAuditResponse{NextPageToken: next}
	for _, e := range entries {
		res.Entries = append(res.Entries, &portalv1.AuditEntry{
			At: e.At.Format(time.RFC3339), PersonId: e.PersonID, Role: string(e.Role), Route: e.Route, AboutIds: e.About,
			Outcome: string(e.Outcome), KeyName: e.Key,
		})
	}
	return res, nil
}

func roleHeld(h roles.Held) *portalv1.RoleHeld {
	return &portalv1.RoleHeld{
		Id: h.ID, PersonId: h.PersonID, Role: string(h.Role), UnitId: h.UnitID, GivenBy: h.GivenBy, GivenAt: h.GivenAt.Format(time.RFC3339),
	}
}
