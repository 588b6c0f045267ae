package rpc

import (
	"context"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/mongostore"
)

var testCriteria = map[abtest.Criterion]momentsv1.CampaignTest_Criterion{
	abtest.Subject:  momentsv1.CampaignTest_CRITERION_SUBJECT,
	abtest.SendTime: momentsv1.CampaignTest_CRITERION_SEND_TIME,
}

func testView(p *abtest.Plan) *momentsv1.CampaignTest {
	if p == nil {
		return nil
	}
	view := &momentsv1.CampaignTest{Criterion: testCriteria[p.Criterion], Share: int32(p.Share), Wait: int32(p.Wait)}
	switch p.Criterion {
	case abtest.Subject:
		view.SubjectA, view.SubjectB = wordingView(p.SubjectA), wordingView(p.SubjectB)
	case abtest.SendTime:
		view.AtB = p.AtB.String()
	}
	return view
}

// testPlan reads what HR wants to try; nil for nothing. What belongs to the other criterion is left out, and so is the line of a message's
// variant A, which is its title.
func testPlan(d *momentsv1.CampaignDraft) (*abtest.Plan, error) {
	t := d.GetTest()
	if t.GetCriterion() == momentsv1.CampaignTest_CRITERION_UNSPECIFIED {
		return nil, nil //nolint:nilnil // nothing is tested
	}
	plan := &abtest.Plan{Share: int(t.GetShare()), Wait: int(t.GetWait())}
	if t.GetCriterion() == momentsv1.CampaignTest_CRITERION_SUBJECT {
		plan.Criterion, plan.SubjectB = abtest.Subject, wording(t.GetSubjectB())
		if d.GetKind() != momentsv1.CampaignDraft_KIND_MESSAGE {
			plan.SubjectA = wording(t.GetSubjectA())
		}
		return plan, nil
	}
	plan.Criterion = abtest.SendTime
	if t.GetAtB() == "" {
		return nil, rpc.InvalidField("draft.test.at_b", "must be a time such as 14:00")
	}
	var err error
	if plan.AtB, err = clock.ParseTimeOfDay(t.GetAtB()); err != nil {
		return nil, rpc.InvalidField("draft.test.at_b", "must be a time such as 14:00")
	}
	return plan, nil
}

// decisionView tells how a test ended. Its counts are of sides that are large enough to be told of.
func decisionView(c campaign.Campaign) *momentsv1.CampaignDecision {
	d := c.Trial.Decision
	if d == nil {
		return nil
	}
	view := &momentsv1.CampaignDecision{Winner: string(d.Winner()), Reason: string(d.Reason), At: instant(d.At)}
	if from, err := c.RestFrom(d.At); err == nil {
		view.RestFrom = instant(from)
	}
	if d.Reason == abtest.TooFew {
		return view
	}
	view.A, view.B = testCount(c.Trial.A.Count), testCount(c.Trial.B.Count)
	view.Points, view.Low, view.High, view.P = d.Points, d.Low, d.High, d.P
	return view
}

func testCount(count abtest.Count) *momentsv1.TestCount {
	return &momentsv1.TestCount{Invited: int64(count.Invited), Answered: int64(count.Answered)}
}

// groupViews tells how far each group of a test has come; nothing of other campaigns.
func (h Handler) groupViews(ctx context.Context, c campaign.Campaign) ([]*momentsv1.GroupProgress, error) {
	if !c.Tested() || c.StartedAt.IsZero() {
		return nil, nil
	}
	groups, err := h.Campaigns.GroupFigures(ctx, c)
	if err != nil {
		return nil, err
	}
	var views []*momentsv1.GroupProgress
	for _, g := range abtest.Groups() {
		f := groups[g]
		view := &momentsv1.GroupProgress{
			Group: string(g), Audience: int64(f.Audience), Invited: int64(f.Invited), Delivered: int64(f.Delivered),
		}
		if mongostore.GroupsTell(groups) {
			answered := int64(f.Answered)
			view.Answered = &answered
		}
		if side := c.Trial.Of(g); g != abtest.Rest && !side.SentAt.IsZero() && side.CountedAt.IsZero() {
			view.CountedAt = instant(side.SentAt.Add(c.Content.Test.Waits()))
		}
		views = append(views, view)
	}
	return views, nil
}
