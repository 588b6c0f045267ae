package web

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// testCriteria are what can be tested, by what the form calls it.
var testCriteria = map[string]momentsv1.CampaignTest_Criterion{
	"subject": momentsv1.CampaignTest_CRITERION_SUBJECT, "time": momentsv1.CampaignTest_CRITERION_SEND_TIME,
}

// What is proposed: a fifth of the audience and two days.
const (
	usualTestShare = 20
	usualTestWait  = 48
)

// testEntered is the test that the form says; nil for none.
func testEntered(r *http.Request) *momentsv1.CampaignTest {
	value := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	criterion := testCriteria[value("test")]
	if criterion == momentsv1.CampaignTest_CRITERION_UNSPECIFIED {
		return nil
	}
	return &momentsv1.CampaignTest{
		Criterion: criterion, AtB: value("test_at_b"), Share: wholeNumber(r, "test_share"), Wait: wholeNumber(r, "test_wait"),
		SubjectA: &momentsv1.Wording{Fr: value("test.subject_a.fr"), En: value("test.subject_a.en")},
		SubjectB: &momentsv1.Wording{Fr: value("test.subject_b.fr"), En: value("test.subject_b.en")},
	}
}

func testForm(words *i18n.Words, test *momentsv1.CampaignTest, wrong map[string]string) page.CampaignTestForm {
	form := page.CampaignTestForm{AtB: test.GetAtB(), Wrong: wrong, Open: test != nil}
	for _, code := range []string{"none", "subject", "time"} {
		form.Criteria = append(form.Criteria, page.Choice{
			Value: code, Label: words.T("campaign_test.criterion_" + code), Chosen: testCriteria[code] == test.GetCriterion(),
		})
	}
	lines := func(variant string, said *momentsv1.Wording) []page.TextField {
		name := "test.subject_" + variant
		fields := []page.TextField{{Name: name + ".fr", Value: said.GetFr()}, {Name: name + ".en", Value: said.GetEn()}}
		for i, lang := range []string{"fr", "en"} {
			fields[i].Label = words.T("campaign_test.subject_"+variant, "Language", words.T("language."+lang))
			fields[i].Problem = wrong[fields[i].Name]
		}
		return fields
	}
	form.SubjectA, form.SubjectB = lines("a", test.GetSubjectA()), lines("b", test.GetSubjectB())
	form.Shares = numbersOf(cmp.Or(test.GetShare(), usualTestShare), []int32{5, 10, 20, 30, 40, 50}, func(n int32) string {
		return words.Percent(float64(n) / 100)
	})
	form.Waits = numbersOf(cmp.Or(test.GetWait(), usualTestWait), []int32{24, 48, 72, 96, 168}, func(n int32) string { return hours(words, n) })
	return form
}

// hours says how long to wait: in days where it is whole ones.
func hours(words *i18n.Words, n int32) string {
	if n%24 == 0 {
		return words.N("campaign_test.days", int(n/24))
	}
	return words.N("campaign_test.hours", int(n))
}

// numbersOf are choices, among which the one that was chosen is, whatever it is.
func numbersOf(chosen int32, usual []int32, label func(int32) string) []page.Choice {
	if !slices.Contains(usual, chosen) {
		usual = append(usual, chosen)
		slices.Sort(usual)
	}
	var choices []page.Choice
	for _, n := range usual {
		choices = append(choices, page.Choice{Value: strconv.Itoa(int(n)), Label: label(n), Chosen: n == chosen})
	}
	return choices
}

// testLine is what makes a variant: its line, or its time.
func testLine(words *i18n.Words, draft *momentsv1.CampaignDraft, variant string) string {
	test := draft.GetTest()
	switch {
	case test.GetCriterion() == momentsv1.CampaignTest_CRITERION_SEND_TIME && variant == "b":
		return words.T("campaign_test.at", "Time", test.GetAtB())
	case test.GetCriterion() == momentsv1.CampaignTest_CRITERION_SEND_TIME:
		return words.T("campaign_test.at", "Time", draft.GetAt())
	case variant == "b":
		return wordingIn(words, test.GetSubjectB())
	case draft.GetKind() == momentsv1.CampaignDraft_KIND_MESSAGE:
		return wordingIn(words, draft.GetTitle())
	default:
		return wordingIn(words, test.GetSubjectA())
	}
}

// subjectOfA is the line by which variant A is announced; empty where lines are not tested.
func subjectOfA(words *i18n.Words, draft *momentsv1.CampaignDraft) string {
	if draft.GetTest().GetCriterion() != momentsv1.CampaignTest_CRITERION_SUBJECT {
		return ""
	}
	return testLine(words, draft, "a")
}

// testPlan says what a test will do with so many people.
func testPlan(words *i18n.Words, draft *momentsv1.CampaignDraft, people int) page.CampaignTestCheck {
	test := draft.GetTest()
	if test == nil {
		return page.CampaignTestCheck{}
	}
	view := page.CampaignTestCheck{Tested: true}
	for _, variant := range []string{"a", "b"} {
		view.Lines = append(view.Lines, page.CampaignVariant{Name: words.T("campaign_test." + variant), Line: testLine(words, draft, variant)})
	}
	side := people * int(test.GetShare()) / 200
	view.Steps = []string{
		words.T("campaign_test.step_sample", "Side", words.Number(side), "Rest", words.Number(people-2*side)),
		words.T("campaign_test.step_wait", "Wait", hours(words, test.GetWait())),
		words.T("campaign_test.step_decide", "Points", words.Number(visible(side))),
		words.T("campaign_test.step_rest_" + criterionCode(test)),
	}
	return view
}

