package react

import (
	"context"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// PeopleRegistered is the baseline: it opens no moment, except for people who arrived so lately, or leave so late, that a follow-up is
// still ahead.
func (r Reactions) PeopleRegistered(ctx context.Context, ev event.Event, msg *directoryv1.PeopleRegistered) error {
	told, err := r.told(ctx, msg.GetPeople())
	if err != nil {
		return err
	}
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	onboarding, arrives := catalogue.Find(moment.Onboarding)
	leaving, leaves := catalogue.Find(moment.Departure)
	var moments []moment.Moment
	for _, p := range told {
		today := clock.DateOf(ev.Time, p.Location())
		if !p.LeftOn.IsZero() && p.LeftOn.Before(today) {
			continue
		}
		if m, ahead := moment.OpenAhead(onboarding, person(p), p.HiredOn, moment.Hired, ev.Time); arrives && ahead && !p.HiredOn.IsZero() {
			moments = append(moments, m)
		}
		if m, ahead := moment.OpenAhead(leaving, person(p), p.LeftOn, moment.Left, ev.Time); leaves && ahead && !p.LeftOn.IsZero() {
			moments = append(moments, m)
		}
	}
	return r.open(ctx, ev, moments)
}
