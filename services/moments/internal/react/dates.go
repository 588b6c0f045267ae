package react

import (
	"context"
	"time"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// datesChanged keeps the onboardings and departures of people whose first or last day is another one than was known, and returns
// them for opening. Those of which nothing is left to ask are not news; and neither is a date that was known, whatever else is told
// of the person: the baseline opened nothing for people who arrived long before, and another language is no reason to.
//
// Of a first day directory says that it was another one before, because other events bring the new one along: PeopleLeft may have
// been heard first. Whoever hears first of a last day opens the departure, so that comparing is enough.
//
// It compares with what is known before the event is noted, and is called before. What it keeps has the event's own time: told
// again after a crash, when the dates are no news any more, the event finds what it kept and opens it all the same.
func (r Reactions) datesChanged(
	ctx context.Context, ev event.Event, catalogue moment.Catalogue, employees []*directoryv1.Employee, changes func(i int) *directoryv1.Change,
) ([]moment.Moment, error) {
	known, err := r.People.GetMany(ctx, employeeIDs(employees))
	if err != nil {
		return nil, err
	}
	onboarding, arrives := catalogue.Find(moment.Onboarding)
	var fresh, others []moment.Moment
	for i, e := range employees {
		now, err := people.PersonOf(e)
		if err != nil {
			return nil, err
		}
		before, heardOf := known[now.ID]
		sort := func(m moment.Moment, changed bool) {
			switch {
			case len(m.Planned()) == 0:
			case changed || !heardOf:
				fresh = append(fresh, m)
			default:
				others = append(others, m)
			}
		}
		for _, m := range departure(catalogue, now, ev) {
			sort(m, before.LeftOn != now.LeftOn)
		}
		if arrives && !now.HiredOn.IsZero() {
			sort(moment.Open(onboarding, person(now), now.HiredOn, moment.Hired, ev.Time),
				before.HiredOn != now.HiredOn || changes(i).GetFormerHiredOn() != "")
		}
	}
	if err := r.Opener.Keep(ctx, fresh); err != nil {
		return nil, err
	}
	kept, err := r.Opener.Kept(ctx, others, ev.Time.UTC().Truncate(time.Millisecond))
	return append(fresh, kept...), err
}

func employeeIDs(employees []*directoryv1.Employee) []string {
	ids := make([]string, len(employees))
	for i, e := range employees {
		ids[i] = e.GetId()
	}
	return ids
}
