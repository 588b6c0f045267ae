package react

import (
	"context"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// PeopleHired opens an onboarding for each new person, whether the first day is ahead or past, and a departure for those
// whose contract says its end already.
func (r Reactions) PeopleHired(ctx context.Context, ev event.Event, msg *directoryv1.PeopleHired) error {
	told, err := r.told(ctx, msg.GetPeople())
	if err != nil {
		return err
	}
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	onboarding, ok := catalogue.Find(moment.Onboarding)
	var moments []moment.Moment
	for _, p := range told {
		if ok && !p.HiredOn.IsZero() {
			moments = append(moments, moment.Open(onboarding, person(p), p.HiredOn, moment.Hired, ev.Time))
		}
		moments = append(moments, departure(catalogue, p, ev)...)
	}
	return r.open(ctx, ev, moments)
}
