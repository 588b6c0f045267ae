package planning

import (
	"context"
	"slices"
	"time"

	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/talk"
)

const snapshotBatch = 1000

// PlanSnapshot plans, once in the life of the database, the talks of people who were there before this service: of them
// no event tells any more. Call it when the register was filled; it may be called again.
func (p *Planner) PlanSnapshot(ctx context.Context, now time.Time) error {
	if done, err := p.settings.SnapshotPlanned(ctx); done || err != nil {
		return err
	}
	var persons []people.Person
	for person, err := range p.register.All(ctx) {
		if err != nil {
			return err
		}
		persons = append(persons, person)
	}
	slices.SortFunc(persons, func(x, y people.Person) int { return compare(x.ID, y.ID) })
	occasion := talk.Occasion{Cause: "snapshot", At: now, Baseline: true}
	for some := range slices.Chunk(persons, snapshotBatch) {
		if err := p.Plan(ctx, occasion, some); err != nil {
			return err
		}
	}
	return p.settings.MarkSnapshotPlanned(ctx)
}
