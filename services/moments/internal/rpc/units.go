package rpc

import (
	"context"
	"errors"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
)

// within is allow for lists: where the actor sees only some units, the list has to be narrowed to those returned.
func within(ctx context.Context, procedure string, subject policy.Subject) ([]string, error) {
	actor, _ := identity.FromContext(ctx)
	return policy.Within(actor, procedure, subject)
}

// unitSubject is whom a request about a unit concerns: everybody in it or below. A unit that is not known lies below none.
func (h Handler) unitSubject(ctx context.Context, unitID string) (policy.Subject, error) {
	var path []string
	for id := unitID; id != "" && !slices.Contains(path, id); {
		unit, err := h.People.Unit(ctx, id)
		if errors.Is(err, mongodb.ErrNotFound) {
			break
		}
		if err != nil {
			return policy.Subject{}, err
		}
		path = append(path, id)
		id = unit.ParentID
	}
	slices.Reverse(path)
	return policy.Subject{UnitPath: path}, nil
}

// ledUnit is unitSubject for figures, which are a manager's where the unit is the manager's own team and nothing else. They are
// figures of units all the same: those of any group of people would give answers away when subtracted from a unit's.
func (h Handler) ledUnit(ctx context.Context, unitID string) (policy.Subject, error) {
	about, err := h.unitSubject(ctx, unitID)
	if err != nil || unitID == "" {
		return about, err
	}
	actor, _ := identity.FromContext(ctx)
	led, err := h.People.Leads(ctx, actor.PersonID, unitID, clock.DateOf(h.Clock.Now(), time.UTC))
	if led {
		about.ManagerID = actor.PersonID
	}
	return about, err
}
