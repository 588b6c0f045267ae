package portaltest

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// GetCampaignResults are those of the sample: 38 of 47 people answered, in one store more than in the other; and of a third, too few.
// The test of the sample is the second occurrence of a series.
func (f campaignsFake) GetCampaignResults(
	_ context.Context, req *momentsv1.GetCampaignResultsRequest,
) (*momentsv1.GetCampaignResultsResponse, error) {
	now := f.Now()
	c := now.Campaigns.All[req.GetId()]
	switch {
	case c == nil:
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such campaign"))
	case c.GetStartedAt() == "":
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("the campaign has not started"))
	}
	res := &momentsv1.GetCampaignResultsResponse{
		Campaign: c, Rate: &momentsv1.ResponseRate{People: 47, Answered: 38}, Results: results(), Units: map[string]*momentsv1.ResponseRate{},
	}
	if now.TooFew {
		res.Rate = &momentsv1.ResponseRate{People: 47, TooFew: true}
		res.Results = &momentsv1.GetResultsResponse{TooFew: true, Threshold: 5, CountedBefore: "2026-11-02"}
		return res, nil
	}
	rates := map[string]*momentsv1.ResponseRate{
		Region: {People: 44, Answered: 36}, Nantes: {People: 24, Answered: 14}, Rennes: {People: 18, Answered: 16},
		Depot: {People: 3, TooFew: true}, Team: {People: 9, Answered: 7},
	}
	for _, id := range req.GetUnitIds() {
		if rate := rates[id]; rate != nil {
			res.Units[id] = rate
		}
	}
	if rate := rates[req.GetUnitId()]; rate != nil {
		res.Rate = rate
	}
	if c.GetDraft().GetTest() != nil {
		res.Groups = testedProgress(c).GetGroups()
		res.Previous = &momentsv1.Campaign{Id: RunningCampaign, SeriesId: "pulse", Number: 1, Draft: &momentsv1.CampaignDraft{Name: "Pouls", On: "2026-10-06"}}
		res.PreviousRate = &momentsv1.ResponseRate{People: 45, Answered: 28}
		res.Changes = []*momentsv1.QuestionChange{
			{QuestionId: res.GetResults().GetQuestions()[1].GetQuestion().GetId(), Points: 12.4, Low: 4.1, High: 20.3, Verdict: "rising", Before: 0.61, Now: 0.737},
			{QuestionId: res.GetResults().GetQuestions()[3].GetQuestion().GetId(), Points: -3, Low: -14, High: 8, Verdict: "stable", Before: 0.37, Now: 0.34},
		}
	}
	return res, nil
}
