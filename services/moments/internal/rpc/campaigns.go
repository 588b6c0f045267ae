package rpc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/survey"
)

var _ momentsv1connect.CampaignsServiceHandler = Handler{}

// ListCampaigns returns all campaigns.
func (h Handler) ListCampaigns(ctx context.Context, _ *momentsv1.ListCampaignsRequest) (*momentsv1.ListCampaignsResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignsServiceListCampaignsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	all, err := h.Campaigns.All(ctx)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.ListCampaignsResponse{}
	for _, c := range all {
		res.Campaigns = append(res.Campaigns, campaignView(c))
	}
	return res, nil
}

// GetCampaign returns one, and how far it has come.
func (h Handler) GetCampaign(ctx context.Context, req *momentsv1.GetCampaignRequest) (*momentsv1.GetCampaignResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignsServiceGetCampaignProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	res := &momentsv1.GetCampaignResponse{Campaign: campaignView(c)}
	if !c.Locked() {
		problems, err := h.campaignProblems(ctx, c)
		if err != nil {
			return nil, err
		}
		res.Problems = campaignProblemViews(problems)
	}
	if c.StartedAt.IsZero() || c.Recurs() {
		return res, nil
	}
	figures, err := h.Campaigns.Figures(ctx, c)
	if err != nil {
		return nil, err
	}
	res.Progress = progressView(c, figures, h.Clock.Now())
	res.Progress.Groups, err = h.groupViews(ctx, c)
	return res, err
}

// SaveCampaign keeps what HR wrote, finished or not.
func (h Handler) SaveCampaign(ctx context.Context, req *momentsv1.SaveCampaignRequest) (*momentsv1.SaveCampaignResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignsServiceSaveCampaignProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	content, err := campaignContent(req.GetDraft())
	if err != nil {
		return nil, err
	}
	last, err := h.Campaigns.Get(ctx, req.GetId())
	isNew := errors.Is(err, mongodb.ErrNotFound)
	if isNew {
		zone, zoneErr := h.companyZone(ctx)
		if zoneErr != nil {
			return nil, zoneErr
		}
		last, err = campaign.New(req.GetId(), zone), nil
	}
	if err != nil {
		return nil, err
	}
	next := last
	switch {
	case !isNew && last.Content.Same(content): // the same once more: a button pressed twice, an answer lost on its way
	case req.GetVersion() != last.Version:
		return nil, fmt.Errorf("changing version %d of campaign %s: %w", req.GetVersion(), req.GetId(), mongodb.ErrConflict)
	default:
		if next, err = last.Write(content, author(ctx), h.Clock.Now()); err != nil {
			return nil, stepError(err)
		}
		if err := h.nameless(ctx, next); err != nil {
			return nil, err
		}
		if isNew {
			err = h.Campaigns.Begin(ctx, next)
		} else {
			err = h.Campaigns.Replace(ctx, next)
		}
		if err != nil {
			return nil, err
		}
	}
	problems, err := h.campaignProblems(ctx, next)
	if err != nil {
		return nil, err
	}
	return &momentsv1.SaveCampaignResponse{Campaign: campaignView(next), Problems: campaignProblemViews(problems)}, nil
}

// nameless refuses what goes on under a name that none could be launched with. A draft may be as unfinished as it is.
func (h Handler) nameless(ctx context.Context, c campaign.Campaign) error {
	if !c.State.Started() {
		return nil
	}
	problems, err := h.campaignProblems(ctx, c)
	if err != nil {
		return err
	}
	for _, p := range problems {
		if p.Field == "name" {
			return rpc.Invalid(rpc.Violation{Field: p.Field, Description: string(p.Code)})
		}
	}
	return nil
}

