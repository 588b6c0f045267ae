package react

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// PeopleMoved opens an arrival in a new team for each person who changed unit, on the day of the move. That a new team has
// another manager is part of arriving there, and not asked about twice. A move that is told again with another date calls the arrival of the old date off
// (moment.Refusal).
func (r Reactions) PeopleMoved(ctx context.Context, ev event.Event, msg *directoryv1.PeopleMoved) error {
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	employees, days := make([]*directoryv1.Employee, len(msg.GetMoves())), make([]string, len(msg.GetMoves()))
	for i, move := range msg.GetMoves() {
		employees[i], days[i] = move.GetPerson(), move.GetMovedOn()
		if days[i] == "" {
			days[i] = msg.GetAsOf()
		}
	}
	dated, err := r.datesChanged(ctx, ev, catalogue, employees, func(i int) *directoryv1.Change { return msg.GetMoves()[i].GetChange() })
	if err != nil {
		return err
	}
	told, err := r.told(ctx, employees)
	if err != nil {
		return err
	}
	arrival, ok := catalogue.Find(moment.TeamArrival)
	moves := map[string][]moment.Move{}
	var moments []moment.Moment
	for i, p := range told {
		movedOn, err := clock.ParseDate(days[i])
		if err != nil {
			return fmt.Errorf("reading when person %s moved: %w", p.ID, err)
		}
		if movedOn.IsZero() {
			continue
		}
		moves[p.ID] = append(moves[p.ID], moment.Move{
			Version: p.Version, From: msg.GetMoves()[i].GetFromUnitId(), To: p.UnitID, On: movedOn,
		})
		if ok {
			moments = append(moments, moment.Open(arrival, person(p), movedOn, moment.Moved, ev.Time))
		}
	}
	if err := r.Arrivals.Note(ctx, moves); err != nil {
		return err
	}
	if err := r.forgetErased(ctx, slices.Collect(maps.Keys(moves))); err != nil {
		return err
	}
	return r.open(ctx, ev, append(moments, dated...))
}
