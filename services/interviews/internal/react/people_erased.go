package react

import (
	"context"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleErased removes the talks of people and what was said in them, and takes them out of the talks of others.
func (r Reactions) PeopleErased(ctx context.Context, _ event.Event, msg *directoryv1.PeopleErased) error {
	return r.Planner.Erase(ctx, msg.GetPersonIds())
}
