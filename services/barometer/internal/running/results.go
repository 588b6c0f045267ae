package running

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/publishing"
)

// readFor is for how long those who lead a unit are pointed to its results.
const readFor = 30 * 24 * time.Hour

// tellResults tells in which units themes fell, and those who lead a unit that there are results of it. Redone, it tells the same.
func (r *Runner) tellResults(ctx context.Context, now time.Time, e edition.Edition, news publishing.News) error {
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
	readers, err := r.leaders(ctx, now, e, news)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(readers, together) {
		told, err := event.NewKeyed(ctx, source, "", event.ID("results", e.ID, part[0].GetId()), now, &barometerv1.ResultsToRead{Readers: part})
		if err != nil {
			return fmt.Errorf("telling %d people that there are results: %w", len(part), err)
		}
		if err := r.Relay.Append(ctx, told); err != nil {
			return fmt.Errorf("telling %d people that there are results: %w", len(part), err)
		}
	}
	return nil
}

// leaders are those who lead units of which there are results, in order of id.
func (r *Runner) leaders(ctx context.Context, now time.Time, e edition.Edition, news publishing.News) ([]*barometerv1.ResultsToRead_Reader, error) {
	managers := map[string]bool{}
	for person, err := range r.Register.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading who leads a unit: %w", err)
		}
		if person.ManagerID != "" {
			managers[person.ManagerID] = true
		}
	}
	published := map[string]bool{}
	for _, unit := range news.Units {
		published[unit] = true
	}
	expires := now.Add(readFor).UTC().Format(time.RFC3339)
	var readers []*barometerv1.ResultsToRead_Reader
	for _, manager := range slices.Sorted(maps.Keys(managers)) {
		led, err := r.Register.LedUnits(ctx, manager, clock.DateOf(now, time.UTC))
		if err != nil {
			return nil, err
		}
		reads, fell := false, false
		for _, unit := range led {
			reads = reads || published[unit.ID]
			fell = fell || len(news.Fallen[unit.ID]) > 0
		}
		if reads {
			readers = append(readers, &barometerv1.ResultsToRead_Reader{
				Id: event.ID("barometer results", e.ID, manager), PersonId: manager, Fell: fell, ExpiresAt: expires,
			})
		}
	}
	return readers, nil
}
