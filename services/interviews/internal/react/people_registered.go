package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/interviews/internal/planning"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleRegistered spreads the first talks of people who were there before Jalon.
func PeopleRegistered(p *planning.Planner) func(context.Context, event.Event, *directoryv1.PeopleRegistered) error {
	return func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleRegistered) error {
		return plan(ctx, p, ev, msg.GetAsOf(), msg.GetPeople(), true)
	}
}
