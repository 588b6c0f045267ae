package survey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/moments/internal/survey"
)

func both(text string) survey.Wording { return survey.Wording{FR: text, EN: text} }

func choice(id string, labels ...string) survey.Question {
	q := survey.Question{ID: id, Kind: survey.Single, Text: both(id)}
	for _, l := range labels {
		q.Options = append(q.Options, survey.Option{ID: l, Label: both(l)})
	}
	return q
}

func draft(questions ...survey.Question) survey.Questionnaire {
	return survey.Questionnaire{Title: both("Title"), Questions: questions}.Tidy()
}

func TestWhatKeepsADraftFromBeingPublished(t *testing.T) {
	rating := survey.Question{ID: "rate", Kind: survey.Rating, Text: both("Rate")}
	text := survey.Question{ID: "say", Kind: survey.Text, Text: both("Say")}
	on := func(q survey.Question, c survey.Condition) survey.Question {
		q.ShowIf = &c
		return q
	}
	promised := true
	for name, c := range map[string]struct {
		draft survey.Questionnaire
		fixed *bool
		want  []survey.Problem
	}{
		"nothing":              {draft: draft(rating, choice("c", "a", "b"), text)},
		"no title, no English": {draft: survey.Questionnaire{Questions: []survey.Question{text}}, want: []survey.Problem{{"title.fr", survey.Missing}, {"title.en", survey.Missing}, {"questions[0].max_length", survey.TooLong}}},
		"no questions":         {draft: draft(), want: []survey.Problem{{"questions", survey.NoQuestions}}},
		"one option":           {draft: draft(choice("c", "a")), want: []survey.Problem{{"questions[0].options", survey.TooFewOptions}}},
		"an option twice":      {draft: draft(survey.Question{ID: "c", Kind: survey.Multiple, Text: both("c"), Options: []survey.Option{{ID: "1", Label: both("A")}, {ID: "2", Label: both("a")}}}), want: []survey.Problem{{"questions[0].options[1].label.fr", survey.SameOption}, {"questions[0].options[1].label.en", survey.SameOption}}},
		"a question twice":     {draft: draft(rating, survey.Question{ID: "again", Kind: survey.Rating, Text: both("Rate")}), want: []survey.Problem{{"questions[1].text.fr", survey.SameQuestion}}},
		"too long":             {draft: draft(survey.Question{ID: "x", Kind: survey.Text, Text: survey.Wording{FR: strings.Repeat("é", 301), EN: "x"}}), want: []survey.Problem{{"questions[0].text.fr", survey.TooLong}}},
		"no kind":              {draft: draft(survey.Question{ID: "x", Text: both("x")}), want: []survey.Problem{{"questions[0].kind", survey.UnknownKind}}},
		"on a later one":       {draft: draft(on(text, survey.Condition{Question: "rate", AtMost: 3}), rating), want: []survey.Problem{{"questions[0].show_if", survey.ConditionUnknown}}},
		"on a text":            {draft: draft(text, on(rating, survey.Condition{Question: "say"})), want: []survey.Problem{{"questions[1].show_if", survey.ConditionFree}}},
		"on no option":         {draft: draft(choice("c", "a", "b"), on(text, survey.Condition{Question: "c"})), want: []survey.Problem{{"questions[1].show_if", survey.ConditionNever}}},
		"on points beyond":     {draft: draft(rating, on(text, survey.Condition{Question: "rate", AtLeast: 11, AtMost: 20})), want: []survey.Problem{{"questions[1].show_if", survey.ConditionNever}}},
		"another promise":      {draft: draft(text), fixed: &promised, want: []survey.Problem{{"named", survey.NamedIsFixed}}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, c.draft.Check(c.fixed)) })
	}
}

