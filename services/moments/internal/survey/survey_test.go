package survey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/survey"
)

func dayOne(t *testing.T) survey.Questionnaire {
	t.Helper()
	qs, err := survey.Collect(survey.Standard()...)
	require.NoError(t, err)
	return qs["onboarding_day_1.v1"]
}

func full() []survey.Answer {
	return []survey.Answer{
		{Question: "ready_for_me", Number: new(5)},
		{Question: "feeling", Option: "curious"},
		{Question: "welcomed", Number: new(4)},
		{Question: "whom_to_ask", Number: new(1)},
		{Question: "first_days_wish", Text: "  Un badge qui marche.\n"},
	}
}

func TestWordingsAreCompleteAndShort(t *testing.T) {
	for _, q := range survey.Standard() {
		if q.ID == audit {
			continue // it counts talks, and has a test of its own
		}
		everybody := slices.DeleteFunc(slices.Clone(q.Questions), func(question survey.Question) bool { return question.ShowIf != nil })
		require.GreaterOrEqual(t, len(everybody), 4, q.ID)
		require.LessOrEqual(t, len(everybody), 5, q.ID)
		require.Equal(t, survey.Emotion, q.Questions[0].Kind, "%s: how the person feels comes first", q.ID)
		require.Equal(t, q.Title.FR, q.Title.In("fr-FR"))
		require.Equal(t, q.Title.EN, q.Title.In("en-GB"))
		require.Equal(t, q.Title.FR, q.Title.In("de"))
	}
}

func TestAnswersAreKeptInTheOrderOfTheQuestions(t *testing.T) {
	accepted, err := dayOne(t).Accept(full())
	require.NoError(t, err)
	require.Equal(t, []survey.Answer{
		{Question: "feeling", Option: "curious"},
		{Question: "welcomed", Number: new(4)},
		{Question: "whom_to_ask", Number: new(1)},
		{Question: "ready_for_me", Number: new(5)},
		{Question: "first_days_wish", Text: "Un badge qui marche."},
	}, accepted)
}

func TestACommentIsOptional(t *testing.T) {
	accepted, err := dayOne(t).Accept(full()[:4])
	require.NoError(t, err)
	require.Len(t, accepted, 4)
}

func TestWrongAnswersNameTheirQuestion(t *testing.T) {
	for name, c := range map[string]struct {
		change   func([]survey.Answer) []survey.Answer
		question string
	}{
		"a required answer is missing":  {func(a []survey.Answer) []survey.Answer { return a[1:] }, "ready_for_me"},
		"an unknown emotion":            {func(a []survey.Answer) []survey.Answer { a[1].Option = "hungry"; return a }, "feeling"},
		"a point above the scale":       {func(a []survey.Answer) []survey.Answer { a[2].Number = new(6); return a }, "welcomed"},
		"a point below the scale":       {func(a []survey.Answer) []survey.Answer { a[2].Number = new(-1); return a }, "welcomed"},
		"a text too long":               {func(a []survey.Answer) []survey.Answer { a[4].Text = strings.Repeat("é", 1001); return a }, "first_days_wish"},
		"a number where a text belongs": {func(a []survey.Answer) []survey.Answer { a[4].Number = new(3); return a }, "first_days_wish"},
		"a question of another survey":  {func(a []survey.Answer) []survey.Answer { a[4].Question = "salary"; return a }, "salary"},
		"one question answered twice":   {func(a []survey.Answer) []survey.Answer { return append(a, a[2]) }, "welcomed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dayOne(t).Accept(c.change(full()))
			var invalid *survey.AnswerError
			require.ErrorAs(t, err, &invalid)
			require.Equal(t, c.question, invalid.Question)
		})
	}
}

func TestATextOfTheGreatestLengthIsCountedInCharacters(t *testing.T) {
	answers := full()
	answers[4].Text = strings.Repeat("é", 1000)
	_, err := dayOne(t).Accept(answers)
	require.NoError(t, err)
}

// day counts from the first day of answers.
func day(n int) clock.Date { return clock.Date{Year: 2026, Month: time.November, Day: 1}.AddDays(n) }

var everything = survey.Scope{Until: day(365)}

func responses(n int, fill func(i int) []survey.Answer) []survey.Response {
	var rs []survey.Response
	for i := range n {
		rs = append(rs, survey.Response{FollowUp: "d1", Questionnaire: "onboarding_day_1.v1", AnsweredOn: day(0), Answers: fill(i)})
	}
	return rs
}

