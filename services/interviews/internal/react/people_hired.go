package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/interviews/internal/planning"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleHired plans the first talk of each.
func PeopleHired(p *planning.Planner) func(context.Context, event.Event, *directoryv1.PeopleHired) error {
	return func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleHired) error {
		return plan(ctx, p, ev, msg.GetAsOf(), msg.GetPeople(), false)
	}
}
