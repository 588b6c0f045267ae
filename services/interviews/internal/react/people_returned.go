package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleReturned gives a date to talks that waited for the return.
func (r Reactions) PeopleReturned(ctx context.Context, ev event.Event, msg *directoryv1.PeopleReturned) error {
	returned := make([]*directoryv1.Employee, len(msg.GetReturns()))
	for i, back := range msg.GetReturns() {
		returned[i] = back.GetPerson()
	}
	return r.plan(ctx, ev, msg.GetAsOf(), returned, false)
}
