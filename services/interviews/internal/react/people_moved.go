package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/interviews/internal/planning"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleMoved makes talks follow the manager of the new team.
func PeopleMoved(p *planning.Planner) func(context.Context, event.Event, *directoryv1.PeopleMoved) error {
	return func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleMoved) error {
		moved := make([]*directoryv1.Employee, len(msg.GetMoves()))
		for i, m := range msg.GetMoves() {
			moved[i] = m.GetPerson()
		}
		return plan(ctx, p, ev, msg.GetAsOf(), moved, false)
	}
}
