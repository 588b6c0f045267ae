package rpc

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/survey"
)

var _ momentsv1connect.CampaignResultsServiceHandler = Handler{}

// GetCampaignResults tells what a campaign brought, and what became of it since the occurrence before.
func (h Handler) GetCampaignResults(
	ctx context.Context, req *momentsv1.GetCampaignResultsRequest,
) (*momentsv1.GetCampaignResultsResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignResultsServiceGetCampaignResultsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	if c.StartedAt.IsZero() {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("the campaign has not started"))
	}
	now, err := h.brought(ctx, c)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.GetCampaignResultsResponse{
		Campaign: campaignView(c), Rate: now.rate(req.GetUnitId()), Units: map[string]*momentsv1.ResponseRate{},
		Results: now.said.of(now.scope(req.GetUnitId()), req.GetLanguage()),
	}
	for _, unit := range req.GetUnitIds() {
		if rate := now.rate(unit); rate.GetPeople() > 0 {
			res.Units[unit] = rate
		}
	}
	if res.Groups, err = h.groupViews(ctx, c); err != nil {
		return nil, err
	}
	return res, h.compareCampaigns(ctx, c, now, req.GetUnitId(), res)
}

// brought is what a campaign brought: its answers, how many of them count by unit, and of how many people.
type brought struct {
	campaign campaign.Campaign
	said     said
	answered map[string]int
	people   []survey.Cell
	figures  mongostore.Figures
}

func (h Handler) brought(ctx context.Context, c campaign.Campaign) (brought, error) {
	b := brought{campaign: c, said: said{
		keyMoment: moment.KeyMoment{Code: campaign.KeyMoment, FollowUps: []moment.Rule{{Code: c.ID, Questionnaire: c.Content.Questionnaire}}},
		until:     survey.Complete(h.Clock.Now()),
	}}
	var err error
	if b.figures, err = h.Campaigns.Figures(ctx, c); err != nil {
		return b, err
	}
	if b.people, err = h.Campaigns.Units(ctx, c.ID); err != nil {
		return b, err
	}
	b.said.told = toldUnits(c, b.people)
	if c.Confidential() { // of how many would tell who reacted to something else
		b.figures, b.people = mongostore.Figures{}, nil
	}
	if b.said.responses, err = h.Responses.About(ctx, campaign.KeyMoment, c.ID); err != nil {
		return b, err
	}
	known, err := h.Questionnaires.Known(ctx)
	if err != nil {
		return b, err
	}
	b.said.asked = questionnaires(known, b.said.keyMoment, b.said.responses)
	b.answered = survey.AnsweredByUnit(b.said.responses, b.said.until)
	return b, nil
}

// toldUnits are those of which something is told. While people are still invited there is none: what would be told before, taken from what
// is told after, would be of whoever came last. Where whoever was asked is would tell how they reacted to something else.
func toldUnits(c campaign.Campaign, asked []survey.Cell) map[string]bool {
	if c.Confidential() || !c.AllInvited && !c.State.Final() {
		return map[string]bool{}
	}
	return survey.Told(asked)
}

func (b brought) scope(unit string) survey.Scope {
	return survey.Scope{FollowUp: b.campaign.ID, UnitID: unit, Until: b.said.until}
}

// size is how many people could have answered.
func (b brought) size(unit string) int {
	if unit == "" {
		return b.figures.Audience
	}
	return survey.People(b.people, unit)
}

func (b brought) rate(unit string) *momentsv1.ResponseRate {
	people, answered := b.size(unit), b.answered[unit]
	rate := &momentsv1.ResponseRate{People: int64(people)}
	if people < survey.LeastForFigures || answered == 0 || !b.said.tells(unit) {
		rate.TooFew = true
		return rate
	}
	rate.Answered = int64(min(answered, people))
	return rate
}

// compareCampaigns adds what became of the answers since the occurrence before. Both are told by themselves already.
func (h Handler) compareCampaigns(
	ctx context.Context, c campaign.Campaign, now brought, unit string, res *momentsv1.GetCampaignResultsResponse,
) error {
	if c.Series == "" || c.Number <= 1 {
		return nil
	}
	previous, err := h.Campaigns.Occurrence(ctx, c.Series, c.Number-1)
	if errors.Is(err, mongodb.ErrNotFound) || err == nil && previous.StartedAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	before, err := h.brought(ctx, previous)
	if err != nil {
		return err
	}
	res.Previous, res.PreviousRate = campaignView(previous), before.rate(unit)
	// Of how many people confidential answers are is told to nobody, and no test can do without.
	if c.Confidential() || previous.Confidential() || !now.said.tells(unit) || !before.said.tells(unit) {
		return nil
	}
	then := survey.Summarise(before.said.asked, before.said.responses, before.scope(unit))
	today := survey.Summarise(now.said.asked, now.said.responses, now.scope(unit))
	if then.TooFew || today.TooFew {
		return nil
	}
	changes, err := survey.Changes(then, today, before.size(unit), now.size(unit))
	if err != nil {
		return err
	}
	for _, change := range changes {
		res.Changes = append(res.Changes, &momentsv1.QuestionChange{
			QuestionId: change.Question, Before: change.Before, Now: change.Now, Points: change.Points,
			Low: change.Interval.Low, High: change.Interval.High, Verdict: string(change.Verdict),
		})
	}
	return nil
}
