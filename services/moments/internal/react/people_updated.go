package react

import (
	"context"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleUpdated notes what changed: the newest facts decide when a follow-up's time comes. A first or last day that was
// corrected calls the moment of the old date off (moment.Refusal); here the one of the new date takes its place. Another
// manager opens a moment of its own.
func (r Reactions) PeopleUpdated(ctx context.Context, ev event.Event, msg *directoryv1.PeopleUpdated) error {
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	if err := r.managersChanged(ctx, ev, catalogue, msg.GetPeople(), sinceHRSays(msg)); err != nil {
		return err
	}
	dated, err := r.datesChanged(ctx, ev, catalogue, msg.GetPeople(), func(i int) *directoryv1.Change {
		return msg.GetChanges()[msg.GetPeople()[i].GetId()]
	})
	if err != nil {
		return err
	}
	if _, err := r.told(ctx, msg.GetPeople()); err != nil {
		return err
	}
	return r.open(ctx, ev, dated)
}

// sinceHRSays dates each change of manager by its own day where HR gave one, else by the file that tells of it.
func sinceHRSays(msg *directoryv1.PeopleUpdated) func(int) string {
	return func(i int) string {
		if on := msg.GetChanges()[msg.GetPeople()[i].GetId()].GetManagerChangedOn(); on != "" {
			return on
		}
		return msg.GetAsOf()
	}
}
