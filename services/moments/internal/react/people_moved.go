package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// PeopleMoved opens an arrival in a new team for each person who changed unit, on the day of the move.
func (r Reactions) PeopleMoved(ctx context.Context, ev event.Event, msg *directoryv1.PeopleMoved) error {
	employees := make([]*directoryv1.Employee, len(msg.GetMoves()))
	for i, move := range msg.GetMoves() {
		employees[i] = move.GetPerson()
	}
	told, err := r.told(ctx, employees)
	if err != nil {
		return err
	}
	arrival, ok := r.Catalogue.Find(moment.TeamArrival)
	if !ok {
		return nil
	}
	var moments []moment.Moment
	for i, move := range msg.GetMoves() {
		day := move.GetMovedOn()
		if day == "" {
			day = msg.GetAsOf()
		}
		movedOn, err := clock.ParseDate(day)
		if err != nil {
			return fmt.Errorf("reading when person %s moved: %w", told[i].ID, err)
		}
		if !movedOn.IsZero() {
			moments = append(moments, moment.Open(arrival, person(told[i]), movedOn, moment.Moved, ev.Time))
		}
	}
	return r.open(ctx, ev, append(moments, r.corrected(told, ev)...))
}
