package react

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
)

// keyTalk is a talk that is a key moment.
type keyTalk struct {
	moment.Talk
	keyMoment string
}

func (t keyTalk) momentID() string { return moment.ID(t.keyMoment, t.EmployeeID, t.HeldOn) }

// keyTalks reads the talks of an event that are key moments.
func keyTalks(told []*interviewsv1.HeldTalk) ([]keyTalk, error) {
	var talks []keyTalk
	for _, t := range told {
		code := moment.OfTalk(t.GetKind())
		if code == "" {
			continue
		}
		on, err := clock.ParseDate(t.GetHeldOn())
		if err == nil && on.IsZero() {
			err = errors.New("no day is given")
		}
		if err != nil {
			return nil, fmt.Errorf("reading when talk %s was held: %w", t.GetTalkId(), err)
		}
		talks = append(talks, keyTalk{
			moment.Talk{ID: t.GetTalkId(), EmployeeID: t.GetEmployeeId(), ManagerID: t.GetManagerId(), HeldOn: on}, code,
		})
	}
	return talks, nil
}

// each is one thing of every talk.
func each(talks []keyTalk, what func(keyTalk) string) []string {
	all := make([]string, len(talks))
	for i, t := range talks {
		all[i] = what(t)
	}
	return all
}

// held opens the moments that talks are. What was contested is looked up before and after: a contest that is told meanwhile marks
// first and calls off then, so that one of the two sees the other.
func (r Reactions) held(ctx context.Context, ev event.Event, told []*interviewsv1.HeldTalk) error {
	talks, err := keyTalks(told)
	if err != nil || len(talks) == 0 {
		return err
	}
	moments, unheard, err := r.ofTalks(ctx, ev, talks)
	if err != nil {
		return err
	}
	// Not the event's own key: heard again, it may tell of somebody more.
	key := "talks/" + event.ID(ids(moments)...)
	if err := r.openAs(ctx, key, ev, moments); err != nil {
		return err
	}
	if err := r.Opener.Moments.Held(ctx, moments); err != nil {
		return err
	}
	if err := r.forgetErased(ctx, concerned(moments)); err != nil {
		return err
	}
	if err := r.callOffContested(ctx, each(talks, keyTalk.momentID)); err != nil {
		return err
	}
	return r.awaitPeople(ctx, unheard)
}

// ofTalks are the moments that talks open, and those whose talks have to wait because directory's news of them has not come yet.
// A talk that opened a moment opens no other; one that is contested opens none.
func (r Reactions) ofTalks(ctx context.Context, ev event.Event, talks []keyTalk) (moments []moment.Moment, unheard []string, err error) {
	catalogue, err := r.KeyMoments.Current(ctx)
	if err != nil {
		return nil, nil, err
	}
	known, err := r.People.GetMany(ctx, each(talks, func(t keyTalk) string { return t.EmployeeID }))
	if err != nil {
		return nil, nil, err
	}
	contested, err := r.Contested.Among(ctx, each(talks, keyTalk.momentID))
	if err != nil {
		return nil, nil, err
	}
	opened, err := r.Opener.Moments.OfTalks(ctx, each(talks, func(t keyTalk) string { return t.ID }))
	if err != nil {
		return nil, nil, err
	}
	for _, t := range talks {
		km, ok := catalogue.Find(t.keyMoment)
		p, heardOf := known[t.EmployeeID]
		earlier, again := opened[t.ID]
		switch {
		case !ok, slices.Contains(contested, t.momentID()), again && earlier != t.momentID():
		case !heardOf:
			unheard = append(unheard, t.EmployeeID)
		default:
			moments = append(moments, moment.OpenTalk(km, person(p), t.Talk, ev.Time))
		}
	}
	return moments, unheard, nil
}

// callOffContested cancels those of the moments that are contested. One that was declared too stands by the word of whoever declared it.
func (r Reactions) callOffContested(ctx context.Context, momentIDs []string) error {
	contested, err := r.Contested.Among(ctx, momentIDs)
	if err != nil || len(contested) == 0 {
		return err
	}
	moments, err := r.Opener.Moments.GetMany(ctx, contested)
	if err != nil {
		return err
	}
	for _, m := range moments {
		if m.Cause != moment.Interview {
			if err := r.Opener.Moments.NotHeld(ctx, m.ID); err != nil {
				return err
			}
			continue
		}
		why := moment.Cancellation{At: r.Clock.Now(), Reason: string(moment.TalkContested)}
		if _, err := r.Opener.Cancel(ctx, m, why); err != nil {
			return fmt.Errorf("calling off what was contested: %w", err)
		}
	}
	return nil
}

// marks are the contests of talks.
func marks(talks []keyTalk) []mongostore.Contest {
	all := make([]mongostore.Contest, len(talks))
	for i, t := range talks {
		all[i] = mongostore.Contest{MomentID: t.momentID(), PersonID: t.EmployeeID}
	}
	return all
}
