package moments_test

import (
	"sync"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

func wording(text string) *momentsv1.Wording { return &momentsv1.Wording{Fr: text, En: text} }

func (in *installation) questionnaire(code string) *momentsv1.Questionnaire {
	in.t.Helper()
	res, err := in.client().GetQuestionnaire(in.hr(), &momentsv1.GetQuestionnaireRequest{Code: code})
	require.NoError(in.t, err)
	return res.GetQuestionnaire()
}

func (in *installation) save(req *momentsv1.SaveQuestionnaireRequest) *momentsv1.SaveQuestionnaireResponse {
	in.t.Helper()
	res, err := in.client().SaveQuestionnaire(in.hr(), req)
	require.NoError(in.t, err)
	return res
}

func (in *installation) release(code string, revision int64) string {
	in.t.Helper()
	res, err := in.client().PublishQuestionnaire(in.hr(), &momentsv1.PublishQuestionnaireRequest{Code: code, Revision: revision})
	require.NoError(in.t, err)
	return res.GetId()
}

func short() *momentsv1.SaveQuestionnaireRequest {
	return &momentsv1.SaveQuestionnaireRequest{Code: "hr_short", Title: wording("<b>Titre</b>"), Questions: []*momentsv1.QuestionTexts{
		{Id: "new_0", Kind: momentsv1.Question_KIND_RATING, Required: true, Text: wording("Recommanderiez-vous ?")},
		{Id: "new_1", Kind: momentsv1.Question_KIND_SHORT_TEXT, Text: wording("Pourquoi ?"), ShowIf: &momentsv1.ShowIf{QuestionId: "new_0", AtMost: 6}},
	}}
}

func TestHRWritesPublishesAndGoesOn(t *testing.T) {
	in := install(t, visits())
	unfinished := in.save(&momentsv1.SaveQuestionnaireRequest{Code: "hr_short", Questions: []*momentsv1.QuestionTexts{{Id: "new_0"}}})
	require.NotEmpty(t, unfinished.GetProblems(), "what is not finished is kept all the same")
	_, err := in.client().PublishQuestionnaire(in.hr(), &momentsv1.PublishQuestionnaireRequest{Code: "hr_short", Revision: 1})
	require.Equal(t, "title.fr", rpc.Violations(err)[0].Field)

	finished := short()
	finished.Revision = 1
	saved := in.save(finished)
	require.Empty(t, saved.GetProblems())
	require.EqualValues(t, 2, saved.GetRevision())
	require.EqualValues(t, 2, in.save(finished).GetRevision(), "the same once more changes nothing")
	other := short()
	other.Revision, other.Title = 1, wording("Autre")
	_, err = in.client().SaveQuestionnaire(in.hr(), other)
	require.Equal(t, connect.CodeAborted, connect.CodeOf(err))

	require.Equal(t, "hr_short.v1", in.release("hr_short", 2))
	require.Equal(t, "hr_short.v1", in.release("hr_short", 2), "pressed twice")
	first := in.questionnaire("hr_short")
	require.Equal(t, momentsv1.Questionnaire_STATE_PUBLISHED, first.GetState())
	require.Equal(t, "<b>Titre</b>", first.GetTitle().GetFr())
	require.Equal(t, first.GetQuestions()[0].GetId(), first.GetQuestions()[1].GetShowIf().GetQuestionId())

	next := &momentsv1.SaveQuestionnaireRequest{
		Code: "hr_short", Revision: first.GetRevision(), Title: first.GetTitle(), Questions: first.GetQuestions(), Named: true,
	}
	begun := in.save(next)
	require.Equal(t, []string{"named"}, fields(begun.GetProblems()), "who reads the answers was promised")
	next.Named, next.Revision = false, begun.GetRevision()
	next.Questions[1].Text = wording("Dites-nous pourquoi")
	begun = in.save(next)
	old, err := in.client().GetQuestionnaire(in.hr(), &momentsv1.GetQuestionnaireRequest{Code: "hr_short", Number: 1})
	require.NoError(t, err)
	require.Equal(t, "Pourquoi ?", old.GetQuestionnaire().GetQuestions()[1].GetText().GetFr())
	require.Equal(t, "hr_short.v2", in.release("hr_short", begun.GetRevision()))
	second := in.questionnaire("hr_short")
	require.Equal(t, first.GetQuestions()[0].GetId(), second.GetQuestions()[0].GetId(), "the same question")
	require.NotEqual(t, first.GetQuestions()[1].GetId(), second.GetQuestions()[1].GetId(), "another question")
}

func fields(problems []*momentsv1.QuestionnaireProblem) (all []string) {
	for _, p := range problems {
		all = append(all, p.GetField())
	}
	return all
}

func TestJalonsOwnQuestionnairesAreCopiedNotChanged(t *testing.T) {
	in := install(t, visits())
	own := in.questionnaire("onboarding_day_90")
	require.True(t, own.GetStandard())
	require.EqualValues(t, 2, own.GetNumber())
	copied := &momentsv1.SaveQuestionnaireRequest{Code: own.GetCode(), Title: own.GetTitle(), Questions: own.GetQuestions()}
	_, err := in.client().SaveQuestionnaire(in.hr(), copied)
	require.Equal(t, "code", rpc.Violations(err)[0].Field)
	copied.Code = "hr_copy"
	saved := in.save(copied)
	require.Empty(t, saved.GetProblems())
	in.release("hr_copy", saved.GetRevision())
	for i, q := range in.questionnaire("hr_copy").GetQuestions() {
		require.True(t, proto.Equal(own.GetQuestions()[i], q), "a question that stays the same stays the same question")
	}
	list, err := in.client().ListQuestionnaires(in.hr(), &momentsv1.ListQuestionnairesRequest{})
	require.NoError(t, err)
	require.Equal(t, "hr_copy", list.GetQuestionnaires()[0].GetCode())
	require.Greater(t, len(list.GetQuestionnaires()), 20)

	for _, ctx := range []func() error{
		func() error {
			_, err := in.client().SaveQuestionnaire(in.as(personID(1)), short())
			return err
		},
		func() error {
			_, err := in.client().GetQuestionnaire(in.as(personID(1)), &momentsv1.GetQuestionnaireRequest{Code: "hr_copy"})
			return err
		},
	} {
		require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(ctx()))
	}
}

