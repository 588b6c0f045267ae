package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/interviews/internal/planning"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleErased removes the talks of people, and takes them out of the talks of others.
func PeopleErased(p *planning.Planner) func(context.Context, event.Event, *directoryv1.PeopleErased) error {
	return func(ctx context.Context, _ event.Event, msg *directoryv1.PeopleErased) error {
		return p.Erase(ctx, msg.GetPersonIds())
	}
}
