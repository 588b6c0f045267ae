package react

import (
	"context"

	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// DelicateTalksHeld is TalksHeld for delicate talks. What it opens is delicate too: the catalogue says so of the key moment, not the
// event.
func (r Reactions) DelicateTalksHeld(ctx context.Context, ev event.Event, msg *interviewsv1.DelicateTalksHeld) error {
	return r.held(ctx, ev, msg.GetTalks())
}
