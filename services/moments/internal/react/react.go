// Package react is what moments does about directory's events, one file for each. Every handler first notes what the event
// says of people and then decides, so that nothing is decided on older facts than those that are being told; and each may be
// run again, or in another order, with the same end.
package react

import (
	"context"

	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/opening"
)

// Reactions are the handlers.
type Reactions struct {
	Catalogue moment.Catalogue
	People    *people.Register
	Opener    opening.Opener
	Log       *zap.Logger
}

// Subscribe adds the handlers to the service's router.
func (r Reactions) Subscribe(router *bus.Router) {
	bus.Handle(router, "people-registered", r.PeopleRegistered)
	bus.Handle(router, "people-hired", r.PeopleHired)
	bus.Handle(router, "people-moved", r.PeopleMoved)
	bus.Handle(router, "people-left", r.PeopleLeft)
	bus.Handle(router, "people-updated", r.PeopleUpdated)
}

// open opens what an event caused. The event's own time is when Jalon heard of it: redoing decides the same.
func (r Reactions) open(ctx context.Context, ev event.Event, moments []moment.Moment) error {
	if len(moments) == 0 {
		return nil
	}
	opened, err := r.Opener.Open(ctx, ev.ID, ev.Time, moments)
	if err != nil {
		return err
	}
	r.Log.Info("moments opened", zap.String("cause", ev.Type), zap.String("event", ev.ID), zap.Int("opened", opened))
	return nil
}

// told returns the people an event tells of, after noting them.
func (r Reactions) told(ctx context.Context, employees []*directoryv1.Employee) ([]people.Person, error) {
	if err := r.People.Apply(ctx, employees); err != nil {
		return nil, err
	}
	told := make([]people.Person, len(employees))
	for i, e := range employees {
		var err error
		if told[i], err = people.PersonOf(e); err != nil {
			return nil, err
		}
	}
	return told, nil
}

func person(p people.Person) moment.Person {
	return moment.Person{ID: p.ID, UnitPath: p.UnitPath, Zone: p.Location()}
}

// departure is the moment of a last day that is known.
func (r Reactions) departure(p people.Person, ev event.Event) []moment.Moment {
	km, ok := r.Catalogue.Find(moment.Departure)
	if !ok || p.LeftOn.IsZero() {
		return nil
	}
	return []moment.Moment{moment.Open(km, person(p), p.LeftOn, moment.Left, ev.Time)}
}

// corrected are the onboardings and departures of people of whom an event says something else: of their dates too, it may
// be. Those that are known already stay as they are, and those of which nothing is left to ask are not news.
func (r Reactions) corrected(told []people.Person, ev event.Event) []moment.Moment {
	onboarding, ok := r.Catalogue.Find(moment.Onboarding)
	var moments []moment.Moment
	for _, p := range told {
		dated := r.departure(p, ev)
		if ok && !p.HiredOn.IsZero() {
			dated = append(dated, moment.Open(onboarding, person(p), p.HiredOn, moment.Hired, ev.Time))
		}
		for _, m := range dated {
			if len(m.Planned()) > 0 {
				moments = append(moments, m)
			}
		}
	}
	return moments
}
