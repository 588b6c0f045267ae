package rpc

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/policy"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/moments/internal/campaign"
)

var _ momentsv1connect.CampaignCareServiceHandler = Handler{}

// At most so many people are asked about at once, and so many questions are on their way to notifications.
const (
	forecastBatch  = 1000
	forecastAtOnce = 4
)

// ForecastCampaign asks notifications about the audience part by part and adds up what it says: neither side grows with the audience.
func (h Handler) ForecastCampaign(
	ctx context.Context, req *momentsv1.ForecastCampaignRequest,
) (*momentsv1.ForecastCampaignResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignCareServiceForecastCampaignProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	res := &momentsv1.ForecastCampaignResponse{AsOf: instant(h.Clock.Now())}
	if c.PerPerson() != nil { // each is asked on a day of their own: there is no day to forecast
		return res, nil
	}
	c = c.FirstTime()
	if c.Content.On.IsZero() || c.Content.Until.Before(c.Content.On) || c.Content.Audience.Confidential() { // exact counts would tell who reacted
		return res, nil
	}
	days := c.Content.StartDays()
	outlooks, people, err := h.forecast(ctx, c, days[:1])
	if err != nil {
		return nil, err
	}
	if len(days) > 1 && outlooks[0].Improvable(people) { // else nobody needs to look further, which takes five times as long
		others, _, err := h.forecast(ctx, c, days[1:])
		if err != nil {
			return nil, err
		}
		outlooks = append(outlooks, others...)
	}
	campaign.Judge(outlooks, people)
	res.People = int64(people)
	for i := range outlooks {
		res.Forecasts = append(res.Forecasts, outlookView(&outlooks[i]))
	}
	return res, nil
}

// forecastQuestion is what notifications is asked of each part about starts on some days.
func forecastQuestion(c campaign.Campaign, days []clock.Date) (*notificationsv1.ForecastInvitationsRequest, error) {
	ends, err := c.Ends()
	if err != nil {
		return nil, err
	}
	question := &notificationsv1.ForecastInvitationsRequest{
		KeyMoment: campaign.KeyMoment, ExpiresAt: ends.Format(time.RFC3339), Reminders: int32(c.Content.Reminders),
	}
	for _, day := range days {
		at, err := c.StartsOn(day)
		if err != nil {
			return nil, err
		}
		question.Starts = append(question.Starts, at.Format(time.RFC3339))
	}
	return question, nil
}

// forecast looks at each of the days for everybody who will be in the audience on the campaign's own, as far as that is known today;
// it returns how many they are, too.
func (h Handler) forecast(ctx context.Context, c campaign.Campaign, days []clock.Date) (outlooks []campaign.Outlook, selected int, err error) {
	question, err := forecastQuestion(c, days)
	if err != nil {
		return nil, 0, err
	}
	for _, day := range days {
		outlooks = append(outlooks, campaign.Outlook{On: day})
	}
	asking, asked := errgroup.WithContext(ctx)
	asking.SetLimit(forecastAtOnce) // which also keeps the reading of ids from running ahead
	var adding sync.Mutex
	ask := func(ids []string) {
		selected += len(ids)
		asking.Go(func() error {
			part := proto.CloneOf(question)
			part.PersonIds = ids
			answer, err := h.Rehearsal.ForecastInvitations(asked, part)
			if err != nil {
				return fmt.Errorf("forecasting for %d people: %w", len(ids), err)
			}
			adding.Lock()
			defer adding.Unlock()
			return addForecasts(outlooks, answer.GetForecasts())
		})
	}
	var part []string
	for id, err := range h.selector().Each(asked, c.Content.Audience, c.Content.On, "", 0) {
		if err != nil {
			return nil, 0, errors.Join(asking.Wait(), err)
		}
		if part = append(part, id); len(part) == forecastBatch {
			ask(part)
			part = nil
		}
	}
	if len(part) > 0 {
		ask(part)
	}
	return outlooks, selected, asking.Wait()
}

func addForecasts(outlooks []campaign.Outlook, forecasts []*notificationsv1.Forecast) error {
	if len(forecasts) != len(outlooks) {
		return fmt.Errorf("%d forecasts for %d days", len(forecasts), len(outlooks))
	}
	for i, f := range forecasts {
		for _, d := range f.GetDays() {
			on, err := clock.ParseDate(d.GetDay())
			if err != nil {
				return fmt.Errorf("reading a forecast: %w", err)
			}
			day := campaign.OutlookDay{
				Day: on, Reached: int(d.GetReached()), Reminded: int(d.GetReminded()), Others: int(d.GetOthers()), Waited: map[string]int{},
			}
			for _, w := range d.GetWaited() {
				day.Waited[w.GetReason()] += int(w.GetPeople())
			}
			outlooks[i].Add(day)
		}
		for _, m := range f.GetMissed() {
			outlooks[i].Miss(m.GetReason(), int(m.GetPeople()))
		}
	}
	return nil
}

func outlookView(o *campaign.Outlook) *momentsv1.CampaignForecast {
	view := &momentsv1.CampaignForecast{On: o.On.String(), Heavy: o.Heavy, Better: o.Better, Missed: reasonViews(o.Missed)}
	for _, day := range o.Days() {
		view.Days = append(view.Days, &momentsv1.CampaignForecastDay{
			Day: day.Day.String(), Reached: int64(day.Reached), Waited: reasonViews(day.Waited), Reminded: int64(day.Reminded), Others: int64(day.Others),
		})
	}
	return view
}

func reasonViews(counts map[string]int) []*momentsv1.CampaignForecastReason {
	var views []*momentsv1.CampaignForecastReason
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		views = append(views, &momentsv1.CampaignForecastReason{Reason: reason, People: int64(counts[reason])})
	}
	return views
}

// PlanCampaignReminders tells on which days reminders go out. What is not a campaign's time yet has none.
func (h Handler) PlanCampaignReminders(
	ctx context.Context, req *momentsv1.PlanCampaignRemindersRequest,
) (*momentsv1.PlanCampaignRemindersResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignCareServicePlanCampaignRemindersProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	name, err := h.companyZone(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := clock.Zone(name)
	if err != nil {
		return nil, err
	}
	content, err := campaignContent(&momentsv1.CampaignDraft{On: req.GetOn(), At: req.GetAt(), Until: req.GetUntil()})
	if err != nil {
		return nil, err
	}
	if content.On.IsZero() || content.Until.Before(content.On) {
		return &momentsv1.PlanCampaignRemindersResponse{}, nil
	}
	c := campaign.Campaign{Content: content, Zone: name}
	starts, err := c.Due()
	if err != nil {
		return nil, err
	}
	ends, err := c.Ends()
	if err != nil {
		return nil, err
	}
	planned, err := h.Rehearsal.PlanReminders(ctx, &notificationsv1.PlanRemindersRequest{
		AskedAt: starts.Format(time.RFC3339), ExpiresAt: ends.Format(time.RFC3339), TimeZone: name, Reminders: campaign.MostReminders,
	})
	if err != nil {
		return nil, fmt.Errorf("planning reminders: %w", err)
	}
	res := &momentsv1.PlanCampaignRemindersResponse{}
	for _, text := range planned.GetReminders() {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, fmt.Errorf("planning reminders: %w", err)
		}
		res.Days = append(res.Days, clock.DateOf(at, zone).String())
	}
	return res, nil
}
