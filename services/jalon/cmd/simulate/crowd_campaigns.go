package main

import (
	"context"
	"errors"

	"connectrpc.com/connect"
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
	on     clock.Date
	at     clock.TimeOfDay
	// repeats is how a series comes again, and trial what a test tries; nil for none.
	repeats *repeats
	trial   *trial
}

// led is how many of the latest campaigns HR still thinks of.
const led = 12

// campaigns lets HR ask or tell some of the people something now and then, once or again and again, and think better of it.
func (c *crowd) campaigns(ctx context.Context, b *books, t *tally) error {
	if t.campaigns == 0 || c.oneIn(12) { // the first at once, so that the shortest run has one
		if err := c.appeal(ctx, b, t); err != nil {
			return err
		}
	}
	if err := c.serials(ctx, b, t); err != nil {
		return err
	}
	if len(c.appeals) == 0 || !c.oneIn(3) {
		return nil
	}
	lately := c.appeals[max(0, len(c.appeals)-led):]
	return c.lead(ctx, lately[c.random.IntN(len(lately))].id, c.secondThought())
}

// secondThought is what HR does with what was launched: it resumes more often than it pauses, so that most goes on in the end.
func (c *crowd) secondThought() momentsv1.TakeCampaignStepRequest_Step {
	switch c.random.IntN(6) {
	case 0:
		return momentsv1.TakeCampaignStepRequest_STEP_CANCEL
	case 1, 2, 3:
		return momentsv1.TakeCampaignStepRequest_STEP_RESUME
	default:
		return momentsv1.TakeCampaignStepRequest_STEP_PAUSE
	}
}

// appeal writes a campaign, looks at it and launches it: for now, or for one of the next days.
func (c *crowd) appeal(ctx context.Context, b *books, t *tally) error {
	a, draft := c.write()
	if c.oneIn(3) {
		a.unit, a.months = "", 0 // a test needs many
		a.trial = c.try(a, draft)
	} else {
		draft.Until = a.on.AddDays(1 + c.random.IntN(20)).String()
	}
	draft.Audience, draft.On = &momentsv1.Audience{UnitId: a.unit, MonthsFrom: int32(a.months)}, a.on.String()
	launched, err := c.launch(ctx, a.id, draft)
	if err != nil {
		return err
	}
	if !launched && a.trial != nil { // too few for a test: HR does without
		if b.enoughFor(a.trial, clock.DateOf(c.world.clock.Now(), home())) {
			return b.broken(tried, "%d percent of everybody are enough for a test, and campaign %s is refused", a.trial.share, a.id)
		}
		a.trial, draft.Test = nil, nil
		launched, err = c.launch(ctx, a.id, draft)
	}
	switch {
	case err != nil:
		return err
	case !launched:
		return b.broken(addressed, "HR may not launch campaign %s, which is complete (%+v)", a.id, *a)
	case a.trial != nil:
		t.trials++
	}
	c.appeals = append(c.appeals, a)
	b.appeals[a.id] = newReached(a)
	t.campaigns++
	return nil
}

// write begins a campaign for one of the next days; until when it can be answered is not said yet.
func (c *crowd) write() (*appeal, *momentsv1.CampaignDraft) {
	now := c.world.clock.Now()
	a := &appeal{id: c.uuid(), on: clock.DateOf(now, home()).AddDays(c.random.IntN(4)), at: clock.TimeOfDayOf(now, home())}
	if len(c.stores) > 0 && c.oneIn(2) {
		a.unit = c.stores[c.random.IntN(len(c.stores))]
	}
	if c.oneIn(3) {
		a.months = 1 + c.random.IntN(36)
	}
	draft := &momentsv1.CampaignDraft{
		Name: "Campagne", Kind: momentsv1.CampaignDraft_KIND_SURVEY, QuestionnaireId: "onboarding_day_7.v1",
		At: a.at.String(), Reminders: proto.Int32(int32(c.random.IntN(3))),
	}
	if c.oneIn(3) {
		draft.Kind, draft.QuestionnaireId = momentsv1.CampaignDraft_KIND_MESSAGE, ""
		draft.Title = &momentsv1.Wording{Fr: lineA, En: lineA}
		draft.Text = &momentsv1.Wording{Fr: "Le magasin ouvre à neuf heures.", En: "The store opens at nine."}
	}
	return a, draft
}

// launch keeps a campaign, looks at it and launches it; launched is false where it is refused.
func (c *crowd) launch(ctx context.Context, id string, draft *momentsv1.CampaignDraft) (launched bool, err error) {
	err = insist(ctx, "writing a campaign", func(ctx context.Context) error {
		campaigns := c.world.now().Peers().Campaigns()
		found, err := campaigns.GetCampaign(asHR(ctx), &momentsv1.GetCampaignRequest{Id: id})
		if err != nil && connect.CodeOf(err) != connect.CodeNotFound { // a new one
			return err
		}
		_, err = campaigns.SaveCampaign(asHR(ctx), &momentsv1.SaveCampaignRequest{Id: id, Version: found.GetCampaign().GetVersion(), Draft: draft})
		return final(err)
	})
	for _, step := range []momentsv1.TakeCampaignStepRequest_Step{
		momentsv1.TakeCampaignStepRequest_STEP_CHECK, momentsv1.TakeCampaignStepRequest_STEP_LAUNCH,
	} {
		if err == nil {
			err = c.lead(ctx, id, step)
		}
	}
	if err != nil {
		return false, err
	}
	err = insist(ctx, "looking at a campaign", func(ctx context.Context) error {
		found, err := c.world.now().Peers().Campaigns().GetCampaign(asHR(ctx), &momentsv1.GetCampaignRequest{Id: id})
		state := found.GetCampaign().GetState()
		launched = state != momentsv1.Campaign_STATE_DRAFT && state != momentsv1.Campaign_STATE_CHECKED
		return err
	})
	return launched, err
}

// lead takes a step of a campaign as it stands now; one that leads nowhere is what a button pressed too late does.
func (c *crowd) lead(ctx context.Context, id string, step momentsv1.TakeCampaignStepRequest_Step) error {
	err := insist(ctx, "leading a campaign on", func(ctx context.Context) error {
		campaigns := c.world.now().Peers().Campaigns()
		found, err := campaigns.GetCampaign(asHR(ctx), &momentsv1.GetCampaignRequest{Id: id})
		if err != nil {
			return err
		}
		_, err = campaigns.TakeCampaignStep(asHR(ctx), &momentsv1.TakeCampaignStepRequest{Id: id, Version: found.GetCampaign().GetVersion(), Step: step})
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
