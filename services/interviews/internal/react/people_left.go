package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleLeft cancels talks that lie behind the last day.
func (r Reactions) PeopleLeft(ctx context.Context, ev event.Event, msg *directoryv1.PeopleLeft) error {
	return r.plan(ctx, ev, msg.GetAsOf(), msg.GetPeople(), false)
}
