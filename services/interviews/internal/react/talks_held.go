package react

import (
	"context"
	"errors"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// TalksHeld plans the talk after one that was held, in case the process that heard of it ended before it did.
func (r Reactions) TalksHeld(ctx context.Context, _ event.Event, msg *interviewsv1.TalksHeld) error {
	return r.eachTalk(ctx, msg.GetTalks(), func(t talk.Talk) error {
		if !t.State.Counts() {
			return nil
		}
		_, err := r.Planner.AfterHeld(ctx, t)
		return err
	})
}

func (r Reactions) eachTalk(ctx context.Context, held []*interviewsv1.HeldTalk, do func(talk.Talk) error) error {
	for _, told := range held {
		t, err := r.Talks.Get(ctx, told.GetTalkId())
		if errors.Is(err, mongodb.ErrNotFound) { // erased meanwhile
			continue
		}
		if err != nil {
			return err
		}
		if err := do(t); err != nil {
			return err
		}
	}
	return nil
}