func TestResultsFollowTheDefinitions(t *testing.T) {
	points := []int{1, 2, 4, 4, 5, 5}
	r := survey.Summarise([]survey.Questionnaire{dayOne(t)}, responses(6, func(i int) []survey.Answer {
		return []survey.Answer{{Question: "feeling", Option: "curious"}, {Question: "welcomed", Number: &points[i]}}
	}), everything)

	require.False(t, r.TooFew)
	require.Equal(t, 6, r.Responses)
	require.Len(t, r.Questions, 5)
	require.Equal(t, []int{0, 0, 6, 0, 0, 0, 0, 0}, r.Questions[0].Counts)
	welcomed := r.Questions[1]
	require.Equal(t, 6, welcomed.N)
	require.Equal(t, []int{1, 1, 0, 2, 2}, welcomed.Counts)
	require.InDelta(t, 3.5, welcomed.Mean, 1e-9)
	require.Equal(t, 63, welcomed.Score)
	require.InDelta(t, 4.0/6, welcomed.Top, 1e-9)
	require.Equal(t, []survey.Month{{Name: "2026-11", Figures: welcomed.Figures}}, welcomed.Trend)
	require.True(t, r.Questions[2].TooFew, "nobody answered it")
	require.Zero(t, r.Questions[2].N)
}

// everyKind has a question of each kind; the last two are asked of some only.
func everyKind(t *testing.T) survey.Questionnaire {
	t.Helper()
	both := func(text string) survey.Wording { return survey.Wording{FR: text, EN: text} }
	options := []survey.Option{{ID: "pay", Label: both("Pay")}, {ID: "hours", Label: both("Hours")}, {ID: "team", Label: both("Team")}}
	q := survey.Questionnaire{ID: "every_kind.v1", Title: both("Every kind"), Questions: []survey.Question{
		{ID: "recommend", Kind: survey.Rating, Text: both("Recommend?"), Required: true},
		{ID: "satisfied", Kind: survey.Scale, Points: 5, Measure: survey.Satisfaction, Text: both("Satisfied?")},
		{ID: "easy", Kind: survey.Scale, Points: 7, Measure: survey.Ease, Text: both("Easy?")},
		{ID: "main", Kind: survey.Single, Text: both("Mainly?"), Options: options},
		{ID: "all", Kind: survey.Multiple, Text: both("What else?"), Options: options},
		{ID: "word", Kind: survey.ShortText, Text: both("In a word?"), MaxLength: 40},
		{
			ID: "why", Kind: survey.Multiple, Text: both("Why?"), Options: options, Required: true,
			ShowIf: &survey.Condition{Question: "recommend", AtLeast: 0, AtMost: 6},
		},
		{
			ID: "pay_more", Kind: survey.Text, Text: both("What about pay?"), MaxLength: 1000, Required: true,
			ShowIf: &survey.Condition{Question: "why", Options: []string{"pay"}},
		},
	}}
	_, err := survey.Collect(q)
	require.NoError(t, err)
	return q
}

func TestEachMeasureHasItsDefinition(t *testing.T) {
	q := everyKind(t)
	var rs []survey.Response
	for i, rating := range []int{0, 6, 7, 8, 9, 10, 10} {
		rs = append(rs, survey.Response{FollowUp: "d1", Questionnaire: q.ID, AnsweredOn: day(0), Answers: []survey.Answer{
			{Question: "recommend", Number: new(rating)},
			{Question: "satisfied", Number: new(min(i+1, 5))},
			{Question: "easy", Number: new(i + 1)},
			{Question: "main", Option: "team"},
			{Question: "all", Options: []string{"pay", "team"}},
		}})
	}
	r := survey.Summarise([]survey.Questionnaire{q}, rs, everything)
	require.Equal(t, 14, r.Questions[0].Promoters, "three of seven less two of seven")
	require.Equal(t, []int{1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2}, r.Questions[0].Counts)
	require.InDelta(t, 4.0/7, r.Questions[1].Top, 1e-9, "4 and 5 of 5")
	require.InDelta(t, 3.0/7, r.Questions[2].Top, 1e-9, "5 to 7 of 7")
	require.Equal(t, []int{0, 0, 7}, r.Questions[3].Counts)
	require.Equal(t, []int{7, 0, 7}, r.Questions[4].Counts)
	require.Equal(t, 7, r.Questions[4].N, "people, not crosses")
}

func TestNothingIsAnAnswerToo(t *testing.T) {
	accepted, err := everyKind(t).Accept([]survey.Answer{{Question: "recommend", Number: new(0)}, {Question: "why", Options: []string{"hours"}}})
	require.NoError(t, err)
	require.Equal(t, 0, *accepted[0].Number)
}

