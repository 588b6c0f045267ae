package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleOnLeave puts talks behind the leave, of those who are on it and with them.
func (r Reactions) PeopleOnLeave(ctx context.Context, ev event.Event, msg *directoryv1.PeopleOnLeave) error {
	return r.plan(ctx, ev, msg.GetAsOf(), msg.GetPeople(), false)
}
