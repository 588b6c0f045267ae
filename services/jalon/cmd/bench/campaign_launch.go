package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/notifications"
)

// sinceTheLast is how long after the message that everybody got the measured campaign comes: the caps still remember it.
const sinceTheLast = 8

// openCampaigns is a company of n people in which the gate keeps its rules, and everybody was written to a week ago.
func openCampaigns(ctx context.Context, n int) (_ *world, err error) {
	w, err := open(ctx, "onboarding", moments.Rule{
		Code: "day_1", OffsetDays: 1, GraceDays: 5, AnswerDays: 14, Questionnaire: "onboarding_day_1.v1",
	}, func(c *notifications.Config) { c.Rules = notifications.DefaultRules() })
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.end())
		}
	}()
	if err := w.importPeople(ctx, n, clock.DateOf(noon, time.UTC).AddDays(-400), clock.DateOf(noon, time.UTC)); err != nil {
		return nil, err
	}
	// Two days are too short for a reminder, which would be one more message to everybody.
	if _, err := w.launch(ctx, 1); err != nil {
		return nil, err
	}
	if err := w.Settle(ctx); err != nil {
		return nil, err
	}
	w.clock.Set(noon.AddDate(0, 0, sinceTheLast))
	return w, w.Settle(ctx)
}

// launch sends a survey to everybody, to be answered within so many days.
func (w *world) launch(ctx context.Context, days int) (id string, err error) {
	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	zone, err := clock.Zone("Europe/Paris")
	if err != nil {
		return "", err
	}
	now := w.clock.Now()
	today := clock.DateOf(now, zone)
	id = uuid.NewString()
	saved, err := w.Peers().Campaigns().SaveCampaign(hr, &momentsv1.SaveCampaignRequest{Id: id, Draft: &momentsv1.CampaignDraft{
		Name: "Bench", Kind: momentsv1.CampaignDraft_KIND_SURVEY, QuestionnaireId: "onboarding_day_7.v1", Audience: &momentsv1.Audience{},
		On: today.String(), At: clock.TimeOfDayOf(now, zone).String(), Until: today.AddDays(days).String(),
	}})
	if err != nil {
		return "", fmt.Errorf("writing a campaign: %w", err)
	}
	version := saved.GetCampaign().GetVersion()
	for _, step := range []momentsv1.TakeCampaignStepRequest_Step{
		momentsv1.TakeCampaignStepRequest_STEP_CHECK, momentsv1.TakeCampaignStepRequest_STEP_LAUNCH,
	} {
		taken, err := w.Peers().Campaigns().TakeCampaignStep(hr, &momentsv1.TakeCampaignStepRequest{Id: id, Version: version, Step: step})
		if err != nil {
			return "", fmt.Errorf("launching a campaign: %w", err)
		}
		version = taken.GetCampaign().GetVersion()
	}
	return id, nil
}

// campaignLaunch measures how long a campaign to n people takes from its launch to the last prompt stored and its event handled,
// while the gate decides on each person with what they were asked before.
func campaignLaunch(ctx context.Context, n int) (_ figure, err error) {
	w, err := openCampaigns(ctx, n)
	if err != nil {
		return figure{}, err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	memory := watchMemory()
	begin := time.Now()
	id, err := w.launch(ctx, 14)
	if err == nil {
		err = w.Settle(ctx)
	}
	took, heap := time.Since(begin), memory.stop()
	if err != nil {
		return figure{}, err
	}
	shown, err := w.shown(ctx)
	if err != nil {
		return figure{}, err
	}
	progress, err := w.progress(ctx, id)
	if err != nil {
		return figure{}, err
	}
	limit, err := rawRelease(ctx, n, false)
	if err != nil {
		return figure{}, err
	}
	return figure{Name: "campaign_launch", Value: took.Seconds(), Unit: "s", Detail: map[string]any{
		"people": n, "lost": 2*n - shown.Messages, "told_as_shown": progress.GetDelivered(), "heap_peak_mib": heap,
	}}.over(limit.Seconds(), fmt.Sprintf("%d bulk writes of 1,000 inserts and as many acknowledged publishes, while a consumer answers each "+
		"with a bulk write of 1,000 upserts, a publish and an ack: official clients, journaled", n/releaseBatch)), nil
}

func (w *world) progress(ctx context.Context, id string) (*momentsv1.CampaignProgress, error) {
	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	found, err := w.Peers().Campaigns().GetCampaign(hr, &momentsv1.GetCampaignRequest{Id: id})
	if err != nil {
		return nil, fmt.Errorf("reading the figures of a campaign: %w", err)
	}
	return found.GetProgress(), nil
}