// Whatever is typed, a draft is kept and checked without failing, and keeping it again changes nothing.
func TestWhateverIsTypedIsKept(t *testing.T) {
	word := rapid.Custom(func(t *rapid.T) survey.Wording {
		return survey.Wording{FR: rapid.String().Draw(t, "fr"), EN: rapid.SampledFrom([]string{"", "a", " b\n", "<script>", "\u202eabc", "=1+1"}).Draw(t, "en")}
	})
	id := rapid.SampledFrom([]string{"a", "b", "c", "feeling", "q_1"})
	question := rapid.Custom(func(t *rapid.T) survey.Question {
		q := survey.Question{
			ID: id.Draw(t, "id"), Kind: survey.Kind(rapid.IntRange(0, 8).Draw(t, "kind")), Text: word.Draw(t, "text"),
			Measure: survey.Measure(rapid.IntRange(0, 2).Draw(t, "measure")), Low: word.Draw(t, "low"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "options") {
			q.Options = append(q.Options, survey.Option{ID: id.Draw(t, "option"), Label: word.Draw(t, "label")})
		}
		if rapid.Bool().Draw(t, "conditional") {
			q.ShowIf = &survey.Condition{Question: id.Draw(t, "on"), Options: []string{id.Draw(t, "if")}, AtMost: rapid.IntRange(-1, 12).Draw(t, "most")}
		}
		return q
	})
	rapid.Check(t, func(t *rapid.T) {
		q := survey.Questionnaire{Title: word.Draw(t, "title"), Questions: rapid.SliceOfN(question, 0, 3).Draw(t, "questions")}.Tidy()
		require.Equal(t, q, q.Tidy())
		q.Check(nil)
	})
}

// sound draws drafts that can be published: every wording there and unlike the others, every condition one that can be met.
func sound() *rapid.Generator[survey.Questionnaire] {
	return rapid.Custom(func(t *rapid.T) survey.Questionnaire {
		wordings := 0
		word := func() survey.Wording {
			wordings++
			typed := rapid.StringMatching(`[a-zé<>=+ ]{0,8}`).Draw(t, "typed")
			return both(fmt.Sprintf("%d %s", wordings, typed))
		}
		q := survey.Questionnaire{Title: word(), Named: rapid.Bool().Draw(t, "named")}
		for i := range rapid.IntRange(1, 5).Draw(t, "questions") {
			question := survey.Question{
				ID: fmt.Sprintf("q_%d", i), Kind: survey.Kind(rapid.IntRange(int(survey.Emotion), int(survey.ShortText)).Draw(t, "kind")),
				Text: word(), Required: rapid.Bool().Draw(t, "required"), Measure: survey.Measure(rapid.IntRange(0, 2).Draw(t, "measure")),
			}
			for o := range rapid.IntRange(2, 4).Draw(t, "options") {
				question.Options = append(question.Options, survey.Option{ID: fmt.Sprintf("o_%d", o), Label: word()})
			}
			if i > 0 && rapid.Bool().Draw(t, "conditional") {
				if on := q.Questions[rapid.IntRange(0, i-1).Draw(t, "on")]; !on.Kind.Free() {
					question.ShowIf = &survey.Condition{Question: on.ID}
					if on.Kind.Choice() {
						question.ShowIf.Options = []string{rapid.SampledFrom(on.Options).Draw(t, "if").ID}
					} else {
						question.ShowIf.AtMost = rapid.IntRange(1, 5).Draw(t, "most")
					}
				}
			}
			q.Questions = append(q.Questions, question)
		}
		return q
	})
}

// What can be published is a questionnaire by the same rules as those that Jalon comes with.
func TestWhatIsPublishedStands(t *testing.T) {
	known, err := survey.Collect(survey.Standard()...)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		q := sound().Draw(t, "draft").Tidy()
		require.Empty(t, q.Check(nil))
		settled := q.Settle(known)
		settled.ID = "hr.v1"
		_, err := survey.Collect(append(survey.Standard(), settled)...)
		require.NoError(t, err)
		settled.ID = ""
		require.Equal(t, settled, settled.Settle(known), "what is settled stays as it is")
	})
}

func TestAQuestionKeepsItsIDOnlyWhileItSaysTheSame(t *testing.T) {
	known, err := survey.Collect(survey.Standard()...)
	require.NoError(t, err)
	copied := known["onboarding_day_90.v2"]
	copied.Questions = append([]survey.Question{}, copied.Questions...)
	require.Equal(t, copied, copied.Settle(known), "a copy that was not changed is read together with what it was copied from")

	copied.Questions[3].Text.EN = "Would you recommend your store?"
	changed := copied.Settle(known)
	require.NotEqual(t, "recommend", changed.Questions[3].ID)
	require.Equal(t, changed.Questions[3].ID, changed.Questions[4].ShowIf.Question, "what depends on it follows")
	require.Equal(t, "feeling", changed.Questions[0].ID)
	require.Equal(t, "recommend", copied.Questions[4].ShowIf.Question, "the draft is left as it was")

	known["hr.v1"] = changed
	again := changed.Settle(known)
	require.Equal(t, changed, again, "the next version without a change is the same questions")
	again.Questions = append([]survey.Question{}, again.Questions...)
	again.Questions[3].Required = !again.Questions[3].Required
	require.Equal(t, changed.Questions[3].ID, again.Settle(known).Questions[3].ID, "whether it must be answered is not what it asks")
}

func TestNamedAnswersDoNotHelpToFindConfidentialOnes(t *testing.T) {
	rs := from(9, "d1", 0, "co")
	for i := range 6 {
		rs[i].PersonID = string(rune('a' + i))
	}
	require.Equal(t, 6, counted(t, rs, "", "", 30), "three confidential ones would be what is left when HR takes the named away")
	rs = append(rs, from(2, "d1", 0, "co")...)
	require.Equal(t, 11, counted(t, rs, "", "", 30))
}

func TestSeveralVersionsAreToldOf(t *testing.T) {
	one, two := dayOne(t), dayOne(t)
	two.ID = "onboarding_day_1.v2"
	rs := from(12, "d1", 0, "co")
	summarise := func() survey.Result {
		return survey.Summarise([]survey.Questionnaire{one, two}, rs, survey.Scope{Until: day(30)})
	}
	require.False(t, summarise().SeveralVersions)
	for i := range 6 {
		rs[i].Questionnaire = two.ID
	}
	result := summarise()
	require.True(t, result.SeveralVersions)
	require.Equal(t, 12, result.Questions[1].N, "the same question is counted together")
}
