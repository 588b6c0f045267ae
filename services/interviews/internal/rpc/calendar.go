package rpc

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/interviews/internal/planning"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// SetDaysOff says on which weekdays the asker does not work.
func (h Talks) SetDaysOff(ctx context.Context, req *interviewsv1.SetDaysOffRequest) (*interviewsv1.SetDaysOffResponse, error) {
	me, err := own(ctx, interviewsv1connect.TalksServiceSetDaysOffProcedure)
	if err != nil {
		return nil, err
	}
	days := make([]time.Weekday, len(req.GetDaysOff()))
	for i, d := range req.GetDaysOff() {
		days[i] = time.Weekday(d)
	}
	return &interviewsv1.SetDaysOffResponse{}, h.Settings.SetDaysOff(ctx, me, days)
}

// MakeCalendarFeed makes the secret of the asker's calendar feed.
func (h Talks) MakeCalendarFeed(
	ctx context.Context, _ *interviewsv1.MakeCalendarFeedRequest,
) (*interviewsv1.MakeCalendarFeedResponse, error) {
	me, err := own(ctx, interviewsv1connect.TalksServiceMakeCalendarFeedProcedure)
	if err != nil {
		return nil, err
	}
	secret := rand.Text() + rand.Text()
	if err := h.Settings.SetFeed(ctx, me, secret); err != nil {
		return nil, err
	}
	return &interviewsv1.MakeCalendarFeedResponse{Secret: secret}, nil
}

// GetCalendarFeed returns the talks of whoever holds the secret, while they work here.
func (h Talks) GetCalendarFeed(
	ctx context.Context, req *interviewsv1.GetCalendarFeedRequest,
) (*interviewsv1.GetCalendarFeedResponse, error) {
	actor, _ := identity.FromContext(ctx)
	if err := policy.Allow(actor, interviewsv1connect.TalksServiceGetCalendarFeedProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	personID, err := h.Settings.FeedOf(ctx, req.GetSecret())
	if err != nil {
		return nil, err
	}
	person, err := h.People.Get(ctx, personID)
	if err != nil {
		return nil, err
	}
	if !person.LeftOn.IsZero() && person.LeftOn.Before(clock.DateOf(h.Clock.Now(), person.Location())) {
		return nil, fmt.Errorf("reading the feed of somebody who left: %w", mongodb.ErrNotFound)
	}
	own, err := h.Talks.PlannedOf(ctx, personID)
	if err != nil {
		return nil, err
	}
	with, err := h.Talks.PlannedWith(ctx, personID)
	if err != nil {
		return nil, err
	}
	res := &interviewsv1.GetCalendarFeedResponse{PersonId: personID, Language: person.Language}
	for _, t := range soonest(append(own, with...)) {
		if !t.Takes() {
			continue
		}
		res.Talks = append(res.Talks, planning.TalkOf(t))
	}
	return res, nil
}