func TestAnswersToQuestionsThatAreNotAskedAreDropped(t *testing.T) {
	q := everyKind(t)
	accepted, err := q.Accept([]survey.Answer{
		{Question: "recommend", Number: new(9)}, {Question: "why", Options: []string{"pay"}}, {Question: "pay_more", Text: "More"},
	})
	require.NoError(t, err)
	require.Len(t, accepted, 1, "neither the hidden question nor the one that depends on it")

	_, err = q.Accept([]survey.Answer{{Question: "recommend", Number: new(3)}, {Question: "why", Options: []string{"pay", "team"}}})
	require.ErrorContains(t, err, "pay_more", "what is asked is required")
}

func TestWrongAnswersOfTheOtherKinds(t *testing.T) {
	for name, a := range map[string]survey.Answer{
		"above ten":                {Question: "recommend", Number: new(11)},
		"below nothing":            {Question: "recommend", Number: new(-1)},
		"several where one is due": {Question: "main", Options: []string{"pay", "hours"}},
		"not offered":              {Question: "main", Option: "food"},
		"one of them not offered":  {Question: "all", Options: []string{"pay", "food"}},
		"the same twice":           {Question: "all", Options: []string{"pay", "pay"}},
		"two lines":                {Question: "word", Text: "a\nb"},
		"too long for a word":      {Question: "word", Text: strings.Repeat("x", 41)},
	} {
		t.Run(name, func(t *testing.T) {
			given := []survey.Answer{a}
			if a.Question != "recommend" {
				given = append(given, survey.Answer{Question: "recommend", Number: new(10)})
			}
			_, err := everyKind(t).Accept(given)
			var invalid *survey.AnswerError
			require.ErrorAs(t, err, &invalid)
			require.Equal(t, a.Question, invalid.Question)
		})
	}
}

func TestADraftKeepsWhateverIsRightByItself(t *testing.T) {
	kept := everyKind(t).Keep([]survey.Answer{
		{Question: "pay_more", Text: " unfinished "}, {Question: "recommend", Number: new(12)}, {Question: "nonsense", Text: "x"}, {Question: "word"},
	})
	require.Equal(t, []survey.Answer{{Question: "pay_more", Text: "unfinished"}}, kept)
}

func TestAConditionThatCannotBeMetIsRefused(t *testing.T) {
	for name, c := range map[string]survey.Condition{
		"a later question":    {Question: "pay_more", Options: []string{"x"}},
		"an option not there": {Question: "main", Options: []string{"food"}},
		"no option":           {Question: "main"},
		"nothing between":     {Question: "recommend", AtLeast: 5, AtMost: 4},
		"a text":              {Question: "word", Options: []string{"x"}},
	} {
		q := everyKind(t)
		q.Questions[6].ShowIf = &c
		_, err := survey.Collect(q)
		require.ErrorContains(t, err, "depends", name)
	}
}

func TestFourAreTooFewForAnything(t *testing.T) {
	four := responses(4, func(int) []survey.Answer { return []survey.Answer{{Question: "welcomed", Number: new(3)}} })
	require.Equal(t, survey.Result{TooFew: true}, survey.Summarise([]survey.Questionnaire{dayOne(t)}, four, everything))
}

func TestCommentsWaitForTenAndAreShuffled(t *testing.T) {
	write := func(i int) []survey.Answer {
		return []survey.Answer{{Question: "first_days_wish", Text: fmt.Sprint("wish ", i)}}
	}
	comments := func(n int) survey.QuestionResult {
		return survey.Summarise([]survey.Questionnaire{dayOne(t)}, responses(n, write), everything).Questions[4]
	}
	nine := comments(9)
	require.True(t, nine.TooFew)
	require.Empty(t, nine.Comments)

	// Forty in their order of arrival by chance: once in 10^47.
	forty, arrival := comments(40), make([]string, 0, 40)
	for i := range 40 {
		arrival = append(arrival, fmt.Sprint("wish ", i))
	}
	require.ElementsMatch(t, arrival, forty.Comments)
	require.NotEqual(t, arrival, forty.Comments)
}

func TestACommentThatFewWereAskedForWaits(t *testing.T) {
	q := everyKind(t)
	var rs []survey.Response
	for i := range 20 {
		r := survey.Response{FollowUp: "d1", Questionnaire: q.ID, AnsweredOn: day(0), Answers: []survey.Answer{{Question: "recommend", Number: new(9)}}}
		if i < 9 {
			r.Answers = []survey.Answer{
				{Question: "recommend", Number: new(1)}, {Question: "why", Options: []string{"pay"}}, {Question: "pay_more", Text: "More, please."},
			}
		}
		rs = append(rs, r)
	}
	r := survey.Summarise([]survey.Questionnaire{q}, rs, everything)
	require.Equal(t, 9, r.Questions[6].N)
	require.True(t, r.Questions[7].TooFew, "nine were asked, whatever the others say")
}
