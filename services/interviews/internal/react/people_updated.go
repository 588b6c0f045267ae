package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/interviews/internal/planning"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleUpdated makes talks follow a new manager, among others.
func PeopleUpdated(p *planning.Planner) func(context.Context, event.Event, *directoryv1.PeopleUpdated) error {
	return func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleUpdated) error {
		return plan(ctx, p, ev, msg.GetAsOf(), msg.GetPeople(), false)
	}
}
