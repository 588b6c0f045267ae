package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/delivery"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleUpdated wakes what waits for a return that comes sooner: a leave that is shortened or called off is told like any other
// correction. What the facts were before is not asked, since the register may have heard of the new ones already.
func PeopleUpdated(d *delivery.Delivery, register *people.Register) func(context.Context, event.Event, *directoryv1.PeopleUpdated) error {
	return func(ctx context.Context, _ event.Event, msg *directoryv1.PeopleUpdated) error {
		return changed(ctx, d, register, msg.GetPeople())
	}
}

// changed notes the facts before the gate is asked: the register hears of them too, perhaps later.
func changed(ctx context.Context, d *delivery.Delivery, register *people.Register, employees []*directoryv1.Employee) error {
	if err := register.Apply(ctx, employees); err != nil {
		return err
	}
	ids := make([]string, len(employees))
	for i, e := range employees {
		ids[i] = e.GetId()
	}
	return d.ReconsiderSooner(ctx, ids)
}
