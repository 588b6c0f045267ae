package rpc

import (
	"context"
	"strconv"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// GetResults returns what a group answered, in steps that are large enough, and of which nothing smaller can be found by
// subtraction; package survey tells how.
func (h Handler) GetResults(ctx context.Context, req *momentsv1.GetResultsRequest) (*momentsv1.GetResultsResponse, error) {
	about, err := h.ledUnit(ctx, req.GetUnitId())
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, momentsv1connect.MomentsServiceGetResultsProcedure, about); err != nil {
		return nil, err
	}
	km, err := h.surveyed(ctx, req.GetKeyMoment(), req.GetFollowUp())
	if err != nil {
		return nil, err
	}
	period, err := readPeriod(req)
	if err != nil {
		return nil, err
	}
	read, err := h.readAnswers(ctx, km, req.GetFollowUp(), period)
	if err != nil {
		return nil, err
	}
	return read.of(survey.Scope{
		FollowUp: req.GetFollowUp(), UnitID: req.GetUnitId(), From: req.GetFromMonth(), To: req.GetToMonth(), Until: read.until,
	}, req.GetLanguage()), nil
}

// CompareUnits returns what people answered in each of many units.
func (h Handler) CompareUnits(ctx context.Context, req *momentsv1.CompareUnitsRequest) (*momentsv1.CompareUnitsResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceCompareUnitsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	km, err := h.surveyed(ctx, req.GetKeyMoment(), req.GetFollowUp())
	if err != nil {
		return nil, err
	}
	read, err := h.readAnswers(ctx, km, req.GetFollowUp(), period{})
	if err != nil {
		return nil, err
	}
	res := &momentsv1.CompareUnitsResponse{Units: make(map[string]*momentsv1.GetResultsResponse, len(req.GetUnitIds()))}
	for _, unit := range req.GetUnitIds() {
		res.Units[unit] = read.of(survey.Scope{FollowUp: req.GetFollowUp(), UnitID: unit, Until: read.until}, req.GetLanguage())
	}
	return res, nil
}

// said is all that people answered about a key moment (or one follow-up of it), and how many were asked.
type said struct {
	keyMoment moment.KeyMoment
	asked     []survey.Questionnaire
	responses []survey.Response
	invited   []survey.Cell
	until     clock.Date
	// told are the units of which something is told; nil where only the answers decide.
	told map[string]bool
}

// tells tells whether anything may be told of a unit, and always of everybody.
func (s said) tells(unit string) bool { return unit == "" || s.told == nil || s.told[unit] }

func (h Handler) readAnswers(ctx context.Context, km moment.KeyMoment, followUp string, period period) (said, error) {
	read := said{keyMoment: km, until: survey.Complete(h.Clock.Now())}
	var err error
	if read.responses, err = h.Responses.About(ctx, km.Code, followUp); err != nil {
		return said{}, err
	}
	known, err := h.Questionnaires.Known(ctx)
	if err != nil {
		return said{}, err
	}
	read.asked = questionnaires(known, km, read.responses)
	if len(read.responses) < survey.LeastForFigures {
		return read, nil // whoever was asked, nothing is shown
	}
	if km.Code == campaign.KeyMoment {
		c, err := h.Campaigns.Get(ctx, followUp)
		if err != nil {
			return said{}, err
		}
		asked, err := h.Campaigns.Units(ctx, c.ID)
		if err != nil {
			return said{}, err
		}
		if read.told = toldUnits(c, asked); c.Confidential() {
			return read, nil // whom it asked tells how they reacted: not even how many those are is told
		}
	}
	read.invited, err = h.FollowUps.Asked(ctx, km.Code, period.from, period.until)
	return read, err
}

// of is what may be shown of the answers in the scope.
func (s said) of(scope survey.Scope, language string) *momentsv1.GetResultsResponse {
	res := &momentsv1.GetResultsResponse{Threshold: survey.LeastForFigures, CountedBefore: s.until.String()}
	result := survey.Summarise(s.asked, s.responses, scope)
	if result.TooFew || !s.tells(scope.UnitID) {
		res.TooFew = true
		return res
	}
	res.Responses, res.SeveralVersions = int32(result.Responses), result.SeveralVersions
	invited, answered := survey.Participation(s.invited, scope.UnitID, result)
	res.Invited, res.Answered = int32(invited), int32(answered)
	for _, q := range result.Questions {
		out := questionResult(q, language)
		compare(out, s.keyMoment.Expected)
		res.Questions = append(res.Questions, out)
	}
	return res
}

