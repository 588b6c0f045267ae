package survey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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
		{Question: "ready_for_me", Number: 5},
		{Question: "feeling", Option: "curious"},
		{Question: "welcomed", Number: 4},
		{Question: "whom_to_ask", Number: 1},
		{Question: "first_days_wish", Text: "  Un badge qui marche.\n"},
	}
}

func TestWordingsAreCompleteAndShort(t *testing.T) {
	for _, q := range survey.Standard() {
		require.GreaterOrEqual(t, len(q.Questions), 4, q.ID)
		require.LessOrEqual(t, len(q.Questions), 5, q.ID)
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
		{Question: "welcomed", Number: 4},
		{Question: "whom_to_ask", Number: 1},
		{Question: "ready_for_me", Number: 5},
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
		"a point above the scale":       {func(a []survey.Answer) []survey.Answer { a[2].Number = 6; return a }, "welcomed"},
		"a point below the scale":       {func(a []survey.Answer) []survey.Answer { a[2].Number = -1; return a }, "welcomed"},
		"a text too long":               {func(a []survey.Answer) []survey.Answer { a[4].Text = strings.Repeat("é", 1001); return a }, "first_days_wish"},
		"a number where a text belongs": {func(a []survey.Answer) []survey.Answer { a[4].Number = 3; return a }, "first_days_wish"},
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

var speaking = []string{"d1"}

func responses(n int, fill func(i int) []survey.Answer) []survey.Response {
	var rs []survey.Response
	for i := range n {
		rs = append(rs, survey.Response{FollowUp: "d1", Questionnaire: "onboarding_day_1.v1", Answers: fill(i)})
	}
	return rs
}

func TestResultsFollowTheDefinitions(t *testing.T) {
	points := []int{1, 2, 4, 4, 5, 5}
	r := survey.Summarise([]survey.Questionnaire{dayOne(t)}, responses(6, func(i int) []survey.Answer {
		return []survey.Answer{{Question: "feeling", Option: "curious"}, {Question: "welcomed", Number: points[i]}}
	}), speaking)

	require.False(t, r.TooFew)
	require.Equal(t, 6, r.Responses)
	require.Len(t, r.Questions, 5)
	require.Equal(t, []int{0, 0, 6, 0, 0, 0, 0, 0}, r.Questions[0].Counts)
	welcomed := r.Questions[1]
	require.Equal(t, 6, welcomed.N)
	require.Equal(t, []int{1, 1, 0, 2, 2}, welcomed.Counts)
	require.InDelta(t, 3.5, welcomed.Mean, 1e-9)
	require.Equal(t, 63, welcomed.Score)
	require.InDelta(t, 4.0/6, welcomed.Favourable, 1e-9)
	require.True(t, r.Questions[2].TooFew, "nobody answered it")
	require.Zero(t, r.Questions[2].N)
}

func TestFourAreTooFewForAnything(t *testing.T) {
	four := responses(4, func(int) []survey.Answer { return []survey.Answer{{Question: "welcomed", Number: 3}} })
	require.Equal(t, survey.Result{TooFew: true}, survey.Summarise([]survey.Questionnaire{dayOne(t)}, four, speaking))
}

func TestCommentsWaitForTenAndAreShuffled(t *testing.T) {
	write := func(i int) []survey.Answer {
		return []survey.Answer{{Question: "first_days_wish", Text: fmt.Sprint("wish ", i)}}
	}
	comments := func(n int) survey.QuestionResult {
		return survey.Summarise([]survey.Questionnaire{dayOne(t)}, responses(n, write), speaking).Questions[4]
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

func cell(n int, followUp string, path ...string) survey.Cell {
	return survey.Cell{UnitPath: path, FollowUp: followUp, N: n}
}

func TestWhatMayBeShown(t *testing.T) {
	for name, c := range map[string]struct {
		cells          []survey.Cell
		unit, followUp string
		want           bool
	}{
		"everybody, five":                    {[]survey.Cell{cell(5, "d1", "co")}, "", "", true},
		"everybody, four":                    {[]survey.Cell{cell(4, "d1", "co")}, "", "", false},
		"the only store with answers":        {[]survey.Cell{cell(6, "d1", "co", "a")}, "a", "", true},
		"a store with four":                  {[]survey.Cell{cell(4, "d1", "co", "a"), cell(9, "d1", "co", "b")}, "a", "", false},
		"its neighbour, which would give it": {[]survey.Cell{cell(4, "d1", "co", "a"), cell(9, "d1", "co", "b")}, "b", "", false},
		"a store beside five others":         {[]survey.Cell{cell(5, "d1", "co", "a"), cell(9, "d1", "co", "b")}, "b", "", true},
		"two shown would give the third away: the larger is shown": {
			[]survey.Cell{cell(8, "d1", "co", "a"), cell(9, "d1", "co", "b"), cell(1, "d1", "co", "c")}, "b", "", true,
		},
		"two shown would give the third away: the smaller is hidden": {
			[]survey.Cell{cell(8, "d1", "co", "a"), cell(9, "d1", "co", "b"), cell(1, "d1", "co", "c")}, "a", "", false,
		},
		"a team in a hidden store": {
			[]survey.Cell{cell(8, "d1", "co", "a", "t"), cell(9, "d1", "co", "b"), cell(1, "d1", "co", "c")}, "t", "", false,
		},
		"a unit nobody answered from":     {[]survey.Cell{cell(9, "d1", "co")}, "z", "", false},
		"a follow-up nobody answered":     {[]survey.Cell{cell(9, "d1", "co")}, "", "d90", false},
		"several answers of few people":   {[]survey.Cell{cell(2, "d1", "co", "a"), cell(2, "d7", "co", "a"), cell(2, "d30", "co", "a")}, "a", "", false},
		"a store in another follow-up":    {[]survey.Cell{cell(9, "d1", "co", "a"), cell(2, "d7", "co", "a")}, "a", "d7", false},
		"people of the store itself left": {[]survey.Cell{cell(9, "d1", "co", "a", "t"), cell(2, "d1", "co", "a")}, "t", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, len(survey.Disclosed(c.cells, c.unit, c.followUp, survey.LeastForFigures)) > 0)
		})
	}
}

func TestNoUnitIsShownThatLeavesFewerThanFive(t *testing.T) {
	stores := []string{"a", "b", "c", "d"}
	rapid.Check(t, func(rt *rapid.T) {
		var cells []survey.Cell
		all := 0
		for _, s := range stores {
			n := rapid.IntRange(0, 12).Draw(rt, s)
			cells = append(cells, cell(n, "d1", "co", s))
			all += n
		}
		if !disclosed(cells, "", survey.LeastForFigures) {
			require.Less(rt, all, survey.LeastForFigures)
			return
		}
		left := all
		for i, s := range stores {
			if disclosed(cells, s, survey.LeastForFigures) {
				require.GreaterOrEqual(rt, cells[i].N, survey.LeastForFigures)
				left -= cells[i].N
			}
		}
		require.True(rt, left == 0 || left >= survey.LeastForFigures, "%d are left", left)
	})
}

func disclosed(cells []survey.Cell, unit string, least int) bool {
	return len(survey.Disclosed(cells, unit, "", least)) > 0
}

func TestASumHoldsOnlyWhatIsShownByItself(t *testing.T) {
	cells := []survey.Cell{cell(5, "d1", "co", "a"), cell(3, "d7", "co", "a"), cell(6, "d1", "co", "b"), cell(7, "d7", "co", "b")}
	require.Equal(t, []string{"d1", "d7"}, survey.Disclosed(cells, "", "", survey.LeastForFigures))
	require.Equal(t, []string{"d1"}, survey.Disclosed(cells, "a", "", survey.LeastForFigures), "three answered d7 there")
	require.Equal(t, []string{"d1"}, survey.Disclosed(cells, "b", "", survey.LeastForFigures), "d7 less b would be the three")
	require.Equal(t, 6, survey.Count(cells, "b", []string{"d1"}))
}

func TestCommentsAreNotFoundBySubtraction(t *testing.T) {
	cells := []survey.Cell{cell(12, "d1", "co", "a"), cell(6, "d1", "co", "b")}
	require.True(t, disclosed(cells, "a", survey.LeastForFigures))
	require.False(t, disclosed(cells, "a", survey.LeastForComments), "all comments less those of a would be of six people")
	require.True(t, disclosed(cells, "", survey.LeastForComments))

	held := survey.Summarise([]survey.Questionnaire{dayOne(t)}, responses(12, func(int) []survey.Answer { return full() }), nil)
	require.True(t, held.Questions[4].TooFew)
	require.Empty(t, held.Questions[4].Comments)
	require.Equal(t, 12, held.Questions[1].N)
}
