package moment

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheSixteenKeyMomentsAreDescribedInBothLanguages(t *testing.T) {
	described, err := Describe(Standard())
	require.NoError(t, err)
	require.Len(t, described, 16)
	spaced := regexp.MustCompile(` [:;?!»]|« `)
	for _, km := range described {
		require.NotEmpty(t, km.Expected, km.Code)
		for language, texts := range map[string]Texts{"fr": km.Words.FR, "en": km.Words.EN} {
			require.NotEmpty(t, texts.Name, "%s in %s", km.Code, language)
			require.GreaterOrEqual(t, len(texts.Emotional), 2, "%s in %s", km.Code, language)
			for _, line := range append(slices.Concat(texts.lists()...), texts.Summary) {
				require.NotEmpty(t, line)
				require.False(t, spaced.MatchString(line), "a breaking space in %q", line)
			}
		}
		require.Len(t, km.Words.FR.Prepare, len(km.Words.EN.Prepare), km.Code)
	}
}

func TestAVersionChangesWhatItSpeaksOfAndNoName(t *testing.T) {
	described, err := Describe(Standard())
	require.NoError(t, err)
	km, _ := described.Find(Onboarding)
	v := Version{Code: km.Code, Number: 1, Words: km.Words, FollowUps: []RuleChange{{Code: "day_7", OffsetDays: 9}, {Code: "day_90", Off: true}}}
	v.Words.FR.Name, v.Words.FR.Summary = "Autre chose", "Une autre phrase."
	require.NoError(t, km.Check(v, nothing))

	changed := km.With(v)
	require.Equal(t, "Intégration", changed.Words.FR.Name)
	require.Equal(t, "Une autre phrase.", changed.Words.FR.Summary)
	rule, _ := changed.Rule("day_7")
	require.Equal(t, 9, rule.OffsetDays)
	rule, _ = km.Rule("day_7")
	require.Equal(t, 7, rule.OffsetDays, "the version before stays as it was")
	rule, _ = changed.Rule("day_90")
	require.True(t, rule.Off)
}

func TestAVersionThatCannotStandSaysWhy(t *testing.T) {
	described, err := Describe(Standard())
	require.NoError(t, err)
	km, _ := described.Find(Departure)
	for field, change := range map[string]func(*Version){
		"summary_en":       func(v *Version) { v.Words.EN.Summary = " " },
		"prepare_fr":       func(v *Version) { v.Words.FR.Prepare = nil },
		"follow_ups":       func(v *Version) { v.FollowUps = []RuleChange{{Code: "day_7"}} },
		"offset_last_days": func(v *Version) { v.FollowUps = []RuleChange{{Code: "last_days", OffsetDays: 1}} },
	} {
		v := Version{Code: km.Code, Number: 1, Words: km.Words}
		change(&v)
		var wrong *WrongError
		require.ErrorAs(t, km.Check(v, nothing), &wrong)
		require.Equal(t, field, wrong.Field)
	}
}

func nothing(string) bool { return false }
