package rpc

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

const (
	// mostHeld is how many talks that were held a person's own page shows.
	mostHeld = 60
	// lately is for how many days a talk that was held stays on the manager's desk.
	lately = 14
	// unanswered is for how many days one that is to be confirmed does.
	unanswered = 60
)

// ListMyTalks returns the asker's own talks as an employee.
func (h Talks) ListMyTalks(ctx context.Context, _ *interviewsv1.ListMyTalksRequest) (*interviewsv1.ListMyTalksResponse, error) {
	me, err := own(ctx, interviewsv1connect.TalksServiceListMyTalksProcedure)
	if err != nil {
		return nil, err
	}
	planned, err := h.Talks.PlannedOf(ctx, me)
	if err != nil {
		return nil, err
	}
	planned = soonest(planned)
	slices.SortStableFunc(planned, func(x, y talk.Talk) int { return cmp.Compare(order(x), order(y)) })
	held, err := h.Talks.HeldOf(ctx, me, mostHeld)
	if err != nil {
		return nil, err
	}
	open, err := h.Commitments.OpenOf(ctx, me)
	if err != nil {
		return nil, err
	}
	res := &interviewsv1.ListMyTalksResponse{Commitments: commitmentsOf(open, clock.DateOf(h.Clock.Now(), h.zone(ctx, me)))}
	if res.Planned, err = h.appointments(ctx, me, planned); err != nil {
		return nil, err
	}
	if res.Held, err = h.appointments(ctx, me, held); err != nil {
		return nil, err
	}
	off, err := h.Settings.DaysOff(ctx, me)
	if err != nil {
		return nil, err
	}
	for _, weekday := range off[me] {
		res.DaysOff = append(res.DaysOff, int32(weekday))
	}
	res.HasFeed, err = h.Settings.HasFeed(ctx, me)
	return res, err
}

// order puts the four-weekly talk before the others.
func order(t talk.Talk) int {
	if t.Kind == talk.EI2D {
		return 0
	}
	return 1
}

// GetDesk returns what awaits the asker as a manager.
func (h Talks) GetDesk(ctx context.Context, _ *interviewsv1.GetDeskRequest) (*interviewsv1.GetDeskResponse, error) {
	me, err := own(ctx, interviewsv1connect.TalksServiceGetDeskProcedure)
	if err != nil {
		return nil, err
	}
	today := clock.DateOf(h.Clock.Now(), h.zone(ctx, me))
	planned, err := h.Talks.PlannedWith(ctx, me)
	if err != nil {
		return nil, err
	}
	year, err := h.Talks.HeldWith(ctx, me, today.AddYears(-1), 0)
	if err != nil {
		return nil, err
	}
	open, err := h.Commitments.OpenWith(ctx, me)
	if err != nil {
		return nil, err
	}
	res := &interviewsv1.GetDeskResponse{Ratio: ratioOf(year), Commitments: commitmentsOf(slices.DeleteFunc(open, func(c talk.Commitment) bool {
		return c.OwnerID != me
	}), today)}
	if res.Planned, err = h.appointments(ctx, me, soonest(planned)); err != nil {
		return nil, err
	}
	res.Held, err = h.appointments(ctx, me, slices.DeleteFunc(year, func(t talk.Talk) bool {
		age := t.HeldOn.DaysUntil(today)
		return age > lately && (!t.ToConfirm(me) || age > unanswered)
	}))
	return res, err
}

func ratioOf(talks []talk.Talk) *interviewsv1.Ratio {
	ratio := &interviewsv1.Ratio{}
	for _, t := range talks {
		switch {
		case !t.State.Counts():
		case t.Kind == talk.Congratulation:
			ratio.Congratulations++
		case t.Kind == talk.Reframing:
			ratio.Reframings++
		}
	}
	return ratio
}

// soonest are the talks that there are to be, in the order of their dates.
func soonest(talks []talk.Talk) []talk.Talk {
	talks = slices.DeleteFunc(talks, func(t talk.Talk) bool { return !t.Stands() })
	slices.SortFunc(talks, func(x, y talk.Talk) int {
		return cmp.Or(x.PlannedOn.Compare(y.PlannedOn), cmp.Compare(x.StartsAt, y.StartsAt), cmp.Compare(x.ID, y.ID))
	})
	return talks
}

func (h Talks) appointments(ctx context.Context, me string, talks []talk.Talk) ([]*interviewsv1.Appointment, error) {
	ids := make([]string, len(talks))
	for i, t := range talks {
		ids[i] = t.ID
	}
	written, err := h.Texts.Written(ctx, ids)
	if err != nil {
		return nil, err
	}
	byTalk := make(map[string][]talk.Text, len(written))
	for _, text := range written {
		byTalk[text.TalkID] = append(byTalk[text.TalkID], text)
	}
	views := make([]*interviewsv1.Appointment, len(talks))
	for i, t := range talks {
		views[i] = appointmentOf(t, me, h.today(t), byTalk[t.ID])
	}
	return views, nil
}

// zone is a person's time zone; UTC for somebody of whom nothing is known.
func (h Talks) zone(ctx context.Context, personID string) *time.Location {
	person, err := h.People.Get(ctx, personID)
	if err != nil {
		return time.UTC
	}
	return person.Location()
}
