package main

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// appeal is a campaign of HR's, as HR knows it.
type appeal struct {
	id string
	// unit and months are its audience: whoever works in the unit, or below it, for so many months at least; empty and 0 are no limit.
	unit   string
	months int
	zone   string
	on     clock.Date
	at     string
}

// campaigns lets HR ask or tell some of the people something now and then, and think better of it.
func (c *crowd) campaigns(ctx context.Context, b *books, t *tally) error {
	if c.oneIn(12) {
		if err := c.appeal(ctx, b, t); err != nil {
			return err
		}
	}
	if len(c.appeals) == 0 || !c.oneIn(3) {
		return nil
	}
	chosen := c.appeals[c.random.IntN(len(c.appeals))]
	step := momentsv1.TakeCampaignStepRequest_STEP_PAUSE
	switch c.random.IntN(6) {
	case 0:
		step = momentsv1.TakeCampaignStepRequest_STEP_CANCEL
	case 1, 2, 3:
		step = momentsv1.TakeCampaignStepRequest_STEP_RESUME
	}
	return c.lead(ctx, chosen, step)
}

// appeal writes a campaign, looks at it and launches it: for now, or for one of the next days.
func (c *crowd) appeal(ctx context.Context, b *books, t *tally) error {
	zone, err := clock.Zone(homeZone)
	if err != nil {
		return err
	}
	now := c.world.clock.Now()
	a := &appeal{id: c.uuid(), zone: homeZone, on: clock.DateOf(now, zone).AddDays(c.random.IntN(4)), at: clock.TimeOfDayOf(now, zone).String()}
	if len(c.stores) > 0 && c.oneIn(2) {
		a.unit = c.stores[c.random.IntN(len(c.stores))]
	}
	if c.oneIn(3) {
		a.months = 1 + c.random.IntN(36)
	}
	draft := &momentsv1.CampaignDraft{
		Name: "Campagne", Kind: momentsv1.CampaignDraft_KIND_SURVEY, QuestionnaireId: "onboarding_day_7.v1",
		Audience: &momentsv1.Audience{UnitId: a.unit, MonthsFrom: int32(a.months)},
		On:       a.on.String(), At: a.at, Until: a.on.AddDays(1 + c.random.IntN(20)).String(),
		Reminders: proto.Int32(int32(c.random.IntN(3))),
	}
	if c.oneIn(3) {
		draft.Kind, draft.QuestionnaireId = momentsv1.CampaignDraft_KIND_MESSAGE, ""
		draft.Title = &momentsv1.Wording{Fr: "Nouveaux horaires", En: "New opening hours"}
		draft.Text = &momentsv1.Wording{Fr: "Le magasin ouvre à neuf heures.", En: "The store opens at nine."}
	}
	err = insist(ctx, "writing a campaign", func(ctx context.Context) error {
		_, err := c.world.now().Peers().Campaigns().SaveCampaign(asHR(ctx), &momentsv1.SaveCampaignRequest{Id: a.id, Draft: draft})
		return final(err)
	})
	if err != nil {
		return err
	}
	for _, step := range []momentsv1.TakeCampaignStepRequest_Step{
		momentsv1.TakeCampaignStepRequest_STEP_CHECK, momentsv1.TakeCampaignStepRequest_STEP_LAUNCH,
	} {
		if err := c.lead(ctx, a, step); err != nil {
			return err
		}
	}
	c.appeals = append(c.appeals, a)
	b.appeals[a.id] = newReached(a)
	t.campaigns++
	return nil
}

// lead takes a step of a campaign as it stands now; one that leads nowhere is what a button pressed too late does.
func (c *crowd) lead(ctx context.Context, a *appeal, step momentsv1.TakeCampaignStepRequest_Step) error {
	err := insist(ctx, "leading a campaign on", func(ctx context.Context) error {
		campaigns := c.world.now().Peers().Campaigns()
		found, err := campaigns.GetCampaign(asHR(ctx), &momentsv1.GetCampaignRequest{Id: a.id})
		if err != nil {
			return err
		}
		_, err = campaigns.TakeCampaignStep(asHR(ctx), &momentsv1.TakeCampaignStepRequest{Id: a.id, Version: found.GetCampaign().GetVersion(), Step: step})
		return final(err)
	})
	var no *refusal
	if errors.As(err, &no) {
		return nil
	}
	return err
}

// progress asks for what HR sees of a campaign.
func (c *crowd) progress(ctx context.Context) func(id string) (*momentsv1.CampaignProgress, error) {
	return func(id string) (*momentsv1.CampaignProgress, error) {
		found, err := c.world.now().Peers().Campaigns().GetCampaign(asHR(ctx), &momentsv1.GetCampaignRequest{Id: id})
		return found.GetProgress(), err
	}
}
