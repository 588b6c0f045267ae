package survey_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/moments/internal/survey"
)

const audit = "talk_audit.v1"

func talkAudit(t *testing.T) survey.Questionnaire {
	t.Helper()
	qs, err := survey.Collect(survey.Standard()...)
	require.NoError(t, err)
	return qs[audit]
}

func TestTheAuditAsksThreeThingsInConfidence(t *testing.T) {
	q := talkAudit(t)
	require.False(t, q.Named)
	require.Len(t, q.Questions, 3)
	var ids []string
	for _, o := range q.Questions[0].Options {
		ids = append(ids, o.ID)
	}
	require.Equal(t, []string{"0", "1", "2", "3", "4", "5"}, ids, "they can be counted with")
	for _, scale := range q.Questions[1:] {
		require.Equal(t, survey.Agreement, scale.Measure)
		require.Equal(t, 5, scale.Points)
	}
	require.Empty(t, q.Check(nil), "its wordings are as short as HR's own have to be")
}

func TestWhoeverHadNoTalkIsAskedNothingAboutTalks(t *testing.T) {
	q := talkAudit(t)
	accepted, err := q.Accept([]survey.Answer{{Question: "talks_held", Option: "0"}, {Question: "talks_decisions", Number: new(4)}})
	require.NoError(t, err)
	require.Equal(t, []survey.Answer{{Question: "talks_held", Option: "0"}}, accepted)

	_, err = q.Accept([]survey.Answer{{Question: "talks_held", Option: "5"}, {Question: "talks_decisions", Number: new(4)}})
	var missing *survey.AnswerError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "talks_skills", missing.Question)
}
