package planning

import (
	"context"
	"slices"
	"strings"
	"time"

	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/talk"
)

const snapshotBatch = 1000

// PlanSnapshot plans, once in the life of the database, the talks of people who were there before this service: of them
// no event tells any more. Call it when the register was filled; it may be called again.
func (p *Planner) PlanSnapshot(ctx context.Context, now time.Time, register *people.Register) error {
	if done, err := p.talks.SnapshotPlanned(ctx); done || err != nil {
		return err
	}
	var persons []talk.Person
	for person, err := range register.All(ctx) {
		if err != nil {
			return err
		}
		persons = append(persons, PersonOf(person))
	}
	slices.SortFunc(persons, func(x, y talk.Person) int { return strings.Compare(x.ID, y.ID) })
	occasion := talk.Occasion{Cause: "snapshot", At: now, Baseline: true}
	for some := range slices.Chunk(persons, snapshotBatch) {
		if err := p.Plan(ctx, occasion, some); err != nil {
			return err
		}
	}
	return p.talks.MarkSnapshotPlanned(ctx)
}

// PersonOf is what planning needs to know of a person.
func PersonOf(p people.Person) talk.Person {
	return talk.Person{
		ID: p.ID, Version: p.Version, ManagerID: p.ManagerID, HiredOn: p.HiredOn, LastDay: p.LeftOn, Zone: p.Location(),
	}
}
