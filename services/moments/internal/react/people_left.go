package react

import (
	"context"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// PeopleLeft opens a departure for each person whose last day became known. The person's follow-ups after that day need no
// write: noting the day is what calls them off, wherever they are shown and when their time comes (moment.Refusal). So it does
// not matter which of the two was told first, and a last day that is corrected corrects them too.
func (r Reactions) PeopleLeft(ctx context.Context, ev event.Event, msg *directoryv1.PeopleLeft) error {
	told, err := r.told(ctx, msg.GetPeople())
	if err != nil {
		return err
	}
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	var moments []moment.Moment
	for _, p := range told {
		moments = append(moments, departure(catalogue, p, ev)...)
	}
	return r.open(ctx, ev, moments)
}