// TakeCampaignStep leads a campaign on. What the step entails is planned after it was kept; a process that dies in between plans it
// at its next start.
func (h Handler) TakeCampaignStep(
	ctx context.Context, req *momentsv1.TakeCampaignStepRequest,
) (*momentsv1.TakeCampaignStepResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignsServiceTakeCampaignStepProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	next, err := h.campaignStep(ctx, c, req.GetStep())
	switch {
	case c.Version == req.GetVersion()+1 && c.State == outcomes[req.GetStep()]: // the same once more
		next = c
	case c.Version != req.GetVersion():
		return nil, fmt.Errorf("version %d of campaign %s: %w", req.GetVersion(), req.GetId(), mongodb.ErrConflict)
	case err != nil:
		return nil, err
	default:
		if err := h.Campaigns.Replace(ctx, next); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(h.Runner.Plan(ctx, next), h.Series.Plan(ctx, next)); err != nil {
		return nil, err
	}
	return &momentsv1.TakeCampaignStepResponse{Campaign: campaignView(next)}, nil
}

// outcomes are the states to which HR's steps lead.
var outcomes = map[momentsv1.TakeCampaignStepRequest_Step]campaign.State{
	momentsv1.TakeCampaignStepRequest_STEP_CHECK:  campaign.Checked,
	momentsv1.TakeCampaignStepRequest_STEP_LAUNCH: campaign.Scheduled,
	momentsv1.TakeCampaignStepRequest_STEP_PAUSE:  campaign.Paused,
	momentsv1.TakeCampaignStepRequest_STEP_RESUME: campaign.Running,
	momentsv1.TakeCampaignStepRequest_STEP_CANCEL: campaign.Cancelled,
}

// campaignStep is the campaign after a step. What was complete when it was checked may be too late when it is launched.
func (h Handler) campaignStep(
	ctx context.Context, c campaign.Campaign, step momentsv1.TakeCampaignStepRequest_Step,
) (next campaign.Campaign, err error) {
	by, now := author(ctx), h.Clock.Now()
	switch step {
	case momentsv1.TakeCampaignStepRequest_STEP_CHECK:
		next, err = c.Checked(by, now)
	case momentsv1.TakeCampaignStepRequest_STEP_LAUNCH:
		next, err = c.Launched(by, now)
	case momentsv1.TakeCampaignStepRequest_STEP_PAUSE:
		next, err = c.Paused(by, now)
	case momentsv1.TakeCampaignStepRequest_STEP_RESUME:
		next, err = c.Resumed(by, now)
	default:
		next, err = c.CalledOff(by, now)
	}
	if err != nil {
		return c, stepError(err)
	}
	if step == momentsv1.TakeCampaignStepRequest_STEP_CHECK || step == momentsv1.TakeCampaignStepRequest_STEP_LAUNCH {
		problems, err := h.campaignProblems(ctx, c)
		if err != nil {
			return c, err
		}
		if len(problems) > 0 {
			violations := make([]rpc.Violation, len(problems))
			for i, p := range problems {
				violations[i] = rpc.Violation{Field: p.Field, Description: string(p.Code)}
			}
			return c, rpc.Invalid(violations...)
		}
	}
	return next, nil
}

func stepError(err error) error {
	var refused *campaign.StepError
	if errors.As(err, &refused) {
		return connect.NewError(connect.CodeFailedPrecondition, refused)
	}
	return err
}

// campaignProblems are what keeps a campaign from being launched now.
func (h Handler) campaignProblems(ctx context.Context, c campaign.Campaign) ([]campaign.Problem, error) {
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return nil, err
	}
	var known campaign.Known
	if known.Questionnaire, err = found(h.Questionnaires.Find(ctx, c.Content.Questionnaire)); err != nil {
		return nil, err
	}
	if known.Unit, err = found(h.People.Unit(ctx, c.Content.Audience.UnitID)); err != nil {
		return nil, err
	}
	off, err := h.Series.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	known.DayOff = off.Day
	today := clock.DateOf(h.Clock.Now(), zone)
	if c.Tested() && len(c.Content.Audience.Check()) == 0 {
		count, err := h.selector().Count(ctx, c.Content.Audience, today, h.Clock.Now())
		if err != nil {
			return nil, err
		}
		known.People = count.People
	}
	reacted, err := h.reactionProblems(ctx, c.Content, today)
	return append(c.Problems(today, known), reacted...), err
}

// reactionProblems are what keeps people from being written to for how they reacted.
func (h Handler) reactionProblems(ctx context.Context, content campaign.Content, today clock.Date) ([]campaign.Problem, error) {
	who := content.Audience
	if unknown, err := h.unknownReaction(ctx, who); err != nil || len(unknown) > 0 {
		return []campaign.Problem{{Field: "audience.reaction", Code: campaign.Unknown}}, err
	}
	var problems []campaign.Problem
	tried, personal := content.Test != nil && who.Confidential(), content.Recurrence != nil && content.Recurrence.PerPerson != nil && who.Reacts()
	if tried || personal {
		problems = append(problems, campaign.Problem{Field: "audience.reaction", Code: campaign.Plain})
	}
	if content.TooFine() {
		problems = append(problems, campaign.Problem{Field: "recurrence.anchor", Code: campaign.Code(audience.TooFine)})
	}
	if !content.Confidential() || len(who.Check()) > 0 {
		return problems, nil
	}
	asked, err := h.Questionnaires.Find(ctx, content.Questionnaire)
	if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
		return nil, err
	}
	if asked.Named { // whose name is read was in the audience
		problems = append(problems, campaign.Problem{Field: "questionnaire_id", Code: campaign.Named})
	}
	if !who.Confidential() {
		return problems, nil
	}
	count, err := h.selector().Count(ctx, who, today, h.Clock.Now())
	if err != nil {
		return nil, err
	}
	if count.TooFew {
		problems = append(problems, campaign.Problem{Field: "audience.reaction", Code: campaign.Code(audience.TooFew)})
	}
	return problems, nil
}

// found tells whether something that was looked up is there.
func found[T any](_ T, err error) (bool, error) {
	if errors.Is(err, mongodb.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// companyZone is where the company is.
func (h Handler) companyZone(ctx context.Context) (string, error) {
	units, err := h.People.Units(ctx)
	if err != nil {
		return "", err
	}
	for _, u := range units {
		if _, err := clock.Zone(u.TimeZone); u.ParentID == "" && !u.Unplaced && u.TimeZone != "" && err == nil {
			return u.TimeZone, nil
		}
	}
	return "UTC", nil
}

// message is what a campaign says that asks nothing, with the last day of whom it is said to: some have one of their own.
func (h Handler) message(ctx context.Context, f followup.FollowUp) (survey.Questionnaire, campaign.Content, error) {
	c, err := h.Campaigns.Get(ctx, f.Code)
	if err != nil {
		return survey.Questionnaire{}, campaign.Content{}, err
	}
	c.Content.Title = c.Headline(f.Group)
	if zone, err := clock.Zone(c.Zone); err == nil && !f.Until.IsZero() {
		c.Content.Until = clock.DateOf(f.Until.Add(-time.Second), zone)
	}
	return survey.Questionnaire{Title: c.Content.Title}, c.Content, nil
}