// surveyed is what people were asked about: a key moment as it is now, the audit of the talks, whose follow-ups are its days, or a
// campaign, which stands for its follow-up.
func (h Handler) surveyed(ctx context.Context, code, followUp string) (moment.KeyMoment, error) {
	if code == moment.TalkAudit {
		day, err := clock.ParseDate(followUp)
		if err != nil {
			return moment.KeyMoment{}, rpc.InvalidField("follow_up", "must be the day of an audit, as YYYY-MM-DD")
		}
		return moment.AuditOf(day), nil
	}
	if code == campaign.KeyMoment {
		if _, err := h.Campaigns.Get(ctx, followUp); err != nil {
			return moment.KeyMoment{}, err
		}
		return moment.KeyMoment{Code: code, FollowUps: []moment.Rule{{Code: followUp}}}, nil
	}
	km, ok := h.Catalogue.Find(code)
	if !ok {
		return moment.KeyMoment{}, rpc.InvalidField("key_moment", "must be a code of the catalogue")
	}
	if _, ok := km.Rule(followUp); !ok && followUp != "" {
		return moment.KeyMoment{}, rpc.InvalidField("follow_up", "must be a follow-up of the key moment")
	}
	return h.keyMoment(ctx, code)
}

// period is when invitations were sent.
type period struct{ from, until time.Time }

func readPeriod(req *momentsv1.GetResultsRequest) (period, error) {
	var p period
	if req.GetFromMonth() != "" {
		first, err := clock.ParseDate(req.GetFromMonth() + "-01")
		if err != nil {
			return period{}, rpc.InvalidField("from_month", "must be a month, as YYYY-MM")
		}
		p.from = first.In(time.UTC)
	}
	if req.GetToMonth() != "" {
		first, err := clock.ParseDate(req.GetToMonth() + "-01")
		if err != nil {
			return period{}, rpc.InvalidField("to_month", "must be a month, as YYYY-MM")
		}
		p.until = first.AddMonths(1).In(time.UTC)
	}
	if req.GetFromMonth() != "" && req.GetToMonth() != "" && req.GetFromMonth() > req.GetToMonth() {
		return period{}, rpc.InvalidField("to_month", "must not be before from_month")
	}
	return p, nil
}

// questionnaires lists what was asked: the catalogue's of today in its order, then older ones that were answered.
func questionnaires(known survey.Questionnaires, km moment.KeyMoment, responses []survey.Response) []survey.Questionnaire {
	var ids []string
	seen := map[string]bool{}
	add := func(id string) {
		if !seen[id] && known.Has(id) {
			ids = append(ids, id)
		}
		seen[id] = true
	}
	for _, rule := range km.FollowUps {
		add(rule.Questionnaire)
	}
	for _, r := range responses {
		add(r.Questionnaire)
	}
	asked := make([]survey.Questionnaire, len(ids))
	for i, id := range ids {
		asked[i] = known[id]
	}
	return asked
}

func questionResult(r survey.QuestionResult, language string) *momentsv1.QuestionResult {
	q := question(r.Question, language)
	out := &momentsv1.QuestionResult{
		Question: q, TooFew: r.TooFew, N: int32(r.N), Mean: r.Mean, Score: int32(r.Score), Favourable: r.Top,
		Enps: int32(r.Promoters), Comments: r.Comments,
	}
	for i, n := range r.Counts {
		c := &momentsv1.Count{Count: int32(n)}
		switch {
		case r.Question.Kind.Choice():
			c.Id, c.Label = q.GetOptions()[i].GetId(), q.GetOptions()[i].GetLabel()
		case r.Question.Kind == survey.Rating:
			c.Id = strconv.Itoa(i)
			c.Label = c.GetId()
		default:
			c.Id = strconv.Itoa(i + 1)
			c.Label = c.GetId()
		}
		out.Counts = append(out.Counts, c)
	}
	for _, m := range r.Trend {
		out.Trend = append(out.Trend, &momentsv1.TrendPoint{
			Month: m.Name, N: int32(m.N), Mean: m.Mean, Score: int32(m.Score), Favourable: m.Top, Enps: int32(m.Promoters),
		})
	}
	return out
}
