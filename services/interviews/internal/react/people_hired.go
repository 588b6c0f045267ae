package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleHired plans the first talk of each.
func (r Reactions) PeopleHired(ctx context.Context, ev event.Event, msg *directoryv1.PeopleHired) error {
	return r.plan(ctx, ev, msg.GetAsOf(), msg.GetPeople(), false)
}
