package guide_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/frenchtest"
	"jalon.dev/services/portal/internal/guide"
)

func TestEveryKindHasEveryPartInBothLanguages(t *testing.T) {
	shelf, err := guide.Load()
	require.NoError(t, err)
	written, err := filepath.Glob("*.toml")
	require.NoError(t, err)
	require.Len(t, guide.Kinds(), len(written), "a guide that is in no list is read by nobody")

	for _, kind := range guide.Kinds() {
		french, ok := shelf.Find("fr", kind)
		require.True(t, ok, kind)
		english, ok := shelf.Find("en", kind)
		require.True(t, ok, kind)
		require.Len(t, english.Sides, len(french.Sides), kind)
		for i, side := range french.Sides {
			require.Equal(t, side.Who, english.Sides[i].Who, kind)
			complete(t, kind+" fr", side)
			complete(t, kind+" en", english.Sides[i])
			// The two were written line by line: a part that lost a line in one language says less there.
			require.Equal(t, lengths(side), lengths(english.Sides[i]), kind)
		}
		require.NotEmpty(t, french.Name+english.Name+french.Purpose+english.Purpose, kind)
	}
}

func TestTheFourWeeklyTalkIsSeenFromBothSides(t *testing.T) {
	shelf, err := guide.Load()
	require.NoError(t, err)
	talk, _ := shelf.Find("fr", "ei2d")
	require.Len(t, talk.Sides, 2)
	require.NotEqual(t, talk.For(guide.Employee), talk.For(guide.Manager))
	praise, _ := shelf.Find("fr", "congratulation")
	require.Equal(t, praise.For(guide.Employee), praise.For(guide.Manager), "where there is one side, it is everybody's")
}

// A congratulation deserves as much preparation as a reframing.
func TestTheCongratulationIsPreparedWithTheSameCareAsTheReframing(t *testing.T) {
	shelf, err := guide.Load()
	require.NoError(t, err)
	praise, _ := shelf.Find("fr", "congratulation")
	reproach, _ := shelf.Find("fr", "reframing")
	require.GreaterOrEqual(t, len(praise.Sides[0].Before), len(reproach.Sides[0].Before))
	require.GreaterOrEqual(t, len(praise.Sides[0].Open), len(reproach.Sides[0].Open))
}

func TestFrenchLinesDoNotBreakBeforeTheirPunctuation(t *testing.T) {
	frenchtest.Spaced(t, "*.toml")
}

func complete(t *testing.T, name string, side guide.Side) {
	t.Helper()
	eachPart(side, func(part string, lines []string) {
		require.GreaterOrEqual(t, len(lines), 2, "%s: %s", name, part)
		for _, line := range lines {
			require.NotEmpty(t, strings.TrimSpace(line), "%s: %s", name, part)
		}
	})
	require.LessOrEqual(t, len(side.Open), 3, "%s: two or three sentences are remembered", name)
}

func lengths(side guide.Side) map[string]int {
	all := map[string]int{}
	eachPart(side, func(part string, lines []string) { all[part] = len(lines) })
	return all
}

func eachPart(side guide.Side, visit func(part string, lines []string)) {
	value := reflect.ValueOf(side)
	for i := range value.NumField() {
		if lines, ok := value.Field(i).Interface().([]string); ok {
			visit(value.Type().Field(i).Name, lines)
		}
	}
}
