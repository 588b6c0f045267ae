package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/delivery"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// PeopleReturned has the gate asked again about what waited for somebody's return: the day that was planned for it may
// have been a guess.
func PeopleReturned(d *delivery.Delivery, register *people.Register) func(context.Context, event.Event, *directoryv1.PeopleReturned) error {
	return func(ctx context.Context, _ event.Event, msg *directoryv1.PeopleReturned) error {
		back := make([]*directoryv1.Employee, len(msg.GetReturns()))
		ids := make([]string, len(back))
		for i, r := range msg.GetReturns() {
			back[i], ids[i] = r.GetPerson(), r.GetPerson().GetId()
		}
		// The register hears of it too, perhaps later than the gate is asked.
		if err := register.Apply(ctx, back); err != nil {
			return err
		}
		return d.Reconsider(ctx, ids)
	}
}
