package react

import (
	"context"

	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// TalksHeld opens the key moment that each talk is, on the day on which it was held.
func (r Reactions) TalksHeld(ctx context.Context, ev event.Event, msg *interviewsv1.TalksHeld) error {
	return r.held(ctx, ev, msg.GetTalks())
}
