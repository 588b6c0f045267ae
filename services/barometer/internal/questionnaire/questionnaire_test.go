package questionnaire_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/frenchtest"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// Whoever changes a word makes another questionnaire: editions before cannot be compared with those after. Then the file gets
// another name, and the old one stays for the editions that asked it.
func TestTheQuestionsAreTheSameEachYear(t *testing.T) {
	require.Equal(t, "2d46dbe0a5a45c790e715593f2f44d3f9b9e3c582a121dfd4d59e488141addf9", questionnaire.Standard().Fingerprint())
}

func TestFortyFiveQuestionsInSevenThemes(t *testing.T) {
	q := questionnaire.Standard()
	require.Len(t, q.Themes, 7)
	require.Len(t, q.Questions(), 45)
	seen := map[string]bool{}
	for _, theme := range q.Themes {
		require.GreaterOrEqual(t, len(theme.Questions), 6, "the themes weigh about the same")
		require.LessOrEqual(t, len(theme.Questions), 7)
		for _, question := range theme.Questions {
			require.True(t, strings.HasPrefix(question.Code, theme.Code+"."), question.Code)
			require.False(t, seen[question.Code], question.Code)
			seen[question.Code] = true
			for _, text := range []string{question.FR, question.EN} {
				require.NotEmpty(t, text, question.Code)
				require.LessOrEqual(t, len([]rune(text)), 80, "a statement is read at a glance: %s", text)
				require.True(t, strings.HasSuffix(text, "."), text)
			}
		}
	}
}

func TestTheQuestionnaireIsGoodFrench(t *testing.T) {
	frenchtest.Spaced(t, "*.toml")
}

func TestAnotherWordIsAnotherQuestionnaire(t *testing.T) {
	changed := questionnaire.Standard()
	changed.Themes = append([]questionnaire.Theme(nil), changed.Themes...)
	changed.Themes[0].FR += " "
	require.NotEqual(t, questionnaire.Standard().Fingerprint(), changed.Fingerprint())
}
