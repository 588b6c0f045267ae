package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// PeoplePromoted opens a promotion for each person whom HR says to have been promoted, on its day.
//
// It does not note the facts that come with the event: those that changed are told by PeopleMoved, PeopleLeft or PeopleUpdated
// as well, and these compare them with what was known before. Noted here first, another manager would be no news any more.
func (r Reactions) PeoplePromoted(ctx context.Context, ev event.Event, msg *directoryv1.PeoplePromoted) error {
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return err
	}
	km, ok := catalogue.Find(moment.Promotion)
	if !ok {
		return nil
	}
	var moments []moment.Moment
	for _, promotion := range msg.GetPromotions() {
		p, on, err := dated(ev, promotion.GetPerson(), promotion.GetPromotedOn(), msg.GetAsOf())
		if err != nil {
			return fmt.Errorf("reading a promotion: %w", err)
		}
		if p.Employed(on) {
			moments = append(moments, moment.Open(km, person(p), on, moment.Promoted, ev.Time))
		}
	}
	return r.open(ctx, ev, moments)
}

// dated reads somebody and the day on which something happened to them: the file's date where HR gave none, and the day of the
// news where the file has none either.
func dated(ev event.Event, employee *directoryv1.Employee, day, asOf string) (people.Person, clock.Date, error) {
	p, err := people.PersonOf(employee)
	if err != nil {
		return people.Person{}, clock.Date{}, err
	}
	if day == "" {
		day = asOf
	}
	on, err := clock.ParseDate(day)
	if err != nil {
		return people.Person{}, clock.Date{}, fmt.Errorf("reading what happened to person %s: %w", p.ID, err)
	}
	if on.IsZero() {
		on = clock.DateOf(ev.Time, p.Location())
	}
	return p, on, nil
}
