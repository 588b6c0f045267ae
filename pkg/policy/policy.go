// Package policy is the one place that says who may do what. The table in table.go lists every Connect procedure and every
// portal route; a route that it does not list is refused. Services ask it twice: once from the role alone, before a request
// is even read, and once with the subject, when the data says whom the request concerns.
package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"jalon.dev/pkg/identity"
)

// Role is a column of the table. Most are an actor's; Manager is a relation to the subject, which any employee may
// turn out to be in; Public is everybody, signed in or not.
type Role = identity.Role

// The roles of the table.
const (
	Employee    = identity.Employee
	HR          = identity.HR
	LocalHR     = identity.LocalHR
	Director    = identity.Director
	Operator    = identity.Operator
	Integration = identity.Integration
	Service     = identity.Service

	Manager Role = "manager"
	Public  Role = "public"
)

// Scope is how far a grant reaches.
type Scope int

const (
	// None is no grant.
	None Scope = iota
	// Self reaches what is the actor's own.
	Self
	// Team reaches the actor's direct reports.
	Team
	// Company reaches everybody.
	Company
	// Any is for what concerns nobody in particular: a catalogue, one's own start page, signing out.
	Any
	// Units reaches the units over which the actor was granted the role, and all below them.
	Units
)

// String names the scope for messages and tests.
func (s Scope) String() string {
	return [...]string{"none", "self", "team", "company", "any", "units"}[s]
}

// Actor is who asks.
type Actor = identity.Actor

// Grant is a role held over a unit.
type Grant = identity.Grant

// Subject is whom a request concerns. Leave it zero when it concerns nobody in particular or everybody: only Company and Any
// reach that far.
type Subject struct {
	// PersonID is whose data it is.
	PersonID string
	// ManagerID is that person's manager today; for a list of a manager's reports, the manager asked for; for figures of a unit,
	// whoever leads it (people.Register.Leads).
	ManagerID string
	// UnitPath are the person's units from the company down, for scopes that follow the tree.
	UnitPath []string
}

var (
	// ErrDenied says that the actor may not do this. It names no subject, so that it may be logged and shown.
	ErrDenied = errors.New("not allowed")
	// ErrSignInFirst says that nobody is behind a request for something that is not public.
	ErrSignInFirst = errors.New("sign in first")
)

// Allow returns nil when the actor may use the route on the subject, else an ErrDenied or ErrSignInFirst.
func Allow(actor Actor, route string, subject Subject) error {
	for role, scope := range table[route] {
		if holds(actor, role) && reaches(actor, role, scope, subject) {
			return nil
		}
	}
	return refusal(actor, route)
}

// AllowRole returns nil when some subject exists on which the actor might use the route: the early refusal, before a body is
// read. It never replaces Allow where the table says self or team.
func AllowRole(actor Actor, route string) error {
	for role := range table[route] {
		if holds(actor, role) {
			return nil
		}
	}
	return refusal(actor, route)
}

// Within is Allow for a list: where the actor may not see all that the list is asked for but may see some units of it, these
// are returned, and the list has to be narrowed to them and what is below. Nil units narrow nothing.
func Within(actor Actor, route string, subject Subject) ([]string, error) {
	err := Allow(actor, route, subject)
	if err == nil {
		return nil, nil
	}
	var units []string
	for role, scope := range table[route] {
		if scope == Units {
			units = append(units, actor.Units(role)...)
		}
	}
	if len(units) == 0 {
		return nil, err
	}
	slices.Sort(units)
	return slices.Compact(units), nil
}

// Routes lists every route of the table in order.
func Routes() []string { return slices.Sorted(maps.Keys(table)) }

// Outside tells whether a route is for those who come in with a key instead of a session: the operator, outside systems.
func Outside(route string) bool {
	return table[route][Operator] != None || table[route][Integration] != None
}

// Grants returns a copy of the table's row; empty for a route that is not listed.
func Grants(route string) map[Role]Scope { return maps.Clone(table[route]) }

func holds(actor Actor, role Role) bool {
	switch role {
	case Public:
		return true
	case Manager:
		return actor.Has(Employee)
	default:
		return actor.Has(role)
	}
}

func reaches(actor Actor, role Role, scope Scope, subject Subject) bool {
	switch scope {
	case Company, Any:
		return true
	case Self:
		// An actor without a person id must not meet a subject without one.
		return actor.PersonID != "" && subject.PersonID == actor.PersonID
	case Units:
		return slices.ContainsFunc(actor.Units(role), func(unit string) bool { return slices.Contains(subject.UnitPath, unit) })
	case Team:
		return actor.PersonID != "" && subject.ManagerID == actor.PersonID
	default:
		return false
	}
}

func refusal(actor Actor, route string) error {
	if actor.Anonymous() {
		return fmt.Errorf("%s: %w", route, ErrSignInFirst)
	}
	return fmt.Errorf("%s: %w", route, ErrDenied)
}
