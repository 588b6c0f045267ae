package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// TalksContested brings the next talk forward, in case the process that heard of it ended before it did.
func (r Reactions) TalksContested(ctx context.Context, _ event.Event, msg *interviewsv1.TalksContested) error {
	return r.eachTalk(ctx, msg.GetTalks(), func(t talk.Talk) error {
		if t.State != talk.Contested {
			return nil
		}
		return r.Planner.AfterContested(ctx, t)
	})
}
