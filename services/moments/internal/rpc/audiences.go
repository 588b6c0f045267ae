package rpc

import (
	"context"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/campaigning"
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
	if problems := who.Check(); len(problems) > 0 {
		violations := make([]rpc.Violation, len(problems))
		for i, p := range problems {
			violations[i] = rpc.Violation{Field: "audience." + p.Field, Description: string(p.Code)}
		}
		return nil, rpc.Invalid(violations...)
	}
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	selection := campaigning.Selection(who, today)
	n, err := h.People.CountSelected(ctx, selection)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.CountAudienceResponse{People: int64(n), AsOf: instant(h.Clock.Now())}
	if req.GetExamples() == 0 {
		return res, nil
	}
	for id, err := range h.People.Selected(ctx, selection, "", int(req.GetExamples())) {
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
