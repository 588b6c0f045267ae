package opening

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jalon.dev/pkg/event"
	"jalon.dev/services/moments/internal/moment"
)

const (
	// inFlight is more than the declarations that a process can have been busy with when it died.
	inFlight = 5000
	// tellAgain is how old a declaration may be to be told of again. Older ones have been: the process that might have
	// failed to was started again since.
	tellAgain = 24 * time.Hour
)

// Repair completes the declarations that were made last, and the cancellations. News from the bus is redelivered until it was dealt with; a
// declaration whose process died half way is not, and nobody need ask again.
func (o Opener) Repair(ctx context.Context, now time.Time) error {
	moments, err := o.Moments.LastDeclared(ctx, inFlight)
	if err != nil {
		return err
	}
	if err := o.Plan(ctx, moments); err != nil {
		return fmt.Errorf("completing declarations: %w", err)
	}
	var events []event.Event
	for _, m := range moments {
		if now.Sub(m.OpenedAt) > tellAgain {
			continue
		}
		told, err := tell(ctx, keyOf(m), m.OpenedAt, []moment.Moment{m})
		if err != nil {
			return err
		}
		events = append(events, told...)
	}
	for part := range slices.Chunk(events, most) {
		if err := o.Relay.Append(ctx, part...); err != nil {
			return fmt.Errorf("completing declarations: %w", err)
		}
	}
	return o.completeCancellations(ctx, now)
}
