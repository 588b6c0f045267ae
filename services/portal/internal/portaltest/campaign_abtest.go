package portaltest

import momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"

// A/B tests of the sample: one that is decided, one that was checked, one that is being written and is too small.
const (
	TestedCampaign      = "0d000000-0000-4000-8000-000000000021"
	CheckedTestCampaign = "0d000000-0000-4000-8000-000000000022"
	DraftTestCampaign   = "0d000000-0000-4000-8000-000000000023"
)

func addTests(all map[string]*momentsv1.Campaign, draft func(string) *momentsv1.CampaignDraft) {
	all[TestedCampaign] = testedCampaign(draft("Pouls des ventes"))
	times := &momentsv1.Campaign{Id: CheckedTestCampaign, Version: 2, State: momentsv1.Campaign_STATE_CHECKED, Draft: draft("À quelle heure ?")}
	times.Draft.Test = &momentsv1.CampaignTest{Criterion: momentsv1.CampaignTest_CRITERION_SEND_TIME, AtB: "15:00", Share: 20, Wait: 24}
	all[CheckedTestCampaign] = times
	small := &momentsv1.Campaign{Id: DraftTestCampaign, Version: 1, State: momentsv1.Campaign_STATE_DRAFT, Draft: draft("Deux lignes")}
	small.Draft.Test = &momentsv1.CampaignTest{
		Criterion: momentsv1.CampaignTest_CRITERION_SUBJECT, Share: 5, Wait: 36, SubjectA: text("Deux minutes pour nous ?", "Two minutes for us?"),
		SubjectB: text("Votre avis", ""),
	}
	all[DraftTestCampaign] = small
}

// testProblems are those that moments would tell of: a trial of a tenth of the audience is too small here.
func testProblems(test *momentsv1.CampaignTest) (problems []*momentsv1.CampaignProblem) {
	if test != nil && test.GetShare() < 10 {
		problems = append(problems, &momentsv1.CampaignProblem{Field: "test.share", Code: "too_few"})
	}
	if test.GetCriterion() == momentsv1.CampaignTest_CRITERION_SUBJECT && test.GetSubjectB().GetEn() == "" {
		problems = append(problems, &momentsv1.CampaignProblem{Field: "test.subject_b.en", Code: "missing"})
	}
	return problems
}

// testedCampaign is an A/B test of two lines that B won.
func testedCampaign(draft *momentsv1.CampaignDraft) *momentsv1.Campaign {
	draft.Test = &momentsv1.CampaignTest{
		Criterion: momentsv1.CampaignTest_CRITERION_SUBJECT, Share: 20, Wait: 48,
		SubjectA: &momentsv1.Wording{Fr: "Deux minutes pour nous ?", En: "Two minutes for us?"},
		SubjectB: &momentsv1.Wording{Fr: "Votre avis sur <i>les ventes</i>", En: "Your view of sales"},
	}
	return &momentsv1.Campaign{
		Id: TestedCampaign, Version: 9, State: momentsv1.Campaign_STATE_RUNNING, Draft: draft, StartedAt: "2026-11-03T09:00:00Z",
		Decision: &momentsv1.CampaignDecision{
			Winner: "b", Reason: "difference", A: &momentsv1.TestCount{Invited: 118, Answered: 41}, B: &momentsv1.TestCount{Invited: 121, Answered: 63},
			Points: 17.3, Low: 4.7, High: 29.1, P: 0.007, At: "2026-11-05T09:00:00Z", RestFrom: "2026-11-05T09:00:00Z",
		},
	}
}

// testedProgress is how far a test has come: the rest is being invited where it is decided, and waits where it is not.
func testedProgress(c *momentsv1.Campaign) *momentsv1.CampaignProgress {
	a, b, rest := int64(47), int64(70), int64(112)
	p := &momentsv1.CampaignProgress{
		Audience: 1190, Invited: 839, Gone: 2, Delivered: 611, Answered: new(int64), Waiting: 228, AsOf: "2026-11-05T09:20:00Z",
		Groups: []*momentsv1.GroupProgress{
			{Group: "a", Audience: 118, Invited: 118, Delivered: 109, Answered: &a},
			{Group: "b", Audience: 121, Invited: 121, Delivered: 113, Answered: &b},
			{Group: "rest", Audience: 951, Invited: 600, Delivered: 389, Answered: &rest},
		},
	}
	*p.Answered = a + b + rest
	if c.GetDecision() == nil {
		p.Invited, p.Delivered, *p.Answered, p.Waiting = 239, 222, a+b, 17
		for _, g := range p.GetGroups()[:2] {
			g.CountedAt = "2026-11-05T09:00:00Z"
		}
		none := int64(0)
		p.Groups[2] = &momentsv1.GroupProgress{Group: "rest", Audience: 951, Answered: &none}
	}
	return p
}
