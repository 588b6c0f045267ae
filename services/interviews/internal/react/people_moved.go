package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleMoved makes talks follow the manager of the new team.
func (r Reactions) PeopleMoved(ctx context.Context, ev event.Event, msg *directoryv1.PeopleMoved) error {
	moved := make([]*directoryv1.Employee, len(msg.GetMoves()))
	for i, m := range msg.GetMoves() {
		moved[i] = m.GetPerson()
	}
	return r.plan(ctx, ev, msg.GetAsOf(), moved, false)
}
