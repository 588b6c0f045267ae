// Package identity says who is behind a call: a person, the operator's command line, or one of Jalon's own services.
// The actor travels from the edge to the service that owns the data, so that authorisation is decided there and from the
// person who started it all, whatever services lie between.
package identity

import (
	"cmp"
	"context"
	"slices"
)

// Role is what an actor is beyond being somebody. Who manages whom is no role: it is a relation to the subject of a call.
type Role string

const (
	// Employee is held by everybody who has a person id; it need not be listed in an actor's roles.
	Employee Role = "employee"
	// HR sees the company.
	HR Role = "hr"
	// LocalHR is HR of a region or of any other unit: what HR does for the company, within the units that it was granted.
	LocalHR Role = "local_hr"
	// Director reads the results and moments of the units, usually one store, that it was granted.
	Director Role = "director"
	// Operator installs and watches; it comes with the operator's key, never with a session.
	Operator Role = "operator"
	// Integration is an outside system, such as one for applicants; it comes with an API key, never with a session.
	Integration Role = "integration"
	// Service is one of Jalon's services asking on nobody's behalf.
	Service Role = "service"
)

// Grant is a role that is held over a unit and all below it, and nowhere else.
type Grant struct {
	Role Role   `json:"role" bson:"role"`
	Unit string `json:"unit" bson:"unit"`
}

// Actor is who asks. The zero Actor is nobody and may only do what is public.
type Actor struct {
	// PersonID is empty for operators, outside systems, services and people whom no HR file names.
	PersonID string
	// Roles beyond Employee, held everywhere.
	Roles []Role
	// Grants are roles held over units.
	Grants []Grant
	// Service is the asking service's name, with role Service only.
	Service string
	// Key is the name of the API key, with role Integration only.
	Key string
	// AccessID names the sign-in of somebody whom no HR file names. It is for the audit log: it opens nothing, and no token
	// carries it.
	AccessID string
}

// Who is the id by which a record tells who it was; empty for operators, outside systems and services.
func (a Actor) Who() string { return cmp.Or(a.PersonID, a.AccessID) }

// Has tells whether the actor holds the role, everywhere or over some unit; how far it reaches, policy says.
func (a Actor) Has(role Role) bool {
	if role == Employee && a.PersonID != "" {
		return true
	}
	return slices.Contains(a.Roles, role) || len(a.Units(role)) > 0
}

// Local tells that a role is only ever held over units.
func (r Role) Local() bool { return r == LocalHR || r == Director }

// Units are those over which the actor was granted the role. A role that is held everywhere or not at all gains nothing from
// being granted over a unit.
func (a Actor) Units(role Role) []string {
	var units []string
	for _, grant := range a.Grants {
		if role.Local() && grant.Role == role && grant.Unit != "" {
			units = append(units, grant.Unit)
		}
	}
	return units
}

// Anonymous tells that nobody is behind the call.
func (a Actor) Anonymous() bool { return a.PersonID == "" && len(a.Roles) == 0 && len(a.Grants) == 0 }

type contextKey struct{}

// NewContext returns a context in which a asks.
func NewContext(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// FromContext returns who asks; false when nobody was ever named.
func FromContext(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(contextKey{}).(Actor)
	return a, ok
}

// AsService returns a context in which the named service asks for itself, whoever asked it before: for snapshots, names on
// a page that was authorised already, and work that nobody started.
func AsService(ctx context.Context, name string) context.Context {
	return NewContext(ctx, Actor{Roles: []Role{Service}, Service: name})
}

// AsOperator returns a context in which the operator asks.
func AsOperator(ctx context.Context) context.Context {
	return NewContext(ctx, Actor{Roles: []Role{Operator}})
}
