package rpc

import (
	"context"
	"slices"
	"strconv"

	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// GetResults returns what a group answered, as far as the group and whatever it could be subtracted from are large
// enough; see survey.Disclosed.
func (h Handler) GetResults(ctx context.Context, req *momentsv1.GetResultsRequest) (*momentsv1.GetResultsResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceGetResultsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	km, ok := h.Catalogue.Find(req.GetKeyMoment())
	if !ok {
		return nil, rpc.InvalidField("key_moment", "must be a code of the catalogue")
	}
	if _, ok := km.Rule(req.GetFollowUp()); !ok && req.GetFollowUp() != "" {
		return nil, rpc.InvalidField("follow_up", "must be a follow-up of the key moment")
	}
	tooFew := &momentsv1.GetResultsResponse{TooFew: true, Threshold: survey.LeastForFigures}
	cells, err := h.Responses.Cells(ctx, km.Code)
	if err != nil {
		return nil, err
	}
	shown := survey.Disclosed(cells, req.GetUnitId(), req.GetFollowUp(), survey.LeastForFigures)
	if len(shown) == 0 {
		return tooFew, nil
	}
	responses, err := h.Responses.Find(ctx, km.Code, req.GetFollowUp(), req.GetUnitId())
	if err != nil {
		return nil, err
	}
	responses = slices.DeleteFunc(responses, func(r survey.Response) bool { return !slices.Contains(shown, r.FollowUp) })
	speaking := survey.Disclosed(cells, req.GetUnitId(), req.GetFollowUp(), survey.LeastForComments)
	result := survey.Summarise(h.questionnaires(km, shown, responses), responses, speaking)
	if result.TooFew {
		return tooFew, nil
	}
	asked, err := h.FollowUps.Asked(ctx, km.Code)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.GetResultsResponse{
		Threshold: survey.LeastForFigures, Responses: int32(result.Responses),
		Invited: int32(survey.Count(asked, req.GetUnitId(), shown)),
	}
	for _, q := range result.Questions {
		res.Questions = append(res.Questions, questionResult(q, req.GetLanguage()))
	}
	return res, nil
}

// questionnaires lists what was asked: the catalogue's of today in its order, then older ones that were answered.
func (h Handler) questionnaires(km moment.KeyMoment, followUps []string, responses []survey.Response) []survey.Questionnaire {
	var ids []string
	add := func(id string) {
		if h.Questionnaires.Has(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, rule := range km.FollowUps {
		if slices.Contains(followUps, rule.Code) {
			add(rule.Questionnaire)
		}
	}
	for _, r := range responses {
		add(r.Questionnaire)
	}
	asked := make([]survey.Questionnaire, len(ids))
	for i, id := range ids {
		asked[i] = h.Questionnaires[id]
	}
	return asked
}

func questionResult(r survey.QuestionResult, language string) *momentsv1.QuestionResult {
	q := question(r.Question, language)
	out := &momentsv1.QuestionResult{
		Question: q, TooFew: r.TooFew, N: int32(r.N), Mean: r.Mean, Score: int32(r.Score), Favourable: r.Favourable,
		Comments: r.Comments,
	}
	for i, n := range r.Counts {
		c := &momentsv1.Count{Count: int32(n)}
		switch r.Question.Kind {
		case survey.Emotion:
			c.Id, c.Label = q.GetOptions()[i].GetId(), q.GetOptions()[i].GetLabel()
		case survey.Scale:
			c.Id = strconv.Itoa(i + 1)
			c.Label = c.GetId()
		case survey.Text:
		}
		out.Counts = append(out.Counts, c)
	}
	return out
}
