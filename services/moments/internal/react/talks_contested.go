package react

import (
	"context"

	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// TalksContested calls off the moments of talks of which the other one says that they were not held: what is planned is not asked,
// what was asked is closed. The mark stays, so that the news of the talk opens nothing when it comes later. It is the moment's, not
// the talk's: where the two do not agree on what happened on a day, nobody is asked about that day, in whatever order it was told.
func (r Reactions) TalksContested(ctx context.Context, _ event.Event, msg *interviewsv1.TalksContested) error {
	talks, err := keyTalks(msg.GetTalks())
	if err != nil || len(talks) == 0 {
		return err
	}
	if err := r.Contested.Note(ctx, marks(talks)); err != nil {
		return err
	}
	if err := r.callOffContested(ctx, each(talks, keyTalk.momentID)); err != nil {
		return err
	}
	return r.forgetErased(ctx, each(talks, func(t keyTalk) string { return t.EmployeeID }))
}
