package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// PeopleReturned opens a return for each person who comes back from a leave that was long, on the first day back. As for
// promotions, the facts that come with it are noted by the events that tell of them.
func (r Reactions) PeopleReturned(ctx context.Context, ev event.Event, msg *directoryv1.PeopleReturned) error {
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	km, ok := catalogue.Find(moment.ReturnFromLeave)
	if !ok {
		return nil
	}
	var moments []moment.Moment
	for _, back := range msg.GetReturns() {
		p, on, err := dated(ev, back.GetPerson(), back.GetReturnedOn(), msg.GetAsOf())
		if err != nil {
			return fmt.Errorf("reading a return: %w", err)
		}
		from, err := clock.ParseDate(back.GetAwayFrom())
		if err != nil {
			return fmt.Errorf("reading since when person %s was away: %w", p.ID, err)
		}
		if p.Employed(on) && moment.IsLongLeave(from, on) {
			moments = append(moments, moment.Open(km, person(p), on, moment.Returned, ev.Time))
		}
	}
	return r.open(ctx, ev, moments)
}
