package rpc

import (
	"context"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/campaign"
)

// GetAudienceChoices returns what audiences can be made of, and when a campaign that is begun now is best sent.
func (h Handler) GetAudienceChoices(
	ctx context.Context, _ *momentsv1.GetAudienceChoicesRequest,
) (*momentsv1.GetAudienceChoicesResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignsServiceGetAudienceChoicesProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	on, at, until := campaign.Propose(today)
	res := &momentsv1.GetAudienceChoicesResponse{On: on.String(), At: at.String(), Until: until.String()}
	for field, into := range map[people.Field]*[]string{
		people.JobTitles: &res.JobTitles, people.Contracts: &res.Contracts, people.Languages: &res.Languages, people.Managers: &res.ManagerIds,
	} {
		if *into, err = h.People.Values(ctx, people.Selection{On: today}, field); err != nil {
			return nil, err
		}
	}
	return res, nil
}

// CountAudience returns how many people are in an audience now, and a few of them.
func (h Handler) CountAudience(ctx context.Context, req *momentsv1.CountAudienceRequest) (*momentsv1.CountAudienceResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignsServiceCountAudienceProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	who, err := audienceOf(req.GetAudience())
	if err != nil {
		return nil, err
	}
	unknown, err := h.unknownReaction(ctx, who)
	if err != nil {
		return nil, err
	}
	if problems := append(who.Check(), unknown...); len(problems) > 0 {
		return nil, refused("audience.", problems)
	}
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	now := h.Clock.Now()
	count, err := h.selector().Count(ctx, who, today, now)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.CountAudienceResponse{People: int64(count.People), AsOf: instant(now), Count: countView(count)}
	if req.GetExamples() == 0 || who.Confidential() {
		return res, nil
	}
	for id, err := range h.selector().Each(ctx, who, today, "", int(req.GetExamples())) {
		if err != nil {
			return nil, err
		}
		res.ExampleIds = append(res.ExampleIds, id)
	}
	return res, nil
}

// companyToday is the day where the company is.
func (h Handler) companyToday(ctx context.Context) (clock.Date, error) {
	name, err := h.companyZone(ctx)
	if err != nil {
		return clock.Date{}, err
	}
	zone, err := clock.Zone(name)
	if err != nil {
		return clock.Date{}, err
	}
	return clock.DateOf(h.Clock.Now(), zone), nil
}
