package react

import (
	"context"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleUpdated notes what changed: the newest facts decide when a follow-up's time comes.
func (r Reactions) PeopleUpdated(ctx context.Context, _ event.Event, msg *directoryv1.PeopleUpdated) error {
	return r.People.Apply(ctx, msg.GetPeople())
}
