package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleRegistered spreads the first talks of people who were there before Jalon.
func (r Reactions) PeopleRegistered(ctx context.Context, ev event.Event, msg *directoryv1.PeopleRegistered) error {
	return r.plan(ctx, ev, msg.GetAsOf(), msg.GetPeople(), true)
}