func criterionCode(test *momentsv1.CampaignTest) string {
	if test.GetCriterion() == momentsv1.CampaignTest_CRITERION_SEND_TIME {
		return "time"
	}
	return "subject"
}

// visible is how many points two sides of so many people must be apart to be told apart, where about half of them answer: 1.96 standard errors of
// the difference.
func visible(side int) int {
	if side <= 0 {
		return 100
	}
	return int(math.Ceil(100 * 1.96 * math.Sqrt(0.5/float64(side))))
}

// testState is where a test stands: counts, and what they say.
func testState(words *i18n.Words, c *momentsv1.Campaign, groups []*momentsv1.GroupProgress, allInvited bool) page.CampaignTest {
	if len(groups) == 0 {
		return page.CampaignTest{}
	}
	view := page.CampaignTest{Tested: true, Variants: variantsOf(words, c, groups)}
	decision := c.GetDecision()
	for _, g := range groups {
		view.TooFew = view.TooFew || g.Answered == nil && g.GetInvited() > 0
	}
	if decision == nil {
		view.State, view.Tone = words.T("campaign_test.goes_on"), "accent"
		if !campaignMoves(c) {
			view.State, view.Tone = words.T("campaign_test.never_decided"), ""
		}
		if c.GetState() == momentsv1.Campaign_STATE_PAUSED { // what would be counted waits as well
			view.State, view.Tone = words.T("campaign_state.paused"), "warn"
			view.Told = []string{words.T("campaign_test.paused")}
		} else if at := lastCount(groups); at != "" && campaignMoves(c) {
			view.Told = []string{words.T("campaign_test.decided_at", "At", words.Instant(at))}
		}
		return view
	}
	view.State, view.Tone = words.T("campaign_test.no_winner"), "warn"
	if decision.GetWinner() != "" {
		view.State, view.Tone = words.T("campaign_test.winner_"+decision.GetWinner()), "good"
	}
	view.Told = decisionWordsOf(words, decision)
	if campaignMoves(c) && !allInvited {
		view.Told = append(view.Told, words.T("campaign_test.rest_from", "At", words.Instant(decision.GetRestFrom())))
	}
	return view
}

func campaignMoves(c *momentsv1.Campaign) bool {
	return c.GetState() == momentsv1.Campaign_STATE_RUNNING || c.GetState() == momentsv1.Campaign_STATE_PAUSED
}

// lastCount is when the last side is counted; empty while one was not invited yet.
func lastCount(groups []*momentsv1.GroupProgress) (at string) {
	for _, g := range groups {
		if g.GetGroup() != "rest" && g.GetInvited() == 0 {
			return ""
		}
		at = max(at, g.GetCountedAt())
	}
	return at
}

func variantsOf(words *i18n.Words, c *momentsv1.Campaign, groups []*momentsv1.GroupProgress) (variants []page.CampaignVariant) {
	decision := c.GetDecision()
	for _, g := range groups {
		v := page.CampaignVariant{
			Name: words.T("campaign_test." + g.GetGroup()), People: words.Number(int(g.GetAudience())), Invited: words.Number(int(g.GetInvited())),
			Shown: words.Number(int(g.GetDelivered())), Chosen: decision.GetWinner() == g.GetGroup(),
		}
		if g.GetGroup() != "rest" {
			v.Line = testLine(words, c.GetDraft(), g.GetGroup())
		} else if decision != nil {
			v.Line = testLine(words, c.GetDraft(), cmp.Or(decision.GetWinner(), "a"))
		}
		if v.Answered = "–"; g.Answered != nil {
			v.Answered = words.Number(int(g.GetAnswered()))
			if g.GetInvited() > 0 {
				v.Percent = words.Percent(float64(g.GetAnswered()) / float64(g.GetInvited()))
			}
		}
		variants = append(variants, v)
	}
	return variants
}

// decisionWordsOf says how a test ended, as people would say it.
func decisionWordsOf(words *i18n.Words, d *momentsv1.CampaignDecision) []string {
	told := []string{words.T("campaign_test.reason_"+d.GetReason(), "Winner", words.Or("campaign_test."+d.GetWinner(), ""))}
	if d.GetA() == nil {
		return told
	}
	side := func(count *momentsv1.TestCount) string {
		return words.T("campaign_test.side", "Answered", words.Number(int(count.GetAnswered())), "Invited", words.Number(int(count.GetInvited())))
	}
	told = append(told, words.T("campaign_test.counted", "At", words.Instant(d.GetAt()), "A", side(d.GetA()), "B", side(d.GetB())))
	if d.GetReason() == "disturbed" {
		return told
	}
	points := func(x float64) string { return words.Signed(int(math.Round(x))) }
	return append(told,
		words.T("campaign_test.interval", "Points", points(d.GetPoints()), "Low", points(d.GetLow()), "High", points(d.GetHigh())),
		words.T("campaign_test.chance", "Times", chanceIn(words, d.GetP())))
}

// chanceIn says a probability as so many of a hundred tests.
func chanceIn(words *i18n.Words, p float64) string {
	switch n := int(math.Round(100 * p)); {
	case p < 0.01:
		return words.T("campaign_test.chance_rare")
	default:
		return words.N("campaign_test.chance_in", n)
	}
}
