// Package react is what barometer does about events of others: one file per event.
package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/barometer/internal/mongostore"
)

// PeopleErased removes people from the lists of who may vote. What they said, if anything, nobody can find.
func PeopleErased(register *people.Register, electors *mongostore.Electors) func(context.Context, event.Event, *directoryv1.PeopleErased) error {
	return func(ctx context.Context, _ event.Event, msg *directoryv1.PeopleErased) error {
		if err := register.Erase(ctx, msg.GetPersonIds()); err != nil {
			return err
		}
		return electors.Forget(ctx, msg.GetPersonIds())
	}
}
