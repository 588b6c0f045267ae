// Package react turns directory's events into plans of talks.
package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/talk"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// plan plans the talks of the people of whom an event tells.
func plan(
	ctx context.Context, planner *planning.Planner, ev event.Event, asOf string, employees []*directoryv1.Employee, baseline bool,
) error {
	date, err := clock.ParseDate(asOf)
	if err != nil {
		return fmt.Errorf("%w: %w", event.ErrInvalid, err)
	}
	persons := make([]talk.Person, len(employees))
	for i, e := range employees {
		person, err := people.PersonOf(e)
		if err != nil {
			return fmt.Errorf("%w: %w", event.ErrInvalid, err)
		}
		persons[i] = planning.PersonOf(person)
	}
	return planner.Plan(ctx, talk.Occasion{Cause: ev.ID, At: ev.Time, AsOf: date, Baseline: baseline}, persons)
}
