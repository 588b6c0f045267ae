package rpc

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/repeating"
)

// mostPlanned is the longest time for which it is told what is planned.
const mostPlanned = 366

var errNoSeries = errors.New("the campaign does not repeat")

// plan is what is planned from one day to another: campaigns that were launched or wait for it, what series will make, and how many
// follow-ups are due.
func (h Handler) plan(ctx context.Context, from, to clock.Date) (*momentsv1.GetPlanResponse, error) {
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	off, err := h.Series.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	all, err := h.Campaigns.All(ctx)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.GetPlanResponse{Today: today.String()}
	for _, c := range all {
		switch {
		case c.Content.On.IsZero(), c.State == campaign.Cancelled && c.StartedAt.IsZero(): // nobody knows when, or it never was
		case c.Recurs():
			if err := addComing(res, c, from, to, off, h.Clock.Now()); err != nil {
				return nil, err
			}
		case !c.Content.On.After(to) && !c.Content.Until.Before(from):
			res.Campaigns = append(res.Campaigns, plannedView(c, c.Content.On, c.Content.Until))
		}
	}
	slices.SortStableFunc(res.GetCampaigns(), func(a, b *momentsv1.PlannedCampaign) int {
		return cmp.Or(cmp.Compare(a.GetOn(), b.GetOn()), cmp.Compare(a.GetAt(), b.GetAt()), cmp.Compare(a.GetId(), b.GetId()))
	})
	due, err := h.FollowUps.Due(ctx, from, to)
	if err != nil {
		return nil, err
	}
	for day := from; !day.After(to); day = day.AddDays(1) {
		res.Days = append(res.Days, &momentsv1.PlannedDay{
			On: day.String(), FollowUps: int64(due[day]), Off: off.Day(day), Holiday: off.Holiday(day),
		})
	}
	return res, nil
}

// addComing adds what a series will make. One that asks each person on a day of their own makes something every day: it stands there
// once, from its next day on. What a paused one will not make stands there as well, so that nobody counts on the day being free.
func addComing(res *momentsv1.GetPlanResponse, c campaign.Campaign, from, to clock.Date, off repeating.DaysOff, now time.Time) error {
	paused := c.State == campaign.Paused
	if !c.Goes() && !paused {
		return nil
	}
	planned, err := c.Coming(off.Day)
	if err != nil {
		return err
	}
	for p := range planned {
		if p.On.After(to) {
			return nil
		}
		if p.Why != "" || p.On.Before(from) && c.PerPerson() == nil || paused && p.Due.Before(now) {
			continue
		}
		view := plannedView(c, p.On, p.On.AddDays(c.Content.Recurrence.AnswerDays))
		view.ToCome, view.PerPerson = true, c.PerPerson() != nil
		if view.GetPerPerson() {
			view.Until = ""
		}
		res.Campaigns = append(res.Campaigns, view)
		if view.GetPerPerson() {
			return nil
		}
	}
	return nil
}

func plannedView(c campaign.Campaign, on, until clock.Date) *momentsv1.PlannedCampaign {
	return &momentsv1.PlannedCampaign{
		Id: c.ID, Name: c.Content.Name, Kind: campaignKinds[c.Content.Kind], State: campaignStates[c.State],
		On: on.String(), At: c.Content.At.String(), Until: until.String(), PerPerson: c.Collecting,
	}
}
