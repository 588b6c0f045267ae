// Package react turns events into plans of talks, one file for each. Every handler of facts first notes what the event says of
// people and then decides, so that nothing is decided on older facts than those that are being told.
package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/talk"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// Reactions are the handlers.
type Reactions struct {
	Planner *planning.Planner
	People  *people.Register
	Talks   *mongostore.Store
}

// Subscribe adds the handlers to the service's router.
func (r Reactions) Subscribe(router *bus.Router) {
	bus.Handle(router, "people-registered", r.PeopleRegistered)
	bus.Handle(router, "people-hired", r.PeopleHired)
	bus.Handle(router, "people-moved", r.PeopleMoved)
	bus.Handle(router, "people-left", r.PeopleLeft)
	bus.Handle(router, "people-updated", r.PeopleUpdated)
	bus.Handle(router, "people-on-leave", r.PeopleOnLeave)
	bus.Handle(router, "people-returned", r.PeopleReturned)
	bus.Handle(router, "people-erased", r.PeopleErased)
	bus.Handle(router, "talks-held", r.TalksHeld)
	bus.Handle(router, "talks-contested", r.TalksContested)
}

// plan plans the talks of the people of whom an event tells, and those with them where they manage somebody.
func (r Reactions) plan(ctx context.Context, ev event.Event, asOf string, employees []*directoryv1.Employee, baseline bool) error {
	date, err := clock.ParseDate(asOf)
	if err != nil {
		return fmt.Errorf("%w: %w", event.ErrInvalid, err)
	}
	if err := r.People.Apply(ctx, employees); err != nil {
		return err
	}
	persons, err := r.newest(ctx, employees)
	if err != nil {
		return err
	}
	occasion := talk.Occasion{Cause: ev.ID, At: ev.Time, AsOf: date, Baseline: baseline}
	if err := r.Planner.Plan(ctx, occasion, persons); err != nil || baseline {
		return err
	}
	return r.Planner.PlanManaged(ctx, occasion, persons)
}

// newest are the people of an event by the newest facts: one that is delivered late or again tells of what is not so any more. Those
// who were erased are left out.
func (r Reactions) newest(ctx context.Context, employees []*directoryv1.Employee) ([]people.Person, error) {
	ids := make([]string, len(employees))
	for i, e := range employees {
		ids[i] = e.GetId()
	}
	known, err := r.People.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	persons := make([]people.Person, 0, len(known))
	for _, id := range ids {
		if person, there := known[id]; there {
			persons = append(persons, person)
			delete(known, id) // named twice, it is one
		}
	}
	return persons, nil
}
