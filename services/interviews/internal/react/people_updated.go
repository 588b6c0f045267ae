package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleUpdated makes talks follow a new manager, among others.
func (r Reactions) PeopleUpdated(ctx context.Context, ev event.Event, msg *directoryv1.PeopleUpdated) error {
	return r.plan(ctx, ev, msg.GetAsOf(), msg.GetPeople(), false)
}