func TestOfManyWhoSaveAtOnceOneIsKept(t *testing.T) {
	in := install(t, visits())
	in.save(short())
	var wait sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		wait.Go(func() {
			mine := short()
			mine.Revision, mine.Title = 1, wording(string(rune('A'+i)))
			_, results[i] = in.client().SaveQuestionnaire(in.hr(), mine)
		})
	}
	wait.Wait()
	kept := 0
	for _, err := range results {
		if err == nil {
			kept++
		} else {
			require.Equal(t, connect.CodeAborted, connect.CodeOf(err))
		}
	}
	require.Equal(t, 1, kept)
}

// A follow-up asks what HR chose for it: in its newest version in moments that open, in the version of its day in those that are open.
func TestAFollowUpAsksTheQuestionnaireThatHRChose(t *testing.T) {
	in := install(t, visits())
	saved := in.save(short())
	entry, err := in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "visit"})
	require.NoError(t, err)
	texts := entry.GetTexts()
	for _, text := range texts {
		text.Summary, text.Emotional, text.Relational = "x", []string{"x"}, []string{"x"}
		text.Operational, text.Prepare = []string{"x"}, []string{"x"}
	}
	change := &momentsv1.UpdateKeyMomentRequest{
		Code: "visit", Texts: texts, FollowUps: []*momentsv1.FollowUpRule{{Code: entry.GetKeyMoment().GetFollowUps()[0].GetCode(), QuestionnaireId: "hr_short.v1"}},
	}
	_, err = in.client().UpdateKeyMoment(in.hr(), change)
	require.Contains(t, rpc.Violations(err)[0].Field, "questionnaire_", "a draft cannot be asked")
	in.release("hr_short", saved.GetRevision())
	_, err = in.client().UpdateKeyMoment(in.hr(), change)
	require.NoError(t, err)
	require.Equal(t, "visit", in.questionnaire("hr_short").GetUses()[0].GetKeyMoment())

	invitation := in.visited(employee(1, "2019-05-01"))[0]
	survey := func(n int, invitation string) *momentsv1.GetSurveyResponse {
		res, err := in.client().GetSurvey(in.as(personID(n)), &momentsv1.GetSurveyRequest{InvitationId: invitation, Language: "fr"})
		require.NoError(t, err)
		return res
	}
	asked := survey(1, invitation)
	require.Equal(t, "hr_short.v1", asked.GetQuestionnaireId())
	rate := asked.GetQuestions()[0].GetId()

	first := in.questionnaire("hr_short")
	first.Questions[1].Text = wording("Dites-nous pourquoi")
	begun := in.save(&momentsv1.SaveQuestionnaireRequest{
		Code: "hr_short", Revision: first.GetRevision(), Title: first.GetTitle(), Questions: first.GetQuestions(),
	})
	in.release("hr_short", begun.GetRevision())
	require.Equal(t, "hr_short.v1", survey(1, invitation).GetQuestionnaireId(), "what was planned stays")
	given := []*momentsv1.Answer{{QuestionId: rate, Value: &momentsv1.Answer_Number{Number: 9}}}
	_, err = in.answer(1, invitation, given)
	require.NoError(t, err)
	require.Eventually(t, func() bool { // the catalogue by which moments open is read once a second
		got, err := in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "visit"})
		return err == nil && got.GetKeyMoment().GetFollowUps()[0].GetQuestionnaireId() == "hr_short.v2"
	}, patience, patience/100)
}
