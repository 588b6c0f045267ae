package people

import (
	"context"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// Follow keeps the register current by directory's events. Its handlers' names begin with "register-".
func Follow(r *bus.Router, reg *Register) {
	bus.Handle(r, "register-people-registered", people[*directoryv1.PeopleRegistered](reg))
	bus.Handle(r, "register-people-hired", people[*directoryv1.PeopleHired](reg))
	bus.Handle(r, "register-people-left", people[*directoryv1.PeopleLeft](reg))
	bus.Handle(r, "register-people-updated", people[*directoryv1.PeopleUpdated](reg))
	bus.Handle(r, "register-people-moved", func(ctx context.Context, _ event.Event, msg *directoryv1.PeopleMoved) error {
		moved := make([]*directoryv1.Employee, len(msg.GetMoves()))
		for i, m := range msg.GetMoves() {
			moved[i] = m.GetPerson()
		}
		return reg.Apply(ctx, moved)
	})
	bus.Handle(r, "register-people-erased", func(ctx context.Context, _ event.Event, msg *directoryv1.PeopleErased) error {
		return reg.Erase(ctx, msg.GetPersonIds())
	})
	bus.Handle(r, "register-units-changed", func(ctx context.Context, _ event.Event, msg *directoryv1.UnitsChanged) error {
		return reg.ApplyUnits(ctx, msg.GetUnits())
	})
}

// people is the handler of an event that tells of people and nothing else that matters here.
func people[T interface {
	GetPeople() []*directoryv1.Employee
}](reg *Register) func(context.Context, event.Event, T) error {
	return func(ctx context.Context, _ event.Event, msg T) error { return reg.Apply(ctx, msg.GetPeople()) }
}
