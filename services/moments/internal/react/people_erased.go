package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleErased removes what is held of people; what they answered in confidence stays, without them.
func (r Reactions) PeopleErased(ctx context.Context, _ event.Event, msg *directoryv1.PeopleErased) error {
	if err := r.People.Erase(ctx, msg.GetPersonIds()); err != nil {
		return err
	}
	return r.Erasure.Forget(ctx, msg.GetPersonIds())
}

// forgetErased removes again what was just written of people because of old news; see people.Register.Erased.
func (r Reactions) forgetErased(ctx context.Context, personIDs []string) error {
	erased, err := r.People.Erased(ctx, personIDs)
	if err != nil || len(erased) == 0 {
		return err
	}
	if err := r.Erasure.Forget(ctx, erased); err != nil {
		return fmt.Errorf("forgetting what old news told: %w", err)
	}
	return nil
}
