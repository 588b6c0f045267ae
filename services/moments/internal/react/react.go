// Package react is what moments does about the events of directory and interviews, one file for each. Every handler of facts first
// notes what the event says of people and then decides, so that nothing is decided on older facts than those that are being told;
// and each may be run again, or in another order, with the same end.
package react

import (
	"context"

	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/opening"
)

// Reactions are the handlers.
type Reactions struct {
	KeyMoments *mongostore.KeyMoments
	People     *people.Register
	Arrivals   *mongostore.Arrivals
	Contested  *mongostore.Contested
	Opener     opening.Opener
	Erasure    *mongostore.Erasure
	Campaigns  *mongostore.Campaigns
	Clock      clock.Clock
	Log        *zap.Logger
}

// Subscribe adds the handlers to the service's router.
func (r Reactions) Subscribe(router *bus.Router) {
	bus.Handle(router, "people-registered", r.PeopleRegistered)
	bus.Handle(router, "people-hired", r.PeopleHired)
	bus.Handle(router, "people-moved", r.PeopleMoved)
	bus.Handle(router, "people-left", r.PeopleLeft)
	bus.Handle(router, "people-updated", r.PeopleUpdated)
	bus.Handle(router, "people-erased", r.PeopleErased)
	bus.Handle(router, "people-promoted", r.PeoplePromoted)
	bus.Handle(router, "people-returned", r.PeopleReturned)
	bus.Handle(router, "units-changed", func(ctx context.Context, _ event.Event, msg *directoryv1.UnitsChanged) error {
		return r.People.ApplyUnits(ctx, msg.GetUnits())
	})
	bus.Handle(router, "talks-held", r.TalksHeld)
	bus.Handle(router, "delicate-talks-held", r.DelicateTalksHeld)
	bus.Handle(router, "talks-contested", r.TalksContested)
	bus.Handle(router, "audit-due", r.AuditDue)
	bus.Handle(router, "prompts-shown", r.PromptsShown)
}

// open opens what an event caused. The event's own time is when Jalon heard of it: redoing decides the same.
func (r Reactions) open(ctx context.Context, ev event.Event, moments []moment.Moment) error {
	return r.openAs(ctx, ev.ID, ev, moments)
}

// openAs is open under another key than the event's.
func (r Reactions) openAs(ctx context.Context, key string, ev event.Event, moments []moment.Moment) error {
	if len(moments) == 0 {
		return nil
	}
	opened, err := r.Opener.Open(ctx, key, ev.Time, moments)
	if err != nil {
		return err
	}
	r.Log.Info("moments opened", zap.String("cause", ev.Type), zap.String("event", ev.ID), zap.Int("opened", opened))
	return r.forgetErased(ctx, concerned(moments))
}

// concerned are the people whom moments name.
func concerned(moments []moment.Moment) []string {
	var ids []string
	for _, m := range moments {
		ids = append(ids, m.PersonID)
		for _, manager := range []string{m.ManagerID, m.HeldBy} {
			if manager != "" {
				ids = append(ids, manager)
			}
		}
	}
	return ids
}

// ids are the moments' own.
func ids(moments []moment.Moment) []string {
	all := make([]string, len(moments))
	for i, m := range moments {
		all[i] = m.ID
	}
	return all
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
func departure(c moment.Catalogue, p people.Person, ev event.Event) []moment.Moment {
	km, ok := c.Find(moment.Departure)
	if !ok || p.LeftOn.IsZero() {
		return nil
	}
	return []moment.Moment{moment.Open(km, person(p), p.LeftOn, moment.Left, ev.Time)}
}
