package running

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/electorate"
	"jalon.dev/services/barometer/internal/publishing"
)

// readFor is for how long people are pointed to results.
const readFor = 30 * 24 * time.Hour

// tellFallen tells in which units themes fell. Redone, it tells the same.
func (r *Runner) tellFallen(ctx context.Context, now time.Time, e edition.Edition, news publishing.News) error {
	for part := range slices.Chunk(slices.Sorted(maps.Keys(news.Fallen)), together) {
		msg := &barometerv1.ThemesFell{EditionId: e.ID}
		for _, unit := range part {
			msg.Units = append(msg.Units, &barometerv1.ThemesFell_Unit{UnitId: unit, Themes: news.Fallen[unit]})
		}
		fell, err := event.NewKeyed(ctx, source, e.ID, event.ID("fell", e.ID, part[0]), now, msg)
		if err != nil {
			return fmt.Errorf("telling where themes fell: %w", err)
		}
		if err := r.Relay.Append(ctx, fell); err != nil {
			return fmt.Errorf("telling where themes fell: %w", err)
		}
	}
	return nil
}

// results points those whom they concern to the results. Redone, it tells the same.
func (r *Runner) results(ctx context.Context, now time.Time, e edition.Edition) error {
	news, err := r.Publisher.News(ctx, e.ID)
	if err != nil {
		return err
	}
	concerned, err := r.concerned(ctx, now, e, news)
	if err != nil {
		return err
	}
	closed, err := e.Closes()
	if err != nil {
		return err
	}
	expires := closed.Add(readFor).UTC().Format(time.RFC3339)
	for part := range slices.Chunk(slices.Sorted(maps.Keys(concerned)), together) {
		msg := &barometerv1.ResultsToRead{}
		for _, person := range part {
			msg.Readers = append(msg.Readers, &barometerv1.ResultsToRead_Reader{
				Id: event.ID("barometer results", e.ID, person), PersonId: person, Fell: concerned[person], ExpiresAt: expires,
			})
		}
		told, err := event.NewKeyed(ctx, source, "", event.ID("results", e.ID, part[0]), now, msg)
		if err != nil {
			return fmt.Errorf("telling %d people that there are results: %w", len(part), err)
		}
		if err := r.Relay.Append(ctx, told); err != nil {
			return fmt.Errorf("telling %d people that there are results: %w", len(part), err)
		}
	}
	r.Relay.Wake()
	return nil
}

// concerned are those who lead units of which there are results, and those who hold a role over them: by id, with whether a theme fell in
// one of these units. A role over a unit is one over all below it too.
func (r *Runner) concerned(ctx context.Context, now time.Time, e edition.Edition, news publishing.News) (map[string]bool, error) {
	concerned := map[string]bool{}
	concern := func(person, unit string) {
		if news.Published[unit] {
			concerned[person] = concerned[person] || len(news.Fallen[unit]) > 0
		}
	}
	if err := r.leaders(ctx, now, concern); err != nil {
		return nil, err
	}
	held, err := r.Roles.ListRoles(identity.AsService(ctx, source), &portalv1.ListRolesRequest{})
	if err != nil {
		return nil, fmt.Errorf("reading who holds a role over units: %w", err)
	}
	units, err := r.Editions.Units(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	organisation := electorate.NewOrganisation(units)
	holders := map[string][]string{} // by unit; "" is the company
	for _, role := range held.GetRoles() {
		holders[role.GetUnitId()] = append(holders[role.GetUnitId()], role.GetPersonId())
	}
	for unit := range news.Published {
		for _, over := range append(organisation.Path(unit), "") {
			for _, person := range holders[over] {
				concern(person, unit)
			}
		}
	}
	return concerned, nil
}

// leaders goes through those who lead a unit.
func (r *Runner) leaders(ctx context.Context, now time.Time, concern func(person, unit string)) error {
	managers := map[string]bool{}
	for person, err := range r.Register.All(ctx) {
		if err != nil {
			return fmt.Errorf("reading who leads a unit: %w", err)
		}
		if person.ManagerID != "" {
			managers[person.ManagerID] = true
		}
	}
	for manager := range managers {
		led, err := r.Register.LedUnits(ctx, manager, clock.DateOf(now, time.UTC))
		if err != nil {
			return err
		}
		for _, unit := range led {
			concern(manager, unit.ID)
		}
	}
	return nil
}
